"""Tension, consonant to dissonant: the dissonance of the chroma. Events are fitted to each other for it."""

import numpy as np
from numpy.typing import NDArray

from engine.features.descriptors import chroma, chroma_to_tension
from engine.properties.property import Property

Doubles = NDArray[np.float64]


def tension(samples: Doubles) -> float:
    """Return the dissonance of the sound's chroma; see `chroma_to_tension`."""
    return float(chroma_to_tension(chroma(samples)))


PROPERTY = Property(measure=tension)
