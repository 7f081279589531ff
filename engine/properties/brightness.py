"""Brightness, dark to bright: the spectral centroid.

It is steered through the latent space (`of_spectra` has slopes). The rest is shaped by a tilt of the spectrum, see
`colouring`: an event keeps its partials, highs that are not there are not raised, and nothing is filled with noise.
"""

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from engine.features.bins import HZ, SMALL, Frames, band
from engine.features.descriptors import WINDOW, audible, frequencies
from engine.properties.property import MEANS, Property, Rules

if TYPE_CHECKING:
    from torch import Tensor

Doubles = NDArray[np.float64]

HZ_32 = HZ.astype(np.float32)
# Octaves from where the ear is least surprised
TILT = np.log2(np.clip(HZ, 100.0, 16_000.0) / 1_300.0).astype(np.float32)
SHELF_DB, TILT_DB, _ = MEANS
# Valleys that fall silent are not made up for by noise that the sound does not have. Most of texture goes with
# brightness, and its means are few: it is held loosely
RULES = Rules((SHELF_DB, TILT_DB, 0.0), (SHELF_DB, TILT_DB, 0.3), holds={"texture": 0.4}, lifts_hiss=False)


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
    hz = magnitude.new_tensor(HZ_32[band(100)])
    centroid = (used @ hz) / (used.sum(-1) + SMALL)
    weight = used.square().sum(-1)
    return ((centroid * weight).sum(-1) / (weight.sum(-1) + SMALL**2) + 1.0).log2()


def brightness_of_frames(frames: Frames) -> float:
    """Return the brightness of spectra."""
    used = frames.magnitude[:, band(100)]
    centroid = (used @ HZ_32[band(100)]) / (used.sum(1) + SMALL)
    weight = frames.power[:, band(100)].sum(1) * frames.heard
    return float(np.log2((centroid * weight).sum() / (weight.sum() + SMALL**2) + 1.0))


PROPERTY = Property(measure=brightness, of_spectra=brightness_of_spectra, rules=RULES)
