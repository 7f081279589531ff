"""The trash, for the front doors: what is in it, and emptied."""

from collections.abc import Collection

from engine.library import purge
from engine.library.purge import KINDS, Trash
from engine.studio.history import open_outputs
from engine.studio.models import open_library

__all__ = ["KINDS", "Trash"]


def show_trash(older_than_days: float = 0.0) -> Trash:
    """Return what `purge_trash` would remove.

    Raises:
        ParameterError: the number of days is out of range.
        LibraryError: catalogue or history cannot be read.
    """
    return purge.list_trash(open_library(), open_outputs(), older_than_days)


def purge_trash(older_than_days: float = 0.0, kinds: Collection[str] = KINDS) -> Trash:
    """Remove what is in the trash for good, and return it.

    Args:
        older_than_days: Only what was deleted so many days ago or earlier.
        kinds: From KINDS: only that.

    Raises:
        ParameterError: the number of days is out of range.
        LibraryError: a model is in use, or the disk refuses; what was removed until then is gone.
    """
    return purge.purge_trash(open_library(), open_outputs(), older_than_days, kinds)
