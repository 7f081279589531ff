"""Files of others that end the worker that reads them: that is said of the file, not of the program."""

from collections.abc import Iterator
from contextlib import contextmanager

from engine.errors import DatasetError, EngineError
from engine.workers.reply import LOST, SLOW

UNREADABLE = "dataset.unreadable"


@contextmanager
def reading_foreign(name: str) -> Iterator[None]:
    """Name a file where the worker that reads it in this block ends, or does not come to an end.

    Libraries in C read these files, and a damaged one may end their process.

    Args:
        name: Of the file, as the person knows it.

    Raises:
        DatasetError: the worker ended, or took too long (`dataset.unreadable`).
    """
    try:
        yield
    except EngineError as error:
        if error.code not in (LOST, SLOW):
            raise
        ended = "ended unexpectedly" if error.code == LOST else "came to no end"
        raise DatasetError(
            f"{name} could not be read: the part of the program that reads it {ended}. Try again; if it happens again, "
            "the file is damaged: copy or export it anew",
            code=UNREADABLE,
        ) from error
