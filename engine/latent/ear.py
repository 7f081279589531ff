"""How decoded timbre is heard once recordings sing it. Needs no network; `engine.generation.calibration` learns it."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.sliders import TIMBRE

Floats = NDArray[np.float32]


@dataclass(frozen=True)
class Ear:
    """A decoded timbre as it is heard once it is rendered: heard = decoded @ matrix + constant, each (…, 4)."""

    matrix: Floats
    constant: Floats

    def hear(self, decoded: Floats) -> Floats:
        """Return the timbre to be expected on rendered sound."""
        heard: Floats = decoded @ self.matrix + self.constant
        return heard


def plain_ear() -> Ear:
    """Return the ear that hears what was decoded."""
    return Ear(np.eye(len(TIMBRE), dtype=np.float32), np.zeros(len(TIMBRE), np.float32))
