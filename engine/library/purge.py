"""The trash emptied of what has lain in it for some time, when the person asks and never by itself."""

import math
from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from engine.errors import ParameterError
from engine.library.entries import ModelEntry, folder_size_bytes
from engine.library.history_changes import list_due_entries, purge_entries
from engine.library.outputs import HistoryEntry
from engine.library.preset_changes import purge_presets
from engine.library.presets import Preset, list_deleted_presets
from engine.library.segments import History
from engine.library.set_changes import purge_sets
from engine.library.set_files import Removed, list_due_files, purge_files
from engine.library.set_reports import forget_files
from engine.library.sets import DataSet, list_deleted_sets
from engine.library.store import Catalogue
from engine.library.trash import list_deleted_models, purge_models
from engine.paths import sets_folder

LONGEST_DAYS = 36_500
MODELS, PRESETS, HISTORY, SETS = "models", "presets", "history", "sets"
KINDS = (MODELS, PRESETS, HISTORY, SETS)  # of what the trash holds


@dataclass(frozen=True)
class Trash:
    """All that is in the trash, or was removed from it for good."""

    models: tuple[ModelEntry, ...]
    presets: tuple[Preset, ...]
    entries: tuple[HistoryEntry, ...]  # their files are where they were
    sets: tuple[DataSet, ...] = ()
    recordings: tuple[Removed, ...] = ()  # taken out of data sets that are not among `sets`
    sets_bytes: int = 0  # of the files that `sets` keep

    @property
    def size_bytes(self) -> int:
        """Room on the disk that models, data sets and recordings took."""
        models = sum(model.size_bytes for model in self.models)
        return models + self.sets_bytes + sum(removed.size_bytes for removed in self.recordings)

    def __bool__(self) -> bool:
        """Return whether there is anything."""
        return bool(self.models or self.presets or self.entries or self.sets or self.recordings)

    def to_dict(self) -> dict[str, Any]:
        """Return plain values for JSON."""
        return {
            "models": [{"id": one.id, "name": one.name, "size_bytes": one.size_bytes} for one in self.models],
            "presets": [{"id": one.id, "name": one.name} for one in self.presets],
            "history": [entry.id for entry in self.entries],
            "sets": [{"id": one.id, "name": one.name} for one in self.sets],
            "recordings": [{"id": one.id, "name": one.name, "set": one.set} for one in self.recordings],
            "size_bytes": self.size_bytes,
        }


def list_trash(catalogue: Catalogue, history: History, older_than_days: float) -> Trash:
    """Return what `purge_trash` would remove.

    Raises:
        ParameterError: the number of days is out of range.
        LibraryError: catalogue or history cannot be read.
    """
    until = _days_ago(older_than_days)
    sets = _due_sets(catalogue, until)
    gone = {one.id for one in sets}
    return Trash(
        tuple(one for one in list_deleted_models(catalogue) if one.deleted and one.deleted <= until),
        tuple(one for one in list_deleted_presets(catalogue) if one.deleted and one.deleted <= until),
        tuple(list_due_entries(history, until)),
        sets,
        tuple(removed for removed in list_due_files(until) if removed.set not in gone),
        sum(folder_size_bytes(one.home) for one in sets),
    )


def purge_trash(
    catalogue: Catalogue, history: History, older_than_days: float, kinds: Collection[str] = KINDS
) -> Trash:
    """Remove models, presets, history entries and data sets for good that were deleted some days ago or earlier.

    The sound files of history entries belong to the person and stay, and so do the folders of data sets, but for files
    that a set kept itself. Presets of a removed model stay too: they fit again when it is imported.

    Args:
        catalogue: Of the person.
        history: Of the person.
        older_than_days: 0 removes everything in the trash.
        kinds: From KINDS; recordings go with the sets.

    Raises:
        ParameterError: the number of days is out of range.
        LibraryError: a model is in use, or the disk refuses; what was removed until then is gone.
    """
    until = _days_ago(older_than_days)
    sets_bytes = sum(folder_size_bytes(one.home) for one in _due_sets(catalogue, until)) if SETS in kinds else 0
    return Trash(
        tuple(purge_models(catalogue, until)) if MODELS in kinds else (),
        tuple(purge_presets(catalogue, until)) if PRESETS in kinds else (),
        tuple(purge_entries(history, until)) if HISTORY in kinds else (),
        tuple(purge_sets(catalogue, until)) if SETS in kinds else (),
        tuple(_purge_recordings(until)) if SETS in kinds else (),
        sets_bytes,
    )


def _due_sets(catalogue: Catalogue, until: str) -> tuple[DataSet, ...]:
    return tuple(one for one in list_deleted_sets(catalogue) if one.deleted and one.deleted <= until)


def _purge_recordings(until: str) -> list[Removed]:
    """Remove recordings for good that were taken out of their sets; reports know no more of them."""
    gone = purge_files(until)
    for key in {removed.set for removed in gone}:
        forget_files(sets_folder() / key, [removed.name for removed in gone if removed.set == key])
    return gone


def _days_ago(days: float) -> str:
    """Return the time so many days ago, ISO 8601, UTC."""
    if not (math.isfinite(days) and 0 <= days <= LONGEST_DAYS):
        raise ParameterError(f"older_than_days = {days}: must be a number from 0 to {LONGEST_DAYS}.")
    return (datetime.now(UTC) - timedelta(days=days)).isoformat(timespec="seconds")
