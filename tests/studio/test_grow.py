import json
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import soundfile
import torch
from quick_training import forget, never
from small_corpus import noise, struck, tone, write_sounds

from engine.dataset.corpus import RECORDINGS_FILE, load_corpus
from engine.errors import Cancelled, DatasetError, LibraryError, ModelError, ParameterError
from engine.generation.calibration import certify
from engine.latent.certificate import SliderCertificate, load_certificate, save_certificate, unmeasured
from engine.latent.description import read_description
from engine.latent.space import SoundSpace, load_space
from engine.library.entries import Parent
from engine.paths import models_folder, runs_folder
from engine.settings import GenerateSettings, GrowSettings
from engine.studio import models, session
from engine.studio.arrivals import import_model
from engine.studio.blends import save_blend
from engine.studio.exchange import export_model
from engine.studio.grow import extend, feed_back, locate_output
from engine.studio.history import list_outputs
from engine.studio.presets import apply_preset, save_preset
from engine.studio.render import generate
from engine.studio.replay import replay_output
from engine.studio.run import EXTENDED, FED_BACK, PARENT_FILE, find_run, read_run, unfinished_runs
from engine.studio.train import Notice, resume
from engine.training.loop import Trainer

TESTS = Path(__file__).parents[1]
pytestmark = pytest.mark.usefixtures("library")


def quick(**settings: object) -> GrowSettings:
    return GrowSettings(**{"steps": 4, "device": "cpu", "measure": False, **settings})


def grow_from(model: str, folder: Path, *, on_event=forget, should_stop=never, **settings: object):
    return extend(model, folder, quick(**settings), on_event=on_event, should_stop=should_stop)


def feed(model: str, *outputs: object, on_event=forget, **settings: object):
    return feed_back(model, map(str, outputs), quick(**settings), on_event=on_event, should_stop=never)


def make_outputs(folder: Path, model: str = "sax", count: int = 1, seconds: float = 0.2) -> list[Path]:
    made = GenerateSettings(duration=seconds, device="cpu", density=8)
    return [Path(file.path) for file in generate(model, folder / "out.wav", made, count=count).files]


def folder_bytes(model: str) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in models.find_model(model).path.iterdir()}


def names(model: str) -> list[str]:
    return [recording.name for recording in load_corpus(models.find_model(model).path).recordings]


@pytest.fixture
def more(tmp_path: Path) -> Path:
    """Two recordings that the model does not have; their names it has."""
    write_sounds(tmp_path / "more", struck(260, 0.3, seed=7), noise(0.25, 8))
    return tmp_path / "more"


def test_an_extended_model_is_a_new_version_with_lineage_and_the_old_one_is_untouched(more: Path):
    before = folder_bytes("sax")
    report = grow_from("sax", more)
    parent, child = models.find_model("sax@1"), models.find_model("sax")
    assert folder_bytes("sax@1") == before
    assert (child.id, child.version, child.family_id, child.parents) == (
        report.model,
        2,
        parent.id,
        (Parent(parent.id),),
    )
    assert (child.current, parent.current) == (True, False)
    assert (child.files, child.real_seconds, child.synthetic_seconds) == (7, pytest.approx(2.75), 0.0)
    old, new = load_corpus(parent.path), load_corpus(child.path)
    assert [one.name for one in new.recordings[:5]] == [one.name for one in old.recordings]
    for one, other in zip(old.recordings, new.recordings, strict=False):
        assert np.array_equal(old.recorded(one), new.recorded(other))
    assert names("sax")[5:] == ["0 (2).wav", "1 (2).wav"]
    assert not np.array_equal(load_space(child.path).tracks[0], load_space(parent.path).tracks[0])
    assert not (child.path / PARENT_FILE).exists()
    assert list(runs_folder().iterdir()) == []


def test_the_training_begins_with_the_parents_weights(more: Path, monkeypatch):
    begun = []

    def prepare(vae, *rest):
        begun.append({name: value.clone() for name, value in vae.state_dict().items()})
        return Trainer(vae, *rest)

    monkeypatch.setattr(session, "Trainer", prepare)
    parent = load_space(models.find_model("sax").path).vae.state_dict()
    grow_from("sax", more)
    assert all(torch.equal(begun[0][name], value) for name, value in parent.items())


def test_the_report_tells_version_parents_and_figures_in_plain_values(more: Path):
    parent = models.find_model("sax")
    plain = json.loads(json.dumps(grow_from("sax", more).to_dict(), allow_nan=False))
    assert (plain["version"], plain["kind"]) == (2, EXTENDED)
    assert plain["parents"] == [{"id": parent.id, "name": "sax@1"}]
    assert (plain["known_files"], plain["new_files"], plain["files"]["used"]) == (5, 2, 7)
    for part in ("known_neper", "new_neper"):
        assert 0 < plain[part]["after"] != plain[part]["before"] > 0
    worse = 100 * (plain["known_neper"]["after"] / plain["known_neper"]["before"] - 1)
    assert plain["drift_percent"] == pytest.approx(worse)
    assert (plain["synthetic_seconds"], plain["synthetic_share"]) == (0, 0)
    shown = models.show_model("sax")
    assert shown["training"]["growth"]["drift_percent"] == plain["drift_percent"]
    assert [row["version"] for row in shown["family"]] == [2, 1]
    assert shown["family"][0]["drift_percent"] == plain["drift_percent"]
    assert shown["family"][0]["parents"][0]["name"] == "sax@1"
    assert shown["fed_back"] == []


def test_what_the_person_wrote_on_a_model_is_on_its_new_version(more: Path):
    models.label_model("sax", note="dry room", tags=["solo"], licence="mine")
    grow_from("sax", more)
    child = models.find_model("sax")
    assert (child.note, child.tags, child.licence, child.version) == ("dry room", ("solo",), "mine", 2)


def test_recordings_that_it_has_are_named_and_left_out_and_nothing_new_is_refused(recordings: Path, more: Path):
    shutil.copy(recordings / "2.wav", more / "old.wav")
    told: list[str] = []
    report = grow_from("sax", more, on_event=lambda event: told.append(getattr(event, "text", "")))
    assert [(one.file, one.reason) for one in report.skipped] == [("old.wav", "the same sound as 2.wav, which it has")]
    assert "old.wav is left out: the same sound as 2.wav, which it has" in told
    with pytest.raises(
        DatasetError, match=r"nothing in .* is new to sax: 0.wav: the same sound as 0.wav, which it has;"
    ):
        grow_from("sax", recordings)
    assert models.find_model("sax").version == 2


def test_what_is_left_out_of_more_recordings_is_not_learned(more: Path):
    report = extend("sax", more, quick(), on_event=forget, should_stop=never, leave_out=["0.wav"])
    assert (report.left_out, report.skipped) == (("0.wav",), ())
    assert names("sax")[5:] == ["1 (2).wav"]
    with pytest.raises(DatasetError, match="are left out by you"):
        extend("sax", more, quick(), on_event=forget, should_stop=never, leave_out=["0.wav", "1.wav"])


def test_a_mono_model_becomes_stereo_with_stereo_recordings_and_stays_so(tmp_path: Path):
    write_sounds(tmp_path / "wide", np.stack([tone(330, 0.3), noise(0.3)], axis=1))
    write_sounds(tmp_path / "narrow", tone(550, 0.2))
    grow_from("sax", tmp_path / "wide")
    assert models.find_model("sax").channels == 2
    wide = load_corpus(models.find_model("sax").path)
    assert np.array_equal(*wide.recorded(wide.recordings[0]).T)
    assert not np.array_equal(*wide.recorded(wide.recordings[5]).T)
    grow_from("sax", tmp_path / "narrow")
    assert models.find_model("sax").channels == 2


def test_recordings_that_were_held_out_stay_so_until_they_are_learned(trained, recordings: Path, more: Path):
    trained(recordings, "held", hold_out=2)
    shutil.move(more / "1.wav", more / "b.wav")
    assert grow_from("held", more, hold_out=2).held_out == ("1.wav", "3.wav", "b.wav")
    assert names("held") == ["0.wav", "2.wav", "4.wav", "0 (2).wav"]
    assert grow_from("held", recordings).held_out == ("b.wav",)
    assert names("held")[4:] == ["1.wav", "3.wav"]


def test_outputs_fed_back_are_marked_and_counted_and_told_apart(tmp_path: Path):
    outputs = make_outputs(tmp_path, count=2)
    first = list_outputs().entries[-1]
    report = feed("sax", first.number, outputs[1])
    child = models.find_model("sax")
    assert report.growth.kind == FED_BACK
    assert child.synthetic_seconds == pytest.approx(0.4)
    assert child.real_seconds == pytest.approx(2.2)
    assert [one.name for one in load_corpus(child.path).recordings if one.synthetic] == ["out-01.wav", "out-02.wav"]
    shown = models.show_model("sax")
    assert shown["fed_back"] == ["out-01.wav", "out-02.wav"]
    assert [row["synthetic_seconds"] for row in shown["family"]] == pytest.approx([0.4, 0.0])
    assert report.growth.drift_percent is not None
    with pytest.raises(DatasetError, match=r"none of the outputs is new to sax: out-01.wav: the same sound as out-01"):
        feed("sax", first.id)


def test_the_cap_counts_what_was_fed_back_before_and_allows_its_edge(tmp_path: Path):
    sounds = [noise(0.2, seed) for seed in range(6)]
    write_sounds(tmp_path, *sounds)
    with pytest.raises(
        ParameterError, match=r"be 15% of what sax .*may be 10%.*: 0\.2 s more would fit.*sda extend"
    ) as caught:
        feed("sax", tmp_path / "0.wav", tmp_path / "1.wav", cap=0.1)
    assert caught.value.code == "feedback.cap"
    assert models.find_model("sax").version == 1
    assert not runs_folder().exists() or list(runs_folder().iterdir()) == []
    feed("sax", tmp_path / "0.wav", cap=0.2 / 2.4)
    with pytest.raises(ParameterError, match="nothing more fits"):
        feed("sax", tmp_path / "1.wav", cap=0.2 / 2.4)
    feed("sax", tmp_path / "1.wav", cap=0.4 / 2.6)
    assert models.find_model("sax").synthetic_seconds == pytest.approx(0.4)
    with pytest.raises(ParameterError, match="31% of"):
        feed("sax", *(tmp_path / f"{number}.wav" for number in (2, 3, 4)))
    with pytest.raises(ParameterError, match="nothing more fits"):
        feed("sax", tmp_path / "5.wav", cap=0.0)


def test_more_recordings_make_room_below_the_cap_and_are_never_refused(tmp_path: Path, more: Path):
    write_sounds(tmp_path / "out", noise(0.9, 3))
    feed("sax", tmp_path / "out" / "0.wav")
    assert grow_from("sax", more, cap=0.0).growth.synthetic_share == pytest.approx(0.9 / 3.65)


def test_an_output_among_recordings_is_told_and_counted_as_synthetic(trained, more: Path):
    make_outputs(more)
    told: list[str] = []
    report = grow_from("sax", more, on_event=lambda event: told.append(getattr(event, "text", "")))
    assert report.growth.synthetic_seconds == pytest.approx(0.2)
    expected = (
        "out.wav is an output of a model and counted as synthetic; to feed outputs back: sda feedback MODEL OUTPUT"
    )
    assert expected in told
    assert expected in report.warnings
    report = trained(more, "copycat")
    assert models.find_model("copycat").synthetic_seconds == pytest.approx(0.2)
    assert expected in report.warnings


def test_drift_is_held_against_the_version_that_learned_a_recording_first(more: Path, tmp_path: Path):
    grow_from("sax", more)
    second = read_description(models.find_model("sax").path)["distances"]
    write_sounds(tmp_path / "out", noise(0.2, 5))
    report = feed("sax", tmp_path / "out" / "0.wav")
    child = models.find_model("sax").path
    third = read_description(child)["distances"]
    assert third == second
    assert set(third) == {*(f"{number}.wav" for number in range(5)), "0 (2).wav", "1 (2).wav"}
    assert report.growth.known.before != pytest.approx(np.mean(list(third.values())))
    drift = 100 * (report.growth.known.after / np.mean(list(third.values())) - 1)
    assert report.growth.drift_percent == pytest.approx(drift)


def test_whoever_comes_out_farther_from_what_it_had_is_told(more: Path, monkeypatch):
    monkeypatch.setattr(session, "WORSE_PERCENT", -100.0)
    told: list[Notice] = []
    grow_from("sax", more, on_event=told.append)
    assert any("than sax@1; more --minutes" in event.text for event in told if isinstance(event, Notice))


def test_whoever_learned_nothing_new_is_told(more: Path, monkeypatch):
    monkeypatch.setattr(session, "NOT_LEARNED_PERCENT", -101.0)
    told: list[Notice] = []
    grow_from("sax", more, on_event=told.append)
    assert any("no nearer to what is new than sax@1" in event.text for event in told if isinstance(event, Notice))


def test_outputs_are_learned_in_smaller_steps_than_recordings(tmp_path: Path, more: Path, monkeypatch):
    rates: list[float] = []
    real = session.Trainer
    monkeypatch.setattr(session, "Trainer", lambda *a: rates.append(a[3].peak_rate) or real(*a))
    grow_from("sax", more)
    feed("sax", *make_outputs(tmp_path))
    assert rates[1] == session.FED_BACK_RATE * rates[0]


def test_going_back_is_choosing_a_version_and_a_preset_means_the_same_in_each(more: Path):
    first = models.find_model("sax")
    save_preset("mine", {"sliders": {"brightness": 4}, "density": 3.0}, model="sax")
    grow_from("sax", more)
    for wanted in ("sax", "sax@1"):
        applied = apply_preset("mine", wanted, {})
        assert (applied.settings.sliders["brightness"], applied.notes) == (4, ())
    assert models.use_version("sax@1").id == first.id == models.find_model("sax").id
    report = grow_from("sax", more)
    child = models.find_model("sax")
    assert (child.id, child.version, child.parents) == (report.model, 3, (Parent(first.id),))


def test_an_output_is_replayed_by_the_version_that_made_it(more: Path, tmp_path: Path):
    (made,) = make_outputs(tmp_path)
    grow_from("sax", more)
    replayed = replay_output("1", tmp_path / "again.wav", device="cpu")
    assert replayed.same is True
    assert (tmp_path / "again.wav").read_bytes() == made.read_bytes()
    assert make_outputs(tmp_path / "new")[0].read_bytes() != made.read_bytes()
    assert [entry.version for entry in list_outputs(model="sax").entries] == [2, 1, 1]


def test_the_mark_and_the_lineage_travel_with_an_exported_model(tmp_path: Path, monkeypatch):
    write_sounds(tmp_path / "out", noise(0.2, 5))
    feed("sax", tmp_path / "out" / "0.wav")
    export_model("sax", tmp_path / "sax.sda")
    monkeypatch.setenv("SDA_HOME", str(tmp_path / "elsewhere"))
    entry = import_model(tmp_path / "sax.sda").entry
    assert entry.synthetic_seconds == pytest.approx(0.2)
    assert [one.synthetic for one in load_corpus(entry.path).recordings] == [False] * 5 + [True]
    write_sounds(tmp_path / "next", noise(0.02, 6), noise(0.02, 7))
    with pytest.raises(ParameterError, match="9% of"):
        feed("sax", tmp_path / "next" / "1.wav", cap=0.01)
    assert feed("sax", tmp_path / "next" / "1.wav").growth.version == entry.version + 1


def test_a_model_from_before_outputs_could_be_fed_back_is_trained_on(more: Path):
    folder = models.find_model("sax").path
    listing = json.loads((folder / RECORDINGS_FILE).read_text("utf-8"))
    for row in listing["recordings"]:
        del row["synthetic"]
    (folder / RECORDINGS_FILE).write_text(json.dumps(listing), "utf-8")
    described = read_description(folder)
    for name in ("synthetic_seconds", "version", "family", "parents", "distances"):
        described.pop(name)
    (folder / "model.json").write_text(json.dumps(described), "utf-8")
    assert grow_from("sax", more).growth.version == 2


@pytest.mark.parametrize(
    ("file", "content"),
    [
        ("weights.safetensors", b"no weights"),
        ("model.json", b"{}"),
        ("corpus.f32", b""),
        ("corpus.json", b'{"channels": 1, "recordings": [{"name": "a", "start": 2048, "samples": 9, "synthetic": 1}]}'),
    ],
)
def test_a_damaged_parent_is_refused_before_anything_is_made(more: Path, file: str, content: bytes):
    (models.find_model("sax").path / file).write_bytes(content)
    with pytest.raises(ModelError):
        grow_from("sax", more)
    assert not runs_folder().exists() or list(runs_folder().iterdir()) == []
    assert len(list(models_folder().iterdir())) == 1


def test_what_is_not_there_is_one_clear_line(tmp_path: Path, more: Path):
    with pytest.raises(ModelError, match="no model 'tabla'"):
        grow_from("tabla", more)
    with pytest.raises(LibraryError, match=r"no output 'cloud\.wav' in the history"):
        feed("sax", "cloud.wav")
    with pytest.raises(DatasetError, match="is a folder"):
        feed("sax", more)
    (tmp_path / "empty.wav").write_bytes(b"")
    with pytest.raises(DatasetError, match=r"none of the outputs is new to sax: empty\.wav"):
        feed("sax", tmp_path / "empty.wav")
    (made,) = make_outputs(tmp_path)
    assert locate_output("1") == made
    made.unlink()
    with pytest.raises(DatasetError, match=r"sda history locate 1 FILE; to make it again: sda history replay 1"):
        feed("sax", 1)


def test_a_request_to_stop_before_the_first_step_keeps_nothing(more: Path):
    with pytest.raises(Cancelled):
        grow_from("sax", more, should_stop=lambda: True)
    assert [entry.version for entry in models.list_models(all_versions=True)] == [1]
    assert not runs_folder().exists() or list(runs_folder().iterdir()) == []


PROGRAM = """
import sys, time
from pathlib import Path

sys.path[:0] = sys.argv[2:]
import pytest
from engine.settings import GrowSettings
from engine.studio import session
from engine.studio.blends import save_blend
from engine.studio.grow import extend
from engine.training import loop
from engine.training.events import Progress
from quick_training import make_quick

make_quick(pytest.MonkeyPatch())
session.CHECKPOINT_SECONDS = 0.0
loop.LOOK_EVERY = 1

def wait_at_the_moment(event):
    if isinstance(event, Progress) and event.step == 3:
        print("here", flush=True)
        time.sleep(600)

settings = GrowSettings(steps=8, device="cpu", measure=False)
extend("sax", Path(sys.argv[1]), settings, on_event=wait_at_the_moment, should_stop=lambda: False)
"""


@pytest.mark.parametrize("deleted", [False, True])
def test_a_killed_extension_changes_nothing_and_is_resumed_even_if_its_parent_was_deleted(more: Path, deleted: bool):
    before = folder_bytes("sax")
    command = [sys.executable, "-c", PROGRAM, str(more), str(TESTS.parent), str(TESTS)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as killed:
        try:
            assert killed.stdout.readline() == "here\n"
        finally:
            killed.kill()
    assert folder_bytes("sax") == before
    (run,) = unfinished_runs()
    assert read_run(run.folder) == run == find_run("sax")
    assert run.growth.parent.id == models.find_model("sax").id
    parent = models.find_model("sax")
    shutil.rmtree(more)
    if deleted:
        models.delete_model("sax")
    report = resume("sax", on_event=forget, should_stop=never)
    child = models.find_model(report.model)
    assert (report.steps, child.version, child.family_id, child.name) == (8, 2, parent.id, "sax")
    assert report.growth.known_files == 5
    assert names(report.model)[5:] == ["0 (2).wav", "1 (2).wav"]
    assert unfinished_runs() == []


PARENTS = SliderCertificate("warmth", "certified", throw=0.9, steadiness=1.0, seeds=4, spread=0.1)


def give_parent_figures() -> None:
    """Let one slider of the model be measured."""
    folder = models.find_model("sax").path
    before = load_certificate(folder)
    save_certificate(folder, replace(before, sliders={**before.sliders, "warmth": PARENTS}))


def warmth(model: str) -> SliderCertificate:
    return load_certificate(models.find_model(model).path).sliders["warmth"]


@pytest.mark.parametrize("measured", [True, False])
def test_a_version_keeps_its_parents_figures_until_it_has_its_own(more: Path, monkeypatch, measured: bool):
    give_parent_figures()
    calls = []
    own = replace(PARENTS, throw=0.5)

    def measure(space: SoundSpace, *_: object) -> certify.Certified:
        calls.append(len(space.corpus.recordings))
        found = unmeasured(space.certificate.ear)
        return certify.Certified(replace(found, sliders={**found.sliders, "warmth": own}) if measured else found)

    monkeypatch.setattr(certify, "certify", measure)
    report = grow_from("sax", more, measure=True)
    assert calls == [7]
    assert warmth(report.model) == (own if measured else replace(PARENTS, measured_on="sax@1"))
    assert {one.state for one in report.sliders if one.name != "warmth"} == {"unmeasured"}


def test_figures_of_an_earlier_version_keep_its_name_and_go_with_what_is_fed_back(more: Path, tmp_path: Path):
    give_parent_figures()
    second = grow_from("sax", more, measure=False)
    assert warmth(second.model).measured_on == "sax@1"
    (made,) = make_outputs(tmp_path)
    third = feed("sax", made)
    assert warmth(third.model) == replace(PARENTS, measured_on="sax@1")
    assert not list(models.find_model(third.model).path.glob("parent*"))


def test_a_file_of_another_program_that_is_fed_back_is_synthetic_too(tmp_path: Path):
    soundfile.write(tmp_path / "bounce.flac", struck(200, 0.2), 48_000)
    assert feed("sax", tmp_path / "bounce.flac").growth.synthetic_seconds == pytest.approx(0.2)


def test_a_blend_cannot_grow_and_its_models_are_named(more: Path, tmp_path: Path):
    grow_from("sax", more)
    save_blend("half", "sax@1", {"sax@2": 0.5})
    (made,) = make_outputs(tmp_path)
    for attempt in (lambda: grow_from("half", more), lambda: feed("half", made)):
        with pytest.raises(ModelError, match="'half' is a blend and has no recordings of its own") as refused:
            attempt()
        assert "sax@1, sax@2" in refused.value.message
