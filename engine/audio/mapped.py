"""Sound in a file, used as an array: parts that were read leave memory again.

A system keeps pages of a mapped file in memory until another program wants them. A program that goes through five hours
of sound would show 3.5 GB more than it needs. Here it shows about `MOST_BYTES` more.
"""

import mmap
from pathlib import Path
from typing import IO, Any

import numpy as np
from numpy.typing import DTypeLike, NDArray

Floats = NDArray[np.float32]

MOST_BYTES = 2**27  # that are asked for until pages are let go
AROUND = 8  # times as much comes into memory where windows are picked out: Linux takes 64 kB with each


def map_samples(file: Path | IO[bytes], count: int, channels: int, kind: DTypeLike = np.float32) -> Floats:
    """Return samples (count, channels) of a file, read-only; each is read from the disk when it is looked at.

    Args:
        file: Raw samples, channels side by side.
        count: How many there are.
        channels: Of each.
        kind: How each is written.
    """
    mapped = Mapped(file, kind, "r", shape=(count, channels))
    mapped._reading = _Reading(mapped._mmap)  # type: ignore[attr-defined]  # numpy declares no attribute for it
    return mapped


class Mapped(np.memmap[Any, Any]):
    """A mapped file whose pages leave memory after so many bytes of it were asked for, by all its views together.

    A page that is still looked at comes back from the system's cache of the file, so pages may leave at any moment.
    Where the system has no word for that (Windows), they stay; its task manager does not count them.
    """

    _reading: "_Reading | None" = None

    def __array_finalize__(self, array: Any) -> None:
        super().__array_finalize__(array)
        self._reading = getattr(array, "_reading", None)

    def __array_wrap__(self, array: Any, context: Any = None, return_scalar: bool = False) -> Any:
        """Return the outcome of a calculation, which lies in memory, as a plain array."""
        return array[()] if return_scalar else np.asarray(array)

    def __getitem__(self, index: Any) -> Any:
        part = super().__getitem__(index)
        if not isinstance(part, np.ndarray):
            return part
        is_view = np.may_share_memory(part, self)
        if self._reading:
            self._reading.count(part.nbytes if is_view else AROUND * part.nbytes)
        return part if is_view else part.view(np.ndarray)


class _Reading:
    """How much of a mapping was asked for since its pages were let go."""

    def __init__(self, mapping: mmap.mmap) -> None:
        self._mapping, self._bytes = mapping, 0

    def count(self, more: int) -> None:
        """Add bytes that are about to be read."""
        self._bytes += more
        if self._bytes > MOST_BYTES:
            self._bytes = 0
            if hasattr(self._mapping, "madvise"):
                self._mapping.madvise(mmap.MADV_DONTNEED)
