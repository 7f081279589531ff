"""A sound that swings around zero: what stands still, or drifts more slowly than anybody can hear, is taken out."""

import math
from collections.abc import Iterable, Iterator

import numpy as np
import scipy  # its parts are loaded where they are used: scipy.signal takes more than half a second
from numpy.typing import NDArray

from engine.units import SAMPLE_RATE

CORNER_HZ = 3.0  # -3 dB here, -0.1 dB at 20 Hz; an offset is gone after a quarter of a second


def remove_dc_offset(blocks: Iterable[NDArray[np.float32]]) -> Iterator[NDArray[np.float32]]:
    """Send a sound at SAMPLE_RATE through a high-pass of the first order.

    Args:
        blocks: Shape (samples, channels) each.

    Yields:
        As many blocks of the same shapes.
    """
    pole = math.exp(-2.0 * math.pi * CORNER_HZ / SAMPLE_RATE)
    gain = (1.0 + pole) / 2.0  # 1 at half the sample rate
    state = None
    for block in blocks:
        if state is None:
            state = np.zeros((1, block.shape[1]))
        passed, state = scipy.signal.lfilter([gain, -gain], [1.0, -pole], block.astype(np.float64), axis=0, zi=state)
        yield passed.astype(np.float32)
