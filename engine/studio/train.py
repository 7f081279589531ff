"""The main job: a folder of recordings becomes a model in the library, within the time the person has."""

import time
from collections.abc import Callable, Collection
from dataclasses import replace
from pathlib import Path

from engine.dataset.corpus import Corpus, load_corpus
from engine.dataset.folder import UsableFile, UsableRecordings, refuse_nothing, usable_recordings
from engine.dataset.gathering import write_corpus
from engine.dataset.intake import choose_files
from engine.device import choose_device
from engine.errors import Cancelled
from engine.library.checks import checked_name
from engine.library.entries import new_id
from engine.settings import ChannelsIn, TrainSettings
from engine.studio.passport import has_passport
from engine.studio.report import TrainReport
from engine.studio.run import Run, find_run, lock_run
from engine.training.events import STAGES, Computing, Event, Listener, Notice, Progress, Stage

__all__ = ["STAGES", "Computing", "Event", "Notice", "Progress", "Stage", "TrainReport", "resume", "train"]

MOST_TOLD = 12  # lines of a kind, before a training of many files begins


def train(
    folder: Path,
    name: str,
    settings: TrainSettings,
    *,
    on_event: Listener,
    should_stop: Callable[[], bool],
    leave_out: Collection[str] = (),
) -> TrainReport:
    """Train a model on a folder of recordings and put it in the library.

    Args:
        folder: Of recordings.
        name: Wanted; the library adds a number when it is taken.
        settings: Budget, seed, hold-out, device.
        on_event: Told what happens.
        should_stop: Asked before every step; when it says yes the model is kept as it is.
        leave_out: Names of files in the folder that are not learned from, as the doctor lists them.

    Raises:
        DatasetError: nothing in the folder can be used.
        ParameterError: the folder has no file of a name that is to be left out.
        Cancelled: stopped before the first step; nothing is kept.
        ModelError: the training diverged.
    """
    started = time.monotonic()
    run = Run(new_id(), check_train(folder, name, leave_out), str(folder.absolute()), settings)
    device = choose_device(settings.device)
    usable = read_folder(folder, on_event, should_stop, leave_out, channels_in=settings.channels_in)
    kept, held_out = hold_out(usable.files, settings.hold_out)
    synthetic = find_outputs(kept)
    warnings = [usable.warning] if usable.warning else []
    warnings += [f"{file.name}: {file.notice}" for file in kept if file.notice]
    warnings += describe_outputs(synthetic)
    run = replace(
        run,
        used=tuple(file.name for file in kept),
        held_out=tuple(file.name for file in held_out),
        skipped=tuple((skipped.file, skipped.reason) for skipped in usable.skipped),
        left_out=usable.left_out,
        warnings=tuple(warnings),
    )
    tell_intake(run, on_event)

    def write(target: Path) -> Corpus:
        channels = max(file.channels for file in kept)
        how = {file.name: file.channels_in for file in kept}
        sources = [(file.name, file.path) for file in kept]
        return write_corpus(target, sources, channels, synthetic=synthetic, channels_in=how)

    from engine.studio.session import begin_run  # loads torch

    return begin_run(run, write, device, on_event, should_stop, started)


def check_train(folder: Path, name: str, leave_out: Collection[str] = ()) -> str:
    """Look whether a folder has recordings to train on, without opening any, and return the name of the model.

    Args:
        folder: Of recordings.
        name: Wanted for the model.
        leave_out: Names of files in the folder that are not learned from.

    Raises:
        ParameterError: the name is none, or the folder has no file of a name that is to be left out.
        DatasetError: there is no such folder, or no recording in it.
    """
    wanted = checked_name(name)
    chosen = choose_files(folder, leave_out)
    refuse_nothing(folder, len(chosen.recordings), chosen.skipped, chosen.left_out)
    return wanted


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
    from engine.studio.session import Session, put_into_library  # loads torch

    device = choose_device(run.settings.device)
    on_event(Stage("reading", run.source))
    with lock_run(run):
        made = Session(run, load_corpus(run.folder), device, on_event, should_stop, time.monotonic()).go_on()
        return put_into_library(made, on_event)


def read_folder(
    folder: Path,
    on_event: Listener,
    should_stop: Callable[[], bool],
    leave_out: Collection[str] = (),
    *,
    channels_in: ChannelsIn = "auto",
) -> UsableRecordings:
    """Return the recordings of a folder that can be learned from, telling which is read.

    Raises:
        DatasetError: there are none.
        ParameterError: the folder has no file of a name that is to be left out.
        Cancelled: the person stopped it.
    """

    def look(done: int, count: int, name: str) -> None:
        on_event(Stage("reading", f"{name} ({done + 1} of {count})" if name else ""))
        if should_stop():
            raise Cancelled("stopped while the recordings were read; there is nothing to keep")

    return usable_recordings(folder, look, leave_out, channels_in=channels_in, should_stop=should_stop)


def hold_out(files: tuple[UsableFile, ...], every: int) -> tuple[tuple[UsableFile, ...], tuple[UsableFile, ...]]:
    """Split recordings into those to learn from and every N-th one, which is kept out; at least one is learned from."""
    held = tuple(file for place, file in enumerate(files, 1) if every and place % every == 0 and len(files) > 1)
    kept = tuple(file for file in files if file not in held)
    return (kept, held) if kept else (held[:1], held[1:])


def find_outputs(files: tuple[UsableFile, ...]) -> tuple[str, ...]:
    """Return the names of files that carry a passport: a model made them, nobody recorded them."""
    return tuple(file.name for file in files if has_passport(file.path))


def describe_outputs(names: tuple[str, ...]) -> list[str]:
    """Return what the person should know when outputs are learned from as if they were recordings."""
    if not names:
        return []
    more = f" and {len(names) - 1} more" if len(names) > 1 else ""
    are = "are outputs of models" if more else "is an output of a model"
    return [f"{names[0]}{more} {are} and counted as synthetic; to feed outputs back: sda feedback MODEL OUTPUT"]


def tell_intake(run: Run, on_event: Listener) -> None:
    """Tell what the person should know of the recordings, and which are left out; of each kind the first few."""
    reasons = tuple(f"{file} is left out: {reason}" for file, reason in run.skipped)
    by_choice = tuple(f"{file} is left out by you" for file in run.left_out)
    kinds = (
        (run.warnings, "notes on recordings: sda inspect names them"),
        (reasons, "files are left out: sda inspect names them"),
        (by_choice, "are left out by you"),
    )
    for texts, others in kinds:
        more = (f"{len(texts) - MOST_TOLD:,} more {others}",) if len(texts) > MOST_TOLD else ()
        for text in (*texts[:MOST_TOLD], *more):
            on_event(Notice(text))
