"""Loudness of an event: after all that sliders did to it, it is as loud as it would have been without them."""

import numpy as np
from numpy.typing import NDArray
from scipy.signal import sosfilt

from engine.audio.loudness import k_weighting
from engine.units import SAMPLE_RATE, db_to_amplitude, seconds_to_samples

Floats = NDArray[np.float32]

MOMENT_SECONDS = 0.4  # the block of BS.1770-4
LOUDEST_DB = 48.0  # by which an event is raised at most: what lies deeper is noise
HIGHEST_PEAK = 2.0  # that an event is raised to at most, recordings being within 1
SILENT = 1e-12  # weighted energy of what cannot be heard


def weighted_energy(sound: Floats) -> float:
    """Return the energy by which a sound (samples, channels) is loud, as BS.1770-4 weights it.

    It is the geometric mean of all its energy, in which sounds that are laid over each other add up, and of that of
    its loudest MOMENT_SECONDS, which is what remains of a short sound among silence when a gate leaves the silence out.
    """
    weighted = sosfilt(k_weighting(SAMPLE_RATE), sound.astype(np.float64), axis=0)
    until = np.concatenate([[0.0], np.cumsum((weighted**2).sum(1))])
    moment = min(seconds_to_samples(MOMENT_SECONDS), len(sound))
    return float(np.sqrt(until[-1] * (until[moment:] - until[: len(until) - moment]).max()))


def match_energy(sound: Floats, energy: float) -> Floats:
    """Return a sound (samples, channels) at a weighted energy, raised by no more than LOUDEST_DB, nor above a peak.

    The ear hardly hears the deepest sounds: what makes up for that would be a wave that leaves no room for others.
    """
    found = weighted_energy(sound)
    if found < SILENT:
        return sound
    highest = max(1.0, HIGHEST_PEAK / float(np.abs(sound).max()))
    gain = min(np.sqrt(energy / found), db_to_amplitude(LOUDEST_DB), highest)
    return (gain * sound).astype(np.float32)
