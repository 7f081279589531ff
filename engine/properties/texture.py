"""Texture, tonal to noisy: spectral flatness.

It is steered through the latent space; the rest is shaped by the depth of valleys between partials, see `colouring`.
"""

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from engine.features.bins import Frames, band
from engine.features.descriptors import FLATNESS_FLOOR, WINDOW, audible, frequencies
from engine.properties.property import Property, Rules

if TYPE_CHECKING:
    from torch import Tensor

Doubles = NDArray[np.float64]

RULES = Rules(hold=1.0, loudest_noise=0.012)  # its means colour the sound most


def texture(samples: Doubles) -> float:
    """Return the spectral flatness (Johnston 1988) from 100 Hz to 16 kHz in dB.

    The geometric over the arithmetic mean of the bins' power: a sine is far below 0, white noise at -2.5.
    """
    hz = frequencies(WINDOW)
    power = audible(samples)[:, (hz > 100) & (hz < 16_000)] ** 2 + FLATNESS_FLOOR
    flatness = 10 * (np.log10(power).mean(1) - np.log10(power.mean(1)))
    weight = np.sqrt(power.sum(1))
    return float((flatness * weight).sum() / weight.sum())


def texture_of_spectra(magnitude: "Tensor") -> "Tensor":
    """Return the texture of magnitudes (..., frames, bins) that are heard, dB, (...,)."""
    power = magnitude[..., band(100, 16_000)].square() + FLATNESS_FLOOR
    flatness = 10 * (power.log10().mean(-1) - power.mean(-1).log10())
    weight = power.sum(-1).sqrt()
    return (flatness * weight).sum(-1) / weight.sum(-1)


def texture_of_frames(frames: Frames) -> float:
    """Return the texture of spectra, dB."""
    power = frames.power[:, band(100, 16_000)] * frames.heard[:, None] + np.float32(FLATNESS_FLOOR)
    mean = power.mean(1)
    flatness = 10 * (np.log(power).mean(1) - np.log(mean)) / np.log(np.float32(10.0))
    weight = np.sqrt(mean)
    return float((flatness * weight).sum() / weight.sum())


PROPERTY = Property(measure=texture, of_spectra=texture_of_spectra, rules=RULES)
