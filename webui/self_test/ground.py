"""The ground of the checks: the program as a person uses it, in a library of its own that is removed."""

import os
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from engine.paths import HOME_VARIABLE
from engine.workers.job import Job
from engine.workers.room import EngineRoom
from webui.self_test.checks import Wrong
from webui.server import Server

PATIENCE_SECONDS = 900.0  # that a job may take on a slow computer
LOOK_SECONDS = 0.1
ODD_NAME = "sda self-test ü ☃ "  # of the folder: spaces, and letters that no code page has together


@dataclass
class Ground:
    """The program while it is tested.

    Attributes:
        home: Its data folder.
        room: Its workers.
        server: Its server.
        model: Id of a model, once there is one.
        outputs: Ids in the history, and files, by what they are.
    """

    home: Path
    room: EngineRoom
    server: Server
    model: str = ""
    outputs: dict[str, tuple[str, Path]] = field(default_factory=dict)

    def need_model(self) -> str:
        """Return the model.

        Raises:
            Wrong: none was made.
        """
        if not self.model:
            raise Wrong("there is no model; see the training")
        return self.model

    def begin(self, kind: str, values: Mapping[str, Any]) -> Job:
        """Begin a job; a training waits for the end of the one before."""
        return self.room.jobs.submit(kind, f"self-test: {kind}", values)

    def finish(self, kind: str, values: Mapping[str, Any]) -> Mapping[str, Any]:
        """Do a job and return its result.

        Raises:
            Wrong: it did not come to a good end.
        """
        job = self.begin(kind, values)
        wait_for(lambda: job.has_ended, f"{kind} came to no end")
        if job.state != "done":
            raise Wrong(f"{kind} ended as {job.state}: {(job.error or {}).get('message')}")
        return job.result or {}


@contextmanager
def prepared(make_room: Callable[[], EngineRoom] = EngineRoom) -> Iterator[Ground]:
    """Start the program in a library of its own, and end it.

    Args:
        make_room: Makes the workers.
    """
    folder = Path(tempfile.mkdtemp(prefix=ODD_NAME))
    home = folder / "home"  # not there yet, as for a person who starts the program for the first time
    before = os.environ.get(HOME_VARIABLE)
    os.environ[HOME_VARIABLE] = str(home)
    try:
        with _running(make_room) as (room, server):
            yield Ground(home, room, server)
    finally:
        if before is None:
            del os.environ[HOME_VARIABLE]
        else:
            os.environ[HOME_VARIABLE] = before
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _running(make_room: Callable[[], EngineRoom]) -> Iterator[tuple[EngineRoom, Server]]:
    room = make_room()
    try:
        server = Server(room)
        try:
            yield room, server
        finally:
            server.close()
    finally:
        room.close()


def wait_for(condition: Callable[[], object], otherwise: str, seconds: float = PATIENCE_SECONDS) -> None:
    """Wait until something holds.

    Raises:
        Wrong: it takes too long.
    """
    until = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > until:
            raise Wrong(f"{otherwise} within {seconds:.0f} s")
        time.sleep(LOOK_SECONDS)
