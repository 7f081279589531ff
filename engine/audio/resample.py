"""Any number of channels to mono or stereo, any sample rate to any other, block by block."""

import numpy as np
import soxr
from numpy.typing import NDArray

from engine.units import SAMPLE_RATE

SIDE_GAIN = 0.5**0.5  # of centre and surround in a stereo mix of 5.1, as ITU-R BS.775 has it
FRONT_FIRST = (0, 1, 2, 3, 4, 5)  # L R C LFE Ls Rs, the order of WAV and FLAC
OGG_ORDER = (0, 2, 1, 5, 3, 4)  # where the same channels stand in Vorbis and Opus


def mix_to_stereo(samples: NDArray[np.float32], container: str = "WAV") -> NDArray[np.float32]:
    """Mix more than two channels down to two; mono and stereo pass unchanged.

    Six channels are taken as 5.1 and mixed as ITU-R BS.775 says: the low-frequency effects channel is left out, and
    the whole is scaled so that it cannot exceed full scale. Any other number is taken as alternating left and right
    microphones: channels 1, 3, 5 … are averaged to the left, 2, 4, 6 … to the right.

    Args:
        samples: Shape (samples, channels).
        container: The file format, "OGG" having another order of channels.

    Returns:
        Shape (samples, 1 or 2).
    """
    channels = samples.shape[1]
    if channels <= 2:
        return samples
    if channels != 6:
        return np.stack([samples[:, 0::2].mean(1), samples[:, 1::2].mean(1)], axis=1)
    left, right, centre, _, left_side, right_side = samples.T[list(OGG_ORDER if container == "OGG" else FRONT_FIRST)]
    mixed = np.stack([left + SIDE_GAIN * (centre + left_side), right + SIDE_GAIN * (centre + right_side)], axis=1)
    return np.asarray(mixed / (1 + 2 * SIDE_GAIN), np.float32)


class Resampler:
    """Brings consecutive blocks of one sound to another sample rate, in constant memory and without seams.

    What comes out of all blocks and the flush has exactly round(samples * to_rate / sample_rate) samples, and is
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
