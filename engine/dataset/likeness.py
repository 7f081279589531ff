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
ALIKE = 0.9  # correlation, with each frequency counting by the root of its strength: may be a copy


@dataclass(frozen=True)
class Likeness:
    """How alike two sounds are.

    Attributes:
        sure: Whether they are one sound.
        correlation: At the best offset, 0 to 1, with each frequency counting by the root of its strength.
    """

    sure: bool
    correlation: float

    @property
    def may_be_same(self) -> bool:
        """Whether nobody can exclude that they are one sound."""
        return self.sure or self.correlation >= ALIKE


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
    sure = agree and waveform.max() >= SURE_WAVEFORM and there >= SAME_LAG * waveform.max()
    return Likeness(bool(sure), float(rooted.max()))


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
