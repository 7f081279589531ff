"""Equalisation takes out of an HRTF what all directions have in common.

A measurement holds the loudspeaker and the ear canal along with the head: KEMAR's source has 26 dB less at 40 Hz than
at 1 kHz, and 17 dB more at 2.5 kHz, from all directions. That tells nothing about where a sound is, colours it, and is
heard again with one's own ears. So each set is divided by its mean over the sphere (diffuse-field equalisation, Møller
1992), for both ears alike: differences between ears and directions stay. A set that was equalised before is hardly
changed.
"""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from scipy import fft

from engine.errors import ShapeError
from engine.spatial.hrtf import Hrtf
from engine.spatial.minimum_phase import minimum_phase, shorten
from engine.units import SAMPLE_RATE

Doubles = NDArray[np.float64]

FFT = 2_048
MEASURED_FROM_HZ = 150.0  # below, loudspeakers and short responses say little; a head does little: level is held
EQUALISED_TO_HZ = 16_000.0  # above, the correction is held: what converters took away is not brought back


def equalise(hrtf: Hrtf, areas: Doubles) -> Hrtf:
    """Divide an HRTF by its mean over the sphere, so that an average direction keeps the energy of each frequency.

    Args:
        hrtf: The set.
        areas: Of the sphere around each direction, shape (directions,).

    Raises:
        ShapeError: there is not one area for each direction.
    """
    if areas.shape != (len(hrtf.places),):
        raise ShapeError(f"areas have the shape ({len(hrtf.places)},), one a direction, these {areas.shape}")
    magnitude = np.abs(fft.rfft(hrtf.responses.astype(np.float64), FFT))
    relative = _held_outside(magnitude, MEASURED_FROM_HZ, SAMPLE_RATE / 2)
    common = _held_outside(diffuse_field(magnitude, areas), MEASURED_FROM_HZ, EQUALISED_TO_HZ)
    return replace(hrtf, responses=shorten(minimum_phase(relative / common)))


def diffuse_field(magnitude: Doubles, areas: Doubles) -> Doubles:
    """Return the root of the mean energy over the sphere and both ears of magnitudes (directions, 2, bins)."""
    return np.sqrt(np.einsum("d,deb->b", areas / areas.sum(), magnitude**2) / 2.0)


def _held_outside(magnitude: Doubles, low_hz: float, high_hz: float) -> Doubles:
    """Return magnitudes (…, bins) that outside of two frequencies stay as they are at these."""
    low, high = round(low_hz * FFT / SAMPLE_RATE), round(high_hz * FFT / SAMPLE_RATE)
    return magnitude[..., np.arange(FFT // 2 + 1).clip(low, high)]
