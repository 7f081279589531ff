"""A stage between a sound and its file: blocks go in, blocks come out."""

from collections.abc import Iterable, Iterator
from typing import Protocol

import numpy as np
from numpy.typing import NDArray


class Stage(Protocol):
    """Changes one sound that comes in blocks, and may hold some of it back until more has come."""

    def process(self, block: NDArray[np.float32]) -> NDArray[np.float32]:
        """Take a block (samples, channels), return what is ready of the result; may be empty."""

    def flush(self) -> NDArray[np.float32]:
        """Return the rest; the stage is used up afterwards."""


def pass_through(blocks: Iterable[NDArray[np.float32]], stage: Stage) -> Iterator[NDArray[np.float32]]:
    """Send a sound through a stage.

    Args:
        blocks: Shape (samples, channels) each.
        stage: A fresh one.

    Yields:
        The result in other blocks, none of them empty.
    """
    for block in blocks:
        ready = stage.process(block)
        if len(ready):
            yield ready
    rest = stage.flush()
    if len(rest):
        yield rest


def cut(blocks: Iterable[NDArray[np.float32]], skip: int, count: int) -> Iterator[NDArray[np.float32]]:
    """Yield `count` samples of a sound, after the first `skip`; what comes behind them is taken and left out."""
    for block in blocks:
        wanted = block[skip : skip + count]
        skip -= min(skip, len(block))
        count -= len(wanted)
        yield wanted
