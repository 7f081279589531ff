"""The depths lie below all that a timbre slider listens to: no slider says that they grow, so they do not.

Brightness, warmth and texture are measured from 80 or 100 Hz on. What is free below would be filled: a thin drum, as
loud as before, would be hardly more than a rumble.
"""

import numpy as np
from numpy.typing import NDArray

from engine.audio.mixdown import mix_down
from engine.features.bins import HZ
from engine.features.descriptors import WARM_HZ
from engine.properties.colouring import Spectra, spectra_of

Floats = NDArray[np.float32]

DEEP_HZ, LOW_HZ = WARM_HZ  # the depths lie below the first; low is what warmth listens to, between both
DEEP_BINS, LOW_BINS = HZ < DEEP_HZ, (HZ >= DEEP_HZ) & (HZ < LOW_HZ)
EDGE = 1.0 / (1.0 + (HZ / DEEP_HZ) ** 8)  # how far each bin is changed with the depths
MARGIN = 2.0  # by which the share of the depths may grow: 3 dB
HARMLESS = 1e-3  # of all energy: so little may always be there


def depth_of(sound: Floats) -> float:
    """Return the energy of the depths of a sound (samples, channels) over that of its low band."""
    power = (np.abs(spectra_of(mix_down(sound))) ** 2).sum(0)
    return float(power[DEEP_BINS].sum() / (power[LOW_BINS].sum() + 1e-20))


def hold_depths(spectra: Spectra, depth: float) -> Spectra | None:
    """Return spectra (channels, frames, bins) whose depths are no stronger, against their low band, than they were.

    Where they have not grown, nothing is returned.

    Args:
        spectra: Of each channel.
        depth: What `depth_of` says of the sound as it was.
    """
    power = (np.abs(spectra) ** 2).sum((0, 1))
    most = max(MARGIN * depth * float(power[LOW_BINS].sum()), HARMLESS * float(power.sum()))
    deep = float(power[DEEP_BINS].sum())
    if deep <= most:
        return None
    held: Spectra = spectra * (1.0 - EDGE * (1.0 - np.sqrt(most / deep)))
    return held
