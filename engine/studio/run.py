"""A training on disk: a folder that is a model in the making, from which an interrupted training goes on.

Nothing of a run is in the library until it is complete; killing the program at any moment leaves either a run that
can be resumed, or a finished model.
"""

import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from engine.checking import checked
from engine.dataset.corpus import RECORDINGS_FILE
from engine.errors import LibraryError, ModelError, ParameterError
from engine.library.durable import remove_durably, replace_durably, write_durably
from engine.library.entries import ModelEntry, entry_to_record, now_iso, record_to_entry
from engine.paths import runs_folder
from engine.settings import TrainSettings

RUN_FILE = "run.json"
STATE_FILE = "state.safetensors"
PARENT_FILE = "parent.safetensors"  # weights of the version that a run goes on from: it may be deleted meanwhile
PARENT_CERTIFICATE_FILE = "parent.json"  # its figures, until there are own ones
EXTENDED, FED_BACK = "extended", "fed back"


@dataclass(frozen=True)
class Growth:
    """The state that a training goes on from.

    Attributes:
        kind: EXTENDED with recordings, or FED_BACK.
        parent: The version that it goes on from, as it was then.
        shape: Of its network, as plain numbers.
        known: Number of recordings that it had; they come first in the run's corpus.
        distances: Of its real recordings when they were first learned, by name, neper; as far as it knows them.
        cap: Highest share of synthetic seconds that was allowed, 0 to 1.
    """

    kind: str
    parent: ModelEntry
    shape: dict[str, int]
    known: int
    distances: dict[str, float]
    cap: float


@dataclass(frozen=True)
class Run:
    """A training that has not yet become a model.

    Attributes:
        id: Of the run and of the model it becomes.
        name: Wanted for the model.
        source: The folder of recordings.
        settings: As it was started.
        started: ISO 8601, UTC.
        batch: Excerpts in a step.
        used: Names of the recordings.
        held_out: Names of the recordings kept out of the training.
        skipped: Name and reason of each file that cannot be used.
        left_out: Names of the files that the person leaves out.
        warnings: What the person was told.
        steps: Done at the last checkpoint; 0 if there is none.
        share: Of the training done at the last checkpoint.
        validation: Best so far, neper.
        growth: What it goes on from; None where it began anew.
    """

    id: str
    name: str
    source: str
    settings: TrainSettings
    started: str = field(default_factory=now_iso)
    batch: int = 0
    used: tuple[str, ...] = ()
    held_out: tuple[str, ...] = ()
    skipped: tuple[tuple[str, str], ...] = ()
    left_out: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    steps: int = 0
    share: float = 0.0
    validation: float | None = None
    growth: Growth | None = None

    @property
    def folder(self) -> Path:
        """Return the run's folder."""
        return runs_folder() / self.id


def save_run(run: Run) -> None:
    """Write what is known of a run."""
    described = {**asdict(run), "settings": run.settings.model_dump()}
    if run.growth:
        described["growth"] = {**vars(run.growth), "parent": entry_to_record(run.growth.parent)}
    text = json.dumps(described, ensure_ascii=False, allow_nan=False)
    write_durably(run.folder / RUN_FILE, text.encode(errors="surrogatepass"))  # file names need not be text everywhere


def read_run(folder: Path) -> Run:
    """Read what is known of a run.

    Raises:
        ModelError: its description is missing or damaged.
    """
    try:
        stored: dict[str, Any] = json.loads((folder / RUN_FILE).read_bytes())
        run = Run(
            **{
                **stored,
                "settings": checked(TrainSettings, stored["settings"]),
                "used": tuple(stored["used"]),
                "held_out": tuple(stored["held_out"]),
                "skipped": tuple((file, reason) for file, reason in stored["skipped"]),
                "left_out": tuple(stored.get("left_out", ())),
                "warnings": tuple(stored["warnings"]),
                "growth": _read_growth(stored.get("growth")),
            }
        )
    except (OSError, ValueError, KeyError, TypeError, ParameterError) as error:
        raise ModelError(f"{folder / RUN_FILE} cannot be read ({error}); train again from the recordings") from error
    return replace(run, id=folder.name)


def _read_growth(stored: dict[str, Any] | None) -> Growth | None:
    """Read what a run goes on from.

    Raises:
        ValueError, KeyError, TypeError: it is damaged.
    """
    return Growth(**{**stored, "parent": record_to_entry(stored["parent"])}) if stored else None


@contextmanager
def lock_run(run: Run) -> Iterator[None]:
    """Hold a run while this process trains it; a lock is free again when its process has died.

    The lock's file goes with the run's folder, once it is released: Windows does not remove an open file.
    """
    with FileLock(_lock_file(run.folder)):
        yield
    if not run.folder.exists():
        _remove_lock(run.folder)


def _lock_file(folder: Path) -> Path:
    return folder.with_suffix(".lock")


def _remove_lock(folder: Path) -> None:
    """Remove the file of a released lock; where another process looks at it just now, it stays."""
    with suppress(OSError):
        remove_durably(_lock_file(folder))


def is_training(folder: Path) -> bool:
    """Say whether some process trains the run in this folder now."""
    try:
        with FileLock(_lock_file(folder), timeout=0):
            return False
    except Timeout:
        return True


def sweep_runs() -> None:
    """Remove what trainings left that ended before their first checkpoint: nothing can be resumed from it."""
    for folder in runs_folder().glob("*") if runs_folder().is_dir() else ():
        if folder.is_dir() and not (folder / STATE_FILE).is_file() and not is_training(folder):
            shutil.rmtree(folder, ignore_errors=True)
            _remove_lock(folder)


def unfinished_runs() -> list[Run]:
    """Return the runs that can be resumed, the newest first; those being trained are not among them."""
    found = []
    for folder in runs_folder().glob("*") if runs_folder().is_dir() else ():
        if (folder / STATE_FILE).is_file() and (folder / RECORDINGS_FILE).is_file() and not is_training(folder):
            try:
                found.append(read_run(folder))
            except ModelError:
                continue
    return sorted(found, key=lambda run: run.started, reverse=True)


def find_run(name: str | None) -> Run:
    """Return the unfinished run with this id or model name; None means the newest.

    Raises:
        ModelError: there is none.
    """
    runs = unfinished_runs()
    matching = [run for run in runs if name is None or name in (run.id, run.name)]
    if matching:
        return matching[0]
    known = ", ".join(sorted({run.name for run in runs}))
    wanted = "no interrupted training" if name is None else f"no interrupted training {name!r}"
    raise ModelError(
        f"there is {wanted} to resume; " + (f"there are {known}" if known else "start one with: sda train FOLDER"),
        code="model.no_run",
    )


def discard_run(run: Run) -> None:
    """Remove a run's folder."""
    shutil.rmtree(run.folder, ignore_errors=True)
    _remove_lock(run.folder)


def move_to_models(run: Run, target: Path) -> None:
    """Turn the folder of a completed run, of which nothing is open in this process, into that of a model.

    It is moved before it is tidied: with its checkpoint gone and not yet among the models it would be neither. A file
    that another program holds does no harm in a model, so it stays.

    Raises:
        LibraryError: another program holds a file of the run; the run can be resumed.
    """
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        replace_durably(run.folder, target)
    except OSError as error:
        raise LibraryError(
            f"the model is made, and {run.folder} cannot be moved to {target}: {error.strerror or error}. Close what "
            "uses this folder, then: sda train --resume",
            code="run_held",
        ) from error
    for name in (RUN_FILE, STATE_FILE, PARENT_FILE, PARENT_CERTIFICATE_FILE):
        with suppress(OSError):
            remove_durably(target / name)
