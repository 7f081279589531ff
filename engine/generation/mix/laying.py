"""Sounds laid over each other into a stretch of time that streams by."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from engine.audio.ends import FADE_IN_SECONDS, FADE_OUT_SECONDS, fade_ends

Floats = NDArray[np.float32]

CUT_SECONDS = 0.5  # over which a sound fades that the score ends before its natural end


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


class Edges(NamedTuple):
    """How an event comes and goes, where the score does not say it.

    Attributes:
        rise_seconds: Over which it fades in.
        fall_seconds: Over which it fades out; None as the score says.
    """

    rise_seconds: float = FADE_IN_SECONDS
    fall_seconds: float | None = None

    @property
    def is_onset(self) -> bool:
        """Return whether a sound begins here, rather than comes out of the one before."""
        return self.rise_seconds <= FADE_IN_SECONDS

    def fade(self, sound: Floats, fall_seconds: float) -> Floats:
        """Return a sound (samples, channels) faded; `fall_seconds` is what the score says."""
        return fade_ends(sound, self.rise_seconds, fall_seconds if self.fall_seconds is None else self.fall_seconds)


BY_SCORE = Edges()


def ending(longest: int | None, samples: int) -> tuple[int, float]:
    """Return after how many samples an event ends, and over how many seconds it fades there.

    Args:
        longest: Samples after which the score ends it, or None.
        samples: It would last by itself.
    """
    if longest is None or longest > samples:
        return samples, FADE_OUT_SECONDS
    return longest, CUT_SECONDS


def lengthened(samples: Floats, length: int) -> Floats:
    """Return samples with zeros behind them so that there are at least `length`."""
    return samples if len(samples) >= length else np.pad(samples, ((0, length - len(samples)), (0, 0)))
