"""The silence around a sound taken away."""

import numpy as np
from numpy.typing import NDArray

from engine.errors import ShapeError
from engine.units import SAMPLE_RATE, db_to_amplitude

GATE_DB = -60.0  # of the peak: what is softer at either end is silence
BEFORE_SECONDS = 0.002  # kept in front of the first sound, so that its attack is whole
AFTER_SECONDS = 0.02


def trim(samples: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return a sound (samples, channels) without silence at its ends; digital silence becomes empty.

    Raises:
        ShapeError: there are not two axes.
    """
    if samples.ndim != 2:
        raise ShapeError(f"a sound has the shape (samples, channels), not {samples.shape}")
    level = np.abs(samples).max(axis=1, initial=0.0)
    heard = np.flatnonzero(level > max(level.max(initial=0.0) * db_to_amplitude(GATE_DB), 0.0))
    if not len(heard):
        return samples[:0]
    first = max(0, int(heard[0]) - round(BEFORE_SECONDS * SAMPLE_RATE))
    return samples[first : int(heard[-1]) + 1 + round(AFTER_SECONDS * SAMPLE_RATE)]
