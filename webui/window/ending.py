"""Ends of the program from outside: Ctrl-C, a request of the system, a terminal that is closed."""

import signal
import threading
from types import FrameType, TracebackType
from typing import Any

SIGNALS = tuple(getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP", "SIGBREAK") if hasattr(signal, name))


class EndSignal:
    """Takes note of signals that end the program, inside a `with` block of the main thread."""

    def __init__(self) -> None:
        self._given = threading.Event()
        self._before: dict[int, Any] = {}

    def __enter__(self) -> "EndSignal":
        """Begin to take note."""
        for number in SIGNALS:
            self._before[number] = signal.signal(number, self._take)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Let signals do again what they did before."""
        for number, handler in self._before.items():
            signal.signal(number, handler)

    def wait(self, seconds: float) -> bool:
        """Wait for a signal; say whether there was one. In short turns: on Windows, nothing else lets Ctrl-C in."""
        return self._given.wait(seconds)

    def _take(self, _number: int, _frame: FrameType | None) -> None:
        self._given.set()
