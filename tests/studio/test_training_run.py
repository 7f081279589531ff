import json
from pathlib import Path

import pytest
from filelock import FileLock

from engine.dataset.corpus import RECORDINGS_FILE
from engine.errors import LibraryError, ModelError
from engine.paths import models_folder, runs_folder
from engine.settings import TrainSettings
from engine.studio.run import (
    RUN_FILE,
    STATE_FILE,
    Run,
    discard_run,
    find_run,
    lock_run,
    move_to_models,
    read_run,
    save_run,
    sweep_runs,
    unfinished_runs,
)


@pytest.fixture
def new_run():
    """Make runs that look as if they were interrupted after a checkpoint."""

    def make(number: int, name: str = "sax", **changes) -> Run:
        run = Run(f"run{number}", name, "/sounds", TrainSettings(seed=number), started=f"2026-01-0{number}", **changes)
        run.folder.mkdir(parents=True)
        save_run(run)
        for file in (STATE_FILE, RECORDINGS_FILE):
            (run.folder / file).write_bytes(b"")
        return run

    return make


def test_what_is_known_of_a_run_comes_back(new_run):
    run = new_run(
        1,
        "ünder",
        batch=8,
        used=("a.wav",),
        held_out=("b.wav",),
        skipped=(("c.wav", "empty"),),
        warnings=("few",),
        steps=120,
        share=0.25,
        validation=0.5,
    )
    assert read_run(run.folder) == run


def test_unfinished_runs_are_listed_the_newest_first(new_run):
    for number in (2, 1, 3):
        new_run(number)
    assert [run.id for run in unfinished_runs()] == ["run3", "run2", "run1"]


def test_there_are_no_runs_before_the_first():
    assert unfinished_runs() == []


@pytest.mark.parametrize("missing", [STATE_FILE, RECORDINGS_FILE, RUN_FILE])
def test_what_cannot_be_resumed_is_not_listed(new_run, missing: str):
    (new_run(1).folder / missing).unlink()
    assert unfinished_runs() == []


@pytest.mark.parametrize(
    "change",
    [
        {"settings": {"minutes": -1}},
        {"settings": {"unheard_of": 1}},
        {"settings": None},
        {"skipped": [["only a name"]]},
        {"unheard_of": 1},
        {"used": None},
    ],
)
def test_a_damaged_description_is_an_error_and_does_not_hide_other_runs(new_run, change):
    damaged, whole = new_run(2), new_run(1)
    path = damaged.folder / RUN_FILE
    path.write_text(json.dumps({**json.loads(path.read_text("utf-8")), **change}), "utf-8")
    with pytest.raises(ModelError, match="cannot be read"):
        read_run(damaged.folder)
    assert unfinished_runs() == [whole]


def test_a_run_that_is_being_trained_is_not_offered(new_run):
    first, second = new_run(1), new_run(2)
    with FileLock(first.folder.with_suffix(".lock")):
        assert [run.id for run in unfinished_runs()] == [second.id]
    assert len(unfinished_runs()) == 2


def test_a_run_is_found_by_id_by_name_or_as_the_newest(new_run):
    new_run(1, "sax")
    new_run(2, "tabla")
    new_run(3, "sax")
    assert find_run("run1").id == "run1"
    assert find_run("tabla").id == "run2"
    assert find_run("sax").id == "run3"
    assert find_run(None).id == "run3"


def test_a_run_that_is_not_there_is_answered_with_those_that_are(new_run):
    with pytest.raises(ModelError, match="no interrupted training to resume; start one with: sda train"):
        find_run(None)
    new_run(1, "sax")
    new_run(2, "tabla")
    with pytest.raises(ModelError, match="no interrupted training 'drums' to resume; there are sax, tabla") as caught:
        find_run("drums")
    assert caught.value.code == "model.no_run"


def test_a_discarded_run_leaves_nothing(new_run):
    run = new_run(1)
    with lock_run(run):
        pass
    discard_run(run)
    assert list(runs_folder().iterdir()) == []


def test_a_completed_run_becomes_a_model_without_what_only_a_run_needs(new_run):
    run = new_run(1)
    (run.folder / "model.json").write_text("{}", "utf-8")
    target = models_folder() / run.id
    move_to_models(run, target)
    assert {path.name for path in target.iterdir()} == {"model.json", RECORDINGS_FILE}
    assert list(runs_folder().iterdir()) == []


def test_a_run_that_cannot_be_moved_can_still_be_resumed(new_run, monkeypatch):
    run = new_run(1)

    def fail(*_: object) -> None:
        raise PermissionError(13, "in use")

    with monkeypatch.context() as patch:
        patch.setattr(Path, "replace", fail)
        with pytest.raises(LibraryError, match="sda train --resume"):
            move_to_models(run, models_folder() / run.id)
    assert find_run(run.id) == run


def test_what_nobody_can_resume_is_swept_away_and_nothing_else(new_run):
    resumable, hopeless, begun = (new_run(number) for number in (1, 2, 3))
    for run in (hopeless, begun):
        (run.folder / STATE_FILE).unlink()
    with lock_run(begun):
        sweep_runs()
        assert resumable.folder.is_dir()
        assert begun.folder.is_dir()
        assert not hopeless.folder.exists()
