"""Motion, still to moving: how fast the spectrum changes."""

import numpy as np
from numpy.typing import NDArray

from engine.features.descriptors import MOTION_FRAMES, descriptor_mel
from engine.properties.property import Property

Doubles = NDArray[np.float64]


def motion(samples: Doubles) -> float:
    """Return the mean distance between log-mel spectra 100 ms apart with their level taken out, in neper."""
    mel = descriptor_mel(samples)
    if len(mel) <= MOTION_FRAMES:
        return 0.0
    shape = mel - mel.mean(1, keepdims=True)
    return float(np.sqrt(((shape[MOTION_FRAMES:] - shape[:-MOTION_FRAMES]) ** 2).mean(1)).mean())


PROPERTY = Property(measure=motion)
