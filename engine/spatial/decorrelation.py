"""Noise that keeps the level of every frequency and none of the wave: for width, and for the first echoes of a room."""

import numpy as np
from numpy.typing import NDArray
from scipy import fft

from engine.units import SAMPLE_RATE, seconds_to_samples

Floats = NDArray[np.float32]

NOISE_SECONDS, DECAY_SECONDS = 0.021, 0.006  # of the decorrelator; longer is heard as an echo of clicks
LOW_CUT_HZ = 150.0  # below, sound stays in the middle: there is no direction to be heard, and bass must add up
FFT = 8_192


def flat_noise(rng: np.random.Generator, noise_seconds: float, decay_seconds: float, low_cut_hz: float = 0.0) -> Floats:
    """Return the impulse response of a filter with random phase and the same gain at all frequencies.

    Decaying noise, made white by dividing it by its own magnitude; third octaves are within 1 to 2 dB. Making it white
    spreads it a little to both sides; it is cut a quarter of its length before and after.

    Args:
        rng: Random numbers; each draw is a filter unlike the others.
        noise_seconds: Length of the noise, up to 0.1.
        decay_seconds: In which it falls by 1 / e.
        low_cut_hz: Below this frequency the gain falls by 12 dB an octave; 0 for no fall.

    Returns:
        Shape (1.5 * noise samples,), energy 1.
    """
    samples = seconds_to_samples(noise_seconds)
    edge = samples // 4
    noise = rng.standard_normal(samples) * np.exp(-np.arange(samples) / (decay_seconds * SAMPLE_RATE))
    spectrum = fft.rfft(noise, FFT)
    hz = fft.rfftfreq(FFT, 1 / SAMPLE_RATE)
    gain = 1.0 / np.sqrt(1.0 + (low_cut_hz / np.maximum(hz, 1e-3)) ** 4)
    response = np.roll(fft.irfft(spectrum / np.abs(spectrum) * gain, FFT), edge)[: samples + 2 * edge]
    rise = np.sin(np.pi / 2 * (np.arange(edge) + 0.5) / edge)
    response[:edge] *= rise
    response[-edge:] *= rise[::-1]
    return np.asarray(response / np.sqrt((response**2).sum()), np.float32)


def decorrelator(rng: np.random.Generator) -> Floats:
    """Return a filter for what is added to one channel and taken from the other; it leaves out bass."""
    return flat_noise(rng, NOISE_SECONDS, DECAY_SECONDS, LOW_CUT_HZ)
