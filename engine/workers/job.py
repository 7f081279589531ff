"""One job as a person follows it: what it is, how far it is, and what came of it."""

import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from engine.library.entries import new_id, now_iso
from engine.training.events import STAGES
from engine.workers.spool import Spool

State = Literal["waiting", "running", "stopping", "done", "failed", "cancelled", "interrupted"]
ENDED: tuple[State, ...] = ("done", "failed", "cancelled", "interrupted")
MOST_POINTS = 600  # of a loss curve
MOST_LINES = 200  # of a log


@dataclass
class Job:
    """A job; its attributes change under `guard`.

    Attributes:
        kind: train, render, export …, see `engine.workers.jobs`.
        title: For the person.
        values: That it was asked with.
        id: Of this run of the program.
        state: Where it stands.
        share: Done, 0 to 1; None before it is known.
        stage: A name from STAGES.
        detail: That the stage is at now.
        seconds_left: Until the end, estimated.
        device: Where it computes, and why.
        log: Notices, in order.
        curve: Of a training: step, share, seconds, loss and validation at some looks.
        sliders: Of a training: what was measured so far.
        result: Of the use case, once done.
        error: Code and message, once failed.
        run: Of a training: by which it is resumed.
        discards: Whether the person stopped it and wants nothing of it.
        sound: Of a render: heard while it is made.
        heard: Of a training: which recording can be heard as the model hears it by now, and how often it was made anew.
    """

    kind: str
    title: str
    values: Mapping[str, Any]
    id: str = field(default_factory=new_id)
    state: State = "waiting"
    created: str = field(default_factory=now_iso)
    started: str | None = None
    ended: str | None = None
    share: float | None = None
    stage: str = ""
    detail: str = ""
    seconds_left: float | None = None
    device: Mapping[str, Any] | None = None
    log: list[str] = field(default_factory=list)
    curve: list[Mapping[str, Any]] = field(default_factory=list)
    sliders: list[Mapping[str, Any]] = field(default_factory=list)
    result: Mapping[str, Any] | None = None
    error: Mapping[str, str | None] | None = None
    run: str | None = None
    discards: bool = False
    sound: Spool | None = None
    heard: Mapping[str, Any] | None = None
    guard: threading.RLock = field(default_factory=threading.RLock, repr=False)

    @property
    def has_ended(self) -> bool:
        """Say whether nothing more will become of it."""
        return self.state in ENDED

    def begin(self) -> None:
        """Take note that a worker has it."""
        with self.guard:
            self.state, self.started = "running", now_iso()

    def end(
        self, state: State, *, result: Mapping[str, Any] | None = None, error: Mapping[str, str | None] | None = None
    ) -> None:
        """Take note of what came of it."""
        with self.guard:
            self.state, self.ended, self.result, self.error = state, now_iso(), result, error
            self.seconds_left = None
            if state == "done":
                self.share = 1.0
            if self.sound:
                self.sound.complete()

    def take(self, told: Mapping[str, Any]) -> None:
        """Take what a worker tells of its progress.

        Args:
            told: Any of share, stage, detail, seconds_left, device, run, heard, notice, point and slider.
        """
        with self.guard:
            for name in ("share", "stage", "detail", "seconds_left", "device", "run", "heard"):
                if name in told:
                    setattr(self, name, told[name])
            if "notice" in told:
                self.log = [*self.log, str(told["notice"])][-MOST_LINES:]
            if "point" in told:
                self.curve = thinned([*self.curve, told["point"]])
            if "slider" in told:
                self.sliders = [*self.sliders, told["slider"]]

    def to_dict(self) -> dict[str, Any]:
        """Return plain values for JSON."""
        with self.guard:
            return {
                "id": self.id,
                "kind": self.kind,
                "title": self.title,
                "state": self.state,
                "created": self.created,
                "started": self.started,
                "ended": self.ended,
                "share": self.share,
                "stage": self.stage,
                "words": STAGES.get(self.stage, ""),
                "detail": self.detail,
                "seconds_left": self.seconds_left,
                "device": self.device,
                "log": list(self.log),
                "curve": list(self.curve),
                "sliders": list(self.sliders),
                "result": self.result,
                "error": self.error,
                "run": self.run,
                "model": self.values.get("model"),
                "heard": self.heard,
            }


def thinned(points: list[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Return at most MOST_POINTS of a curve: every second one goes, but the last stays."""
    return points if len(points) <= MOST_POINTS else [*points[:-1:2], points[-1]]
