"""The trash emptied of what has lain in it for some time, when the person asks and never by itself."""

import math
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from engine.errors import ParameterError
from engine.library.entries import ModelEntry
from engine.library.history_changes import list_due_entries, purge_entries
from engine.library.outputs import HistoryEntry
from engine.library.preset_changes import purge_presets
from engine.library.presets import Preset, list_deleted_presets
from engine.library.segments import History
from engine.library.store import Catalogue
from engine.library.trash import list_deleted_models, purge_models

LONGEST_DAYS = 36_500


@dataclass(frozen=True)
class Trash:
    """What is in the trash, or was removed from it for good."""

    models: tuple[ModelEntry, ...]
    presets: tuple[Preset, ...]
    entries: tuple[HistoryEntry, ...]  # their files are where they were

    @property
    def size_bytes(self) -> int:
        """Room on the disk that the models took."""
        return sum(model.size_bytes for model in self.models)

    def __bool__(self) -> bool:
        """Return whether there is anything."""
        return bool(self.models or self.presets or self.entries)

    def to_dict(self) -> dict[str, Any]:
        """Return plain values for JSON."""
        return {
            "models": [{"id": one.id, "name": one.name, "size_bytes": one.size_bytes} for one in self.models],
            "presets": [{"id": one.id, "name": one.name} for one in self.presets],
            "history": [entry.id for entry in self.entries],
            "size_bytes": self.size_bytes,
        }


def list_trash(catalogue: Catalogue, history: History, older_than_days: float) -> Trash:
    """Return what `purge_trash` would remove.

    Raises:
        ParameterError: the number of days is out of range.
        LibraryError: catalogue or history cannot be read.
    """
    until = _days_ago(older_than_days)
    return Trash(
        tuple(one for one in list_deleted_models(catalogue) if one.deleted and one.deleted <= until),
        tuple(one for one in list_deleted_presets(catalogue) if one.deleted and one.deleted <= until),
        tuple(list_due_entries(history, until)),
    )


def purge_trash(catalogue: Catalogue, history: History, older_than_days: float) -> Trash:
    """Remove models, presets and history entries for good that were deleted some days ago or earlier.

    The sound files of history entries belong to the person and stay. Presets of a removed model stay too: they fit
    again when it is imported.

    Args:
        catalogue: Of the person.
        history: Of the person.
        older_than_days: 0 removes everything in the trash.

    Raises:
        ParameterError: the number of days is out of range.
        LibraryError: a model is in use, or the disk refuses; what was removed until then is gone.
    """
    until = _days_ago(older_than_days)
    return Trash(
        tuple(purge_models(catalogue, until)),
        tuple(purge_presets(catalogue, until)),
        tuple(purge_entries(history, until)),
    )


def _days_ago(days: float) -> str:
    """Return the time so many days ago, ISO 8601, UTC."""
    if not (math.isfinite(days) and 0 <= days <= LONGEST_DAYS):
        raise ParameterError(f"older_than_days = {days}: must be a number from 0 to {LONGEST_DAYS}.")
    return (datetime.now(UTC) - timedelta(days=days)).isoformat(timespec="seconds")
