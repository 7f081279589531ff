"""One training in this process: from a corpus in a run's folder to a model in the library."""

import gc
import time
import traceback
from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass, field, replace
from pathlib import Path

import psutil

from engine.dataset.augment import VALIDATION, Reservoir
from engine.dataset.clips import Clip, find_clips
from engine.dataset.corpus import Corpus
from engine.dataset.intake import Skipped
from engine.device import Device, set_threads
from engine.errors import Cancelled
from engine.generation.mix.ahead import never
from engine.latent.certificate import Certificate
from engine.latent.checks import Check, carry_on
from engine.latent.effort import Effort, estimate_listening, frames_to_hear, lessen_effort, limit_effort
from engine.latent.space import SoundSpace, listen, save_space
from engine.latent.tracks import must_choose
from engine.library.entries import ModelEntry, folder_size_bytes
from engine.library.models import add_model
from engine.library.store import open_catalogue
from engine.model.base import load_base
from engine.model.vae import Vae
from engine.paths import models_folder
from engine.studio.allotment import Allotment, allot, most_listening
from engine.studio.forecast import look_ahead, tell_memory, tell_minutes, tell_share
from engine.studio.growth import compare_with_parent, hold_to_known, load_parent, version_after
from engine.studio.growth_report import GrowthReport
from engine.studio.hearing import Hearing
from engine.studio.measuring import measure_trained, with_parent
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
from engine.training.events import Begun, Computing, Listener, Notice, Stage
from engine.training.loop import Trainer
from engine.training.loop import run as run_training
from engine.training.rehearsal import rehearsal_weights
from engine.training.schedule import Budget, Recipe
from engine.training.sizing import measure_step, size_batch, with_batch

CHECKPOINT_SECONDS = 30.0
FIRST_HEARD_SECONDS = 5.0  # of training, before a recording is heard through it; then with each checkpoint
VALIDATION_EXCERPTS = 48
VALIDATION_SEED = 7_919  # added to the training's: other excerpts than its first ones
WORSE_PERCENT = 10.0  # on what it knew; from there on the person is told
NOT_LEARNED_PERCENT = -0.5  # on what is new; above it the person is told
FORECAST_SECONDS = 600.0  # of a set, from which on it is said what its minutes will come to
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
            made = Session(run, write(run.folder), device, on_event, should_stop, started).begin()
            return put_into_library(made, on_event)
    except BaseException as error:
        if not (run.folder / STATE_FILE).is_file():
            traceback.clear_frames(error.__traceback__)  # they hold the mapped corpus, which Windows does not remove
            discard_run(run)
        raise


@dataclass(frozen=True)
class Made:
    """A training that is complete: its run's folder holds a model.

    Attributes:
        run: As it ended.
        entry: Of the library.
        report: How it went.
        started: By `time.monotonic`.
    """

    run: Run
    entry: ModelEntry
    report: TrainReport
    started: float


def put_into_library(made: Made, on_event: Listener) -> TrainReport:
    """Move the model of a completed training to the others, once nothing holds its session any more.

    Windows moves no folder with a file that is open or mapped, and the corpus is mapped until the session is forgotten.

    Raises:
        LibraryError: another program holds a file of it, or the catalogue cannot be written.
    """
    gc.collect()
    folder = models_folder() / made.run.id
    move_to_models(made.run, folder)
    entry = replace(made.entry, size_bytes=folder_size_bytes(folder))
    added = add_model(open_catalogue(lambda text: on_event(Notice(text))), entry)
    return replace(made.report, name=added.name, seconds=time.monotonic() - made.started)


@dataclass
class Session:
    """One training under way in this process."""

    run: Run
    corpus: Corpus
    device: Device
    on_event: Listener
    should_stop: Callable[[], bool]
    started: float
    clips: tuple[Clip, ...] = field(init=False)  # of all recordings
    effort: Effort = field(init=False)
    allotment: Allotment = field(init=False)
    allotted_at: float = field(init=False)  # by `time.monotonic`

    def begin(self) -> Made:
        """Size the work to the machine and the time, and train from the first step."""
        vae, recipe = self._network(), self._recipe()
        listening = self._plan_listening(vae)
        if self.run.settings.steps is None:
            recipe = size_batch(vae, self._allot(listening).steps, recipe)
        self.run = replace(self.run, batch=recipe.batch)
        self._forecast(vae, recipe, listening)
        save_run(self.run)
        return self._train(self._trainer(vae, recipe), listening)

    def go_on(self) -> Made:
        """Restore the last checkpoint and train for the time that was left."""
        vae = self._network()
        listening = self._plan_listening(vae)
        trainer = self._trainer(vae, with_batch(self._recipe(), self.run.batch))
        restore_checkpoint(self.run, trainer)
        return self._train(trainer, listening)

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

    def _plan_listening(self, vae: Vae) -> float:
        """Find the clips, choose how much is heard of them afterwards, and return about how many seconds that takes.

        It takes them on the CPU, wherever the network is trained.
        """
        self.clips = find_clips(self.corpus)
        expected = estimate_listening(deepcopy(vae).cpu().eval(), self.corpus, self.clips)
        spent, grows = time.monotonic() - self.started, self.run.growth is not None
        most = most_listening(self.run.settings, grows=grows, spent=spent)
        self.effort = limit_effort(self.corpus, expected, most)
        return expected if expected <= most else max(most, expected * self.effort.detail)

    def _forecast(self, vae: Vae, recipe: Recipe, listening: float) -> None:
        """Say before the first step where minutes or memory will not do, and where a part of the set will sing."""
        settings, kept = self.run.settings, []
        if settings.steps is None and self.corpus.seconds > FORECAST_SECONDS:
            pace, steps = measure_step(vae, recipe), self._allot(listening).steps
            kept.append(tell_minutes(look_ahead(self.corpus.seconds, settings.minutes, steps, recipe, pace)))
        if must_choose(self.corpus, self.effort.frames):
            kept.append(tell_share(self.corpus, self.effort.frames))
        warnings = tuple(text for text in kept if text)
        self.run = replace(self.run, warnings=(*self.run.warnings, *warnings))
        memory = tell_memory(frames_to_hear(self.corpus, self.effort), psutil.virtual_memory().available)
        for text in (*warnings, *([memory] if memory else [])):
            self.on_event(Notice(text))

    def _allot(self, listening: float) -> Allotment:
        """Divide the minutes that are left."""
        spent = time.monotonic() - self.started
        return allot(self.run.settings, listening, grows=self.run.growth is not None, spent=spent, done=self.run.share)

    def _trainer(self, vae: Vae, recipe: Recipe) -> Trainer:
        """Build everything that feeds the network."""
        parameters = sum(value.numel() for value in vae.parameters())
        self.on_event(Computing(self.device.torch_device, self.device.reason, parameters, recipe.batch))
        self.on_event(Stage("training"))
        clips, seed = self.clips, self.run.settings.seed
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

    def _train(self, trainer: Trainer, listening: float) -> Made:
        """Train until the budget is spent or the person stops, then finish the model.

        Args:
            trainer: Where the training begins, or goes on.
            listening: Seconds that listening is expected to take afterwards.
        """
        self.on_event(Begun(self.run.id))
        self.allotment, self.allotted_at = self._allot(listening), time.monotonic()
        steps = self.run.settings.steps
        budget = Budget(steps=steps, seconds=self.allotment.steps, done=self.run.share)
        hearing, saved_at = Hearing(self.corpus, self.clips), time.monotonic()
        heard_at = saved_at + FIRST_HEARD_SECONDS - CHECKPOINT_SECONDS
        for progress in run_training(trainer, budget, should_stop=self.should_stop):
            self.on_event(progress)
            if time.monotonic() - saved_at > CHECKPOINT_SECONDS:
                self._save(trainer, progress.share)
                saved_at = time.monotonic()
            if time.monotonic() - heard_at > CHECKPOINT_SECONDS:
                self.on_event(hearing.offer(trainer.average))
                heard_at = time.monotonic()
        if trainer.steps == 0:
            raise Cancelled("stopped before the first step; there is nothing to keep")
        return self._finish(trainer, stopped=progress.share < 1.0)

    def _save(self, trainer: Trainer, share: float) -> None:
        """Write a checkpoint; where that is refused the training goes on, and the one before stays."""
        try:
            self.run = save_checkpoint(self.run, trainer, share)
        except OSError as error:
            reason = error.strerror or str(error)
            self.on_event(Notice(f"the training could not be saved on its way ({reason}); it goes on"))

    def _finish(self, trainer: Trainer, *, stopped: bool) -> Made:
        """Hear the recordings through the trained network, and make a model of the run's folder."""
        self._save(trainer, 1.0)
        self.on_event(Stage("listening"))
        check = carry_on if stopped else self._leave_if_stopped  # whoever stopped before waits for the model
        best = trainer.best.cpu()
        if self.run.growth:
            best = hold_to_known(self.run, self.run.growth, self.corpus, best, check)
        space = listen(best, self.corpus, None, check, self._effort_left(best), self.clips)
        growth, distances = self._compared(space, check)
        space = self._measured(space, stopped=stopped)
        self.on_event(Stage("saving"))
        report = replace(self._report(trainer, space.certificate, stopped), growth=growth)
        save_space(self.run.folder, space, describe_model(self.run, space, report, distances))
        return Made(self.run, make_entry(self.run, space, report), report, self.started)

    def _effort_left(self, vae: Vae) -> Effort:
        """Return how much is heard in the time that is left for it, which may be less than was planned."""
        if self.run.settings.steps is not None:
            return self.effort
        grows, passed = self.run.growth is not None, time.monotonic() - self.allotted_at
        most = self.allotment.left_to_listen(passed, grows=grows)
        effort = lessen_effort(self.effort, self.corpus, estimate_listening(vae, self.corpus, self.clips), most)
        if effort != self.effort and must_choose(self.corpus, effort.frames):
            self.on_event(Notice(f"the computer is busy: {tell_share(self.corpus, effort.frames)}"))
        return effort

    def _leave_if_stopped(self) -> None:
        """Leave a training whose steps are done.

        Raises:
            Cancelled: the person asked to stop; its checkpoint stays.
        """
        if self.should_stop():
            raise Cancelled(
                "stopped while the recordings were heard through the model; what it learned is kept. To make the "
                "model of it: sda train --resume",
                code="interrupted",
            )

    def _compared(self, space: SoundSpace, check: Check) -> tuple[GrowthReport | None, dict[str, float]]:
        """Hold the model against the version it was trained on from; see `compare_with_parent`."""
        growth = self.run.growth
        if growth is None:
            return None, {}
        catalogue = open_catalogue(lambda text: self.on_event(Notice(text)))
        version = version_after(growth.parent, catalogue)
        report, distances = compare_with_parent(self.run, growth, self.corpus, space.vae, version, check)
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
        if not self.run.settings.measure:
            return replace(space, certificate=with_parent(self.run, space.certificate))
        is_timed, passed = self.run.settings.steps is None, time.monotonic() - self.allotted_at
        seconds = self.allotment.left_to_measure(passed) if is_timed else None
        stop = never if stopped else self.should_stop  # whoever stopped before waits for the model
        return measure_trained(self.run, space, 0.0 if stopped else seconds, self.on_event, stop)

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
