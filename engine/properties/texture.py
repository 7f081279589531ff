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

Floats = NDArray[np.float32]
Doubles = NDArray[np.float64]

VALLEY_NEPER = 3.0  # below the strongest partial near by: where valleys begin
DEEPEST = 1.5  # by which the depth of valleys grows at most
FAINTEST_NOISE_DB = -36.0  # under the envelope, where filling begins
FILL_ONSET = 0.1  # of the control over which the noise enters
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


def deepening(relief: Floats, depth: Doubles) -> Floats:
    """Return by how much valleys are deepened, in neper, 0 or less, (frames, bins).

    Args:
        relief: How far each bin is below the strongest one that would mask it, in neper, (frames, bins).
        depth: Of the means, (..., 1); at 0 and below nothing is deepened.
    """
    deeper = (DEEPEST * np.maximum(depth, 0.0)).astype(np.float32)
    deepened: Floats = deeper * np.minimum(relief + np.float32(VALLEY_NEPER), np.float32(0.0))
    return deepened


def fill_level(depth: Doubles) -> Floats:
    """Return the level of the noise that fills valleys, against the envelope, (..., 1); 0 where depth is 0 or more."""
    filled = np.maximum(-depth, 0.0)
    level = 10 ** (FAINTEST_NOISE_DB * (1 - filled) / 20) * np.minimum(filled / FILL_ONSET, 1.0)
    return np.asarray(level, np.float32)


PROPERTY = Property(measure=texture, of_spectra=texture_of_spectra, rules=RULES)
