"""The trainer does one training, which is followed, stopped and heard while it runs."""

import os
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import psutil

from engine.checking import checked
from engine.errors import ParameterError
from engine.settings import GrowSettings, TrainSettings
from engine.workers.assignment import Assignment
from engine.workers.worker import Answer, Task, Trade

if TYPE_CHECKING:
    from engine.studio.report import TrainReport
    from engine.training.events import Audition, Event

LOW_PRIORITY = 10  # niceness: what is heard goes before what is learned
TRAINING, HEARING = "training", "hearing"


def learn_to_train() -> Trade:
    """Return what a trainer can do."""
    trainer = Trainer()
    tasks = {
        "train": Task(TRAINING, trainer.train),
        "extend": Task(TRAINING, trainer.extend),
        "feedback": Task(TRAINING, trainer.feed_back),
        "resume": Task(TRAINING, trainer.resume),
        "hear": Task(HEARING, trainer.hear),
    }
    return Trade("trainer", tasks, warm_up=work_behind, spare=trainer.spare)


def work_behind() -> None:
    """Let everything else on the computer go first."""
    behind = LOW_PRIORITY if os.name == "posix" else getattr(psutil, "BELOW_NORMAL_PRIORITY_CLASS", 0)
    psutil.Process().nice(behind)


@dataclass
class Trainer:
    """A training in this process.

    Attributes:
        spared: Cores that are to be left to others.
        heard: A recording, as it is and as the model hears it by now.
    """

    spared: int = 0
    heard: Mapping[str, Any] | None = None
    _in_use: int = 0

    def train(self, assignment: Assignment) -> Answer:
        """Learn a data set: `set`, `name`, `settings`, and `licence` of the recordings."""
        from engine.studio.sets import set_to_training
        from engine.studio.train import train

        values = assignment.values
        settings = checked(TrainSettings, dict(values["settings"]))
        folder, left_out = set_to_training(values["set"])
        report = self._follow(
            assignment,
            60 * settings.minutes if settings.steps is None else None,
            lambda **watch: train(folder, values["name"], settings, leave_out=left_out, **watch),
        )
        return self._keep_licence(report, values.get("licence") or "")

    def extend(self, assignment: Assignment) -> Answer:
        """Train on with a data set: `model`, `set`, `settings`."""
        from engine.studio.grow import extend
        from engine.studio.sets import set_to_training

        values = assignment.values
        settings = checked(GrowSettings, dict(values["settings"]))
        folder, left_out = set_to_training(values["set"])
        return self._follow(
            assignment,
            60 * settings.minutes if settings.steps is None else None,
            lambda **watch: extend(values["model"], folder, settings, leave_out=left_out, **watch),
        ).to_dict()

    def feed_back(self, assignment: Assignment) -> Answer:
        """Train on with outputs: `model`, `outputs`, `settings`."""
        from engine.studio.grow import feed_back

        values = assignment.values
        settings = checked(GrowSettings, dict(values["settings"]))
        return self._follow(
            assignment,
            60 * settings.minutes if settings.steps is None else None,
            lambda **watch: feed_back(values["model"], values["outputs"], settings, **watch),
        ).to_dict()

    def resume(self, assignment: Assignment) -> Answer:
        """Go on with an interrupted training: `run`."""
        from engine.studio.allotment import seconds_to_resume
        from engine.studio.run import find_run
        from engine.studio.train import resume

        wanted = assignment.values.get("run")
        run = find_run(wanted)
        seconds = seconds_to_resume(run.settings, run.share) if run.settings.steps is None else None
        return self._follow(assignment, seconds, lambda **watch: resume(run.id, **watch)).to_dict()

    def hear(self, assignment: Assignment) -> Answer:
        """Return an excerpt of a recording: `side` is "model" or "original"."""
        if self.heard is None:
            raise ParameterError("the model has not learned long enough to be heard", code="hearing_unknown")
        about = {name: self.heard[name] for name in ("recording", "refreshed")}
        return about, self.heard["original" if assignment.values.get("side") == "original" else "model"]

    def spare(self, cores: int) -> None:
        """Leave so many cores to others from the next step on."""
        self.spared = cores

    def _follow(
        self, assignment: Assignment, seconds: float | None, work: Callable[..., "TrainReport"]
    ) -> "TrainReport":
        """Run a training, and tell what happens in it.

        Args:
            assignment: That asked for it.
            seconds: It may take altogether; None where it goes by steps.
            work: Called with `on_event` and `should_stop`.
        """
        clock = Clock(seconds)

        def should_stop() -> bool:
            self._use_cores()
            return assignment.should_stop()

        def on_event(event: "Event") -> None:
            told = self._describe(event, clock)
            if told:
                assignment.tell(**told)

        return work(on_event=on_event, should_stop=should_stop)

    def _describe(self, event: "Event", clock: "Clock") -> dict[str, Any]:
        """Return what a job takes of an event, see `Job.take`."""
        from engine.training import events

        match event:
            case events.Progress():
                point: dict[str, Any] = {"step": event.step, "share": event.share, "seconds": clock.passed}
                point |= {"loss": event.loss, "validation": event.validation}
                by_steps: dict[str, Any] = {"share": event.share, "seconds_left": event.seconds_left}
                return {"point": point, **(clock.described() or by_steps)}
            case events.Stage():
                return {"stage": event.name, "detail": event.detail, **clock.described()}
            case events.Computing():
                size = f"{event.parameters / 1e6:.1f} million weights, {event.batch} excerpts a step"
                return {"device": {"name": event.device, "reason": event.reason, "size": size}}
            case events.Notice():
                return {"notice": event.text}
            case events.Begun():
                return {"run": event.run}
            case events.Measured():
                return {"slider": {"name": event.slider, "state": event.state}, **clock.described()}
            case events.Audition():
                return self._listen(event)

    def _listen(self, event: "Audition") -> dict[str, Any]:
        """Keep how the model hears a recording by now, for who asks."""
        model, original = (sound.astype("<f4").tobytes() for sound in (event.hear(), event.original))
        refreshed = (self.heard["refreshed"] if self.heard else 0) + 1
        self.heard = {"recording": event.recording, "refreshed": refreshed, "model": model, "original": original}
        return {"heard": {"recording": event.recording, "refreshed": refreshed}}

    def _use_cores(self) -> None:
        """Use the cores that are not to be spared; called between two steps, by the thread that makes them."""
        from engine.device import count_cores, set_threads

        wanted = max(1, count_cores() - self.spared)
        if wanted != (self._in_use or count_cores()):
            set_threads(wanted)
        self._in_use = wanted

    def _keep_licence(self, report: "TrainReport", licence: str) -> Answer:
        """Write whose the recordings are on the model."""
        from engine.studio.models import label_model

        if licence:
            label_model(report.model, licence=licence)
        return report.to_dict()


class Clock:
    """How much of a training's time is left, everything that comes after its steps included."""

    def __init__(self, seconds: float | None) -> None:
        """Start with so many seconds; None where nobody knows."""
        self._seconds, self._begun = seconds, time.monotonic()

    @property
    def passed(self) -> float:
        """Seconds since the start."""
        return time.monotonic() - self._begun

    def described(self) -> dict[str, Any]:
        """Return the share that is done, 0 to 0.99, and the seconds that are left; nothing where nobody knows."""
        if self._seconds is None:
            return {}
        passed = self.passed
        return {"share": min(0.99, passed / self._seconds), "seconds_left": max(0.0, self._seconds - passed)}
