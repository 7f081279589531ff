"""The program while it is open, in a window or for a browser: its workers and its server, begun and ended together."""

import errno
import signal
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType

from engine.errors import EngineError
from engine.workers.job import Job
from engine.workers.jobs import KINDS, TRAINING
from engine.workers.room import EngineRoom
from webui import context
from webui.context import Desktop
from webui.opened import Opened
from webui.server import Server, bind

LOOK_SECONDS = 0.1


class Session:
    """Workers and server, until `close`; use it in a `with` block.

    Args:
        port: To listen on; 0 for one that is free.
        desktop: The window; None for a browser.
        come_forward: Brings the program to the front; None where it cannot.
        make_room: Makes the workers.

    Raises:
        EngineError: the port is taken (`port_taken`).
    """

    def __init__(
        self,
        *,
        port: int = 0,
        desktop: Desktop | None = None,
        come_forward: Callable[[], None] | None = None,
        make_room: Callable[[], EngineRoom] = EngineRoom,
    ) -> None:
        refuse_taken(port)
        with interrupts_ignored():
            self.room = make_room()
        try:
            self._server = Server(self.room, port=port, desktop=desktop)
        except BaseException:
            self.room.close()
            raise
        self._server.app.extensions[context.FORWARD] = come_forward
        self._asked = time.monotonic()
        self._server.app.before_request(self._take_note)

    def __enter__(self) -> "Session":
        """Return itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End it."""
        self.close()

    @property
    def port(self) -> int:
        """Return the port that the server listens on."""
        return self._server.port

    @property
    def origin(self) -> str:
        """Return where the page comes from."""
        return self._server.gate.origin

    @property
    def secret(self) -> str:
        """Return what lets a request through the gate."""
        return self._server.gate.secret

    @property
    def idle_seconds(self) -> float:
        """Return how long no page has asked for anything."""
        return time.monotonic() - self._asked

    def start_address(self) -> str:
        """Return a new address that lets a browser in, once."""
        return self._server.start_address()

    def open_files(self, files: Sequence[Path]) -> list[str]:
        """Let files wait for the page; return why some do not, a line each."""
        opened: Opened = self._server.app.extensions[context.OPENED]
        refused = opened.add(files)
        self.room.changed("opened")
        return refused

    def find_training(self) -> Job | None:
        """Return the training that is under way; None where there is none."""
        return next((job for job in self.room.jobs.list() if KINDS[job.kind] is TRAINING and not job.has_ended), None)

    def keep_training(self) -> None:
        """Stop the training that is under way, and wait until what it learned is kept."""
        job = self.find_training()
        if job:
            self.room.jobs.cancel(job.id, keep=True)
            while not job.has_ended:
                time.sleep(LOOK_SECONDS)

    def describe_end(self) -> str | None:
        """Say what becomes of the training if the program ends now; None where there is none."""
        job = self.find_training()
        if job is None:
            return None
        if job.run is None:
            return f"The training of {job.title} had only begun; nothing of it is kept."
        return (
            f"The training of {job.title} is interrupted. It can be gone on with: at the next start of the window, "
            "or with sda train --resume."
        )

    def close(self) -> None:
        """End the server and the workers, and wait until they are gone."""
        self._server.close()
        self.room.close()

    def _take_note(self) -> None:
        self._asked = time.monotonic()


def refuse_taken(port: int) -> None:
    """Raise EngineError (`port_taken`) for a port that cannot be listened on, before anything is started."""
    try:
        bind(port).close()
    except OSError as error:
        why = "is taken by another program" if error.errno == errno.EADDRINUSE else f"is refused ({error.strerror})"
        raise EngineError(
            f"port {port} {why}: choose another one, or leave out --port", code="port_taken", field="port"
        ) from None


@contextmanager
def interrupts_ignored() -> Iterator[None]:
    """Let processes that are started inside ignore Ctrl-C from their first moment: it is for this one to end them."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
