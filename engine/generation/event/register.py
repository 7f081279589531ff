"""Higher or lower events: made from a recording of another note, and played as much faster or slower as is left.

An event moves by whole semitones, so what was in tune with others is so still. It is brought home to what it would be:
its timbre as far as another note can have it, its level as it comes and goes, its loudness.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from engine.features.fundamental import Note
from engine.generation.sliders.bank import Bank
from engine.generation.walk.walking import Guide
from engine.latent.chart import NAMES, Chart
from engine.sliders import REGISTER

Floats = NDArray[np.float32]
Doubles = NDArray[np.float64]

SEMITONES = 12
SEMITONE_SPANS = 0.15  # of the corpus's span of a descriptor, on average, that a semitone of transposing costs
FARTHEST = 12.0  # semitones that a recording is transposed by, where there is a nearer one or not
UNKNOWN = 1.0  # spans: how different a clip is taken to be of which nothing was measured


class Elsewhere(NamedTuple):
    """The source of an event that is to be higher or lower.

    Attributes:
        clip: Index of the clip.
        semitones: By which it is transposed.
        note: That it is to have.
    """

    clip: int
    semitones: float
    note: Note


def find_elsewhere(guide: Guide, bank: Bank, clip: int, seconds: float) -> Elsewhere | None:
    """Return the source of an event that is moved; None where it stays as it is, or has no clear pitch.

    Args:
        guide: Of the sound space.
        bank: The sliders.
        clip: That the event would begin from.
        seconds: When it begins.
    """
    drive, notes = bank.drive(REGISTER, seconds), guide.notes
    if not drive or notes.reach is None or not notes.is_pitched(clip):
        return None
    own = float(notes.octaves[clip])
    steps = round(SEMITONES * notes.reach.move(own, drive))
    if steps == 0:
        return None
    wanted = own + steps / SEMITONES
    away = SEMITONES * (wanted - notes.octaves)
    price = SEMITONE_SPANS * np.abs(away) + _unlikeness(guide.space.chart, guide.values, clip)
    price[np.isnan(price)] = np.inf
    best = int(np.argmin(price))
    semitones = float(np.clip(away[best], -FARTHEST, FARTHEST))
    return Elsewhere(best, semitones, Note(2.0 ** float(notes.octaves[best] + semitones / SEMITONES), 1.0))


def _unlikeness(chart: Chart, values: Floats, clip: int) -> Doubles:
    """Return how different each clip is from one in all that register leaves as it is, in spans, (clips,)."""
    spans = np.array([chart.reach(name).span for name in NAMES])
    apart = np.abs(values - values[clip]) / spans
    return np.nan_to_num(apart.astype(np.float64), nan=UNKNOWN).mean(1)
