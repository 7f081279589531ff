"""Training on from a model: with more recordings, or with outputs that are fed back; it becomes a new version."""

import shutil
import time
from collections.abc import Callable, Collection, Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from engine.audio.source import RecordingError
from engine.dataset.corpus import Corpus, load_corpus
from engine.dataset.folder import UsableFile, check_recording
from engine.dataset.gathering import write_corpus
from engine.dataset.intake import Skipped
from engine.dataset.newcomers import leave_out_copies, name_apart
from engine.device import choose_device
from engine.errors import Cancelled, DatasetError, ParameterError
from engine.latent.certificate import CERTIFICATE_FILE
from engine.latent.description import WEIGHTS_FILE, read_description
from engine.library.entries import ModelEntry, new_id
from engine.model.shape import expected_weights, shape_from_dict
from engine.model.tensors import load_arrays
from engine.settings import GrowSettings, TrainSettings
from engine.studio.blends import refuse_blend
from engine.studio.history import find_output
from engine.studio.models import find_model
from engine.studio.report import TrainReport
from engine.studio.run import EXTENDED, FED_BACK, PARENT_CERTIFICATE_FILE, PARENT_FILE, Growth, Run
from engine.studio.train import describe_outputs, find_outputs, hold_out, read_folder, tell_intake
from engine.training.events import Listener, Stage

LEAST_TOLD_SECONDS = 0.05
EDGE_SECONDS = 1e-3  # a share this near to the cap is at it: lengths are rounded to samples


@dataclass(frozen=True)
class Newcomers:
    """The newcomers to a model.

    Attributes:
        source: Where from.
        files: That can be learned from, by the names they will have.
        synthetic: Names of those that are outputs of models.
        held_out: Names of those kept out.
        skipped: Left out, with reasons.
        left_out: Names of those that the person leaves out.
    """

    source: str
    files: tuple[UsableFile, ...]
    synthetic: tuple[str, ...]
    held_out: tuple[str, ...]
    skipped: tuple[Skipped, ...]
    left_out: tuple[str, ...] = ()

    @property
    def synthetic_seconds(self) -> float:
        """Return the length of the outputs."""
        return sum(file.seconds for file in self.files if file.name in self.synthetic)

    @property
    def seconds(self) -> float:
        """Return the length of all files."""
        return sum(file.seconds for file in self.files)


def extend(
    model: str,
    folder: Path,
    settings: GrowSettings,
    *,
    on_event: Listener,
    should_stop: Callable[[], bool],
    leave_out: Collection[str] = (),
) -> TrainReport:
    """Train on from a model with the recordings of a folder: a new version, the old one stays as it is.

    Args:
        model: Name or id.
        folder: Of recordings; those that the model has already are left out.
        settings: Budget, seed, hold-out of the new recordings, device, cap on what is synthetic among them.
        on_event: Told what happens.
        should_stop: Asked before every step; when it says yes the version is kept as it is.
        leave_out: Names of files in the folder that are not learned from, as the doctor lists them.

    Raises:
        ModelError: there is no such model, it is damaged, or the training diverged.
        DatasetError: nothing in the folder is new and can be used.
        ParameterError: outputs of models among the files are more than the cap allows, or the folder has no file of a
            name that is to be left out.
        Cancelled: stopped before the first step; nothing is kept.
    """
    started = time.monotonic()
    parent = _find_parent(model)
    corpus = load_corpus(parent.path)
    usable = read_folder(folder, on_event, should_stop, leave_out, channels_in=settings.channels_in)
    fresh, copies = leave_out_copies(corpus, usable.files)
    refuse_nothing_new(parent, folder, copies, fresh)
    kept, held_out = hold_out(tuple(fresh), settings.hold_out)
    named = tuple(name_apart(kept, (recording.name for recording in corpus.recordings)))
    newcomers = Newcomers(
        source=str(folder.absolute()),
        files=named,
        synthetic=find_outputs(named),
        held_out=tuple(file.name for file in held_out),
        skipped=(*usable.skipped, *copies),
        left_out=usable.left_out,
    )
    return grow(parent, corpus, newcomers, settings, on_event, should_stop, started)


def feed_back(
    model: str, outputs: Iterable[str], settings: GrowSettings, *, on_event: Listener, should_stop: Callable[[], bool]
) -> TrainReport:
    """Train on from a model with outputs, marked as synthetic: a new version, the old one stays as it is.

    Args:
        model: Name or id.
        outputs: Each a running number or id of the history, or a file.
        settings: Budget, seed, device, cap on the share of synthetic seconds.
        on_event: Told what happens.
        should_stop: Asked before every step; when it says yes the version is kept as it is.

    Raises:
        ModelError: there is no such model, it is damaged, or the training diverged.
        LibraryError: the history has no such output.
        DatasetError: none of the outputs can be used.
        ParameterError: they are more than the cap allows.
        Cancelled: stopped before the first step; nothing is kept.
    """
    started = time.monotonic()
    parent = _find_parent(model)
    corpus = load_corpus(parent.path)
    paths = [locate_output(wanted) for wanted in outputs]
    usable, skipped = [], []
    for done, path in enumerate(paths):
        on_event(Stage("reading", f"{path.name} ({done + 1} of {len(paths)})"))
        if should_stop():
            raise Cancelled("stopped while the outputs were read; there is nothing to keep")
        try:
            usable.append(check_recording(path, path.name))
        except RecordingError as error:
            skipped.append(Skipped(path.name, error.reason))
    fresh, copies = leave_out_copies(corpus, usable)
    refuse_nothing_new(parent, None, [*skipped, *copies], fresh)
    named = tuple(name_apart(fresh, (recording.name for recording in corpus.recordings)))
    newcomers = Newcomers("", named, tuple(file.name for file in named), (), (*skipped, *copies))
    return grow(parent, corpus, newcomers, settings, on_event, should_stop, started)


def _find_parent(model: str) -> ModelEntry:
    """Return the model that is to grow.

    Raises:
        ModelError: there is none of that name or id, it is damaged, or it is a blend.
    """
    parent = find_model(model)
    refuse_blend(parent, "Let one of its models grow, and blend that")
    return parent


def locate_output(wanted: str) -> Path:
    """Return the file of an output of the history, or the file that is named.

    Raises:
        LibraryError: there is neither.
        DatasetError: the file of the output is not where it was, or a folder is named.
    """
    path = Path(wanted)
    if path.is_file():
        return path
    if path.is_dir():
        raise DatasetError(f"{path} is a folder; name the files in it that you want to feed back")
    entry = find_output(wanted)
    if entry.missing:
        raise DatasetError(
            f"output {entry.number} is not where it was ({entry.file}). To say where it is: sda history locate "
            f"{entry.number} FILE; to make it again: sda history replay {entry.number}",
            code="dataset.output_missing",
        )
    return Path(entry.file)


def refuse_nothing_new(parent: ModelEntry, folder: Path | None, left_out: list[Skipped], fresh: list[Any]) -> None:
    """Raise DatasetError where nothing is left to learn, naming the first few reasons."""
    if fresh:
        return
    where = f"nothing in {folder} is new to {parent.name}" if folder else f"none of the outputs is new to {parent.name}"
    named = "; ".join(f"{one.file}: {one.reason}" for one in left_out[:3])
    more = f"; and {len(left_out) - 3} more" if len(left_out) > 3 else ""
    raise DatasetError(f"{where}: {named}{more}", code="dataset.nothing_new")


def refuse_too_synthetic(parent: ModelEntry, corpus: Corpus, newcomers: Newcomers, cap: float) -> None:
    """Raise ParameterError where outputs would be a larger share of what a model learns from than the cap.

    Those that were fed back earlier count as well. A training that adds none is never refused.
    """
    synthetic = corpus.synthetic_seconds + newcomers.synthetic_seconds
    total = corpus.seconds + newcomers.seconds
    if not newcomers.synthetic_seconds or synthetic <= cap * total + EDGE_SECONDS:
        return
    room = cap / (1 - cap) * (total - synthetic) - corpus.synthetic_seconds
    fits = f"{room:.1f} s more would fit" if room >= LEAST_TOLD_SECONDS else "nothing more fits"
    raise ParameterError(
        f"outputs fed back would be {synthetic / total:.0%} of what {parent.name} learns from ({synthetic:.1f} of "
        f"{total:.1f} s), and may be {cap:.0%}, so that it keeps to your recordings: {fits}. Choose fewer or shorter "
        "outputs, add recordings with sda extend, or raise --cap, to 0.5 at most",
        code="feedback.cap",
    )


def grow(
    parent: ModelEntry,
    corpus: Corpus,
    newcomers: Newcomers,
    settings: GrowSettings,
    on_event: Listener,
    should_stop: Callable[[], bool],
    started: float,
) -> TrainReport:
    """Train on from a version with what it has and what comes to it."""
    refuse_too_synthetic(parent, corpus, newcomers, settings.cap)
    description = read_description(parent.path)
    load_arrays(parent.path / WEIGHTS_FILE, expected_weights(shape_from_dict(description.get("shape"))))
    device = choose_device(settings.device)
    run = make_run(parent, corpus, newcomers, settings, description)
    tell_intake(run, on_event)

    def write(target: Path) -> Corpus:
        channels = max([corpus.channels, *(file.channels for file in newcomers.files)])
        sources = [(file.name, file.path) for file in newcomers.files]
        shutil.copyfile(parent.path / WEIGHTS_FILE, target / PARENT_FILE)
        with suppress(FileNotFoundError):  # a model from before sliders were measured
            shutil.copyfile(parent.path / CERTIFICATE_FILE, target / PARENT_CERTIFICATE_FILE)
        how = {file.name: file.channels_in for file in newcomers.files}
        return write_corpus(target, sources, channels, synthetic=newcomers.synthetic, before=corpus, channels_in=how)

    from engine.studio.session import begin_run  # loads torch

    return begin_run(run, write, device, on_event, should_stop, started)


def make_run(
    parent: ModelEntry, corpus: Corpus, newcomers: Newcomers, settings: GrowSettings, description: dict[str, Any]
) -> Run:
    """Return what is known of the training before it begins."""
    names = tuple(recording.name for recording in corpus.recordings)
    used = (*names, *(file.name for file in newcomers.files))
    is_feedback = not newcomers.source
    warnings = [f"{file.name}: {file.notice}" for file in newcomers.files if file.notice]
    return Run(
        id=new_id(),
        name=parent.name,
        source=newcomers.source,
        settings=TrainSettings(**settings.model_dump(exclude={"cap"})),
        used=used,
        held_out=(*read_held_out(description, used), *newcomers.held_out),
        skipped=tuple((skipped.file, skipped.reason) for skipped in newcomers.skipped),
        left_out=newcomers.left_out,
        warnings=(*warnings, *([] if is_feedback else describe_outputs(newcomers.synthetic))),
        growth=Growth(
            kind=FED_BACK if is_feedback else EXTENDED,
            parent=parent,
            shape=shape_from_dict(description.get("shape")).to_dict(),
            known=len(names),
            distances=read_distances(description, names),
            cap=settings.cap,
        ),
    )


def read_held_out(description: dict[str, Any], used: tuple[str, ...]) -> tuple[str, ...]:
    """Return the recordings that a model was not to learn from, but for those that it now does."""
    stored = description.get("held_out")
    names = (str(name) for name in stored) if isinstance(stored, list) else ()
    return tuple(name for name in names if name not in used)


def read_distances(description: dict[str, Any], names: tuple[str, ...]) -> dict[str, float]:
    """Return how far a model's recordings were from what was decoded of them when they were first learned."""
    stored = description.get("distances")
    rows = stored.items() if isinstance(stored, dict) else ()
    return {name: float(value) for name, value in rows if name in names and type(value) in (int, float) and value > 0}
