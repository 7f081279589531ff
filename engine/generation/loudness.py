"""Loudness of an event: after all that sliders did to it, it is as loud as it would have been without them."""

import numpy as np
from numpy.typing import NDArray
from scipy.signal import sosfilt

from engine.audio.loudness import k_weighting
from engine.units import SAMPLE_RATE, db_to_amplitude

Floats = NDArray[np.float32]

LOUDEST_DB = 36.0  # by which an event is raised at most: what lies deeper is noise
SILENT = 1e-12  # weighted energy of what cannot be heard


def weighted_energy(sound: Floats) -> float:
    """Return the energy of a sound (samples, channels) as BS.1770-4 weights it, summed over samples and channels.

    Sounds that are laid over each other add up in it, so that an output whose events keep it keeps its loudness.
    """
    return float((sosfilt(k_weighting(SAMPLE_RATE), sound.astype(np.float64), axis=0) ** 2).sum())


def match_energy(sound: Floats, energy: float) -> Floats:
    """Return a sound (samples, channels) at a weighted energy, raised by no more than LOUDEST_DB."""
    found = weighted_energy(sound)
    if found < SILENT:
        return sound
    gain = min(np.sqrt(energy / found), db_to_amplitude(LOUDEST_DB))
    return (gain * sound).astype(np.float32)
