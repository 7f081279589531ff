"""Brightness, dark to bright: the spectral centroid."""

import numpy as np
from numpy.typing import NDArray

from engine.features.descriptors import WINDOW, audible, frequencies
from engine.properties.property import Property

Doubles = NDArray[np.float64]


def brightness(samples: Doubles) -> float:
    """Return the binary logarithm of the spectral centroid in Hz (Grey and Gordon 1978); louder frames count for more.

    Only what is above 100 Hz is looked at; silence reads as that, the darkest there is.
    """
    spectra, hz = audible(samples), frequencies(WINDOW)
    spectra, hz = spectra[:, hz > 100], hz[hz > 100]
    centroid = spectra @ hz / (spectra.sum(1) + 1e-12)
    weight = (spectra**2).sum(1)
    return float(np.log2(max(100.0, (centroid * weight).sum() / (weight.sum() + 1e-20))))


PROPERTY = Property(measure=brightness)
