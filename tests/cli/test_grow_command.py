import json
import signal
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from engine.library.checks import checked_labels
from engine.training.events import STAGES, Computing, Notice, Progress, Stage

EVENTS = {"STAGES": STAGES, "Computing": Computing, "Notice": Notice, "Progress": Progress, "Stage": Stage}


def change(before: float, after: float) -> SimpleNamespace:
    return SimpleNamespace(before=before, after=after, percent=100 * (after / before - 1))


@dataclass
class Growing:
    """Stands in for `engine.studio.grow`: tells an event, then reports."""

    calls: list[Any] = field(default_factory=list)
    interrupts: int = 0
    left_out: tuple[str, ...] = ()
    synthetic: float = 0.0
    drift: float | None = 4.4

    def grow(self, model, what, settings, *, on_event, should_stop, leave_out=()):
        self.calls.append((model, what, settings.model_dump(exclude_unset=True)))
        self.left_out = tuple(leave_out)
        on_event(Notice("old.wav is left out"))
        for _ in range(self.interrupts):
            signal.raise_signal(signal.SIGINT)
        return SimpleNamespace(
            model="ab12",
            name="my sax",
            seconds=62.0,
            steps=420,
            device="cpu",
            device_reason="asked for",
            used=("a.wav", "b.wav", "c.wav"),
            held_out=(),
            skipped=(),
            left_out=self.left_out,
            loss=0.4,
            stopped=should_stop(),
            growth=SimpleNamespace(
                version=3,
                parent_name="my sax@2",
                known_files=2,
                new_files=1,
                known=change(0.25, 0.24) if self.drift is not None else None,
                new=change(0.4, 0.5),
                drift_percent=self.drift,
                real_seconds=30.0,
                synthetic_seconds=self.synthetic,
                synthetic_share=self.synthetic / (30.0 + self.synthetic),
                cap=0.3,
            ),
            to_dict=lambda: {"model": "ab12", "version": 3},
        )


@pytest.fixture
def growing(studio) -> Growing:
    growing = Growing()
    studio("grow", extend=growing.grow, feed_back=growing.grow)
    studio("train", **EVENTS)
    return growing


def test_extend_says_what_became_of_old_and_new_recordings_and_how_to_go_back(sda, growing: Growing):
    outcome = sda("extend", "my sax", "takes", "--minutes", "5", "--hold-out", "4")
    assert outcome.status == 0
    assert growing.calls == [("my sax", Path("takes"), {"minutes": 5.0, "hold_out": 4})]
    assert outcome.out.splitlines() == [
        "my sax is ready (model ab12).",
        "1 min 02 s, 420 steps, loss 0.400, on cpu (asked for)",
        "Learned from 3 recordings",
        "Version 3, from my sax@2: 1 new, 2 known",
        "Your recordings that it had: 0.250 neper off before, 0.240 now, 4 % nearer",
        "What is new: 0.400 neper off before, 0.500 now, 25 % farther",
        "Drift: 4 % farther from your recordings than when it first learned them",
        'To go back: sda models use "my sax@2"',
        'To hear it: sda generate "my sax" --out "my sax.wav"',
    ]
    assert "Note: old.wav is left out" in outcome.err


def test_recordings_can_be_left_out_of_what_is_added(sda, growing: Growing):
    outcome = sda("extend", "sax", "takes", "--leave-out", "b.wav")
    assert growing.left_out == ("b.wav",)
    assert "1 left out by you" in outcome.out


def test_feedback_takes_numbers_ids_and_files_and_tells_the_share(sda, growing: Growing):
    growing.synthetic, growing.drift = 10.0, None
    outcome = sda("feedback", "sax", "12", "13-0a1b2c", "cloud.wav", "--cap", "0.25", "--seed", "4")
    assert growing.calls == [("sax", ["12", "13-0a1b2c", "cloud.wav"], {"cap": 0.25, "seed": 4})]
    assert "Synthetic: 10.0 s of 40.0 s, 25% (at most 30%)" in outcome.out
    assert "Drift" not in outcome.out
    assert "that it had" not in outcome.out


def test_json_is_the_report_and_nothing_else(sda, growing: Growing):
    outcome = sda("feedback", "sax", "12", "--json")
    assert json.loads(outcome.out) == {"model": "ab12", "version": 3}
    assert outcome.err == ""
    assert growing.calls


def test_one_interrupt_keeps_the_version_and_two_stop_at_once(sda, growing: Growing):
    growing.interrupts = 1
    outcome = sda("extend", "sax", "takes")
    assert (outcome.status, "my sax was stopped early; what it learned is kept" in outcome.out) == (130, True)
    growing.interrupts = 2
    outcome = sda("extend", "sax", "takes")
    assert (outcome.status, outcome.out) == (130, "")
    assert "sda train --resume" in outcome.err.splitlines()[-1]


def test_a_cap_beyond_its_limits_is_refused_before_anything_begins(sda, growing: Growing):
    outcome = sda("feedback", "sax", "12", "--cap", "0.6")
    assert (outcome.status, growing.calls) == (1, [])
    assert outcome.err.startswith("sda: cap = 0.6: must be a number from 0 to 0.5. ")
    assert len(outcome.err.splitlines()) == 1


def test_the_licence_of_more_recordings_is_kept_on_the_new_version(sda, growing: Growing, studio):
    kept = []
    studio(
        "models",
        checked_licence=lambda text: checked_labels(licence=text)["licence"],
        label_model=lambda model, **labels: kept.append((model, labels)),
        library_notices=list,
    )
    assert sda("extend", "sax", "takes", "--licence", " ours ").status == 0
    assert kept == [("ab12", {"licence": "ours"})]
    assert len(growing.calls) == 1
