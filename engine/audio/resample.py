"""Any sample rate to any other, block by block."""

import numpy as np
import soxr
from numpy.typing import NDArray

from engine.units import SAMPLE_RATE


class Resampler:
    """Brings consecutive blocks of one sound to another sample rate, in constant memory and without seams.

    All blocks and the flush together have exactly round(samples * to_rate / sample_rate) samples, and is
    the same to the bit however the sound was cut into blocks. Nothing changes where both rates are the same.

    Args:
        sample_rate: Of the sound that comes in, in Hz.
        channels: Of the sound.
        to_rate: Of the sound that goes out, in Hz.
    """

    def __init__(self, sample_rate: int, channels: int, to_rate: int = SAMPLE_RATE) -> None:
        self._sample_rate = sample_rate
        self._to_rate = to_rate
        self._channels = channels
        self._received = 0
        self._given = 0
        same = sample_rate == to_rate
        self._stream = None if same else soxr.ResampleStream(sample_rate, to_rate, channels, "float32", "VHQ")

    def process(self, block: NDArray[np.float32]) -> NDArray[np.float32]:
        """Take a block (samples, channels), return what is ready of the result; may be empty."""
        if self._stream is None:
            return block
        ready = self._stream.resample_chunk(np.ascontiguousarray(block, np.float32))
        self._received += len(block)
        self._given += len(ready)
        return np.asarray(ready, np.float32)

    def flush(self) -> NDArray[np.float32]:
        """Return the rest; the resampler is used up afterwards."""
        nothing = np.zeros((0, self._channels), np.float32)
        if self._stream is None:
            return nothing
        rest = self._stream.resample_chunk(nothing, last=True)
        missing = round(self._received * self._to_rate / self._sample_rate) - self._given
        padding = np.zeros((max(0, missing - len(rest)), self._channels), np.float32)
        return np.concatenate([rest[:missing], padding])
