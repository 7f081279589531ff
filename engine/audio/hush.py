"""Silence for libmpg123, which writes its doubts about a file straight on the terminal."""

import contextlib
import os
import threading
from collections.abc import Iterator

STDERR = 2

_guard = threading.Lock()
_users = 0
_kept = -1


@contextlib.contextmanager
def hushed() -> Iterator[None]:
    """Send what libraries in C write as errors nowhere, inside the block and in all threads.

    Python's own writing there is lost meanwhile too, so a block is as short as it can be.
    """
    _begin()
    try:
        yield
    finally:
        _end()


def _begin() -> None:
    global _users, _kept
    with _guard:
        _users += 1
        if _users > 1:
            return
        with contextlib.suppress(OSError):  # there is no such descriptor in a program with a window
            _kept = os.dup(STDERR)
            nowhere = os.open(os.devnull, os.O_WRONLY)
            os.dup2(nowhere, STDERR)
            os.close(nowhere)


def _end() -> None:
    global _users, _kept
    with _guard:
        _users -= 1
        if _users or _kept < 0:
            return
        with contextlib.suppress(OSError):
            os.dup2(_kept, STDERR)
        os.close(_kept)
        _kept = -1
