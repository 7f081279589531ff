"""Warmth, thin to warm: the share of energy from 80 to 500 Hz."""

import numpy as np
from numpy.typing import NDArray

from engine.features.descriptors import WARM_HZ, WINDOW, audible, frequencies
from engine.properties.property import Property

Doubles = NDArray[np.float64]


def warmth(samples: Doubles) -> float:
    """Return the share of the energy above 80 Hz that lies below 500 Hz, in dB; -60 where there is none."""
    power, hz = (audible(samples) ** 2).sum(0), frequencies(WINDOW)
    low, high = WARM_HZ
    share = power[(hz >= low) & (hz < high)].sum() / (power[hz >= low].sum() + 1e-20)
    return float(10 * np.log10(share + 1e-6))


PROPERTY = Property(measure=warmth)
