"""A sound on disk while it is being worked on, so that it can be read more than once whatever its length."""

import tempfile
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Self

import numpy as np
from numpy.typing import NDArray

from engine.export.target import explained

BLOCK = 1 << 16  # samples read at once
BYTES = 4  # of a sample


class Spool:
    """Holds the samples of one sound in a file without a name, which is gone at the end of the `with` block.

    It lies in the folder that the sound will go to: the folder for temporary files may be small, or in memory.

    Args:
        target: Where the sound will be, named when something goes wrong; its folder exists.
        channels: Of the sound.

    Attributes:
        samples: Held so far.

    Raises:
        ExportError: the folder cannot be written.
    """

    def __init__(self, target: Path, channels: int) -> None:
        self._target = target
        self._channels = channels
        self.samples = 0
        with explained(target):
            self._file = tempfile.TemporaryFile(prefix=".", dir=target.parent)  # noqa: SIM115 - __exit__ closes it

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        with suppress(OSError):  # what could not be written any more is not needed any more
            self._file.close()

    def fill(self, blocks: Iterable[NDArray[np.float32]]) -> None:
        """Take a sound, shape (samples, channels) each block.

        Raises:
            ExportError: the disk is full.
        """
        for block in blocks:
            with explained(self._target):
                self._file.write(np.ascontiguousarray(block, np.float32).data)
            self.samples += len(block)
        with explained(self._target):
            self._file.flush()

    def blocks(self, lead: int = 0) -> Iterator[NDArray[np.float32]]:
        """Yield the sound in blocks of shape (samples, channels).

        Args:
            lead: With a number above 0 the sound is taken as a loop: that many samples of it come before its
                beginning, and as many behind its end.
        """
        if not self.samples:
            return  # a loop of nothing has no beginning
        at, end = -lead, self.samples + lead
        while at < end:
            start = at % self.samples
            count = min(BLOCK, self.samples - start, end - at)
            self._file.seek(start * self._channels * BYTES)
            yield np.frombuffer(self._file.read(count * self._channels * BYTES), np.float32).reshape(count, -1)
            at += count
