"""Ctrl-C once: stop and keep. Ctrl-C twice: stop at once."""

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType


class StopRequest:
    """Whether the person asked to stop; the work asks it between two steps."""

    def __init__(self, on_noticed: Callable[[], None]) -> None:
        """Keep what tells the person, once, that the request was heard.

        The telling is left to the work's next question: a signal may come in the middle of a line being written.
        """
        self._on_noticed = on_noticed
        self._asked = False
        self._noticed = False

    def __call__(self) -> bool:
        """Return True from the first Ctrl-C on."""
        if self._asked and not self._noticed:
            self._noticed = True
            self._on_noticed()
        return self._asked

    def ask(self, _signal: int, _frame: FrameType | None) -> None:
        """Take note of a Ctrl-C.

        Raises:
            KeyboardInterrupt: it is the second.
        """
        if self._asked:
            raise KeyboardInterrupt
        self._asked = True


@contextmanager
def stop_on_interrupt(on_noticed: Callable[[], None]) -> Iterator[StopRequest]:
    """Turn the first Ctrl-C inside the block into a request that the work can ask for."""
    request = StopRequest(on_noticed)
    before = signal.signal(signal.SIGINT, request.ask)
    try:
        yield request
    finally:
        signal.signal(signal.SIGINT, before)
