"""Did the page arrive? A window can be there and stay empty: a driver that fails, a web engine that does not start."""

import threading
from collections.abc import Callable

SHOWN_SECONDS = 30.0  # until a window has to be there
ARRIVED_SECONDS = 10.0  # from there on, until its page has to be


class Arrival:
    """Waits for the page.

    Args:
        on_absent: Called once, in a thread, where it does not come.
        shown_seconds: See SHOWN_SECONDS.
        arrived_seconds: See ARRIVED_SECONDS.
    """

    def __init__(
        self,
        on_absent: Callable[[], None],
        *,
        shown_seconds: float = SHOWN_SECONDS,
        arrived_seconds: float = ARRIVED_SECONDS,
    ) -> None:
        self._on_absent = on_absent
        self._shown_seconds, self._arrived_seconds = shown_seconds, arrived_seconds
        self._shown, self._settled = threading.Event(), threading.Event()

    def begin(self) -> None:
        """Begin to wait."""
        threading.Thread(target=self._wait, name="arrival", daemon=True).start()

    def show(self) -> None:
        """Take note that the window is there."""
        self._shown.set()

    def settle(self) -> None:
        """Take note that the page is there, or that nobody needs it any more."""
        self._settled.set()
        self._shown.set()

    def _wait(self) -> None:
        self._shown.wait(self._shown_seconds)
        if not self._settled.wait(self._arrived_seconds):
            self._on_absent()
