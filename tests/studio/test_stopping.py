"""A request to stop reaches all that takes long, and little is done after it."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from quick_training import forget, never, train_on
from scipy import fft

from engine.errors import Cancelled
from engine.generation.calibration import sweep
from engine.library.entries import new_id
from engine.settings import GenerateSettings, GrowSettings, PackSettings
from engine.studio import growth, pack
from engine.studio.delivery import Delivery
from engine.studio.grow import extend
from engine.studio.models import find_model, list_models
from engine.studio.pack import make_pack
from engine.studio.render import generate
from engine.studio.run import unfinished_runs
from engine.studio.train import resume
from engine.training.events import Stage
from engine.vocoder import corpus

SETTINGS = GenerateSettings(duration=4.0, density=8.0, device="cpu", sliders={"brightness": 5.0})


class Stop:
    """Asks to stop from the so-manieth question on, or once a stage has begun."""

    def __init__(self, after: int = 10**9, stage: str = "") -> None:
        self.after, self.stage, self.asked, self.told = after, stage, 0, ""

    def __call__(self) -> bool:
        self.asked += 1
        return self.asked > self.after or bool(self.stage and self.told == self.stage)

    def tell(self, event: object) -> None:
        if isinstance(event, Stage):
            self.told = event.name


def test_a_stop_while_the_recordings_are_heard_keeps_what_was_learned(recordings: Path):
    stop = Stop(stage="listening")
    with pytest.raises(Cancelled, match="sda train --resume"):
        train_on(recordings, on_event=stop.tell, should_stop=stop)
    assert list_models() == []
    assert [run.share for run in unfinished_runs()] == [1.0]
    assert resume(None, on_event=forget, should_stop=never).steps == 6
    assert find_model("sax")


@pytest.mark.usefixtures("library")
def test_a_stop_reaches_the_comparison_with_the_parent(recordings: Path, tmp_path: Path, monkeypatch):
    (tmp_path / "more").mkdir()
    (tmp_path / "more" / "new.wav").write_bytes((recordings / "3.wav").read_bytes()[:-4_000])
    compared: list[object] = []
    real = growth.mix_networks
    monkeypatch.setattr(growth, "mix_networks", lambda *of: compared.append(of) or real(*of))
    stop = Stop(stage="listening")
    settings = GrowSettings(steps=2, device="cpu", measure=False)
    with pytest.raises(Cancelled, match="sda train --resume"):
        extend("sax", tmp_path / "more", settings, on_event=stop.tell, should_stop=stop)
    assert compared == []


def test_whoever_stopped_in_the_steps_waits_for_the_model_and_its_ear(recordings: Path):
    stop = Stop(after=9)
    report = train_on(recordings, steps=1_000, measure=True, should_stop=stop)
    assert report.stopped
    assert find_model("sax").id == report.model
    assert {one.state for one in report.sliders} == {"unmeasured"}


def test_a_stop_while_sliders_are_measured_ends_in_a_model_with_no_output_more(recordings: Path, monkeypatch):
    stop, after_it = Stop(stage="measuring"), []
    real = sweep.describe
    monkeypatch.setattr(sweep, "describe", lambda *of: after_it.append(stop.told) or real(*of))
    report = train_on(recordings, measure=True, on_event=stop.tell, should_stop=stop)
    assert {one.state for one in report.sliders} == {"unmeasured"}
    assert "measuring" not in after_it
    assert [model.name for model in list_models()] == ["sax"]


def test_what_breaks_off_measuring_leaves_no_output_to_be_waited_for(recordings: Path, monkeypatch):
    asked: list[Callable[[], bool]] = []

    def breaks(*_: object, should_stop: Callable[[], bool], **__: object):
        asked.append(should_stop)
        raise KeyboardInterrupt

    monkeypatch.setattr(sweep, "render", breaks)
    with pytest.raises(KeyboardInterrupt):
        train_on(recordings, measure=True)
    assert all(one() for one in asked)
    assert len(unfinished_runs()) == 1


@pytest.mark.usefixtures("library")
@pytest.mark.parametrize("blended", [False, True])
def test_a_render_ends_between_the_steps_of_its_events(tmp_path: Path, blended: bool):
    settings = SETTINGS.model_copy(update={"blend": {find_copy(): 0.5}}) if blended else SETTINGS
    stop = Stop(after=5)
    with pytest.raises(Cancelled):
        generate("sax", tmp_path / "a.wav", settings, should_stop=stop)
    assert list(tmp_path.glob("*.wav")) == []


def find_copy() -> str:
    """Return the id of a second model like the first."""
    entry = find_model("sax")
    folder = entry.path.with_name(new_id())
    shutil.copytree(entry.path, folder)
    described = json.loads((folder / "model.json").read_bytes())
    (folder / "model.json").write_text(json.dumps({**described, "id": folder.name, "name": "copy"}), "utf-8")
    return folder.name


@pytest.mark.usefixtures("library")
@pytest.mark.parametrize("written", [0, 1])
def test_a_pack_ends_between_its_samples_and_leaves_nothing(tmp_path: Path, monkeypatch, written: int):
    files: list[str] = []
    real = pack._write
    monkeypatch.setattr(pack, "_write", lambda *of: files.append(of[2].name) or real(*of))
    stop = (lambda: len(files) >= written) if written else Stop(after=3)
    with pytest.raises(Cancelled):
        make_pack("sax", tmp_path / "pack", PackSettings(count=8, device="cpu"), delivery=Delivery(), should_stop=stop)
    assert len(files) == written
    assert [path.name for path in tmp_path.iterdir() if path.name != "sda-home"] == []


@pytest.mark.usefixtures("library")
def test_events_that_are_sung_side_by_side_use_a_core_each(tmp_path: Path, monkeypatch):
    workers: list[object] = []

    class Watched:
        def __getattr__(self, name: str):
            real = getattr(fft, name)
            return lambda *of, **named: workers.append(named.get("workers") or fft.get_workers()) or real(*of, **named)

    monkeypatch.setattr(corpus, "fft", Watched())
    generate("sax", tmp_path / "a.wav", SETTINGS.model_copy(update={"duration": 0.5}))
    assert set(workers) == {1}
