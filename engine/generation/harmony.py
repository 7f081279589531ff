"""Harmony between events: each is fitted to those before, so that together they are as tense as asked.

What `tension` steers: an event is transposed, and its pitch classes are brought out or evened.

Events are taken in the order of time. What has sounded is remembered as two chromas, with and without what was done;
the second says how tense the output would have been.
"""

import numpy as np
import soxr
from numpy.typing import NDArray
from scipy import fft

from engine.features.descriptors import CHROMA_HZ, TUNING_HZ, chroma, chroma_to_tension
from engine.generation.bank import move
from engine.latent.chart import Reach
from engine.units import SAMPLE_RATE

Floats = NDArray[np.float32]
Doubles = NDArray[np.float64]

TRANSPOSITIONS = np.arange(-6, 7)  # semitones
SEMITONE_PRICE = 0.01  # of the corpus's span of tension, that a semitone must gain
MEMORY = 0.85  # of what sounded before that is remembered from event to event
EMPHASES = np.linspace(-3.0, 3.0, 61)  # powers of a pitch class's share: below 0 classes are evened
EMPHASIS_DB = 24.0  # largest boost or cut of a pitch class against the strongest
NEGLIGIBLE = 0.02  # of the corpus's span: not worth a change
SHORTEST_SAMPLES = 2_048  # a shorter sound has no pitch worth a chord


class Harmony:
    """Remembers what has sounded, and fits the next event to it."""

    def __init__(self, reach: Reach) -> None:
        """Begin in silence; `reach` says what is calm and tense in the corpus."""
        self._reach = reach
        self._sounded = np.zeros(12)
        self._unchanged = np.zeros(12)

    def fit(self, sound: Floats, drive: float, expected: Doubles, hold: float, *, plain: bool = False) -> Floats:
        """Return the next event as it goes with those before.

        Args:
            sound: Shape (samples, channels).
            drive: -LIMIT consonant to LIMIT dissonant.
            expected: Chroma that the event would have unsteered, (12,), as shares of its energy.
            hold: 0 to 1: how far what other sliders did to the tension is undone.
            plain: Whether the event is only transposed.
        """
        if len(sound) < SHORTEST_SAMPLES:
            return sound
        own = chroma(sound.mean(1).astype(np.float64))
        would = self._unchanged + (expected * own.sum() * hold + own * (1 - hold))
        base = float(chroma_to_tension(would))
        self._unchanged = MEMORY * would
        now = float(chroma_to_tension(self._sounded + own))
        wanted = base + move(self._reach, base, drive) if drive else now + hold * (base - now)
        return self.bring(sound, own, wanted, plain=plain)

    def bring(self, sound: Floats, own: Doubles, wanted: float, *, plain: bool = False) -> Floats:
        """Return the next event so that with those before it is as tense as wanted.

        Args:
            sound: Shape (samples, channels).
            own: Its chroma, (12,).
            wanted: Tension, see `chroma_to_tension`.
            plain: Whether the event is only transposed.
        """
        if abs(wanted - float(chroma_to_tension(self._sounded + own))) < NEGLIGIBLE * self._reach.span:
            self.hear(own)
            return sound
        semitones = self._transposition(own, wanted)
        turned = np.roll(own, semitones)
        gain_db = np.zeros(12) if plain else self._emphasis(turned, wanted)
        self._sounded = MEMORY * (self._sounded + turned * 10 ** (gain_db / 10))
        return emphasise(transpose(sound, semitones), gain_db)

    def hear(self, own: Doubles) -> None:
        """Remember an event of some chroma (12,) that stays as it is."""
        self._sounded = MEMORY * (self._sounded + own)

    def _transposition(self, own: Doubles, wanted: float) -> int:
        """Return by how many semitones the event goes best with the others; the first stays where it is."""
        if not self._sounded.any():
            return 0
        together = self._sounded + np.stack([np.roll(own, semitones) for semitones in TRANSPOSITIONS])
        distance = np.abs(chroma_to_tension(together) - wanted) / self._reach.span
        return int(TRANSPOSITIONS[np.argmin(distance + SEMITONE_PRICE * np.abs(TRANSPOSITIONS))])

    def _emphasis(self, own: Doubles, wanted: float) -> Doubles:
        """Return the gain of each pitch class that brings the event as near as it can, (12,), dB."""
        share = (self._sounded + own) / ((self._sounded + own).max() + 1e-12)
        gains_db = np.clip(EMPHASES[:, None] * 10 * np.log10(share + 1e-6), -EMPHASIS_DB, EMPHASIS_DB)
        tensions = chroma_to_tension(self._sounded + own * 10 ** (gains_db / 10))
        distance = np.abs(tensions - wanted) / self._reach.span
        gain_db: Doubles = gains_db[np.argmin(distance + SEMITONE_PRICE * np.abs(EMPHASES))]
        return gain_db


def transpose(sound: Floats, semitones: int) -> Floats:
    """Return a sound (samples, channels) played faster or slower, as a sampler does."""
    if semitones == 0:
        return sound
    return np.asarray(soxr.resample(sound, 2.0 ** (semitones / 12), 1.0, quality="HQ"), np.float32)


def emphasise(sound: Floats, gain_db: Doubles) -> Floats:
    """Return a sound with another weight of its pitch classes, at the energy that it has.

    The filter has minimum phase: what rings does so after the sound, not before it.

    Args:
        sound: Shape (samples, channels).
        gain_db: Of each pitch class from A up, (12,).
    """
    if not gain_db.any():
        return sound
    size = fft.next_fast_len(2 * len(sound), real=True)
    hz = np.maximum(np.arange(size // 2 + 1) * SAMPLE_RATE / size, 1.0)
    pitch = 12 * np.log2(hz / TUNING_HZ)
    gain = np.interp(pitch % 12, np.arange(13), np.append(gain_db, gain_db[0])) * np.log(10) / 20
    gain[(hz < CHROMA_HZ[0]) | (hz > CHROMA_HZ[1])] = 0.0
    spectrum = fft.rfft(sound, size, axis=0) * _minimum_phase(gain, size)[:, None]
    filtered = fft.irfft(spectrum, size, axis=0)[: len(sound)]
    kept = np.sqrt(((sound**2).mean() + 1e-12) / ((filtered**2).mean() + 1e-12))
    return (filtered * kept).astype(np.float32)


def _minimum_phase(gain: Doubles, size: int) -> NDArray[np.complex128]:
    """Return the minimum-phase response of a gain in neper (size // 2 + 1,), by folding its cepstrum.

    Oppenheim and Schafer, Digital Signal Processing (1975), section 10.5.
    """
    cepstrum = fft.irfft(gain, size)
    cepstrum[1 : (size + 1) // 2] *= 2.0
    cepstrum[size // 2 + 1 :] = 0.0
    response: NDArray[np.complex128] = np.exp(fft.rfft(cepstrum, size))
    return response
