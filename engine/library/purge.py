"""The trash emptied of what has lain in it for some time, when the person asks and never by itself."""

import math
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from engine.errors import ParameterError
from engine.library.entries import ModelEntry
from engine.library.history_changes import purge_entries
from engine.library.outputs import HistoryEntry
from engine.library.preset_changes import purge_presets
from engine.library.presets import Preset
from engine.library.segments import History
from engine.library.store import Catalogue
from engine.library.trash import purge_models

LONGEST_DAYS = 36_500


@dataclass(frozen=True)
class Purged:
    """What was removed for good."""

    models: tuple[ModelEntry, ...]
    presets: tuple[Preset, ...]
    entries: tuple[HistoryEntry, ...]  # their files are where they were

    @property
    def size_bytes(self) -> int:
        """Room on the disk that the models took."""
        return sum(model.size_bytes for model in self.models)


def purge_trash(catalogue: Catalogue, history: History, older_than_days: float) -> Purged:
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
    if not (math.isfinite(older_than_days) and 0 <= older_than_days <= LONGEST_DAYS):
        raise ParameterError(f"older_than_days = {older_than_days}: must be a number from 0 to {LONGEST_DAYS}.")
    until = (datetime.now(UTC) - timedelta(days=older_than_days)).isoformat(timespec="seconds")
    return Purged(
        tuple(purge_models(catalogue, until)),
        tuple(purge_presets(catalogue, until)),
        tuple(purge_entries(history, until)),
    )
