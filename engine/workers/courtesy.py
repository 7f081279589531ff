"""Who explores is heard first: what is made on the side waits between two blocks while a preview is under way."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

MOST_SECONDS = 5.0  # that one block waits: previews without end must not keep a file from ever being made

_guard = threading.Condition()
_exploring = 0


@contextmanager
def exploring() -> Iterator[None]:
    """Let others wait inside the block."""
    global _exploring
    with _guard:
        _exploring += 1
    try:
        yield
    finally:
        with _guard:
            _exploring -= 1
            _guard.notify_all()


def give_way() -> None:
    """Wait while somebody explores, MOST_SECONDS at most."""
    with _guard:
        _guard.wait_for(lambda: not _exploring, MOST_SECONDS)
