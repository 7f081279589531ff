"""The bytes of a file, looked at anywhere, in memory that does not grow with it.

A memory-mapped file would do the same, and end the program when a memory stick is pulled out.
"""

import os
from typing import BinaryIO

BLOCK_BYTES = 1 << 18


class Content:
    """Slices of a file, like those of bytes: `content[4:8]`.

    Args:
        file: Open for reading.
    """

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._length = file.seek(0, os.SEEK_END)
        self._block = b""
        self._first = 0  # byte of the file at which the block begins

    def __len__(self) -> int:
        """Return the length of the file in bytes."""
        return self._length

    def __getitem__(self, place: slice) -> bytes:
        """Return bytes from one place up to another; fewer where the file ends before.

        Raises:
            OSError: the disk refuses.
        """
        start, stop, _ = place.indices(self._length)
        if self._first <= start and stop <= self._first + len(self._block):
            return self._block[start - self._first : stop - self._first]
        self._file.seek(start)
        if stop - start > BLOCK_BYTES:
            return self._file.read(stop - start)
        self._block, self._first = self._file.read(BLOCK_BYTES), start
        return self._block[: max(0, stop - start)]

    def find(self, mark: bytes, start: int, stop: int | None = None) -> int:
        """Return the first place of a few bytes from `start` on, -1 where they are not."""
        end = self._length if stop is None else min(stop, self._length)
        at = start
        while at < end:
            block = self[at : min(at + BLOCK_BYTES, end)]
            found = block.find(mark)
            if found >= 0:
                return at + found
            if len(block) < BLOCK_BYTES:
                return -1
            at += BLOCK_BYTES - len(mark) + 1
        return -1

    def rfind(self, mark: bytes, start: int, stop: int) -> int:
        """Return the last place of a few bytes between two places, -1 where they are not."""
        at = stop
        while at > start:
            first = max(start, at - BLOCK_BYTES)
            found = self[first:at].rfind(mark)
            if found >= 0:
                return first + found
            at = first + len(mark) - 1 if first > start else first
        return -1
