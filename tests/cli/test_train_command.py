import json
import signal
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from engine.errors import ModelError
from engine.library.checks import checked_labels
from engine.training.events import STAGES, Computing, Notice, Progress, Stage

EVENTS = {"STAGES": STAGES, "Computing": Computing, "Notice": Notice, "Progress": Progress, "Stage": Stage}


def check_licence(licence: str) -> str:
    return checked_labels(licence=licence)["licence"]


@dataclass
class Training:
    """Stands in for `engine.studio.train`: tells events, then reports."""

    calls: list[Any] = field(default_factory=list)
    interrupts: int = 0
    stopped: bool = False
    left_out: tuple[str, ...] = ()

    def train(self, folder, name, settings, *, on_event, should_stop, leave_out):
        self.calls.append((folder, name, settings))
        self.left_out = tuple(leave_out)
        on_event(Stage("reading", str(folder)))
        on_event(Notice("only 2 files"))
        on_event(Computing("cpu", "asked for; 2 CPU cores", 1_700_000, 16))
        on_event(Progress(10, 0.5, 61.0, 0.5, None))
        for _ in range(self.interrupts):
            signal.raise_signal(signal.SIGINT)
        self.stopped = should_stop()
        return self.report(name)

    def resume(self, run, **_):
        self.calls.append(run)
        if run == "gone":
            raise ModelError("there is no interrupted training 'gone' to resume", code="model.no_run")
        return self.report("sax")

    def report(self, name: str) -> SimpleNamespace:
        return SimpleNamespace(
            model="ab12",
            name=name,
            seconds=62.0,
            steps=4210,
            device="cpu",
            device_reason="asked for; 2 CPU cores",
            used=("a.wav", "b.wav"),
            held_out=(),
            skipped=(SimpleNamespace(file="c.wav", reason="empty"),),
            left_out=self.left_out,
            loss=0.4,
            stopped=self.stopped,
            growth=None,
            to_dict=lambda: {"model": "ab12", "name": name, "stopped": self.stopped},
        )


@pytest.fixture
def training(studio) -> Training:
    training = Training()
    studio("train", train=training.train, resume=training.resume, **EVENTS)
    studio("run", unfinished_runs=lambda: [SimpleNamespace(id="f00", name="old", share=0.4)])
    return training


def test_only_what_was_given_differs_from_the_settings_own_defaults(sda, training: Training):
    assert sda("train", "sounds/sax", "--steps", "30", "--seed", "0", "--hold-out", "6").status == 0
    ((folder, name, settings),) = training.calls
    assert (folder, name) == (Path("sounds/sax"), "sax")
    assert settings.model_dump(exclude_unset=True) == {"steps": 30, "seed": 0, "hold_out": 6}


def test_a_folder_that_is_called_dot_still_gives_a_name(sda, training: Training, tmp_path: Path, monkeypatch):
    (tmp_path / "tabla").mkdir()
    monkeypatch.chdir(tmp_path / "tabla")
    sda("train", ".")
    assert training.calls[0][1] == "tabla"


@pytest.mark.usefixtures("training")
def test_progress_goes_beside_the_result(sda):
    outcome = sda("train", "sax", "--name", "my sax")
    assert outcome.out.splitlines() == [
        "my sax is ready (model ab12).",
        "1 min 02 s, 4,210 steps, loss 0.400, on cpu (asked for; 2 CPU cores)",
        "Learned from 2 recordings, 1 left out",
        'To hear it: sda generate "my sax" --out "my sax.wav"',
    ]
    for part in ("sda train --resume f00", "Reading the recordings", "only 2 files", "1.7 million weights"):
        assert part in outcome.err


def test_what_is_left_out_is_handed_on_and_told_apart_from_what_cannot_be_used(sda, training: Training):
    outcome = sda("train", "sax", "--leave-out", "süb/ü.wav", "--leave-out", "b.wav")
    assert training.left_out == ("süb/ü.wav", "b.wav")
    assert "Learned from 2 recordings, 1 left out, 2 left out by you" in outcome.out
    refused = sda("train", "--resume", "--leave-out", "b.wav")
    assert refused.status == 2
    assert "goes on as the training was begun" in refused.err


@pytest.mark.usefixtures("training")
def test_json_is_the_report_and_nothing_else(sda):
    outcome = sda("train", "sax", "--json")
    assert json.loads(outcome.out) == {"model": "ab12", "name": "sax", "stopped": False}
    assert outcome.err == ""


def test_one_interrupt_keeps_the_model_and_is_status_130(sda, training: Training):
    training.interrupts = 1
    outcome = sda("train", "sax")
    assert outcome.status == 130
    assert "sax was stopped early; what it learned is kept (model ab12)." in outcome.out


def test_two_interrupts_stop_at_once_and_say_how_to_go_on(sda, training: Training):
    training.interrupts = 2
    outcome = sda("train", "sax")
    assert outcome.status == 130
    assert outcome.out == ""
    assert "sda train --resume" in outcome.err.splitlines()[-1]


def test_resume_takes_the_newest_run_or_the_one_named(sda, training: Training):
    assert sda("train", "--resume").status == 0
    assert sda("train", "--resume", "f00").status == 0
    assert training.calls == [None, "f00"]
    failed = sda("train", "--resume", "gone", "--json")
    assert failed.status == 1
    assert json.loads(failed.out)["error"]["code"] == "model.no_run"


@pytest.mark.usefixtures("training")
def test_a_finished_demo_is_not_overwritten_by_the_next(sda, studio, tmp_path: Path, monkeypatch):
    def make_demo(_minutes, out, **_):
        out.write_bytes(b"")
        return SimpleNamespace(path=str(out), name="demo", folder="sounds", seconds=10.0)

    studio("demo", make_demo=make_demo, DEMO_MINUTES=1.0)
    monkeypatch.chdir(tmp_path)
    assert [sda("demo").out.splitlines()[0] for _ in range(3)] == ["demo.wav", "demo-2.wav", "demo-3.wav"]


def test_the_licence_of_the_recordings_is_kept_on_the_model_and_checked_before_the_training(sda, training, studio):
    kept = []
    studio(
        "models",
        checked_licence=check_licence,
        label_model=lambda model, **labels: kept.append((model, labels)),
        library_notices=list,
    )
    assert sda("train", "takes", "--name", "sax", "--licence", " mine ").status == 0
    assert kept == [("ab12", {"licence": "mine"})]
    assert sda("train", "takes", "--name", "sax", "--licence", "x" * 5_000).status == 1
    assert len(training.calls) == 1
