"""One request as the task that answers it sees it."""

import threading
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.errors import Cancelled
from engine.workers.messages import Head, Message, Progress, Request, Samples

Floats = NDArray[np.float32]

FIRST_CREDIT = 4 << 20  # bytes of samples that go out before any were taken: 11 s in stereo


class Assignment:
    """A request under way in a worker, from any of its threads.

    Args:
        request: From the window's process.
        send: Sends a message there.
    """

    def __init__(self, request: Request, send: Callable[[Message], None]) -> None:
        self.id = request.id
        self.task = request.task
        self.values: Mapping[str, Any] = request.values
        self._send = send
        self._changed = threading.Condition()
        self._credit = FIRST_CREDIT
        self._stopped = False

    def should_stop(self) -> bool:
        """Say whether nobody wants the answer any more."""
        return self._stopped

    def refuse_if_stopped(self) -> None:
        """Leave a task that nobody waits for.

        Raises:
            Cancelled: it was asked to stop.
        """
        if self._stopped:
            raise Cancelled("stopped; nothing was made")

    def stop(self) -> None:
        """Ask the task to stop; called by the thread that receives messages."""
        with self._changed:
            self._stopped = True
            self._changed.notify_all()

    def allow(self, size: int) -> None:
        """Let the task send so many more bytes of samples."""
        with self._changed:
            self._credit += size
            self._changed.notify_all()

    def tell(self, **values: Any) -> None:
        """Say how far the task is."""
        self._send(Progress(self.id, values))

    def tell_share(self, share: float) -> None:
        """Say which share is done, 0 to 1.

        Raises:
            Cancelled: the task was asked to stop: this is called often, so it is where most tasks notice.
        """
        self.refuse_if_stopped()
        self.tell(share=share)

    def begin_sound(self, **values: Any) -> None:
        """Say what the samples that follow are."""
        self._send(Head(self.id, values))

    def send_sound(self, block: Floats, *, patient: bool = True) -> None:
        """Send samples (samples, channels), once those before were taken.

        Args:
            block: At SAMPLE_RATE.
            patient: Whether to wait for the one who listens; a file that is made at the same time does not.

        Raises:
            Cancelled: the task was asked to stop.
        """
        data = np.ascontiguousarray(block, "<f4").tobytes()
        with self._changed:
            self._changed.wait_for(lambda: self._stopped or not patient or self._credit > 0)
            self._credit -= len(data)
        self.refuse_if_stopped()
        self._send(Samples(self.id, data))
