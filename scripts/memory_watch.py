"""The most memory that this process takes during a piece of work."""

from threading import Event, Thread
from types import TracebackType

import psutil

LOOK_SECONDS = 0.05


class MemoryWatch:
    """Looks at the resident memory of this process for the time of a `with` block.

    Looking, unlike the peak that the operating system keeps, tells one piece of work from what ran before it, and is
    the same everywhere. Memory-mapped files count as far as they are in memory.

    Attributes:
        peak_bytes: The most that was seen.
    """

    def __init__(self) -> None:
        self.peak_bytes = 0
        self._process = psutil.Process()
        self._done = Event()
        self._thread = Thread(target=self._watch, daemon=True)

    def __enter__(self) -> "MemoryWatch":
        self._look()
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._done.set()
        self._thread.join()
        self._look()

    def _watch(self) -> None:
        while not self._done.wait(LOOK_SECONDS):
            self._look()

    def _look(self) -> None:
        self.peak_bytes = max(self.peak_bytes, self._process.memory_info().rss)
