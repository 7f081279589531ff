"""A worker's answer to one request, as the window's process sees it."""

import queue
import threading
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from engine import errors
from engine.errors import EngineError
from engine.workers.messages import Failure, Head, Message, Progress, Result, Samples

LOST = "worker_lost"
SLOW = "worker_slow"


class Reply:
    """Collects what comes for one request; `take` is called by the thread that receives, the rest by who waits.

    Args:
        on_progress: Told how far the request is, in the receiving thread.
        on_sound: Given samples instead of `blocks`, in the receiving thread.
    """

    def __init__(
        self,
        on_progress: Callable[[Mapping[str, Any]], None] | None = None,
        on_sound: Callable[[bytes], None] | None = None,
    ) -> None:
        self._on_progress = on_progress
        self._on_sound = on_sound
        self._on_end: list[Callable[[Reply], None]] = []
        self._blocks: queue.SimpleQueue[bytes | None] = queue.SimpleQueue()
        self._begun = threading.Event()
        self._ended = threading.Event()
        self._head: Mapping[str, Any] = {}
        self._result: Result | None = None
        self._failure: Failure | None = None

    def when_ended(self, told: Callable[["Reply"], None]) -> None:
        """Let somebody be told that the end has come, in the receiving thread; before the request is sent."""
        self._on_end.append(told)

    def take(self, message: Message) -> None:
        """Take what a worker sent."""
        match message:
            case Progress(values=values) if self._on_progress:
                self._on_progress(values)
            case Head(values=values):
                self._head = values
                self._begun.set()
            case Samples(payload=payload):
                (self._on_sound or self._blocks.put)(payload)
            case Result():
                self._result = message
                self._end()
            case Failure():
                self._failure = message
                self._end()

    def lose(self, request: int, message: str) -> None:
        """Take note that the worker is gone."""
        if not self._ended.is_set():
            self.take(Failure(request, "EngineError", LOST, message))

    def _end(self) -> None:
        self._ended.set()
        self._begun.set()
        self._blocks.put(None)
        for told in self._on_end:
            told(self)

    @property
    def ended(self) -> bool:
        """Say whether the end has come."""
        return self._ended.is_set()

    def wait(self, seconds: float) -> bool:
        """Wait for the end, no longer than that; say whether it has come."""
        return self._ended.wait(seconds)

    @property
    def begun(self) -> Mapping[str, Any]:
        """Return what goes before the samples; nothing before it has come."""
        return self._head

    @property
    def failure(self) -> Failure | None:
        """Return why there is no result; None while there is hope, or a result."""
        return self._failure

    @property
    def values(self) -> Mapping[str, Any]:
        """Return the values of the result; none before it is there."""
        return self._result.values if self._result else {}

    def result(self, timeout_seconds: float | None = None) -> Result:
        """Wait for the result.

        Raises:
            EngineError: the task failed, as it did in the worker; the worker is gone, or takes longer than allowed.
        """
        if not self._ended.wait(timeout_seconds):
            raise EngineError(f"there was no answer within {timeout_seconds:g} s; try again", code=SLOW)
        if self._failure:
            raise to_error(self._failure)
        assert self._result is not None
        return self._result

    def head(self, timeout_seconds: float | None = None) -> Mapping[str, Any]:
        """Wait for what goes before the samples.

        Raises:
            EngineError: as `result`.
        """
        if not self._begun.wait(timeout_seconds):
            raise EngineError(f"there was no sound within {timeout_seconds:g} s; try again", code=SLOW)
        if self._failure:
            raise to_error(self._failure)
        return self._head

    def blocks(self) -> Iterator[bytes]:
        """Yield samples as they come, until the end, whether it was good or bad."""
        while (block := self._blocks.get()) is not None:
            yield block


def to_error(failure: Failure) -> EngineError:
    """Return what was raised in the worker."""
    kind = getattr(errors, failure.error, EngineError)
    known = isinstance(kind, type) and issubclass(kind, EngineError)
    return (kind if known else EngineError)(failure.message, code=failure.code, field=failure.field)
