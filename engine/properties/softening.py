"""Events that beat with others, softened: what roughness below 0 asks of all that sounds at once.

Each event may be as smooth as was wanted, and still beat with those around it. So its partials are softened that are
softer than others near by in all that sounds with it. An event is changed within its own time only: what is struck is
not announced.
"""

import math
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from engine.audio.ends import FADE_IN_SECONDS, fade_ends
from engine.features.descriptors import ROUGHNESS_WINDOW, frequencies
from engine.features.movement import weighting_gain
from engine.properties.beating import (
    HOP,
    apply_gain,
    find_hardness,
    frames_of,
    loudest_frames,
    roughness_of,
    softening,
    spectra_of,
)
from engine.properties.property import Reach
from engine.sliders import LIMIT, NEAR_MIDDLE

Floats = NDArray[np.float32]
Doubles = NDArray[np.float64]

LOUDER_NEPER = 1.0  # by which what is softened is made up for at most


def soften_beside(sound: Floats, mix: Floats, reach: Reach, drive: float) -> Floats:
    """Return a sound whose partials are softened that beat with stronger ones of all that sounds with it.

    Args:
        sound: Shape (samples, channels).
        mix: All that sounds, itself included, (samples,): from half a window of ROUGHNESS_WINDOW before its first
            sample to a window behind its last.
        reach: What is smooth and rough in the corpus.
        drive: -LIMIT to 0.
    """
    spectra = frames_of(mix, HOP)
    magnitude = np.abs(spectra)
    loudest = loudest_frames(magnitude)
    together = roughness_of(loudest)
    hardness = find_hardness(loudest, together + reach.move(together, drive))
    if not hardness:
        return sound
    gain = softening(magnitude, hardness)
    loud = magnitude * _ear()
    kept = ((loud * np.exp(gain)) ** 2).sum() / ((loud**2).sum() + 1e-20)
    gain += min(LOUDER_NEPER, -0.5 * math.log(kept + 1e-20))
    channels = [apply_gain(spectra_of(channel, HOP), gain, len(sound)) for channel in sound.T]
    softened = fade_ends(np.stack(channels, axis=1), seconds_out=FADE_IN_SECONDS)
    share = np.float32(min(1.0, -drive / (NEAR_MIDDLE * LIMIT)))
    return share * softened + (1 - share) * sound


@lru_cache
def _ear() -> Doubles:
    """Return by what magnitudes are to be multiplied to be as BS.1770-4 weights them, (bins,)."""
    gain: Doubles = np.sqrt(weighting_gain(frequencies(ROUGHNESS_WINDOW)))
    return gain
