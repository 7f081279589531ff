"""A filter of finite length for a sound that comes in blocks."""

import numpy as np
import scipy  # its parts are loaded where they are used: scipy.signal takes more than half a second
from numpy.typing import NDArray

from engine.errors import ShapeError

Floats = NDArray[np.float32]


class BlockConvolver:
    """Filters consecutive blocks of one sound; what sounds on after a block is added to the next.

    Args:
        responses: One impulse response for each channel, shape (taps, channels).
    """

    def __init__(self, responses: Floats) -> None:
        if responses.ndim != 2 or not len(responses):
            raise ShapeError(f"responses have the shape (taps, channels), these {responses.shape}")
        self._responses = responses
        self._later = np.zeros((len(responses) - 1, responses.shape[1]), np.float32)

    def process(self, block: Floats) -> Floats:
        """Take a block (samples, channels), return as many filtered samples.

        Raises:
            ShapeError: the block has other axes or another number of channels.
        """
        if block.ndim != 2 or block.shape[1] != self._responses.shape[1]:
            raise ShapeError(f"a block has the shape (samples, {self._responses.shape[1]}), this one {block.shape}")
        if not len(block):
            return block
        filtered = scipy.signal.oaconvolve(block, self._responses, axes=0)
        filtered[: len(self._later)] += self._later
        self._later = filtered[len(block) :]
        return np.asarray(filtered[: len(block)], np.float32)
