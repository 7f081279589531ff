"""Loudness of an event: as loud as without sliders after all that they did to it, unless one asks for it softer."""

import math

import numpy as np
import scipy  # its parts are loaded where they are used: most events are never cut
from numpy.typing import NDArray

from engine.audio.limiter import TruePeakLimiter
from engine.audio.loudness import k_weighting
from engine.audio.sections import SectionFilter
from engine.units import SAMPLE_RATE, amplitude_to_db, db_to_amplitude, seconds_to_samples

Floats = NDArray[np.float32]

GATED_SECONDS = 0.4  # the block of BS.1770-4
MOST_RAISED_DB = 48.0  # by which an event is raised at most: what lies deeper is noise
HIGHEST_PEAK = 3.0  # that an event is raised to at most, recordings being within 1
WORTH_DB = 1.0  # of loudness that limiting a peak must gain
MOST_LIMITED_DB = 6.0  # that a peak gives way
LOW_CUTS_HZ = (30.0, 50.0, 80.0, 120.0)  # below which a sound makes room, one after the other
NEARLY_ALL = 0.99  # of an energy or a peak: as good as all of it
CUT_ORDER, CUT_PADDING = 4, 4_800
SILENT_ENERGY = 1e-12  # weighted energy of what cannot be heard


def weighted_energy(sound: Floats) -> float:
    """Return the energy by which a sound (samples, channels) is loud, as BS.1770-4 weights it.

    It is the geometric mean of all its energy, in which sounds that are laid over each other add up, and of that of
    its loudest GATED_SECONDS, which is what remains of a short sound among silence when a gate leaves the silence out.
    """
    weighted = SectionFilter(k_weighting(SAMPLE_RATE), sound.shape[1]).process(sound.T)
    until = np.concatenate([[0.0], np.cumsum(sum(channel**2 for channel in weighted))])
    moment = min(seconds_to_samples(GATED_SECONDS), len(sound))
    return float(np.sqrt(until[-1] * (until[moment:] - until[: len(until) - moment]).max()))


def match_energy(sound: Floats, energy: float) -> Floats:
    """Return a sound (samples, channels) at a weighted energy, raised by no more than MOST_RAISED_DB, nor above a peak.

    The ear hardly hears the deepest sounds: what makes up for that would be a wave that leaves no room for others.
    Where the peak is in the way, the deepest make room, as far as LOW_CUTS_HZ; then the peak itself gives way.
    """
    heard = weighted_energy(sound)
    if heard < SILENT_ENERGY:
        return sound
    best, reached = _raised(sound, heard, energy)
    for cut_hz in LOW_CUTS_HZ:
        if reached >= NEARLY_ALL * energy or np.abs(best).max() < NEARLY_ALL * HIGHEST_PEAK:
            break
        cut = _cut_below(sound, cut_hz)
        other, other_reached = _raised(cut, weighted_energy(cut), energy)
        if other_reached > reached:
            best, reached = other, other_reached
    if np.abs(best).max() < NEARLY_ALL * HIGHEST_PEAK:
        return best
    missing_db = 10 * math.log10(energy / reached)
    if missing_db < WORTH_DB:
        return best
    limited = _limited(best, min(missing_db, MOST_LIMITED_DB))
    return limited if 10 * math.log10(weighted_energy(limited) / reached) >= WORTH_DB else best


def _raised(sound: Floats, heard: float, energy: float) -> tuple[Floats, float]:
    """Return a sound of some weighted energy at another, or as near to it as it may be raised, and what it is then."""
    wanted = math.sqrt(energy / max(heard, SILENT_ENERGY))
    highest = max(1.0, HIGHEST_PEAK / float(np.abs(sound).max()))
    gain = min(wanted, db_to_amplitude(MOST_RAISED_DB), highest)
    return (gain * sound).astype(np.float32), gain**2 * heard


def _limited(sound: Floats, raised_db: float) -> Floats:
    """Return a sound (samples, channels) raised, its peaks held at HIGHEST_PEAK."""
    limiter = TruePeakLimiter(sound.shape[1], amplitude_to_db(HIGHEST_PEAK))
    return np.concatenate([limiter.process(db_to_amplitude(raised_db) * sound), limiter.flush()])


def _cut_below(sound: Floats, cut_hz: float) -> Floats:
    """Return a sound (samples, channels) without what lies below a frequency, in phase with what was there."""
    cut = scipy.signal.butter(CUT_ORDER, cut_hz, "highpass", fs=SAMPLE_RATE, output="sos")
    return np.asarray(scipy.signal.sosfiltfilt(cut, sound, axis=0, padlen=min(len(sound) - 1, CUT_PADDING)), np.float32)
