"""Harmony between events: each is fitted to those before, so that together they are as tense as asked.

`tension` steers harmony: an event is transposed, and its pitch classes are brought out or evened.

Events are taken in the order of time. What has sounded is remembered as two chromas, with and without what was done;
the second says how tense the output would have been.
"""

import numpy as np
from numpy.typing import NDArray

from engine.audio.ends import fade_ends
from engine.features.descriptors import chroma, chroma_to_tension
from engine.generation.event.loudness import match_energy, weighted_energy
from engine.generation.sliders.looking import MOTION, ROUGH, WARM, look_at
from engine.generation.sliders.shaping import Wanted, shape
from engine.properties.emphasis import emphasise, transpose
from engine.properties.property import Reach
from engine.properties.prospect import fine_spectrum, foresee, foresee_warmth

Floats = NDArray[np.float32]
Doubles = NDArray[np.float64]

TRANSPOSITIONS = range(-6, 7)  # semitones
SEMITONE_TENSION = 0.01  # of the corpus's span of tension, that a semitone must gain
MEMORY = 0.85  # of what sounded before that is remembered from event to event
STRENGTHS = np.array([0.1, 0.2, 0.35, 0.5, 0.75, 1.0, 1.5, 2.0, 3.0, 4.5, 7.0, 12.0])
POWERS = np.concatenate([[0.0], STRENGTHS, -STRENGTHS])  # of a pitch class's share: below 0 classes are evened
WARMTH_PRICE = 1.0  # of the span of tension, for a span of warmth that transposing alone would move
WARMTH_KEPT = 0.1  # of the corpus's span of warmth, that costs nothing
DECIBEL_PRICE = 0.002  # of the corpus's span of tension, that a decibel must gain
EMPHASIS_DB = 24.0  # largest boost or cut of a pitch class against the strongest
NEGLIGIBLE_TENSION = 0.02  # of the corpus's span: not worth a change
NOT_HELD = [ROUGH, MOTION]  # what is not held: beating would blur pitch, and a filter that stays the same moves nothing
LOST = 0.15  # of the corpus's span of tension: more of it is not given up for the timbre
NOISE_SEED = 0  # of what fills valleys where texture is held
SHORTEST_CHORD = 2_048  # a shorter sound has no pitch worth a chord


class Harmony:
    """Remembers what has sounded, and fits the next event to it."""

    def __init__(self, reach: Reach, spans: Floats) -> None:
        """Begin in silence.

        Args:
            reach: What is calm and tense in the corpus.
            spans: The corpus's range of each trait that is held, (5,).
        """
        self._reach, self._spans = reach, spans
        self._sounded = np.zeros(12)
        self._unchanged = np.zeros(12)

    def fit(
        self,
        sound: Floats,
        drive: float,
        expected: Doubles,
        hold: float,
        *,
        emphasis: float = 1.0,
        longest: int | None = None,
    ) -> Floats:
        """Return the next event as it goes with those before.

        Args:
            sound: Shape (samples, channels).
            drive: -LIMIT consonant to LIMIT dissonant.
            expected: Chroma that the event would have unsteered, (12,), as shares of its energy.
            hold: 0 to 1: how far what other sliders did to the tension is undone.
            emphasis: How far pitch classes are brought out or evened, 0 not at all to 1.
            longest: Samples after which it must have ended.
        """
        if len(sound) < SHORTEST_CHORD:
            return sound
        own = chroma(sound.mean(1).astype(np.float64))
        would = self._unchanged + (expected * own.sum() * hold + own * (1 - hold))
        base = float(chroma_to_tension(would))
        self._unchanged = MEMORY * would
        now = float(chroma_to_tension(self._sounded + own))
        wanted = base + self._reach.move(base, drive) if drive else now + hold * (base - now)
        changed = self.bring(sound, own, wanted, emphasis=emphasis, longest=longest)
        return sound if changed is None else changed

    def bring(
        self, sound: Floats, own: Doubles, wanted: float, *, emphasis: float = 1.0, longest: int | None = None
    ) -> Floats | None:
        """Return the next event so that with those before it is as tense as wanted; None where it is already.

        Args:
            sound: Shape (samples, channels).
            own: Its chroma, (12,).
            wanted: Tension, see `chroma_to_tension`.
            emphasis: How far pitch classes are brought out or evened, 0 not at all to 1.
            longest: Samples after which it must have ended, though it is played slower.
        """
        if abs(wanted - float(chroma_to_tension(self._sounded + own))) < NEGLIGIBLE_TENSION * self._reach.span:
            self.hear(own)
            return None
        semitones, gain_db = self._choose(sound, wanted, emphasis)
        turned = transpose(sound, semitones)
        if longest is not None and len(turned) > longest:
            turned = fade_ends(turned[:longest], seconds_in=0.0)
        if gain_db.any():
            kept = look_at(turned)[None]
            kept[:, NOT_HELD] = np.nan
            wanted_timbre = Wanted(kept, np.zeros(kept.shape), np.ones(1), np.array([len(sound) / 2]))
            plain_timbre = _between(turned, emphasise(turned, gain_db), emphasis)
            shaped = shape(plain_timbre, wanted_timbre, self._spans, NOISE_SEED).sound
            held = _between(plain_timbre, shaped, emphasis)
            lost = self._missing(held, wanted) - self._missing(plain_timbre, wanted)
            turned = plain_timbre if lost > LOST * self._reach.span else held
        turned = match_energy(turned, weighted_energy(sound))
        self._sounded = MEMORY * (self._sounded + chroma(turned.mean(1).astype(np.float64)))
        return turned

    def _missing(self, sound: Floats, wanted: float) -> float:
        """Return how far from a wanted tension a sound would be with those before it."""
        own = chroma(sound.mean(1).astype(np.float64))
        return abs(float(chroma_to_tension(self._sounded + own)) - wanted)

    def hear(self, own: Doubles) -> None:
        """Remember an event of some chroma (12,) that stays as it is."""
        self._sounded = MEMORY * (self._sounded + own)

    def _choose(self, sound: Floats, wanted: float, emphasis: float) -> tuple[int, Doubles]:
        """Return the transposition in semitones, and the gain of each pitch class (12,) in dB, that fit an event best.

        The first event is not transposed.
        """
        spectrum = fine_spectrum(sound.mean(1))
        warmth = foresee_warmth(spectrum, 0)
        best, least = (0, np.zeros(12)), float("inf")
        for semitones in TRANSPOSITIONS if self._sounded.any() else (0,):
            prospect = foresee(spectrum, semitones)
            together = self._sounded + prospect.chromas(np.zeros((1, 12)))[0]
            share_db = 10 * np.log10(together / (together.max() + 1e-12) + 1e-6)
            gains_db = emphasis * np.clip(POWERS[:, None] * share_db, -EMPHASIS_DB, EMPHASIS_DB)
            emphasised = prospect.chromas(gains_db)
            missing = np.abs(chroma_to_tension(self._sounded + emphasised) - wanted) / self._reach.span
            price = missing + SEMITONE_TENSION * abs(semitones) + DECIBEL_PRICE * np.abs(gains_db).mean(1)
            if emphasis < 1.0:
                moved = abs(foresee_warmth(spectrum, semitones) - warmth) / self._spans[WARM]
                price += (1.0 - emphasis) * WARMTH_PRICE * max(0.0, float(moved) - WARMTH_KEPT)
            if price.min() < least:
                best, least = (semitones, gains_db[np.argmin(price)]), float(price.min())
        return best


def _between(sound: Floats, other: Floats, share: float) -> Floats:
    """Return a sound between two alike ones (samples, channels): the first at 0, the other at 1."""
    return np.float32(share) * other + np.float32(1.0 - share) * sound
