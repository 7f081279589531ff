"""One writer at a time, between threads and between programs."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from engine.errors import LibraryError
from engine.library.durable import disk_refusal

LOCK_TIMEOUT_SECONDS = 10.0
POLL_SECONDS = 0.01  # between attempts: shorter than a write, so that many writers get their turn


class WriterLock:
    """A lock on a file beside what it guards; free again as soon as the program that holds it has died."""

    def __init__(self, path: Path, guarded: Path) -> None:
        """Keep both paths; nothing is created here.

        Args:
            path: The lock's own file, which stays when the lock is released.
            guarded: What a person is told is busy.
        """
        self._path = path
        self._guarded = guarded
        self._lock = FileLock(path)

    @contextmanager
    def held(self) -> Iterator[None]:
        """Exclude all other threads and processes; may be entered again by the thread that holds it.

        Raises:
            LibraryError: another program does not let go, or the folder cannot be written.
        """
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            self._lock.acquire(timeout=LOCK_TIMEOUT_SECONDS, poll_interval=POLL_SECONDS)
        except Timeout:
            raise LibraryError(
                f"{self._guarded} is being changed by another program since {LOCK_TIMEOUT_SECONDS:g} s. "
                "Close other windows of Small DataSet Audio, or wait, and try again.",
                code="library_busy",
            ) from None
        except (OSError, NotImplementedError) as error:
            raise disk_refusal(self._guarded, "locked", error) from error
        try:
            yield
        finally:
            self._lock.release()
