"""The window's hold on a worker process: it is started, spoken to, noticed when it dies, and ended."""

import itertools
import multiprocessing
import os
import signal
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from multiprocessing import resource_tracker
from typing import Any

from engine.workers.channel import Channel, ChannelClosed
from engine.workers.messages import Cancel, Credit, Message, ProtocolError, Ready, Request, Share, Shutdown
from engine.workers.reply import Reply
from engine.workers.worker import Trade, run_worker

ENDING_SECONDS = 2.0  # a worker has to end by itself, before it is terminated
KILLING_SECONDS = 2.0  # from there on, before it is killed
GONE = "the part of the program that makes sound ended unexpectedly; it is being started again. Try again"

_numbers = itertools.count(1)


@contextmanager
def without_interrupts() -> Iterator[None]:
    """Let a process that is started inside the block not hear of Ctrl-C, from its first moment on, on POSIX."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    resource_tracker.ensure_running()  # which lets signals through again where it is started by the process
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


class Link:
    """One worker process.

    Args:
        learn: What it can do; a function at the top of a module, imported by the worker.
        on_lost: Told, in a thread, that the worker ended without being told to.
    """

    def __init__(self, learn: Callable[[], Trade], on_lost: Callable[["Link"], None]) -> None:
        self._on_lost = on_lost
        self._replies: dict[int, Reply] = {}
        self._guard = threading.Lock()
        self._ending = threading.RLock()  # of two threads that wait for a process one is told that there is none
        self._closing = False
        self._lost = False
        self.started = time.monotonic()
        self.ready = threading.Event()
        self.start_seconds: float | None = None
        context = multiprocessing.get_context("spawn")
        ours, theirs = context.Pipe()
        self._process = context.Process(target=run_worker, args=(theirs, os.getpid(), learn), daemon=True)
        with without_interrupts():
            self._process.start()
        theirs.close()  # so that the end of the worker is the end of the pipe
        self._channel = Channel(ours)
        threading.Thread(target=self._receive, name=f"worker {self._process.pid}", daemon=True).start()

    @property
    def process_id(self) -> int:
        """Return the id of the process."""
        return self._process.pid or 0

    @property
    def alive(self) -> bool:
        """Say whether the worker can be asked."""
        return not self._lost and not self._closing

    def ask(self, task: str, values: Mapping[str, Any], reply: Reply) -> int:
        """Send a request and return its id; what comes of it goes to the reply, also that the worker is gone."""
        number = next(_numbers)
        with self._guard:
            lost = self._lost or self._closing
            if not lost:
                self._replies[number] = reply
        if lost:
            reply.lose(number, GONE)
        else:
            self._send(Request(number, task, values))
        return number

    def cancel(self, number: int) -> None:
        """Ask the worker to stop a request."""
        self._send(Cancel(number))

    def allow(self, number: int, size: int) -> None:
        """Let the worker send so many more bytes of samples."""
        self._send(Credit(number, size))

    def spare(self, cores: int) -> None:
        """Ask the worker to leave so many cores to others."""
        self._send(Share(cores))

    def close(self) -> None:
        """End the worker, and wait until it is gone; one that is still starting hears nothing yet, and is not asked."""
        self._closing = True
        self._send(Shutdown())
        with self._ending:
            if self.ready.is_set():
                self._process.join(ENDING_SECONDS)
            self.kill()

    def kill(self) -> None:
        """End the worker without asking, and wait until it is gone."""
        with self._ending:
            for end in (self._process.terminate, self._process.kill):
                if self._process.is_alive():
                    end()
                    self._process.join(KILLING_SECONDS)

    def _send(self, message: Message) -> None:
        with suppress(ChannelClosed):  # the thread that receives notices, and tells everybody who waits
            self._channel.send(message)

    def _receive(self) -> None:
        """Take what the worker sends until it is gone, then tell everybody who waits."""
        try:
            while True:
                self._take(self._channel.receive())
        except (ChannelClosed, ProtocolError):
            pass
        finally:
            self._lose()

    def _lose(self) -> None:
        """Take note that the worker is gone; who waits is told once there is another one to turn to."""
        with self._guard:
            self._lost = True
            waiting = dict(self._replies)
            self._replies.clear()
        self.ready.set()
        self.kill()  # one that speaks another protocol is still there
        if not self._closing:
            self._on_lost(self)
        for number, reply in waiting.items():
            reply.lose(number, GONE)

    def _take(self, message: Message) -> None:
        if isinstance(message, Ready):
            self.start_seconds = message.seconds
            self.ready.set()
            return
        number = getattr(message, "id", 0)
        with self._guard:
            reply = self._replies.get(number)
        if reply:
            reply.take(message)
            if reply.ended:
                with self._guard:
                    self._replies.pop(number, None)
