"""One window at a time: a second start hands its files to the first, and lets it come to the front."""

import http.client
import json
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path

import psutil
from filelock import FileLock, Timeout
from pydantic import TypeAdapter, ValidationError

from engine.paths import data_folder

ADDRESS = "127.0.0.1"
ANSWER_SECONDS = 5.0
START_SECONDS = 20.0  # that a second start waits until the page of the first is there
FORWARD = "/api/system/forward"


@dataclass(frozen=True)
class Instance:
    """A program that runs, as another start of it finds it.

    Attributes:
        pid: Of its process.
        port: That it listens on.
        secret: That lets a request through its gate.
    """

    pid: int
    port: int
    secret: str


_INSTANCE = TypeAdapter(Instance)


def instance_file() -> Path:
    """Return the file that says where the program runs; only the person can read it."""
    return data_folder() / "app.json"


class StartLock:
    """Held while a program starts: of two starts at once, the second finds the first one's file.

    It is free again as soon as the program that holds it has died.
    """

    def __init__(self) -> None:
        path = instance_file().with_name("app.lock")
        path.parent.mkdir(parents=True, exist_ok=True)
        self._lock = FileLock(path, thread_local=False)

    def acquire(self) -> None:
        """Wait for another start to end, up to START_SECONDS; one that takes longer is not waited for."""
        with suppress(Timeout):
            self._lock.acquire(timeout=START_SECONDS)

    def release(self) -> None:
        """Let others start; safe to call from any thread, and more than once."""
        self._lock.release(force=True)


def find_running() -> Instance | None:
    """Return the program that runs, as far as its file and its process say; None where there is none."""
    try:
        found = _INSTANCE.validate_json(instance_file().read_bytes())
    except (OSError, ValidationError):
        return None
    return found if found.pid != os.getpid() and psutil.pid_exists(found.pid) else None


def hand_over(running: Instance, files: Sequence[Path]) -> list[str] | None:
    """Let the program that runs come to the front, with files.

    Returns:
        Why it did not take some files, a line each; None where it does not answer.
    """
    host = f"{ADDRESS}:{running.port}"
    headers = {
        "Cookie": f"sda_{running.port}={running.secret}",
        "Origin": f"http://{host}",
        "X-SDA": "1",
        "Content-Type": "application/json",
    }
    connection = http.client.HTTPConnection(host, timeout=ANSWER_SECONDS)
    try:
        connection.request("POST", FORWARD, json.dumps({"files": [str(path) for path in files]}), headers)
        response = connection.getresponse()
        answer = json.loads(response.read())
        return list(answer["refused"]) if response.status == http.HTTPStatus.OK else None
    except (OSError, http.client.HTTPException, ValueError, LookupError, TypeError):
        return None
    finally:
        connection.close()


@contextmanager
def announced(port: int, secret: str) -> Iterator[None]:
    """Let other starts find this program while a block lasts."""
    write_privately(instance_file(), json.dumps(asdict(Instance(os.getpid(), port, secret))))
    try:
        yield
    finally:
        with suppress(OSError, ValidationError):
            if _INSTANCE.validate_json(instance_file().read_bytes()).pid == os.getpid():
                instance_file().unlink()


def write_privately(path: Path, text: str) -> None:
    """Write a file that nobody but the person can read, as a whole."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f"{path.name}.{os.getpid()}.new")
    temporary.unlink(missing_ok=True)
    with os.fdopen(os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        file.write(text)
    temporary.replace(path)
