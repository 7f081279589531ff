"""Ctrl-C once: stop and keep. Ctrl-C twice: stop at once."""

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType


class StopRequest:
    """Whether the person asked to stop; the work asks it between two steps."""

    def __init__(self, on_asked: Callable[[], None]) -> None:
        """Keep what tells the person that the request was heard.

        It is called in a thread: the signal may come while the line it writes below is being written.
        """
        self._on_asked = on_asked
        self._asked = False

    def __call__(self) -> bool:
        """Return True from the first Ctrl-C on."""
        return self._asked

    def ask(self, _signal: int, _frame: FrameType | None) -> None:
        """Take note of a Ctrl-C.

        Raises:
            KeyboardInterrupt: it is the second.
        """
        if self._asked:
            raise KeyboardInterrupt
        self._asked = True
        threading.Thread(target=self._on_asked, daemon=True).start()


@contextmanager
def stop_on_interrupt(on_asked: Callable[[], None]) -> Iterator[StopRequest]:
    """Turn the first Ctrl-C inside the block into a request that the work can ask for."""
    request = StopRequest(on_asked)
    before = signal.signal(signal.SIGINT, request.ask)
    try:
        yield request
    finally:
        signal.signal(signal.SIGINT, before)
