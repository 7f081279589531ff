"""A measured impulse response taken apart into when it arrives and what it does to the spectrum.

Responses of neighbouring directions cannot be mixed as measured: their arrival differs, so they would cancel. Delays
and minimum-phase responses can (Kistler and Wightman 1992: the two sound alike).
"""

import numpy as np
import soxr
from numpy.typing import NDArray
from scipy import fft

from engine.dsp.cepstrum import minimum_phase_spectrum
from engine.errors import ShapeError
from engine.units import SAMPLE_RATE, db_to_amplitude

Doubles = NDArray[np.float64]

TAPS = 256  # 5.3 ms: the ears' own response; what is later in a measurement is the room's or the amplifier's
FADE_TAPS = 64  # half cosine at the end
DEEPEST_DB = -80.0  # of a notch, relative to the highest peak of its response
DELAY_LOW_HZ, DELAY_HIGH_HZ = 300.0, 2_000.0  # where ears go by time (Wightman and Kistler 1992); see `find_delays`
MEASURED_TO_HZ = 20_000.0  # above, or near half the rate, converters were measured; the level there is kept
MEASURED_SHARE = 0.45  # of the sample rate
GUARD = 64  # silent samples put before a response: its resampling rings ahead of it
SHORTEST_FFT = 4_096
CHUNK = 64  # directions worked on at once


def separate(responses: Doubles, sample_rate: float) -> tuple[Doubles, NDArray[np.float32]]:
    """Take head-related impulse responses apart.

    Args:
        responses: As measured, shape (directions, 2, samples).
        sample_rate: In Hz.

    Returns:
        Delays of both ears in seconds from the first sample, (directions, 2), and minimum-phase responses at
        SAMPLE_RATE, (directions, 2, TAPS).

    Raises:
        ShapeError: the shape is another.
    """
    if responses.ndim != 3 or responses.shape[1] != 2:
        raise ShapeError(f"responses have the shape (directions, 2, samples), these {responses.shape}")
    delays, shortest = [], []
    for at in range(0, len(responses), CHUNK):
        chunk = resample(responses[at : at + CHUNK], sample_rate)
        size = max(SHORTEST_FFT, 2 * fft.next_fast_len(chunk.shape[-1], real=True))
        spectrum = fft.rfft(chunk, size)
        minimum = minimum_phase(_held_above(np.abs(spectrum), min(MEASURED_TO_HZ, MEASURED_SHARE * sample_rate)))
        delays.append(find_delays(spectrum, fft.rfft(minimum, size)) - GUARD / SAMPLE_RATE)
        shortest.append(shorten(minimum))
    return np.concatenate(delays), np.concatenate(shortest)


def resample(responses: Doubles, sample_rate: float) -> Doubles:
    """Bring impulse responses (…, samples) to SAMPLE_RATE, GUARD samples later, keeping the gain they stand for."""
    if sample_rate == SAMPLE_RATE:
        return np.pad(responses, [(0, 0)] * (responses.ndim - 1) + [(GUARD, GUARD)])
    before = round(GUARD * sample_rate / SAMPLE_RATE) + 1
    channels = responses.reshape(-1, responses.shape[-1]).T
    padded = np.pad(channels, ((before, before), (0, 0)))
    resampled = soxr.resample(padded, sample_rate, SAMPLE_RATE, quality="VHQ") * (sample_rate / SAMPLE_RATE)
    surplus = before * SAMPLE_RATE / sample_rate - GUARD  # 0 to 2 samples, so that all come exactly GUARD later
    size = fft.next_fast_len(len(resampled) + GUARD, real=True)
    turn = np.exp(2j * np.pi * np.arange(size // 2 + 1) / size * surplus)
    shifted = fft.irfft(fft.rfft(resampled, size, axis=0) * turn[:, None], size, axis=0)
    return np.ascontiguousarray(shifted[: len(resampled)].T).reshape(*responses.shape[:-1], -1)


def minimum_phase(magnitude: Doubles) -> Doubles:
    """Return the impulse responses (…, 2 * (bins - 1)) with these magnitudes (…, bins) that arrive soonest."""
    floor = magnitude.max(axis=-1, keepdims=True) * db_to_amplitude(DEEPEST_DB)
    size = 2 * (magnitude.shape[-1] - 1)
    gain = np.log(np.maximum(magnitude, np.maximum(floor, 1e-20)))
    return np.asarray(fft.irfft(minimum_phase_spectrum(gain, size), size))


def shorten(responses: Doubles) -> NDArray[np.float32]:
    """Return the first TAPS samples of responses (…, samples), the last FADE_TAPS of them faded out."""
    fade = np.ones(TAPS)
    fade[-FADE_TAPS:] = 0.5 + 0.5 * np.cos(np.pi * np.arange(1, FADE_TAPS + 1) / (FADE_TAPS + 1))
    return np.asarray(responses[..., :TAPS] * fade, np.float32)


def find_delays(measured: NDArray[np.complex128], minimum: NDArray[np.complex128]) -> Doubles:
    """Return by how many seconds each measured response comes later than its minimum-phase counterpart.

    The peak of their correlation, all frequencies from DELAY_LOW_HZ to DELAY_HIGH_HZ weighing the same. A delay for
    all frequencies is an approximation; this band makes it right where the ears compare times.

    Args:
        measured: Spectra, shape (…, bins).
        minimum: Spectra, shape (…, bins).

    Returns:
        Shape (…,).
    """
    size = 2 * (measured.shape[-1] - 1)
    hz = fft.rfftfreq(size, 1 / SAMPLE_RATE)
    cross = measured * minimum.conj()
    cross = np.where((hz >= DELAY_LOW_HZ) & (hz <= DELAY_HIGH_HZ), cross / np.maximum(np.abs(cross), 1e-30), 0.0)
    correlation = fft.irfft(cross, size)[..., : size // 2]
    peak = correlation.argmax(-1).clip(1, size // 2 - 2)[..., None]
    before, at, after = (np.take_along_axis(correlation, peak + step, -1)[..., 0] for step in (-1, 0, 1))
    between = 0.5 * (before - after) / np.minimum(before - 2.0 * at + after, -1e-30)
    return (peak[..., 0] + between) / SAMPLE_RATE


def _held_above(magnitude: Doubles, top_hz: float) -> Doubles:
    """Return magnitudes (…, bins) that keep the level at `top_hz` from there on."""
    bins = magnitude.shape[-1]
    top = min(bins - 1, round(top_hz / SAMPLE_RATE * 2 * (bins - 1)))
    return magnitude[..., np.minimum(np.arange(bins), top)]
