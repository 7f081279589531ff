"""Brightness, dark to bright: the spectral centroid.

It is steered through the latent space (`of_spectra` has slopes). The rest is shaped by a tilt of the spectrum, see
`colouring`: an event keeps its partials, highs that are not there are not raised, and nothing is filled with noise.
"""

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from engine.features.bins import BIN_HZ, SMALL, band
from engine.features.descriptors import WINDOW, audible, frequencies
from engine.properties.property import MEANS, Property, Rules
from engine.units import BINS

if TYPE_CHECKING:
    from torch import Tensor

Doubles = NDArray[np.float64]

SHELF_DB, TILT_DB, _ = MEANS
# Valleys that fall silent are not made up for by noise that the sound does not have. Most of texture goes with
# brightness, and its means are few: it is held loosely
RULES = Rules((SHELF_DB, TILT_DB, 0.0), (SHELF_DB, TILT_DB, 0.3), holds={"texture": 0.2}, lifts_hiss=False)


def brightness(samples: Doubles) -> float:
    """Return the binary logarithm of the spectral centroid in Hz (Grey and Gordon 1978); louder frames count for more.

    Only what is above 100 Hz is looked at; silence reads as that, the darkest there is.
    """
    spectra, hz = audible(samples), frequencies(WINDOW)
    spectra, hz = spectra[:, hz > 100], hz[hz > 100]
    centroid = spectra @ hz / (spectra.sum(1) + 1e-12)
    weight = (spectra**2).sum(1)
    return float(np.log2(max(100.0, (centroid * weight).sum() / (weight.sum() + 1e-20))))


def brightness_of_spectra(magnitude: "Tensor") -> "Tensor":
    """Return the brightness of magnitudes (..., frames, bins) that are heard, (...,)."""
    used = magnitude[..., band(100)]
    hz = magnitude.new_tensor(np.arange(BINS, dtype=np.float32)[band(100)] * BIN_HZ)
    centroid = (used @ hz) / (used.sum(-1) + SMALL)
    weight = used.square().sum(-1)
    return ((centroid * weight).sum(-1) / (weight.sum(-1) + SMALL**2) + 1.0).log2()


PROPERTY = Property(measure=brightness, of_spectra=brightness_of_spectra, rules=RULES)
