"""The bins of the frame in which models hear, by frequency."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from engine.units import BINS, N_FFT, SAMPLE_RATE

Floats = NDArray[np.float32]

BIN_HZ = SAMPLE_RATE / N_FFT
HZ = np.arange(BINS, dtype=np.float64) * BIN_HZ  # of each bin
SMALL = 1e-9  # of a magnitude: keeps roots and quotients finite


class Frames(NamedTuple):
    """The spectra of a sound, for measures that are asked again and again.

    Attributes:
        magnitude: Shape (frames, bins).
        power: Its square.
        heard: 1 for each frame that is heard beside the loudest, else 0, (frames,).
    """

    magnitude: Floats
    power: Floats
    heard: Floats


def band(low_hz: float, high_hz: float = SAMPLE_RATE) -> slice:
    """Return the bins whose frequency is above `low_hz` and below `high_hz`."""
    return slice(int(low_hz / BIN_HZ) + 1, min(BINS, int(high_hz / BIN_HZ) + 1))
