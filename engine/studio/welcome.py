"""The welcome of a person who starts the program for the first time."""

from engine.library.models import list_models
from engine.library.sets import list_sets
from engine.library.trash import list_deleted_models
from engine.studio.models import open_library


def is_first_run() -> bool:
    """Say whether there is nothing yet: no model, not even a deleted one, and no data set.

    Raises:
        LibraryError: the catalogue cannot be read.
    """
    catalogue = open_library()
    return not (list_models(catalogue) or list_deleted_models(catalogue) or list_sets(catalogue))
