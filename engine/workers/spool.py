"""A sound that is heard while it is made: kept on the disk, read from any place, also before it is complete."""

import tempfile
import threading
from collections.abc import Iterator, Mapping
from typing import Any

BLOCK_BYTES = 1 << 16


class Spool:
    """Grows at its end while others read it.

    A page that comes late, or comes again, hears it from the beginning.
    """

    def __init__(self) -> None:
        """Begin empty, in a file without a name."""
        self._file = tempfile.TemporaryFile()  # noqa: SIM115 - closed by `close`
        self._changed = threading.Condition()
        self._size = 0
        self._complete = False
        self._closed = False
        self.head: Mapping[str, Any] = {}

    def write(self, data: bytes) -> None:
        """Add bytes; once closed they are forgotten."""
        with self._changed:
            if not self._closed:
                self._file.seek(self._size)
                self._file.write(data)
                self._size += len(data)
                self._changed.notify_all()

    def complete(self) -> None:
        """Say that there will be no more."""
        with self._changed:
            self._complete = True
            self._changed.notify_all()

    def wait_for_head(self) -> Mapping[str, Any]:
        """Return what goes before the sound, once it has begun; nothing where it never does."""
        with self._changed:
            self._changed.wait_for(lambda: self._size > 0 or self._complete)
            return self.head

    def read(self, first: int = 0) -> Iterator[bytes]:
        """Yield bytes from one on, waiting for those that are still to come."""
        while block := self._wait_for(first):
            yield block
            first += len(block)

    def close(self) -> None:
        """Give back what it takes; who reads it comes to an end."""
        with self._changed:
            self._closed = self._complete = True
            self._file.close()
            self._changed.notify_all()

    def _wait_for(self, first: int) -> bytes:
        with self._changed:
            self._changed.wait_for(lambda: self._size > first or self._complete)
            if self._closed or self._size <= first:
                return b""
            self._file.seek(first)
            return self._file.read(min(BLOCK_BYTES, self._size - first))
