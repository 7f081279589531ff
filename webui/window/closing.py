"""A window that closes while a training is under way asks first, in the page."""

import threading
import time
from collections.abc import Callable

ANSWER_SECONDS = 5.0  # without a sign of the page, until the window closes all the same
LOOK_SECONDS = 0.1


class Closing:
    """Whether the window may close, and the question on the way there; thread-safe.

    Args:
        is_training: Says whether a training is under way.
        keep_training: Stops the training and keeps what it learned; returns when that is done.
        announce: Lets the page look.
        close: Closes the window.
        patience_seconds: See ANSWER_SECONDS.
    """

    def __init__(
        self,
        *,
        is_training: Callable[[], bool],
        keep_training: Callable[[], None],
        announce: Callable[[], None],
        close: Callable[[], None],
        patience_seconds: float = ANSWER_SECONDS,
    ) -> None:
        self._is_training = is_training
        self._keep_training = keep_training
        self._announce = announce
        self._close = close
        self._patience_seconds = patience_seconds
        self._guard = threading.Lock()
        self._free = False
        self._asking = False
        self._seen = 0.0

    def may_close(self) -> bool:
        """Say whether the window may close now; if not, the page is asked. For the thread of the window."""
        if self._free or not self._is_training():
            return True
        with self._guard:
            begins, self._asking = not self._asking, True
            if begins:
                self._seen = time.monotonic()
        if begins:
            self._announce()
            threading.Thread(target=self._watch, name="closing", daemon=True).start()
        return False

    def tell(self) -> bool:
        """Say whether the page is to ask; that it wants to know is a sign that it lives."""
        with self._guard:
            self._seen = time.monotonic()
            return self._asking

    def answer(self, keep: bool | None) -> None:
        """Take the answer of the page.

        Args:
            keep: True: stop the training, keep what it learned, then close. False: close at once. None: do not close.
        """
        with self._guard:
            self._asking = False
        self._announce()
        if keep:
            threading.Thread(target=self._keep, name="keeping", daemon=True).start()
        elif keep is False:
            self.leave()

    def leave(self) -> None:
        """Close without asking."""
        self._free = True
        self._close()

    def _keep(self) -> None:
        self._keep_training()
        self.leave()

    def _watch(self) -> None:
        """Close when the page is silent for too long."""
        while self._asking:
            if time.monotonic() - self._seen > self._patience_seconds:
                self.leave()
                return
            time.sleep(LOOK_SECONDS)
