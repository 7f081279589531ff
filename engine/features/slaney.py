"""Mel bands as Slaney's Auditory Toolbox (1998) has them: linear to 1 kHz, logarithmic above. Needs no torch.

The bands that models hear in are those of torchaudio (`engine.features.mel`); a test holds both against each other.
"""

import numpy as np
from numpy.typing import NDArray

from engine.units import SAMPLE_RATE

Doubles = NDArray[np.float64]

LINEAR_HZ = 200.0 / 3.0  # a mel, below the bend
BEND_HZ = 1_000.0
BEND_MEL = BEND_HZ / LINEAR_HZ
MELS_PER_NEPER = 27.0 / np.log(6.4)  # above the bend


def hz_to_mel(hz: float) -> float:
    """Convert a frequency to mel."""
    return hz / LINEAR_HZ if hz < BEND_HZ else BEND_MEL + MELS_PER_NEPER * float(np.log(hz / BEND_HZ))


def mel_to_hz(mel: Doubles) -> Doubles:
    """Convert mel to frequencies."""
    above = BEND_HZ * np.exp(np.maximum(mel - BEND_MEL, 0.0) / MELS_PER_NEPER)
    return np.where(mel < BEND_MEL, LINEAR_HZ * mel, above)


def mel_triangles(bins: int, bands: int, low_hz: float, high_hz: float) -> Doubles:
    """Return triangular filters of equal area, their corners evenly spaced in mel, (bins, bands).

    Args:
        bins: Of a spectrum, from 0 Hz to half of SAMPLE_RATE.
        bands: How many.
        low_hz: Where the lowest begins.
        high_hz: Where the highest ends.
    """
    corners = mel_to_hz(np.linspace(hz_to_mel(low_hz), hz_to_mel(high_hz), bands + 2))
    hz = np.linspace(0.0, SAMPLE_RATE / 2, bins)[:, None]
    low, middle, high = corners[:-2], corners[1:-1], corners[2:]
    rising, falling = (hz - low) / (middle - low), (high - hz) / (high - middle)
    triangles: Doubles = np.maximum(0.0, np.minimum(rising, falling)) * 2.0 / (high - low)
    return triangles
