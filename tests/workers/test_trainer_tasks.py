"""What a trainer does, in this process: trainings followed, stopped, heard, and sparing cores."""

import os
from pathlib import Path
from typing import Any

import numpy as np
import psutil
import pytest
from quick_training import make_quick

from engine import device
from engine.errors import DatasetError, EngineError, ParameterError
from engine.studio import session
from engine.studio.models import find_model, list_models
from engine.studio.run import unfinished_runs
from engine.studio.sets import change_set, create_set, delete_set, show_set
from engine.workers.assignment import Assignment
from engine.workers.messages import Message, Progress, Request
from engine.workers.trainer import Trainer, work_behind

QUICK = {"steps": 4, "measure": False, "device": "cpu"}


class Desk:
    def __init__(self) -> None:
        self.sent: list[Message] = []

    def assign(self, task: str, **values: Any) -> Assignment:
        return Assignment(Request(1, task, values), self.sent.append)

    def told(self, name: str) -> list[Any]:
        rows = [message.values for message in self.sent if isinstance(message, Progress)]
        return [row[name] for row in rows if name in row]


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    make_quick(monkeypatch)


@pytest.fixture
def desk() -> Desk:
    return Desk()


@pytest.fixture
def data_set(recordings: Path) -> str:
    return create_set("good", recordings).id


def test_a_training_is_told_as_a_job_follows_it(data_set: str, desk: Desk, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(session, "FIRST_HEARD_SECONDS", -1.0)
    trainer = Trainer()
    with pytest.raises(ParameterError):
        trainer.hear(desk.assign("hear", side="model"))
    values = {"set": data_set, "name": "sax", "settings": QUICK, "licence": "mine"}
    report = trainer.train(desk.assign("train", **values))
    entry = find_model(report["model"])  # type: ignore[call-overload]
    assert (entry.name, entry.licence, entry.files) == ("sax", "mine", 5)
    assert desk.told("stage")[-3:] == ["training", "listening", "saving"]
    assert desk.told("run") == [entry.id]
    assert desk.told("device")[0]["name"] == "cpu"
    assert desk.told("share")[-1] == 1.0
    assert set(desk.told("point")[-1]) == {"step", "share", "seconds", "loss", "validation"}
    (heard,) = desk.told("heard")
    for side in ("model", "original"):
        about, sound = trainer.hear(desk.assign("hear", side=side))
        assert about == heard
        assert np.isfinite(np.frombuffer(sound, "<f4")).all()
        assert len(sound) > 4_800


def test_what_the_person_left_out_is_not_learned(data_set: str, desk: Desk):
    change_set(data_set, left_out=[show_set(data_set).recordings[0].id])
    report = Trainer().train(desk.assign("train", set=data_set, name="less", settings=QUICK))
    assert find_model(report["model"]).files == 4  # type: ignore[call-overload]


def test_time_left_is_that_of_the_whole_training(data_set: str, desk: Desk):
    Trainer().train(desk.assign("train", set=data_set, name="sax", settings={**QUICK, "steps": None, "minutes": 0.1}))
    left = desk.told("seconds_left")
    assert 0 < left[0] <= 6.0
    assert left == sorted(left, reverse=True)
    shares = desk.told("share")
    assert shares == sorted(shares)
    assert shares[-1] <= 0.99


def test_a_stopped_training_is_kept(data_set: str, desk: Desk):
    assignment = desk.assign("train", set=data_set, name="sax", settings={**QUICK, "steps": 10_000})
    send = assignment._send

    def stop_at_the_first_point(message: Message) -> None:
        send(message)
        if isinstance(message, Progress) and "point" in message.values:
            assignment.stop()

    assignment._send = stop_at_the_first_point  # type: ignore[method-assign]
    report = Trainer().train(assignment)
    assert report["stopped"] is True  # type: ignore[call-overload]
    assert [entry.name for entry in list_models()] == ["sax"]


def test_a_training_that_was_cut_off_is_gone_on_with(data_set: str, desk: Desk, monkeypatch: pytest.MonkeyPatch):
    def die(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(session, "listen", die)
        with pytest.raises(KeyboardInterrupt):
            Trainer().train(desk.assign("train", set=data_set, name="sax", settings=QUICK))
    (run,) = unfinished_runs()
    report = Trainer().resume(desk.assign("resume", run=run.id))
    assert report["model"] == run.id  # type: ignore[call-overload]
    assert unfinished_runs() == []


def test_a_model_grows(library: Path, data_set: str, desk: Desk):  # noqa: ARG001
    with pytest.raises(DatasetError, match="new"):
        Trainer().extend(desk.assign("extend", model="sax", set=data_set, settings=QUICK))


@pytest.mark.parametrize("settings", [{"minutes": 0}, {"tempo": 3}])
def test_wrong_settings_are_refused(data_set: str, desk: Desk, settings: dict[str, Any]):
    with pytest.raises(ParameterError):
        Trainer().train(desk.assign("train", set=data_set, name="sax", settings=settings))


def test_a_set_that_is_gone_is_refused(data_set: str, desk: Desk):
    delete_set(data_set)
    with pytest.raises(EngineError):
        Trainer().train(desk.assign("train", set=data_set, name="sax", settings=QUICK))


def test_cores_are_spared_between_two_steps(data_set: str, desk: Desk, monkeypatch: pytest.MonkeyPatch):
    used: list[int | None] = []
    monkeypatch.setattr(device, "count_cores", lambda: 4)
    monkeypatch.setattr(device, "set_threads", lambda threads=None: used.append(threads))
    trainer = Trainer()
    trainer.spare(1)
    trainer.train(desk.assign("train", set=data_set, name="sax", settings=QUICK))
    assert used == [3]
    trainer.spare(0)
    trainer.train(desk.assign("train", set=data_set, name="sax", settings=QUICK))
    assert used == [3, 4]


@pytest.mark.skipif(os.name != "posix", reason="niceness is POSIX's")
def test_a_trainer_lets_others_go_first(monkeypatch: pytest.MonkeyPatch):
    asked: list[int] = []
    monkeypatch.setattr(psutil.Process, "nice", lambda _, value: asked.append(value))
    work_behind()
    assert asked == [10]
