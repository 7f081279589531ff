"""Sound by formula, fast: wavetables for exact harmonics, matrix products for ringing modes, spectra for noise."""

from collections.abc import Callable

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray
from scipy import fft

from engine.units import SAMPLE_RATE

Floats = NDArray[np.float32]
Doubles = NDArray[np.float64]

TABLE_POINTS = 32  # of a wavetable, per period of its highest partial: linear interpolation errs below -46 dB
MODE_BLOCK = 256  # samples


def wave_tables(amplitudes: Doubles, partials: NDArray[np.int64]) -> Floats:
    """Return one period of each spectrum, (keyframes, points + 1); the last point repeats the first."""
    points = 1 << int(np.ceil(np.log2(TABLE_POINTS * max(32, partials[-1]))))
    spectra = np.zeros((len(amplitudes), points // 2 + 1), np.complex64)
    phases = np.exp(2j * np.pi * (np.sqrt(2) * partials**2 % 1.0))  # spread, so that the wave has no needle
    spectra[:, partials] = amplitudes * phases
    tables = fft.irfft(spectra, points, axis=1) * points
    return np.concatenate([tables, tables[:, :1]], axis=1)


def scan(tables: Floats, cycles: Doubles) -> Floats:
    """Read wavetables along a phase in cycles, passing from the first table to the last over its length."""
    points = tables.shape[1] - 1
    place = (cycles % 1.0) * points
    index = np.minimum(place.astype(np.int32), points - 1)
    part = (place - index).astype(np.float32)
    if len(tables) == 1:
        return read_between(tables[0], index, part)
    out = np.empty(len(cycles), np.float32)
    edges = np.linspace(0, len(cycles), len(tables)).astype(int)
    for table, after, first, last in zip(tables[:-1], tables[1:], edges[:-1], edges[1:], strict=True):
        share = np.linspace(0, 1, last - first, endpoint=False, dtype=np.float32)
        here = index[first:last], part[first:last]
        out[first:last] = (1 - share) * read_between(table, *here) + share * read_between(after, *here)
    return out


def read_between(table: Floats, index: NDArray[np.int32], part: Floats) -> Floats:
    """Return a table's values a fraction `part` after each index, linearly interpolated."""
    before = table[index]
    return before + part * (table[index + 1] - before)


def ring(rng: Generator, frequency_hz: Doubles, decay: Doubles, amplitude: Doubles, samples: int) -> Floats:
    """Return the sum of decaying modes at random phases, (samples,).

    exp(r (b + i)) = exp(r b) exp(r i): with b the start of a block and i the place in it, the sum over the modes is
    one matrix product.

    Args:
        rng: Random numbers.
        frequency_hz: Of each mode.
        decay: Of each mode, per second.
        amplitude: Of each mode.
        samples: Length of the result.
    """
    rate = (-decay + 2j * np.pi * frequency_hz) / SAMPLE_RATE
    phase = np.exp(2j * np.pi * rng.random(len(rate)))
    starts = np.arange(0, samples, MODE_BLOCK)
    blocks = (amplitude * phase * np.exp(starts[:, None] * rate)).astype(np.complex64)
    inside = np.exp(rate[:, None] * np.arange(MODE_BLOCK)).astype(np.complex64)
    return (blocks.real @ inside.real - blocks.imag @ inside.imag).reshape(-1)[:samples]


def shape_noise(rng: Generator, samples: int, gain: Callable[[Doubles], Doubles]) -> Floats:
    """Return Gaussian noise of the given colour."""
    colour = gain(bins_hz(samples)).astype(np.float32)
    drawn = rng.standard_normal((2, len(colour)), dtype=np.float32)
    return fft.irfft((drawn[0] + 1j * drawn[1]) * colour, samples) * np.float32(np.sqrt(samples))


def filtered(sound: Floats, gain: NDArray[np.floating | np.complexfloating]) -> Floats:
    """Multiply the spectrum of a sound, (samples // 2 + 1 bins), by a gain; ends wrap round."""
    kind = np.complex64 if np.iscomplexobj(gain) else np.float32
    return fft.irfft(fft.rfft(sound) * gain.astype(kind), len(sound))


def with_peak(sound: Floats, level_db: float) -> Floats:
    """Scale a sound to a peak level."""
    return sound * np.float32(db_to_gain(level_db) / (np.abs(sound).max() + 1e-9))


def db_to_gain(level_db: float | Doubles) -> Doubles:
    """Convert dB to linear gain."""
    return 10.0 ** (np.asarray(level_db) / 20.0)


def times(samples: int) -> Doubles:
    """Return the time of each sample in seconds."""
    return np.arange(samples) / SAMPLE_RATE


def bins_hz(samples: int) -> Doubles:
    """Return the frequencies of the spectrum of `samples` samples."""
    return fft.rfftfreq(samples, 1 / SAMPLE_RATE)
