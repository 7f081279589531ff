"""How well a slider leaves notes alone: each event's note with the slider moved, held against the one without it."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np

from engine.features.fundamental import Note
from engine.generation.event.holding import SAME_CENTS

STILL_CLEAR = 0.7  # clearness from which the note of a moved event is judged: what has become noise has none


class Kept(NamedTuple):
    """How many events of clear pitch keep it.

    Attributes:
        judged: Events that have a clear pitch without the slider, and still one with it.
        kept: Those among them whose pitch stays within half a semitone.
    """

    judged: int
    kept: int

    @property
    def share(self) -> float | None:
        """Return the share that is kept; None where nothing could be judged."""
        return self.kept / self.judged if self.judged else None


def count_kept(outputs: Iterable[tuple[Sequence[Note], Sequence[Note]]]) -> Kept:
    """Count the events that keep their notes.

    Args:
        outputs: Of each the notes of its events without the slider, and with it, in the same order.
    """
    pairs = [
        (plain.hz, moved.hz)
        for without, moved_notes in outputs
        if len(without) == len(moved_notes)
        for plain, moved in zip(without, moved_notes, strict=True)
        if plain.is_clear and moved.clearness >= STILL_CLEAR
    ]
    kept = sum(abs(1200 * np.log2(moved / plain)) < SAME_CENTS for plain, moved in pairs)
    return Kept(len(pairs), int(kept))
