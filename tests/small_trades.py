"""Trades without torch, for workers in real processes: what goes between processes is the thing under test."""

import os
import time
from pathlib import Path

import numpy as np

from engine.audio.source import RecordingError
from engine.errors import ParameterError
from engine.workers.assignment import Assignment
from engine.workers.link import Link
from engine.workers.worker import Answer, Task, Trade


def echo(assignment: Assignment) -> Answer:
    return dict(assignment.values), b"raw bytes"


def refuse(_: Assignment) -> Answer:
    raise ParameterError("density = 0: must be more", code="parameter.density", field="density")


def refuse_recording(_: Assignment) -> Answer:
    raise RecordingError(Path("low.wav"), "the file is damaged", code="dataset.not_audio")


def fail(_: Assignment) -> Answer:
    raise ZeroDivisionError("a fault")


def die(_: Assignment) -> Answer:
    os._exit(3)


def count_up(assignment: Assignment) -> Answer:
    """Send blocks of one second, each of its own number, until enough or stopped."""
    assignment.begin_sound(channels=1, first=0, samples=None)
    blocks = int(assignment.values.get("blocks", 2))
    for number in range(blocks):
        assignment.send_sound(np.full((48_000, 1), number, np.float32))
    return {"sent": blocks}


def work_long(assignment: Assignment) -> Answer:
    """Do steps of 10 ms until stopped; say how many, and who works."""
    assignment.tell(stage="training", run="run-1", point={"step": 1, "loss": float("nan")}, pid=os.getpid())
    for step in range(int(assignment.values.get("steps", 100_000))):
        assignment.tell_share(step / 100_000)
        time.sleep(0.01)
    return {"steps": step + 1}


def hear_itself(assignment: Assignment) -> Answer:
    assignment.begin_sound(channels=2, first=0, samples=4)
    assignment.send_sound(np.arange(8, dtype=np.float32).reshape(4, 2), patient=False)
    return {"files": []}


TASKS = {
    "import": Task("files", refuse),
    "echo": Task("looking", echo),
    "refuse": Task("looking", refuse),
    "refuse-recording": Task("looking", refuse_recording),
    "fail": Task("looking", fail),
    "die": Task("looking", die),
    "preview": Task("exploring", count_up),
    "export": Task("making", work_long),
    "render": Task("making", hear_itself),
    "train": Task("training", work_long),
    "resume": Task("training", work_long),
    "hear": Task("looking", echo),
}


def learn_small() -> Trade:
    return Trade("player", TASKS, widths={"looking": 2})


def start_another(_: Assignment) -> Answer:
    """Start a worker of this worker; return its process id."""
    _started.append(Link(learn_small, lambda _: None))
    return {"pid": _started[-1].process_id}


def learn_parent() -> Trade:
    return Trade("parent", {"start": Task("files", start_another)})


_started: list[Link] = []
