"""Another pitch, and another weight of pitch classes: what harmony does to the sound of an event."""

import numpy as np
import soxr
from numpy.typing import NDArray
from scipy import fft

from engine.audio.ends import fade_ends
from engine.dsp.cepstrum import minimum_phase_spectrum
from engine.features.descriptors import TUNING_HZ
from engine.units import SAMPLE_RATE

Floats = NDArray[np.float32]
Doubles = NDArray[np.float64]

PITCHED_HZ = (4_500.0, 5_500.0)  # between which pitch gives way to colour: above, a class would be a band of noise
DEEPEST_HZ = 10.0  # what lies deeper has no pitch


def transpose(sound: Floats, semitones: float) -> Floats:
    """Return a sound (samples, channels) played faster or slower, as a sampler does."""
    if semitones == 0:
        return sound
    return np.asarray(soxr.resample(sound, 2.0 ** (semitones / 12), 1.0, quality="HQ"), np.float32)


def emphasise(sound: Floats, gain_db: Doubles) -> Floats:
    """Return a sound with another weight of its pitch classes, at the energy that it has.

    All octaves in which a pitch is heard are weighed alike. The filter has minimum phase: what rings does so
    after the sound, not before it, and is faded out where the sound ends.

    Args:
        sound: Shape (samples, channels).
        gain_db: Of each pitch class from A up, (12,).
    """
    if not gain_db.any():
        return sound
    size = fft.next_fast_len(2 * len(sound), real=True)
    hz = np.maximum(np.arange(size // 2 + 1) * SAMPLE_RATE / size, DEEPEST_HZ)
    pitch = 12 * np.log2(hz / TUNING_HZ)
    pitched = np.interp(np.log(hz), np.log(PITCHED_HZ), (1.0, 0.0))
    gain = pitched * np.interp(pitch % 12, np.arange(13), np.append(gain_db, gain_db[0])) * np.log(10) / 20
    spectrum = fft.rfft(sound, size, axis=0) * minimum_phase_spectrum(gain, size)[:, None]
    filtered = fade_ends(fft.irfft(spectrum, size, axis=0)[: len(sound)].astype(np.float32), seconds_in=0.0)
    kept = np.sqrt(((sound**2).mean() + 1e-12) / ((filtered**2).mean() + 1e-12))
    return (filtered * kept).astype(np.float32)
