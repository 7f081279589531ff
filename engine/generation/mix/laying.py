"""Sounds laid over each other into a stretch of time that streams by."""

from collections.abc import Iterable, Iterator

import numpy as np
from numpy.typing import NDArray

from engine.audio.ends import lengthened

Floats = NDArray[np.float32]


def lay_over(sounds: Iterable[tuple[int, Floats]], end: int, channels: int, begin: int = 0) -> Iterator[Floats]:
    """Add sounds at their starts, yielding what no later sound can change any more.

    Args:
        sounds: First sample and samples (samples, channels) of each, in order of time. One without samples says that
            no later sound starts before it.
        end: Sample behind the last; what goes beyond it is cut.
        channels: Of the output.
        begin: First sample; what comes before it is cut.
    """
    pending = np.zeros((0, channels), np.float32)
    done = begin
    for start, sound in sounds:
        ready = min(start, end) - done
        if ready > 0:
            pending = lengthened(pending, ready)
            yield pending[:ready]
            pending, done = pending[ready:], done + ready
        heard = sound[max(0, done - start) : max(0, end - start)]
        offset = max(0, start - done)
        pending = lengthened(pending, offset + len(heard)) if len(heard) else pending
        pending[offset : offset + len(heard)] += heard
    if end > done:
        yield lengthened(pending, end - done)[: end - done]
