"""How an event comes and goes: by the score, or by edges of its own."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from engine.audio.ends import FADE_IN_SECONDS, FADE_OUT_SECONDS, fade_ends

Floats = NDArray[np.float32]

CUT_SECONDS = 0.5  # over which a sound fades that the score ends before its natural end


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
