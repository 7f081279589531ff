"""One training in this process: from a corpus in a run's folder to a model in the library."""

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from engine.dataset.augment import VALIDATION, Reservoir
from engine.dataset.clips import find_clips
from engine.dataset.corpus import Corpus
from engine.dataset.intake import Skipped
from engine.device import Device, set_threads
from engine.errors import Cancelled, ModelError
from engine.generation.certify import certify
from engine.latent.certificate import Certificate
from engine.latent.space import SoundSpace, estimate_listening, listen, save_space
from engine.library.entries import ModelEntry
from engine.library.models import add_model
from engine.library.store import Catalogue, open_catalogue
from engine.library.versions import next_version
from engine.model.base import load_base
from engine.model.vae import Vae
from engine.paths import models_folder
from engine.studio.growth import compare_with_parent, hold_to_known, load_parent
from engine.studio.growth_report import GrowthReport
from engine.studio.hearing import Hearing
from engine.studio.report import TrainReport, describe_model, make_entry
from engine.studio.run import (
    FED_BACK,
    STATE_FILE,
    Run,
    discard_run,
    lock_run,
    move_to_models,
    save_run,
    sweep_runs,
)
from engine.studio.run_state import restore_checkpoint, save_checkpoint
from engine.training.events import Begun, Computing, Listener, Measured, Notice, Stage
from engine.training.loop import Trainer
from engine.training.loop import run as run_training
from engine.training.rehearsal import rehearsal_weights
from engine.training.schedule import Budget, Recipe
from engine.training.sizing import size_batch, with_batch

CHECKPOINT_SECONDS = 30.0
FIRST_HEARD_SECONDS = (
    5.0  # of training, before a recording is offered to be heard through it; then with each checkpoint
)
VALIDATION_EXCERPTS = 48
VALIDATION_SEED = 7_919  # added to the training's: other excerpts than its first ones
SAVING_SECONDS = 2.0  # set aside for writing the model
MEASURING_SHARE = 0.2  # of the minutes, set aside for measuring the sliders
COMPARING_SHARE = 0.7  # of the time that listening takes at five speeds: up to six networks, at one speed
WORSE_PERCENT = 10.0  # on what it knew; from there on the person is told
NOT_LEARNED_PERCENT = -0.5  # on what is new; above it the person is told
FED_BACK_RATE = 0.25  # of the usual: outputs lie near to what the network knows, and larger steps only lose that


def begin_run(
    run: Run,
    write: Callable[[Path], Corpus],
    device: Device,
    on_event: Listener,
    should_stop: Callable[[], bool],
    started: float,
) -> TrainReport:
    """Make the folder of a run, put its corpus there, and train; before its first checkpoint it leaves nothing behind.

    Args:
        run: What is known of it.
        write: Puts the corpus into the folder, and whatever else the training begins with.
        device: Where to compute.
        on_event: Told what happens.
        should_stop: Asked before every step.
        started: By `time.monotonic`, when the person's time began.
    """
    sweep_runs()
    run.folder.parent.mkdir(parents=True, exist_ok=True)
    try:
        with lock_run(run):
            run.folder.mkdir()
            return Session(run, write(run.folder), device, on_event, should_stop, started).begin()
    except BaseException:
        if not (run.folder / STATE_FILE).is_file():
            discard_run(run)
        raise


@dataclass
class Session:
    """One training under way in this process."""

    run: Run
    corpus: Corpus
    device: Device
    on_event: Listener
    should_stop: Callable[[], bool]
    started: float

    def begin(self) -> TrainReport:
        """Size the work to the machine and the time, and train from the first step."""
        vae, recipe = self._network(), self._recipe()
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
        trainer = self._trainer(self._network(), with_batch(self._recipe(), self.run.batch))
        restore_checkpoint(self.run, trainer)
        left = 60 * settings.minutes * (1 - self.run.share)
        return self._train(trainer, Budget(steps=settings.steps, seconds=left, done=self.run.share))

    def _network(self) -> Vae:
        """Return the network to begin with, on the device."""
        set_threads()
        first = load_parent(self.run, self.run.growth) if self.run.growth else load_base()
        return first.to(self.device.torch_device)

    def _recipe(self) -> Recipe:
        """Return the numbers of the optimisation: small steps where outputs of the model itself are all that is new."""
        recipe, growth = Recipe(), self.run.growth
        gentle = growth is not None and growth.kind == FED_BACK
        return replace(recipe, peak_rate=FED_BACK_RATE * recipe.peak_rate) if gentle else recipe

    def _seconds_left(self, vae: Vae) -> float:
        """Return the seconds that training steps may take, what comes after them set aside."""
        listening = estimate_listening(vae, self.corpus)
        after = listening * (1 + COMPARING_SHARE * bool(self.run.growth)) + SAVING_SECONDS
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
        weights = rehearsal_weights(clips, self.run.growth.known) if self.run.growth else None
        reservoir = Reservoir(
            self.corpus,
            clips,
            frames=recipe.frames,
            size=recipe.reservoir,
            seed=seed + self.run.steps,
            weights=weights,
        )
        held = Reservoir(  # excerpts at speeds that the training never hears
            self.corpus,
            clips,
            frames=recipe.frames,
            size=VALIDATION_EXCERPTS,
            seed=seed + VALIDATION_SEED,
            augmentation=VALIDATION,
            weights=weights,
        )
        return Trainer(vae, reservoir, held.batch(VALIDATION_EXCERPTS), recipe, seed)

    def _train(self, trainer: Trainer, budget: Budget) -> TrainReport:
        """Train until the budget is spent or the person stops, then finish the model."""
        self.on_event(Begun(self.run.id))
        hearing, saved_at = Hearing(self.corpus), time.monotonic()
        heard_at = saved_at + FIRST_HEARD_SECONDS - CHECKPOINT_SECONDS
        for progress in run_training(trainer, budget, should_stop=self.should_stop):
            self.on_event(progress)
            if time.monotonic() - saved_at > CHECKPOINT_SECONDS:
                self.run = save_checkpoint(self.run, trainer, progress.share)
                saved_at = time.monotonic()
            if time.monotonic() - heard_at > CHECKPOINT_SECONDS:
                self.on_event(hearing.offer(trainer.average))
                heard_at = time.monotonic()
        if trainer.steps == 0:
            raise Cancelled("stopped before the first step; there is nothing to keep")
        return self._finish(trainer, stopped=progress.share < 1.0)

    def _finish(self, trainer: Trainer, *, stopped: bool) -> TrainReport:
        """Hear the recordings through the trained network, and make the run a model of the library."""
        self.run = save_checkpoint(self.run, trainer, 1.0)
        self.on_event(Stage("listening"))
        catalogue = open_catalogue(lambda text: self.on_event(Notice(text)))
        best = trainer.best.cpu()
        if self.run.growth:
            best = hold_to_known(self.run, self.run.growth, self.corpus, best)
        space = listen(best, self.corpus)
        growth, distances = self._compared(space, catalogue)
        space = self._measured(space, stopped=stopped)
        self.on_event(Stage("saving"))
        report = replace(self._report(trainer, space.certificate, stopped), growth=growth)
        save_space(self.run.folder, space, describe_model(self.run, space, report, distances))
        move_to_models(self.run, models_folder() / self.run.id)
        entry = add_model(catalogue, make_entry(self.run, space, report))
        return replace(report, name=entry.name, seconds=time.monotonic() - self.started)

    def _compared(self, space: SoundSpace, catalogue: Catalogue) -> tuple[GrowthReport | None, dict[str, float]]:
        """Hold the model against the version it was trained on from; see `compare_with_parent`."""
        growth = self.run.growth
        if growth is None:
            return None, {}
        report, distances = compare_with_parent(
            self.run, growth, self.corpus, space.vae, version_after(growth.parent, catalogue)
        )
        if report.known and report.known.percent > WORSE_PERCENT:
            farther = (
                f"it is {report.known.percent:.0f} % farther from the recordings it knew than {report.parent_name}"
            )
            self.on_event(Notice(f"{farther}; more --minutes bring it nearer, and sda models use leads back"))
        if report.new.percent > NOT_LEARNED_PERCENT:
            self.on_event(Notice(f"it is no nearer to what is new than {report.parent_name}; more --minutes may be"))
        return report, distances

    def _measured(self, space: SoundSpace, *, stopped: bool) -> SoundSpace:
        """Measure the sliders, within the time that is set aside; not where the person wants to stop."""
        settings = self.run.settings
        if not settings.measure:
            return space
        seconds = None
        if settings.steps is None:
            seconds = min(60 * settings.minutes * MEASURING_SHARE, self._seconds_to_end() - SAVING_SECONDS)
        set_threads(1)
        certificate = certify(
            space,
            0.0 if stopped else seconds,
            lambda name: self.on_event(Stage("measuring", name)),
            lambda name, state: self.on_event(Measured(name, state)),
            self.should_stop,
        )
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
            left_out=run.left_out,
            warnings=run.warnings,
            loss=trainer.best_validation or 0.0,
            stopped=stopped,
            sliders=tuple(certificate.sliders.values()),
        )


def version_after(parent: ModelEntry, catalogue: Catalogue) -> int:
    """Return the number that the next version of a model has; the model may have been deleted meanwhile."""
    try:
        return next_version(catalogue, parent.id)
    except ModelError:
        return parent.version + 1
