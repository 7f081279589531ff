"""A worker process: it receives requests and answers each in the lane of its kind, until its parent is gone.

A lane is a thread of its own, so that what a person waits for is not behind what takes minutes.
"""

import multiprocessing
import queue
import signal
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from typing import Any

from engine.errors import EngineError
from engine.failures import describe_failure
from engine.programs import end_at_once
from engine.workers.assignment import Assignment
from engine.workers.channel import Channel, ChannelClosed
from engine.workers.messages import (
    Cancel,
    Credit,
    Failure,
    Message,
    ProtocolError,
    Ready,
    Request,
    Result,
    Share,
    Shutdown,
)
from engine.workers.parent import ORPHANED, watch_parent

Answer = Mapping[str, Any] | tuple[Mapping[str, Any], bytes]


@dataclass(frozen=True)
class Task:
    """Something that a worker can do.

    Attributes:
        lane: In which of its threads.
        work: Does it; what it returns is the result, with raw bytes where there are some.
    """

    lane: str
    work: Callable[[Assignment], Answer]


@dataclass(frozen=True)
class Trade:
    """The abilities of a kind of worker.

    Attributes:
        kind: player or trainer.
        tasks: By name.
        widths: Threads of a lane that has more than one.
        warm_up: Gets what is slow the first time out of the way.
        spare: Leaves cores to others, see `Share`.
    """

    kind: str
    tasks: Mapping[str, Task]
    widths: Mapping[str, int] = field(default_factory=dict)
    warm_up: Callable[[], None] = lambda: None
    spare: Callable[[int], None] = lambda _: None


def run_worker(connection: "Connection[bytes, bytes]", parent: int, learn: Callable[[], Trade]) -> None:
    """Work until told to end, or until the parent is gone; the target of a spawned process.

    Args:
        connection: The worker's end of the pipe.
        parent: Id of the process that started it.
        learn: Imports and returns what it can do; slow, so it runs here and not in the parent.
    """
    started = time.monotonic()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C in a terminal goes to all; the parent decides
    multiprocessing.current_process().daemon = False  # so that it may have workers of its own, which end with it
    watch_parent(parent)
    channel = Channel(connection)
    trade = learn()
    trade.warm_up()
    try:
        channel.send(Ready(trade.kind, time.monotonic() - started))
        _Desk(channel, trade).receive()
    except ChannelClosed:
        end_at_once(ORPHANED)
    end_at_once(0)  # whatever is still under way is not waited for


class _Desk:
    """Takes what comes through the channel to where it belongs."""

    def __init__(self, channel: Channel, trade: Trade) -> None:
        self._channel = channel
        self._trade = trade
        self._under_way: dict[int, Assignment] = {}
        self._guard = threading.Lock()
        self._lanes: dict[str, queue.SimpleQueue[tuple[Task, Assignment]]] = {}
        for lane in dict.fromkeys(task.lane for task in trade.tasks.values()):
            self._lanes[lane] = queue.SimpleQueue()
            for _ in range(trade.widths.get(lane, 1)):
                threading.Thread(target=self._answer_all, args=(self._lanes[lane],), name=lane, daemon=True).start()

    def receive(self) -> None:
        """Take messages until told to end.

        Raises:
            ChannelClosed: the parent is gone.
        """
        while not isinstance(message := self._channel.receive(), Shutdown):
            self._take(message)

    def _take(self, message: Message) -> None:
        match message:
            case Request(task=name):
                self._enlist(message, self._trade.tasks.get(name))
            case Cancel(id=wanted):
                if assignment := self._find(wanted):
                    assignment.stop()
            case Credit(id=wanted, size=size):
                if assignment := self._find(wanted):
                    assignment.allow(size)
            case Share(spared=spared):
                self._trade.spare(spared)
            case _:
                raise ProtocolError(f"a worker was sent {type(message).__name__}")

    def _enlist(self, request: Request, task: Task | None) -> None:
        if task is None:
            self._channel.send(Failure(request.id, "EngineError", "internal", f"there is no task {request.task!r}"))
            return
        assignment = Assignment(request, self._channel.send)
        with self._guard:
            self._under_way[request.id] = assignment
        self._lanes[task.lane].put((task, assignment))

    def _find(self, wanted: int) -> Assignment | None:
        with self._guard:
            return self._under_way.get(wanted)

    def _answer_all(self, waiting: "queue.SimpleQueue[tuple[Task, Assignment]]") -> None:
        """Answer the requests of one lane, one after the other."""
        while True:
            task, assignment = waiting.get()
            try:
                self._channel.send(_answer(task, assignment))
            except ChannelClosed:
                return
            finally:
                with self._guard:
                    self._under_way.pop(assignment.id, None)


def _answer(task: Task, assignment: Assignment) -> Message:
    """Do what is asked; whatever goes wrong becomes a Failure."""
    try:
        assignment.refuse_if_stopped()
        answer = task.work(assignment)
        values, payload = answer if isinstance(answer, tuple) else (answer, b"")
        return Result(assignment.id, dict(values), payload)
    except ChannelClosed:
        raise
    except Exception as error:  # noqa: BLE001 - the window's process gets a failure, and the worker lives on
        failure = describe_failure(error)
        return Failure(assignment.id, _public_kind(error), failure.code, failure.message, failure.field)


def _public_kind(error: Exception) -> str:
    """Return the class of an error that the window's process knows: a module's own is that from which it comes."""
    known = (kind.__name__ for kind in type(error).__mro__ if kind.__module__ == EngineError.__module__)
    return next(known, EngineError.__name__)
