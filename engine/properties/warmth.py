"""Warmth, thin to warm: the share of energy from 80 to 500 Hz.

It is steered through the latent space; the rest is shaped by a shelf, see `colouring`. A low note that would be lost
under the shelf stays, and is played softer.
"""

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from engine.features.bins import HZ, SMALL, Frames, band
from engine.features.descriptors import WARM_HZ, WINDOW, audible, frequencies
from engine.properties.property import Property, Rules
from engine.sliders import LIMIT

if TYPE_CHECKING:
    from torch import Tensor

Doubles = NDArray[np.float64]

# As steep as what is measured: a gentler one takes much of what lies above with it, and leaves much of what lies below
SHELF = (1.0 / (1.0 + (HZ / 500.0) ** 8)).astype(np.float32)

MOST_SOFTER_DB = 12.0  # that an event is played at -LIMIT


def warmth(samples: Doubles) -> float:
    """Return the share of the energy above 80 Hz that lies below 500 Hz, in dB; -60 where there is none."""
    power, hz = (audible(samples) ** 2).sum(0), frequencies(WINDOW)
    low, high = WARM_HZ
    share = power[(hz >= low) & (hz < high)].sum() / (power[hz >= low].sum() + 1e-20)
    return float(10 * np.log10(share + 1e-6))


def warmth_of_spectra(magnitude: "Tensor") -> "Tensor":
    """Return the warmth of magnitudes (..., frames, bins) that are heard, dB, (...,)."""
    power = magnitude.square().sum(-2)
    share = power[..., band(*WARM_HZ)].sum(-1) / (power[..., band(WARM_HZ[0])].sum(-1) + SMALL**2)
    return 10 * (share + 1e-6).log10()


def warmth_of_frames(frames: Frames) -> float:
    """Return the warmth of spectra, dB."""
    power = frames.heard @ frames.power
    share = power[band(*WARM_HZ)].sum() / (power[band(WARM_HZ[0])].sum() + SMALL**2)
    return float(10 * np.log10(share + 1e-6))


def softer_db(heard: float, wanted: float, drive: float) -> float:
    """Return by how many dB an event is played softer that stays warmer than was asked, as it is under a shelf.

    Args:
        heard: Its warmth, dB.
        wanted: The warmth that was asked, dB.
        drive: Of the slider, -LIMIT to LIMIT.
    """
    return max(0.0, -drive / LIMIT) * min(MOST_SOFTER_DB, max(0.0, heard - wanted))


PROPERTY = Property(measure=warmth, of_spectra=warmth_of_spectra, rules=Rules(), softer_db=softer_db)
