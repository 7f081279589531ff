"""How high a sound reaches: peak, DC offset and clipping, block by block."""

import numpy as np
from numpy.typing import NDArray

from engine.errors import ShapeError
from engine.units import amplitude_to_db

FULL_SCALE = 0.99  # flat at or above this is clipped
FLAT_SAMPLES = 3  # equal samples in a row that make a flat top
CORNER = 5e-4  # of the level: the jump that leads into a clipped top; the crest of a wave is rounder
CORNER_STEPS = 2.5  # and more than rounding to the file's steps makes


class LevelMeter:
    """Collects the levels of one sound from its blocks, at the sample rate of its file.

    A flat top is a run of equal samples at full scale or at the sound's own highest level, entered or left with a
    corner. What was clipped and then resampled, or coded as MP3, has none and is not found.

    Args:
        step: Smallest difference between two sample values of the file.
    """

    def __init__(self, step: float = 2.0**-15) -> None:
        self.peak = 0.0
        self._step = step
        self._sum = 0.0
        self._values = 0
        self._flat_tops: dict[float, int] = {}

    def update(self, block: NDArray[np.float32]) -> None:
        """Take the next block, shape (samples, channels).

        Raises:
            ShapeError: the block does not have two axes.
        """
        if block.ndim != 2:
            raise ShapeError(f"a block has the axes (samples, channels), this one has {block.ndim}")
        if not block.size:
            return
        self.peak = max(self.peak, float(np.abs(block).max()))
        self._sum += float(block.sum(dtype=np.float64))
        self._values += block.size
        for channel in block.T:
            for level, length in flat_tops(channel, 0.98 * self.peak, self._step):
                self._flat_tops[level] = self._flat_tops.get(level, 0) + length

    @property
    def peak_db(self) -> float:
        """Return the highest sample in dB relative to full scale."""
        return amplitude_to_db(self.peak)

    @property
    def dc_offset(self) -> float:
        """Return the mean of all samples."""
        return self._sum / max(1, self._values)

    @property
    def clipped_share(self) -> float:
        """Return the share of samples in flat tops, 0 to 1."""
        threshold = min(FULL_SCALE, 0.999 * self.peak)
        return sum(length for level, length in self._flat_tops.items() if level >= threshold) / max(1, self._values)


def flat_tops(samples: NDArray[np.float32], threshold: float, step: float) -> list[tuple[float, int]]:
    """Return level and length in samples of each flat top in one channel.

    Args:
        samples: Shape (samples,).
        threshold: Lowest level that counts, above 0.
        step: Smallest difference between two sample values.
    """
    high = np.abs(samples) >= max(threshold, 1e-6)
    same = np.concatenate([[False], (samples[1:] == samples[:-1]) & high[1:], [False]])
    edges = np.flatnonzero(same[1:] != same[:-1])
    starts, ends = edges[0::2], edges[1::2]  # the run is samples[start : end + 1]
    long = ends - starts + 1 >= FLAT_SAMPLES
    starts, ends = starts[long], ends[long]
    levels = np.abs(samples[starts])
    padded = np.pad(samples, 1, mode="edge")
    jumps = np.maximum(np.abs(padded[starts] - samples[starts]), np.abs(padded[ends + 2] - samples[starts]))
    cornered = jumps > np.maximum(CORNER * levels, CORNER_STEPS * step)
    return list(zip(levels[cornered].tolist(), (ends - starts + 1)[cornered].tolist(), strict=True))
