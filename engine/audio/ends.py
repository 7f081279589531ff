"""Both ends of a whole sound: it comes out of silence, goes back into it, and may be lengthened by it.

`engine.audio.fade` does so while a sound comes.
"""

import numpy as np
from numpy.typing import NDArray

from engine.units import seconds_to_samples

Floats = NDArray[np.float32]

FADE_IN_SECONDS = 0.002
FADE_OUT_SECONDS = 0.08


def fade_ends(sound: Floats, seconds_in: float = FADE_IN_SECONDS, seconds_out: float = FADE_OUT_SECONDS) -> Floats:
    """Return a sound (samples, channels) that begins and ends at zero.

    The rise takes at most half of the sound, the fall at most a quarter.
    """
    faded = sound.copy()
    rise = min(seconds_to_samples(seconds_in), len(sound) // 2)
    fall = min(seconds_to_samples(seconds_out), len(sound) // 4)
    faded[:rise] *= _half_cosine(rise)[:, None]
    faded[len(sound) - fall :] *= _half_cosine(fall)[::-1, None]
    return faded


def lengthened(samples: Floats, length: int) -> Floats:
    """Return samples with zeros behind them so that there are at least `length`."""
    return samples if len(samples) >= length else np.pad(samples, ((0, length - len(samples)), (0, 0)))


def _half_cosine(length: int) -> Floats:
    """Return a rise from 0 to 1 with flat ends."""
    return (0.5 - 0.5 * np.cos(np.pi * (np.arange(length) + 0.5) / max(1, length))).astype(np.float32)
