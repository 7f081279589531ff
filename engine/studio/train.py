"""The main job: a folder of recordings becomes a model in the library, within the time the person has."""

import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from engine import __version__
from engine.dataset.augment import VALIDATION, Batch, Reservoir
from engine.dataset.clips import Clip, find_clips
from engine.dataset.corpus import Corpus, load_corpus, write_corpus
from engine.dataset.folder import Skipped, UsableFile, usable_recordings
from engine.device import Device, choose_device, set_threads
from engine.errors import Cancelled
from engine.generation.certify import certify
from engine.latent.certificate import Certificate, SliderCertificate
from engine.latent.space import SoundSpace, estimate_listening, listen, save_space
from engine.library.checks import checked_name
from engine.library.entries import ModelEntry, folder_size_bytes, new_id
from engine.library.models import add_model
from engine.library.store import open_catalogue
from engine.model.base import load_base
from engine.model.vae import Vae
from engine.paths import models_folder
from engine.settings import TrainSettings
from engine.studio.run import (
    STATE_FILE,
    Run,
    discard_run,
    find_run,
    lock_run,
    move_to_models,
    restore_checkpoint,
    save_checkpoint,
    save_run,
    sweep_runs,
)
from engine.training.events import STAGES, Computing, Event, Notice, Progress, Stage
from engine.training.loop import Trainer
from engine.training.loop import run as run_training
from engine.training.schedule import Budget, Recipe
from engine.training.sizing import size_batch, with_batch

__all__ = ["STAGES", "Computing", "Event", "Notice", "Progress", "Stage", "TrainReport", "resume", "train"]

CHECKPOINT_SECONDS = 30.0
VALIDATION_EXCERPTS = 48
VALIDATION_SEED = 7_919  # added to the training's: other excerpts than its first ones
SAVING_SECONDS = 2.0  # set aside for writing the model
MEASURING_SHARE = 0.2  # of the minutes, set aside for measuring the sliders
Listener = Callable[[Event], None]


@dataclass(frozen=True)
class TrainReport:
    """What a training came to.

    Attributes:
        model: Id of the model in the library.
        name: The name it got.
        seconds: From start to finish.
        steps: Of training.
        device: cpu, cuda or mps.
        device_reason: Why, in words.
        used: Names of the recordings it learned from.
        held_out: Names of the recordings kept out, to be measured on.
        skipped: Files left out, with reasons.
        warnings: What the person should know.
        loss: Distance of decoded and true log-mel on validation material, neper.
        stopped: Whether the person stopped it before its time.
        sliders: What each slider of the model does.
    """

    model: str
    name: str
    seconds: float
    steps: int
    device: str
    device_reason: str
    used: tuple[str, ...]
    held_out: tuple[str, ...]
    skipped: tuple[Skipped, ...]
    warnings: tuple[str, ...]
    loss: float
    stopped: bool
    sliders: tuple[SliderCertificate, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """Return plain values for JSON."""
        files = {"used": len(self.used), "held_out": list(self.held_out), "skipped": [asdict(s) for s in self.skipped]}
        return {
            **{key: getattr(self, key) for key in ("model", "name", "seconds", "steps", "device", "device_reason")},
            "files": files,
            "warnings": list(self.warnings),
            "validation_neper": self.loss,
            "stopped": self.stopped,
            "sliders": [asdict(slider) for slider in self.sliders],
        }


def train(
    folder: Path, name: str, settings: TrainSettings, *, on_event: Listener, should_stop: Callable[[], bool]
) -> TrainReport:
    """Train a model on a folder of recordings and put it in the library.

    Args:
        folder: Of recordings.
        name: Wanted; the library adds a number when it is taken.
        settings: Budget, seed, hold-out, device.
        on_event: Told what happens.
        should_stop: Asked before every step; when it says yes the model is kept as it is.

    Raises:
        DatasetError: nothing in the folder can be used.
        Cancelled: stopped before the first step; nothing is kept.
        ModelError: the training diverged.
    """
    started = time.monotonic()
    device = choose_device(settings.device)
    run = Run(new_id(), checked_name(name), str(folder.absolute()), settings)

    def look(done: int, count: int, name: str) -> None:
        on_event(Stage("reading", f"{name} ({done + 1} of {count})" if name else ""))
        if should_stop():
            raise Cancelled("stopped while the recordings were read; there is nothing to keep")

    usable = usable_recordings(folder, look)
    kept, held_out = hold_out(usable.files, settings.hold_out)
    warnings = [usable.warning] if usable.warning else []
    warnings += [f"{file.name}: {file.notice}" for file in kept if file.notice]
    for text in (*warnings, *(f"{skipped.file} is left out: {skipped.reason}" for skipped in usable.skipped)):
        on_event(Notice(text))
    run = replace(
        run,
        used=tuple(file.name for file in kept),
        held_out=tuple(file.name for file in held_out),
        skipped=tuple((skipped.file, skipped.reason) for skipped in usable.skipped),
        warnings=tuple(warnings),
    )
    sweep_runs()
    run.folder.parent.mkdir(parents=True, exist_ok=True)
    try:
        with lock_run(run):
            run.folder.mkdir()
            channels = max(file.channels for file in kept)
            corpus = write_corpus(run.folder, [(file.name, file.path) for file in kept], channels)
            return _Session(run, corpus, device, on_event, should_stop, started).begin()
    except BaseException:
        if not (run.folder / STATE_FILE).is_file():
            discard_run(run)
        raise


def resume(name: str | None, *, on_event: Listener, should_stop: Callable[[], bool]) -> TrainReport:
    """Go on with an interrupted training from its last checkpoint, with the time that was left then.

    Args:
        name: Id or model name of the run; None takes the newest.
        on_event: Told what happens.
        should_stop: Asked before every step.

    Raises:
        ModelError: there is no such run, or it is damaged.
    """
    run = find_run(name)
    device = choose_device(run.settings.device)
    on_event(Stage("reading", run.source))
    with lock_run(run):
        return _Session(run, load_corpus(run.folder), device, on_event, should_stop, time.monotonic()).go_on()


def hold_out(files: tuple[UsableFile, ...], every: int) -> tuple[tuple[UsableFile, ...], tuple[UsableFile, ...]]:
    """Split recordings into those to learn from and every N-th one, which is kept out; at least one is learned from."""
    held = tuple(file for place, file in enumerate(files, 1) if every and place % every == 0 and len(files) > 1)
    kept = tuple(file for file in files if file not in held)
    return (kept, held) if kept else (held[:1], held[1:])


@dataclass
class _Session:
    """One training under way in this process."""

    run: Run
    corpus: Corpus
    device: Device
    on_event: Listener
    should_stop: Callable[[], bool]
    started: float

    def begin(self) -> TrainReport:
        """Size the work to the machine and the time, and train from the first step."""
        vae, recipe = self._network(), Recipe()
        left = self._seconds_left(vae)
        if self.run.settings.steps is None:
            recipe = size_batch(vae, left, recipe)
        self.run = replace(self.run, batch=recipe.batch)
        save_run(self.run)
        trainer = self._trainer(vae, recipe)
        return self._train(trainer, Budget(steps=self.run.settings.steps, seconds=self._seconds_left(vae)))

    def go_on(self) -> TrainReport:
        """Restore the last checkpoint and train for the time that was left."""
        settings = self.run.settings
        trainer = self._trainer(self._network(), with_batch(Recipe(), self.run.batch))
        restore_checkpoint(self.run, trainer)
        left = 60 * settings.minutes * (1 - self.run.share)
        return self._train(trainer, Budget(steps=settings.steps, seconds=left, done=self.run.share))

    def _network(self) -> Vae:
        """Return the network to begin with, on the device."""
        set_threads()
        return load_base().to(self.device.torch_device)

    def _seconds_left(self, vae: Vae) -> float:
        """Return the seconds that training steps may take, what comes after them set aside."""
        after = estimate_listening(vae, self.corpus) + SAVING_SECONDS
        return self._seconds_to_end() * (1 - MEASURING_SHARE * self.run.settings.measure) - after

    def _seconds_to_end(self) -> float:
        """Return the seconds until the whole training should be over."""
        return 60 * self.run.settings.minutes - (time.monotonic() - self.started)

    def _trainer(self, vae: Vae, recipe: Recipe) -> Trainer:
        """Build everything that feeds the network."""
        parameters = sum(value.numel() for value in vae.parameters())
        self.on_event(Computing(self.device.torch_device, self.device.reason, parameters, recipe.batch))
        self.on_event(Stage("training"))
        clips, seed = find_clips(self.corpus), self.run.settings.seed
        reservoir = Reservoir(
            self.corpus, clips, frames=recipe.frames, size=recipe.reservoir, seed=seed + self.run.steps
        )
        return Trainer(vae, reservoir, self._validation(clips, recipe), recipe, seed)

    def _validation(self, clips: tuple[Clip, ...], recipe: Recipe) -> Batch:
        """Return excerpts at speeds that the training never hears."""
        seed = self.run.settings.seed + VALIDATION_SEED
        size = VALIDATION_EXCERPTS
        held = Reservoir(self.corpus, clips, frames=recipe.frames, size=size, seed=seed, augmentation=VALIDATION)
        return held.batch(size)

    def _train(self, trainer: Trainer, budget: Budget) -> TrainReport:
        """Train until the budget is spent or the person stops, then finish the model."""
        saved_at = time.monotonic()
        for progress in run_training(trainer, budget, should_stop=self.should_stop):
            self.on_event(progress)
            if time.monotonic() - saved_at > CHECKPOINT_SECONDS:
                self.run = save_checkpoint(self.run, trainer, progress.share)
                saved_at = time.monotonic()
        if trainer.steps == 0:
            raise Cancelled("stopped before the first step; there is nothing to keep")
        return self._finish(trainer, stopped=progress.share < 1.0)

    def _finish(self, trainer: Trainer, *, stopped: bool) -> TrainReport:
        """Hear the recordings through the trained network, and make the run a model of the library."""
        self.run = save_checkpoint(self.run, trainer, 1.0)
        self.on_event(Stage("listening"))
        space = self._measured(listen(trainer.best.cpu(), self.corpus), stopped=stopped)
        self.on_event(Stage("saving"))
        report = self._report(trainer, space.certificate, stopped)
        save_space(self.run.folder, space, describe_model(self.run, space, report))
        move_to_models(self.run, models_folder() / self.run.id)
        entry = add_model(open_catalogue(lambda text: self.on_event(Notice(text))), self._entry(space, report))
        return replace(report, name=entry.name, seconds=time.monotonic() - self.started)

    def _measured(self, space: SoundSpace, *, stopped: bool) -> SoundSpace:
        """Measure the sliders, within the time that is set aside; not where the person wants to stop."""
        settings = self.run.settings
        if not settings.measure:
            return space
        seconds = None
        if settings.steps is None:
            seconds = min(60 * settings.minutes * MEASURING_SHARE, self._seconds_to_end() - SAVING_SECONDS)
        set_threads(1)
        certificate = certify(space, 0.0 if stopped else seconds, lambda name: self.on_event(Stage("measuring", name)))
        return replace(space, certificate=certificate)

    def _report(self, trainer: Trainer, certificate: Certificate, stopped: bool) -> TrainReport:
        run = self.run
        return TrainReport(
            model=run.id,
            name=run.name,
            seconds=time.monotonic() - self.started,
            steps=trainer.steps,
            device=self.device.torch_device,
            device_reason=self.device.reason,
            used=run.used,
            held_out=run.held_out,
            skipped=tuple(Skipped(file, reason) for file, reason in run.skipped),
            warnings=run.warnings,
            loss=trainer.best_validation or 0.0,
            stopped=stopped,
            sliders=tuple(certificate.sliders.values()),
        )

    def _entry(self, space: SoundSpace, report: TrainReport) -> ModelEntry:
        run = self.run
        return ModelEntry(
            id=run.id,
            name=run.name,
            created=run.started,
            folder=run.id,
            files=len(run.used),
            seconds=space.corpus.seconds,
            channels=space.corpus.channels,
            training=summarise(report),
            report=report_lines(run),
            size_bytes=folder_size_bytes(models_folder() / run.id),
        )


def summarise(report: TrainReport) -> dict[str, Any]:
    """Return how a training went, as the library keeps it."""
    keys = ("seconds", "steps", "device", "stopped")
    return {**{key: getattr(report, key) for key in keys}, "validation_neper": report.loss}


def describe_model(run: Run, space: SoundSpace, report: TrainReport) -> dict[str, Any]:
    """Return what a model's own folder says of it."""
    return {
        "id": run.id,
        "name": run.name,
        "created": run.started,
        "program": __version__,
        "files": len(run.used),
        "seconds": space.corpus.seconds,
        "channels": space.corpus.channels,
        "source": run.source,
        "held_out": list(run.held_out),
        "skipped": [list(pair) for pair in run.skipped],
        "settings": run.settings.model_dump(),
        "training": summarise(report),
        "report": list(report_lines(run)),
    }


def report_lines(run: Run) -> tuple[str, ...]:
    """Return what was found in the recordings, for the library to be searched."""
    return (*run.warnings, *(f"{file} is left out: {reason}" for file, reason in run.skipped))
