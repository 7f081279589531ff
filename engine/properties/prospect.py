"""Prospects of chroma, for any transposition and any weights of pitch classes, and of warmth, without the sound.

The window in which a chroma is measured is as wide as some semitones in low octaves, so that what is at one pitch is
found in its neighbours as well. It is foreseen on a finer spectrum, as that window will show it.
"""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from scipy import fft
from scipy.sparse import csr_matrix

from engine.features.descriptors import CHROMA_HZ, CHROMA_WINDOW, TUNING_HZ, WARM_HZ, frequencies
from engine.features.movement import weighting_gain
from engine.properties.emphasis import DEEPEST_HZ, PITCHED_HZ
from engine.units import SAMPLE_RATE

Floats = NDArray[np.float32]
Doubles = NDArray[np.float64]
Places = NDArray[np.int64]

FINENESS = 4  # rows of a fine spectrum within a bin of a chroma's
BIN_HZ = SAMPLE_RATE / CHROMA_WINDOW
ROWS = CHROMA_WINDOW // 2 * FINENESS + 1  # of a fine spectrum
NO_ENERGY = 1e-30
LEAK_BINS = 3  # on both sides of a frequency in which a Hann window shows it
OCTAVE_STEPS = 120  # in an octave, at which a filter is looked at, 10 cents apart
PITCH_PLACES = OCTAVE_STEPS + 1  # the last one is for what has no pitch, which the filter leaves as it is


@dataclass(frozen=True)
class Prospect:
    """A sound as it would be at some transposition.

    Attributes:
        shown: Energy at each place, by the pitch class it is found in, (PITCH_PLACES, 12).
        loudness: Weighted energy at each place, (PITCH_PLACES,).
        wanted: Weighted energy that the sound is to keep.
    """

    shown: Doubles
    loudness: Doubles
    wanted: float

    def chromas(self, gains_db: Doubles) -> Doubles:
        """Return what its chroma would be after `emphasise`, for some gains.

        Args:
            gains_db: Of each pitch class from A up, (trials, 12).

        Returns:
            Energies from A up, (trials, 12), in units of `engine.features.descriptors.chroma`.
        """
        gains = 10 ** (gains_db @ _shapes() / 10)
        chromas: Doubles = gains @ self.shown * (self.wanted / (gains @ self.loudness + NO_ENERGY))[:, None]
        return chromas


def fine_spectrum(mono: Floats) -> Doubles:
    """Return the energy of samples (samples,) at frequencies FINENESS to a bin of a chroma, in its units, (ROWS,)."""
    size = fft.next_fast_len(2 * len(mono), real=True)
    power = np.abs(fft.rfft(mono.astype(np.float64), size)) ** 2 * 8 / (CHROMA_WINDOW * size)
    rows = np.round(np.arange(len(power)) * (CHROMA_WINDOW * FINENESS / size)).astype(int)
    spectrum: Doubles = np.bincount(rows, power, ROWS).astype(np.float64)
    return spectrum


def foresee(spectrum: Doubles, semitones: int) -> Prospect:
    """Return a sound as it would be after `transpose`, from its `fine_spectrum`."""
    found = (_sorting(semitones) @ spectrum).reshape(PITCH_PLACES, 13)
    return Prospect(found[:, :12], found[:, 12], float(spectrum @ _weights()))


def foresee_warmth(spectrum: Doubles, semitones: int) -> float:
    """Return the warmth of a sound in dB, as it would be after `transpose`, from its `fine_spectrum`."""
    hz = np.arange(ROWS) * (BIN_HZ / FINENESS) * 2.0 ** (semitones / 12)
    low, high = WARM_HZ
    heard = (hz >= low) & (hz < SAMPLE_RATE / 2)
    share = spectrum[heard & (hz < high)].sum() / (spectrum[heard].sum() + NO_ENERGY)
    return float(10 * np.log10(share + 1e-6))


@lru_cache(32)
def _sorting(semitones: int) -> csr_matrix:
    """Return what sorts a fine spectrum by place, and there by pitch class and weight, (PITCH_PLACES * 13, ROWS)."""
    speed = 2.0 ** (semitones / 12)
    rows = np.arange(ROWS)
    played = np.round(rows * speed).astype(int)
    heard = played < ROWS
    leaks, places = _leaks()
    columns = np.hstack([leaks, _weights()[:, None]])[played[heard]] / speed
    at = places[played[heard]][:, None] * 13 + np.arange(13)
    shape = (PITCH_PLACES * 13, ROWS)
    sorting = csr_matrix((columns.ravel(), (at.ravel(), np.repeat(rows[heard], 13))), shape)
    sorting.eliminate_zeros()
    return sorting


@lru_cache
def _weights() -> Doubles:
    """Return the weight of each row of a fine spectrum in loudness, (ROWS,)."""
    return weighting_gain(np.arange(ROWS, dtype=np.float64) * (BIN_HZ / FINENESS))


@lru_cache
def _shapes() -> Doubles:
    """Return how far the gain of each pitch class reaches at each place, (12, PITCH_PLACES): triangles."""
    apart = np.abs(np.arange(12)[:, None] - np.arange(OCTAVE_STEPS) * 12 / OCTAVE_STEPS)
    shapes: Doubles = np.pad(np.maximum(0.0, 1 - np.minimum(apart, 12 - apart)), ((0, 0), (0, 1)))
    return shapes


@lru_cache
def _leaks() -> tuple[Doubles, Places]:
    """Return for the rows of a fine spectrum their share in each pitch class (ROWS, 12), and their place (ROWS,).

    A Hann window shows a sine d bins away as sinc(d) / (1 - d²) (Harris 1978).
    """
    hz = frequencies(CHROMA_WINDOW)
    used = np.flatnonzero((hz > CHROMA_HZ[0]) & (hz < CHROMA_HZ[1]))
    classes = np.round(12 * np.log2(hz[used] / TUNING_HZ)).astype(int) % 12
    at = np.arange(ROWS) / FINENESS
    leaks = np.zeros((ROWS, 12))
    for offset in range(-LEAK_BINS, LEAK_BINS + 1):
        seen = np.round(at).astype(int) + offset
        inside = (seen >= used[0]) & (seen <= used[-1])
        away = (at - seen)[inside] + 1e-9
        leaks[inside, classes[seen[inside] - used[0]]] += (np.sinc(away) / (1 - away**2)) ** 2
    places = (
        np.round(OCTAVE_STEPS * np.log2(np.maximum(at * BIN_HZ, DEEPEST_HZ) / TUNING_HZ)).astype(np.int64)
        % OCTAVE_STEPS
    )
    return leaks, np.where(at * BIN_HZ < np.mean(PITCHED_HZ), places, OCTAVE_STEPS)
