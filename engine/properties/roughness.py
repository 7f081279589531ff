"""Roughness, smooth to rough: how strongly partials beat.

Events are made to beat, or their partials are softened (`beating`). Below 0 events are softened as well where they beat
with those that sound with them (`softening`).
"""

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from engine.features.descriptors import ROUGHNESS_WINDOW, frequencies, magnitude
from engine.features.roughness import roughness_of_frames
from engine.properties.property import Beside, Floats, Property, Request, Rules

if TYPE_CHECKING:
    from torch import Tensor

Doubles = NDArray[np.float64]

# Where it moves alone. Warmth is free: to hold it would undo what was softened. Harder beating spreads over the chroma:
# more of it is asked only where it hardly covers the corpus
RULES = Rules((0.0, 1.0, 1.0), (0.0, 1.0, 0.3), holds={"warmth": 0.0}, enough=0.6)


def roughness(samples: Doubles) -> float:
    """Return the roughness of Vassilakis (2001), energy-weighted mean of all frames, as a power of ten."""
    spectra = magnitude(samples, ROUGHNESS_WINDOW, ROUGHNESS_WINDOW // 2)
    values, weights = roughness_of_frames(spectra, frequencies(ROUGHNESS_WINDOW)), (spectra**2).sum(1)
    heard = values > 0
    if not heard.any():
        return -4.0
    return float(np.log10(np.average(values[heard], weights=weights[heard]) + 1e-4))


def soften(sound: Floats, seconds: float, request: Request, mix: Callable[[], Floats]) -> Floats:
    """Return the samples of an event, softened where they beat with all that sounds with it; above 0 as they are."""
    drive = request.drive(seconds)
    if drive >= 0:
        return sound
    from engine.properties.softening import soften_beside  # it needs torch, which measuring does not

    return soften_beside(sound, mix(), request.reach, drive)


def roughness_of_spectra(magnitude: "Tensor") -> "Tensor":
    """Return the roughness of magnitudes (..., frames, bins) that are heard, a power of ten, (...,)."""
    from engine.properties import beating_spectra  # it needs torch, which measuring does not

    return beating_spectra.roughness_of_spectra(magnitude)


PROPERTY = Property(
    measure=roughness,
    of_spectra=roughness_of_spectra,
    rules=RULES,
    beside=Beside(soften, ROUGHNESS_WINDOW // 2, ROUGHNESS_WINDOW),
)
