import subprocess
import sys
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from quick_training import RECIPE, forget, never
from small_corpus import noise, write_sounds

from engine.errors import Cancelled, DatasetError, ParameterError
from engine.latent.description import read_description
from engine.latent.space import load_space
from engine.library.card import CARD_FILE
from engine.paths import catalogue_file, models_folder, runs_folder
from engine.studio import session
from engine.studio.models import find_model, list_models
from engine.studio.run import unfinished_runs
from engine.studio.train import hold_out, resume
from engine.training.events import STAGES, Computing, Notice, Progress, Stage
from engine.training.loop import Trainer
from engine.training.schedule import Recipe
from engine.training.sizing import with_batch

TESTS = Path(__file__).parents[1]


class Events(list):
    """Everything a training told, in order; asked as a function it keeps an event."""

    def __call__(self, event) -> None:
        self.append(event)

    def of(self, kind: type) -> list:
        return [event for event in self if isinstance(event, kind)]


def model_files(model: str) -> dict[str, bytes]:
    """Return what training wrote; a card says that the library gave the model another name."""
    return {path.name: path.read_bytes() for path in (models_folder() / model).iterdir() if path.name != CARD_FILE}


def test_a_folder_becomes_a_model_in_the_library_and_every_stage_is_told(trained, recordings):
    events = Events()
    report = trained(recordings, "my sax", on_event=events)
    assert (report.name, report.steps, report.stopped, report.device) == ("my sax", 6, False, "cpu")
    assert report.used == ("0.wav", "1.wav", "2.wav", "3.wav", "4.wav")
    assert report.skipped == report.held_out == ()
    (entry,) = list_models()
    assert (entry.id, entry.name, entry.files, entry.channels) == (report.model, "my sax", 5, 1)
    assert entry.seconds == pytest.approx(2.2)
    assert entry.size_bytes == sum(len(content) for content in model_files(report.model).values())
    assert entry.training["steps"] == 6
    assert len(load_space(entry.path).tracks) == 5
    assert list(runs_folder().iterdir()) == []
    stages = list(dict.fromkeys(stage.name for stage in events.of(Stage)))
    assert stages == ["reading", "training", "listening", "saving"]
    assert set(stages) <= set(STAGES)
    (computing,) = events.of(Computing)
    assert (computing.device, computing.batch) == ("cpu", RECIPE.batch)
    assert computing.parameters == sum(value.numel() for value in session.load_base().parameters())
    assert events.of(Progress)[-1].share == 1.0


def test_a_mixed_folder_is_used_as_far_as_it_can_be_and_the_rest_is_named(trained, mixed_recordings):
    events = Events()
    report = trained(mixed_recordings, on_event=events)
    assert report.used == ("0.wav", "1.wav", "2.wav", "blip.wav", "surround.wav")
    reasons = {skipped.file: skipped.reason for skipped in report.skipped}
    assert set(reasons) == {"empty.wav", "silent.wav", "text.wav"}
    assert "empty" in reasons["empty.wav"]
    assert "silent" in reasons["silent.wav"]
    assert "not an audio file" in reasons["text.wav"]
    told = [notice.text for notice in events.of(Notice)]
    for file, reason in reasons.items():
        assert f"{file} is left out: {reason}" in told
    description = read_description(find_model("sax").path)
    assert {tuple(pair) for pair in description["skipped"]} == set(reasons.items())
    space = load_space(find_model("sax").path)
    assert space.corpus.channels == 2
    assert {clip.recording for clip in space.clips} == set(range(5))


def test_what_the_person_leaves_out_is_not_learned_from_and_is_no_fault_of_the_file(trained, mixed_recordings):
    events = Events()
    report = trained(mixed_recordings, on_event=events, leave_out=["1.wav", "text.wav"])
    assert report.left_out == ("1.wav", "text.wav")
    assert report.used == ("0.wav", "2.wav", "blip.wav", "surround.wav")
    assert {skipped.file for skipped in report.skipped} == {"empty.wav", "silent.wav"}
    told = [notice.text for notice in events.of(Notice)]
    assert {"1.wav is left out by you", "text.wav is left out by you"} <= set(told)
    assert report.to_dict()["files"]["left_out"] == ["1.wav", "text.wav"]
    folder = find_model("sax").path
    assert read_description(folder)["left_out"] == ["1.wav", "text.wav"]
    assert [one.name for one in load_space(folder).corpus.recordings] == list(report.used)


def test_an_unknown_name_to_leave_out_ends_before_anything_is_made(trained, mixed_recordings):
    with pytest.raises(ParameterError, match=r"leave_out = 'one\.wav'.*sda inspect"):
        trained(mixed_recordings, leave_out=["one.wav"])
    assert not runs_folder().exists()


def test_the_report_is_plain_values_for_json(trained, mixed_recordings):
    report = trained(mixed_recordings, hold_out=4)
    plain = report.to_dict()
    assert plain["files"]["used"] == 4
    assert plain["files"]["held_out"] == ["blip.wav"]
    assert {row["file"] for row in plain["files"]["skipped"]} == {"empty.wav", "silent.wav", "text.wav"}
    assert plain["validation_neper"] == report.loss > 0
    assert plain["steps"] == 6


def test_the_same_seed_and_steps_give_the_same_model_to_the_byte(trained, recordings):
    first, second, other = (trained(recordings, seed=seed).model for seed in (3, 3, 4))
    files = [model_files(model) for model in (first, second, other)]
    assert files[0].keys() == files[1].keys() == files[2].keys()
    for name in files[0].keys() - {"model.json"}:
        assert files[0][name] == files[1][name], name
    assert files[0]["weights.safetensors"] != files[2]["weights.safetensors"]


@pytest.mark.usefixtures("library")
def test_a_model_of_a_name_that_is_taken_is_numbered(trained, recordings):
    assert trained(recordings, "sax").name == "sax 2"
    assert {entry.name for entry in list_models()} == {"sax", "sax 2"}


def test_few_recordings_train_with_a_warning(trained, tmp_path):
    write_sounds(tmp_path, noise(0.2), noise(0.03, 1))
    events = Events()
    report = trained(tmp_path, on_event=events)
    assert len(report.used) == 2
    assert len(report.warnings) == 1
    assert report.warnings[0] in [notice.text for notice in events.of(Notice)]


def test_a_single_recording_of_20_ms_becomes_a_model(trained, tmp_path):
    write_sounds(tmp_path, noise(0.02))
    assert load_space(models_folder() / trained(tmp_path).model).corpus.seconds == pytest.approx(0.02)


def test_recordings_that_are_held_out_are_not_learned_from(trained, recordings):
    report = trained(recordings, hold_out=2)
    assert report.held_out == ("1.wav", "3.wav")
    corpus = load_space(models_folder() / report.model).corpus
    assert [recording.name for recording in corpus.recordings] == ["0.wav", "2.wav", "4.wav"]


@pytest.mark.parametrize(
    ("count", "every", "held"), [(5, 0, ""), (5, 2, "24"), (6, 6, "6"), (5, 6, ""), (1, 1, ""), (3, 1, "23")]
)
def test_every_so_many_files_are_held_out_but_never_all(count: int, every: int, held: str):
    files = tuple(f"{number}" for number in range(1, count + 1))
    kept, out = hold_out(files, every)
    assert "".join(out) == held
    assert sorted(kept + out) == list(files)
    assert kept


def test_a_folder_without_anything_to_learn_from_leaves_nothing_behind(trained, tmp_path):
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "empty.wav").write_bytes(b"")
    with pytest.raises(DatasetError):
        trained(tmp_path / "in")
    assert list_models() == []
    assert not runs_folder().exists() or list(runs_folder().iterdir()) == []


def test_a_request_to_stop_keeps_the_model_as_it_is(trained, recordings):
    events = Events()
    report = trained(recordings, on_event=events, should_stop=lambda: bool(events.of(Progress)), steps=10_000)
    assert report.stopped
    assert report.steps == 10
    assert [entry.name for entry in list_models()] == ["sax"]
    assert load_space(models_folder() / report.model).vae.scale > 0
    assert unfinished_runs() == []


@pytest.mark.parametrize("stage", ["reading", "training"])
def test_a_request_to_stop_before_the_first_step_keeps_nothing(trained, recordings, stage: str):
    events = Events()
    with pytest.raises(Cancelled, match="nothing to keep"):
        trained(recordings, on_event=events, should_stop=lambda: stage in [told.name for told in events.of(Stage)])
    assert list_models() == []
    assert unfinished_runs() == []
    assert list(runs_folder().glob("*")) == []


def test_a_failure_before_the_first_checkpoint_leaves_nothing_and_one_after_it_a_run(trained, recordings, monkeypatch):
    def fail(*_: object) -> None:
        raise RuntimeError("lightning")

    with monkeypatch.context() as patch:
        patch.setattr(session, "find_clips", fail)
        with pytest.raises(RuntimeError):
            trained(recordings)
    assert list(runs_folder().iterdir()) == []
    with monkeypatch.context() as patch:
        patch.setattr(session, "listen", fail)
        with pytest.raises(RuntimeError):
            trained(recordings)
    (run,) = unfinished_runs()
    assert (run.name, run.steps, run.share) == ("sax", 6, 1.0)


def test_a_training_that_failed_while_saving_is_finished_by_resuming_without_another_step(
    trained, recordings, monkeypatch
):
    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(session, "save_space", fail)
        with pytest.raises(OSError, match="No space"):
            trained(recordings)
    assert list_models() == []
    report = resume(None, on_event=forget, should_stop=never)
    assert (report.steps, report.stopped) == (6, False)
    assert [entry.name for entry in list_models()] == ["sax"]
    whole = trained(recordings, "uninterrupted").model
    assert model_files(report.model)["weights.safetensors"] == model_files(whole)["weights.safetensors"]


def test_a_resumed_training_goes_on_with_the_recipe_it_was_begun_with(trained, recordings, monkeypatch):
    recipes: list[Recipe] = []
    monkeypatch.setattr(session, "size_batch", lambda *of: with_batch(of[-1], 8))
    monkeypatch.setattr(session, "Trainer", lambda *of: recipes.append(of[3]) or Trainer(*of))
    monkeypatch.setattr(session, "listen", lambda *_: 1 / 0)
    events = Events()
    with pytest.raises(ZeroDivisionError):
        trained(recordings, steps=None, minutes=5.0, on_event=events, should_stop=lambda: bool(events.of(Progress)))
    with pytest.raises(ZeroDivisionError):
        resume(None, on_event=forget, should_stop=lambda: True)
    assert recipes[0] == recipes[1] == with_batch(RECIPE, 8)


PROGRAM = """
import sys, time
from pathlib import Path

sys.path[:0] = sys.argv[3:]
import pytest
from engine.studio import session
from engine.training import loop
from engine.training.events import Progress, Stage
from quick_training import make_quick, train_on

make_quick(pytest.MonkeyPatch())
session.CHECKPOINT_SECONDS = 0.0
loop.LOOK_EVERY = 1
moment = {"training": lambda event: isinstance(event, Progress) and event.step == 4}.get(
    sys.argv[2], lambda event: isinstance(event, Stage) and event.name == sys.argv[2]
)

def wait_at_the_moment(event):
    if moment(event):
        print("here", flush=True)
        time.sleep(600)

train_on(Path(sys.argv[1]), "cut", on_event=wait_at_the_moment, steps=12)
"""


@pytest.mark.parametrize("stage", ["training", "saving"])
@pytest.mark.usefixtures("library")
def test_a_killed_training_loses_no_model_and_can_be_resumed(recordings, stage: str):
    command = [sys.executable, "-c", PROGRAM, str(recordings), stage, str(TESTS.parent), str(TESTS)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as killed:
        try:
            assert killed.stdout.readline() == "here\n"
            assert unfinished_runs() == []
        finally:
            killed.kill()
    assert catalogue_file().is_file()
    assert [entry.name for entry in list_models()] == ["sax"]
    (run,) = unfinished_runs()
    assert run.name == "cut"
    assert 1 <= run.steps <= 12
    report = resume("cut", on_event=forget, should_stop=never)
    assert (report.steps, report.name, report.model) == (12, "cut", run.id)
    assert Counter(entry.name for entry in list_models()) == {"sax": 1, "cut": 1}
    assert unfinished_runs() == []
    assert np.isfinite(load_space(models_folder() / run.id).voice.heard).all()


def test_models_are_found_by_what_was_said_of_their_recordings(trained, mixed_recordings):
    trained(mixed_recordings)
    assert [entry.name for entry in list_models("text.wav is left out")] == ["sax"]
    assert list_models("a word that was never said") == []
