"""Register, low to high: the mean fundamental of sounds that have one.

It is measured on events by themselves. `engine.generation.event.register` makes an event from another note.
"""

from collections.abc import Iterable
from typing import TYPE_CHECKING

import numpy as np

from engine.properties.property import Property

if TYPE_CHECKING:
    from engine.features.fundamental import Note  # it needs a part of SciPy that takes long to load


def measure_register(notes: Iterable[tuple["Note", float]]) -> float:
    """Return the mean fundamental of some sounds in octaves, log2 of Hz; 0 where none has one.

    Args:
        notes: Of each sound, and its energy: what is louder and clearer counts for more.
    """
    heard = [(np.log2(note.hz), note.clearness * energy) for note, energy in notes if note.hz > 0]
    total = sum(weight for _, weight in heard)
    return float(sum(octaves * weight for octaves, weight in heard) / total) if total > 0 else 0.0


PROPERTY = Property()
