"""Whether two recordings are one sound: their waveforms, without what different sounds have in common.

Two takes of one place share a hum, an offset and a colour, and correlate. So each frequency counts the same here: what
recordings share by chance lies in few frequencies, and a copy is a copy at all of them.
"""

from dataclasses import dataclass

import numpy as np
import scipy  # its parts are loaded where they are used: scipy.fft takes a while
from numpy.typing import NDArray

from engine.units import SAMPLE_RATE

LOW_HZ, HIGH_HZ = 60.0, 10_000.0  # below lie offset and rumble, above what coders leave out
FLOOR_DB = -130.0  # below the strongest frequency lie rounding and the window's own shape
SURE_PHASES = 0.12  # phases that agree; an MP3 of 64 kbit/s keeps 0.2, other sounds reach 0.04
SURE_BY_CHANCE = 4.0  # times the agreement that chance reaches, which is more in short sounds
SURE_WAVEFORM = 0.7  # and a correlation, which coded noise of a drum keeps
SAME_LAG = 0.9  # of the best correlation, where the phases agree: equal tones at another phase have less
LEVEL_SECONDS = 0.1  # in which levels are compared
LEVEL_RANGE_DB = 35.0  # below the loudest moment, where coders and rounding leave levels as they are
STEADY_DB = 3.0  # nine in ten moments of a copy are louder by the same within this; of a hit with another decay 8
ALIKE = 0.9  # correlation, with each frequency counting by the root of its strength: may be a copy


@dataclass(frozen=True)
class Likeness:
    """How alike two sounds are.

    Attributes:
        sure: Whether they are one sound.
        correlation: At the best offset, 0 to 1, with each frequency counting by the root of its strength.
        steady: Whether one is louder than the other by the same throughout: a softer hit of a synthesiser is not.
    """

    sure: bool
    correlation: float
    steady: bool = True

    @property
    def may_be_same(self) -> bool:
        """Whether nobody can exclude that they are one sound."""
        return self.sure or (self.steady and self.correlation >= ALIKE)


def compare_sounds(one: NDArray[np.float32], other: NDArray[np.float32]) -> Likeness:
    """Compare two sounds (samples,) at SAMPLE_RATE at all offsets; level, polarity and DC make no difference."""
    longest = max(len(one), len(other))
    if not min(len(one), len(other)):
        return Likeness(sure=False, correlation=0.0)
    size = scipy.fft.next_fast_len(2 * longest, real=True)
    first, second = _spectrum(one, size), _spectrum(other, size)
    cross = first * np.conj(second)
    strength = np.abs(cross)
    frequencies = np.arange(len(cross)) * SAMPLE_RATE / size
    heard = (frequencies >= LOW_HZ) & (frequencies < HIGH_HZ)
    if not strength[heard].any():
        return Likeness(sure=False, correlation=0.0)
    cross = np.where(heard, cross, 0.0)
    floor = strength[heard].max() * 10.0 ** (FLOOR_DB / 10.0)
    phases = np.abs(_correlate(cross / (strength + floor), size)) / (heard.sum() / size * 2)
    waveform = np.abs(_correlate(cross, size)) / _scale(first, second, heard, size)
    roots = np.abs(_correlate(cross / np.sqrt(strength + floor), size))
    rooted = roots / _scale(np.sqrt(np.abs(first)), np.sqrt(np.abs(second)), heard, size)
    lag = int(phases.argmax())
    there = waveform[np.arange(lag - 1, lag + 2) % size].max()
    by_chance = SURE_BY_CHANCE * np.sqrt(2.0 * np.log(size) / max(1, heard.sum() // 2))
    agree = phases[lag] >= max(SURE_PHASES, by_chance)
    same = agree and waveform.max() >= SURE_WAVEFORM and there >= SAME_LAG * waveform.max()
    steady = is_steady(one, other, lag if lag < size // 2 else lag - size)
    return Likeness(bool(same and steady), float(rooted.max()), steady)


def is_steady(one: NDArray[np.float32], other: NDArray[np.float32], lag: int) -> bool:
    """Return whether a sound is louder than another by the same throughout.

    Args:
        one: Shape (samples,).
        other: Shape (samples,).
        lag: Sample of the first at which the second begins; negative where it begins before.
    """
    length = round(LEVEL_SECONDS * SAMPLE_RATE)
    aligned = [sound[first:] for sound, first in ((one, max(0, lag)), (other, max(0, -lag)))]
    count = min(map(len, aligned)) // length
    if count < 2:
        return True
    moments = [sound[: count * length].reshape(count, length).astype(np.float64) for sound in aligned]
    levels = np.stack([20.0 * np.log10(part.std(axis=1) + 1e-12) for part in moments])
    heard = (levels > levels.max(axis=1, keepdims=True) - LEVEL_RANGE_DB).all(axis=0)
    louder = np.diff(levels[:, heard], axis=0)[0]
    return bool(not louder.size or np.percentile(np.abs(louder - np.median(louder)), 90) <= STEADY_DB)


def _spectrum(sound: NDArray[np.float32], size: int) -> NDArray[np.complex128]:
    """Return the spectrum of a sound without its mean, softened at both ends."""
    centred = (sound - sound.mean(dtype=np.float64)) * np.hanning(len(sound))
    return np.asarray(scipy.fft.rfft(centred, size))


def _correlate(cross: NDArray[np.complex128], size: int) -> NDArray[np.float64]:
    return np.asarray(scipy.fft.irfft(cross, size))


def _scale(first: NDArray[np.number], second: NDArray[np.number], heard: NDArray[np.bool_], size: int) -> float:
    """Return the correlation that two equal spectra would have."""
    powers = (np.square(np.abs(one[heard])).sum() for one in (first, second))
    return float(np.sqrt(np.prod(list(powers)))) * 2 / size + 1e-30
