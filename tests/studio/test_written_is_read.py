"""A law: whatever the program writes of an output, a pack, a preset or a training, it reads again as it was."""

import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args, get_origin

import numpy as np
import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as budget
from hypothesis import strategies as st
from quick_training import make_quick, train_on
from small_corpus import tone

from engine.checking import checked, field_limits
from engine.curves import MOST_BREAKPOINTS
from engine.errors import ExportError
from engine.places import MOST_PLACES
from engine.settings import HIGHEST_SEED, ExportSettings, Frozen, GenerateSettings, PackSettings, TrainSettings
from engine.sliders import SLIDERS
from engine.studio.arrivals import import_model
from engine.studio.delivery import Delivery, deliver
from engine.studio.exchange import export_model
from engine.studio.history import find_output, list_outputs
from engine.studio.models import find_model
from engine.studio.origin import describe_origin
from engine.studio.pack import make_pack
from engine.studio.passport import PACKED, describe_export, read_passport
from engine.studio.presets import apply_preset, save_preset
from engine.studio.render import generate
from engine.studio.replay import replay_output, replay_passport
from engine.studio.run import Run, read_run, save_run

pytestmark = pytest.mark.usefixtures("library")

QUICK: dict[str, Any] = {"duration": 0.1, "source": 1.0, "device": "cpu"}
AWKWARD = 1.2345678901234567e-300  # as long as a number becomes in JSON
CURVE = [((place + 1) * AWKWARD, -AWKWARD) for place in range(MOST_BREAKPOINTS)]
ENDS = {
    "density": [0.1, 20.0, [(0.0, 0.1), (AWKWARD, 20.0)]],
    "novelty": [0.0, 1.0, [(1e300, 1.0)]],
    "width": [-10.0, CURVE[:2]],
    "distance": [10.0, CURVE[:2]],
    "sliders": [{}, dict.fromkeys(SLIDERS, -10.0), {"discovered 1": [*CURVE[:2], (1.0, 10.0)]}],
    "blend": [{}, {"a": 1.0}, {"a": 1 / 3, "b": 1 / 3, "c": 1 / 3}, {"a": [(0.0, 0.0), (AWKWARD, 1.0)]}],
    "at": [None, [-1.0, 1.0]],
    "path": [None, [[-1.0, 1.0]] * 3],
    "hrtf": [None, "Köpfe & 音.sofa", "../elsewhere.sofa"],
}


def ends_of(kind: type[Frozen], name: str) -> list[Any]:
    """Return values of a setting at its limits."""
    annotation = kind.model_fields[name].annotation
    low, high = field_limits(kind, name)
    if name in ENDS:
        return ENDS[name]
    if annotation is bool:
        return [False, True]
    if get_origin(annotation) is not None and annotation is not None and not isinstance(low, int | float):
        return [value for value in get_args(annotation) if isinstance(value, str | int)]
    assert low is not None, f"say what the limits of {name} are"
    assert high is not None
    return [int(low), int(high)] if annotation in (int, int | None) else [float(low), float(high), (low + high) / 3]


def settings_at_their_ends(kind: type[Frozen], *, without: tuple[str, ...] = ()) -> st.SearchStrategy[dict[str, Any]]:
    """Return any combination of settings at their limits that may be."""
    names = [name for name in kind.model_fields if name not in without]
    drawn = {name: st.sampled_from(ends_of(kind, name)) for name in names}
    return st.fixed_dictionaries({}, optional=drawn).filter(lambda values: is_allowed(kind, values))


def is_allowed(kind: type[Frozen], values: dict[str, Any]) -> bool:
    try:
        kind(**values)
    except ValueError:
        return False
    return True


def blocks() -> Iterator[np.ndarray]:
    yield tone(440, 0.05).astype(np.float32)[:, None]


def written_and_read(path: Path, settings: GenerateSettings, export: ExportSettings) -> None:
    """Write a sound as one of these settings, and read its passport and its entry as a replay does."""
    origin = describe_origin(find_model("sax"), "cpu", [])
    made = deliver(blocks(), path, settings, origin, Delivery(export, force=True), novelty={"at": AWKWARD})
    assert made.history, made.notes
    asked = settings.model_copy(update={"hrtf": settings.hrtf and Path(settings.hrtf.name)})
    passport, entry = read_passport(path), find_output(made.history)
    kept = dict(entry.settings)
    assert kept.pop("export") == passport.export == describe_export(path, export)
    for found, seed in ((dict(passport.settings), passport.seed), (kept, entry.seed)):
        assert checked(GenerateSettings, {**found, "seed": seed, "device": settings.device}) == asked
    written_as = {key: value for key, value in passport.export.items() if key in ExportSettings.model_fields}
    assert checked(ExportSettings, written_as).sample_rate == export.sample_rate


@budget(max_examples=40, suppress_health_check=list(HealthCheck))
@given(values=settings_at_their_ends(GenerateSettings))
def test_any_settings_of_an_output_are_read_again_from_its_file_and_the_history(tmp_path: Path, values: dict[str, Any]):
    written_and_read(tmp_path / "a.wav", checked(GenerateSettings, values), ExportSettings())


@budget(max_examples=25, suppress_health_check=list(HealthCheck))
@given(values=settings_at_their_ends(ExportSettings, without=("format", "cover", "loudness")))
def test_any_way_of_writing_is_read_again(tmp_path: Path, values: dict[str, Any]):
    written_and_read(tmp_path / "a.wav", GenerateSettings(), checked(ExportSettings, values))


@pytest.mark.parametrize("ending", ["wav", "flac", "opus", "mp3"])
def test_the_longest_settings_that_are_allowed_fit_into_every_format(tmp_path: Path, ending: str):
    shares = [(seconds, -value) for seconds, value in CURVE]
    named = [*SLIDERS, *(f"discovered {number}" for number in range(1, 5))]
    values = {
        **dict.fromkeys(("width", "distance"), CURVE),
        "novelty": shares,
        "density": [(seconds, 1.2345678901234567) for seconds, _ in CURVE],
        "sliders": dict.fromkeys(named, CURVE),
        "blend": dict.fromkeys(("a" * 64, "b" * 64, "c" * 64), shares),
        "path": [(AWKWARD, -AWKWARD)] * MOST_PLACES,
    }
    written_and_read(tmp_path / f"a.{ending}", checked(GenerateSettings, values), ExportSettings())


def test_seeds_that_go_up_never_leave_their_limits(tmp_path: Path):
    settings = GenerateSettings(**QUICK, seed=HIGHEST_SEED)
    report = generate("sax", tmp_path / "a.wav", settings, count=2)
    assert [file.seed for file in report.files] == [HIGHEST_SEED, 0]
    for entry in list_outputs().entries:
        assert replay_output(entry.id).same is True
    for file in report.files:
        assert replay_passport(Path(file.path)).same is True


def test_seeds_of_a_pack_never_leave_their_limits(tmp_path: Path):
    settings = PackSettings(count=9, longest=0.1, seed=HIGHEST_SEED, device="cpu")
    report = make_pack("sax", tmp_path / "pack", settings, delivery=Delivery())
    last = tmp_path / "pack" / report.samples[-1].file
    assert (read_passport(last).kind, read_passport(last).seed) == (PACKED, 0)
    assert replay_passport(last).file.seed == 0


@budget(max_examples=30, suppress_health_check=list(HealthCheck))
@given(values=settings_at_their_ends(GenerateSettings, without=("seed", "device", "hrtf", "blend")))
def test_any_settings_are_read_again_from_a_preset(values: dict[str, Any]):
    if values:
        save_preset("ends", values, force=True)
        applied = apply_preset("ends", "sax", {}).settings
        assert applied.model_dump() == checked(GenerateSettings, values).model_dump()


@budget(max_examples=30, suppress_health_check=list(HealthCheck))
@given(values=settings_at_their_ends(TrainSettings))
def test_any_training_is_read_again(values: dict[str, Any]):
    asked = Run("0123456789ab", "sax", "/recordings", checked(TrainSettings, values))
    asked.folder.mkdir(parents=True, exist_ok=True)
    save_run(asked)
    assert read_run(asked.folder) == asked


@pytest.mark.skipif(sys.platform != "linux", reason="names are text on other systems")
@pytest.mark.parametrize("name", [b"\xff.wav", b"\xfe/a.wav"])
def test_a_name_that_is_no_text_is_refused_before_anything_is_made(tmp_path: Path, name: bytes):
    with pytest.raises(ExportError, match="is not text") as caught:
        generate("sax", tmp_path / os.fsdecode(name), GenerateSettings(**QUICK))
    assert caught.value.code == "export.name"
    assert not list(tmp_path.glob("**/.*.part"))


@pytest.mark.skipif(sys.platform != "linux", reason="names are text on other systems")
def test_a_training_remembers_recordings_whose_names_are_no_text(tmp_path: Path):
    folder, odd = tmp_path / os.fsdecode(b"\xfe"), os.fsdecode(b"\xff.wav")
    asked = Run("0123456789ab", "sax", str(folder), TrainSettings(), skipped=((odd, "no text"),), left_out=(odd,))
    asked.folder.mkdir(parents=True)
    save_run(asked)
    assert read_run(asked.folder) == asked


@pytest.mark.skipif(sys.platform != "linux", reason="names are text on other systems")
def test_a_recording_whose_name_is_no_text_does_not_cost_the_model(
    tmp_path: Path, recordings: Path, monkeypatch: pytest.MonkeyPatch
):
    folder = tmp_path / "recordings"
    shutil.copytree(recordings, folder)
    (folder / os.fsdecode(b"\xff.wav")).write_bytes(b"no sound")
    make_quick(monkeypatch)
    made = find_model(train_on(folder, name="new").model)
    assert any(r"\udcff.wav is left out" in line for line in made.report)
    export_model(made.id, tmp_path / "new.sda")
    assert import_model(tmp_path / "new.sda").entry.report == made.report
