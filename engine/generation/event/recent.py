"""The sounds that a model made last: who explores hears the same events again, in other places and other company."""

from collections import OrderedDict
from collections.abc import Hashable
from threading import Lock
from typing import Generic, Protocol, TypeVar

import numpy as np
from numpy.typing import NDArray

from engine.units import SAMPLE_RATE

MOST_VALUES = 40 * SAMPLE_RATE  # samples times channels that are kept, 8 MB


class Sounding(Protocol):
    """Anything that has samples."""

    @property
    def samples(self) -> NDArray[np.float32]:
        """Return the samples, which nobody changes."""


Kept = TypeVar("Kept", bound=Sounding)


class Recent(Generic[Kept]):
    """Keeps sounds for several threads, and forgets those first that were asked for longest ago."""

    def __init__(self, most_values: int = MOST_VALUES) -> None:
        """Keep nothing yet, and never more than so many samples times channels."""
        self._most = most_values
        self._values = 0
        self._kept: OrderedDict[Hashable, Kept] = OrderedDict()
        self._lock = Lock()

    def find(self, key: Hashable) -> Kept | None:
        """Return what is kept under a key, None where nothing is."""
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
            return self._kept.get(key)

    def keep(self, key: Hashable, sound: Kept) -> None:
        """Keep a sound under a key."""
        with self._lock:
            if key not in self._kept:
                self._kept[key] = sound
                self._values += sound.samples.size
            while self._values > self._most:
                self._values -= self._kept.popitem(last=False)[1].samples.size
