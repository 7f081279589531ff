"""How high a sound reaches: peak, DC offset and clipping, block by block."""

import numpy as np
from numpy.typing import NDArray

from engine.errors import ShapeError
from engine.units import SILENCE_DB, amplitude_to_db, db_to_amplitude

FULL_SCALE = 0.99  # flat at or above this is clipped
FLAT_SAMPLES = 3  # equal samples in a row that make a flat top
CORNER = 5e-4  # of the level: the jump that leads into a clipped top; the crest of a wave is rounder
CORNER_STEPS = 2.5  # and more than rounding to the file's steps makes
STEP_16_BIT = 2.0**-15
PIECE = 2**20  # samples of a long sound that are looked at together
SILENT_SIDE = 1e-3  # of the other side: what crosses over, and the noise of an open input


class LevelMeter:
    """Collects the levels of one sound from its blocks, at the sample rate of its file.

    A flat top is a run of equal samples at full scale or at the sound's own highest level, entered or left with a
    corner. What was clipped and then resampled, or coded as MP3, has none and is not found.

    Args:
        step: Smallest difference between two sample values of the file.
        shows_clipping: Whether flat tops can be told from the steps of its coding.
    """

    def __init__(self, step: float = STEP_16_BIT, *, shows_clipping: bool = True) -> None:
        self.peak = 0.0
        self._step = step
        self._shows_clipping = shows_clipping
        self._lowest: NDArray[np.float32] | None = None  # of each channel
        self._highest: NDArray[np.float32] | None = None
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
        self._lowest = np.minimum(block.min(0), block.min(0) if self._lowest is None else self._lowest)
        self._highest = np.maximum(block.max(0), block.max(0) if self._highest is None else self._highest)
        if not self._shows_clipping:
            return
        for channel in block.T:
            for level, length in flat_tops(channel, 0.98 * self.peak, self._step):
                self._flat_tops[level] = self._flat_tops.get(level, 0) + length

    @property
    def peak_db(self) -> float:
        """Return the highest sample in dB relative to full scale."""
        return amplitude_to_db(self.peak)

    @property
    def swing(self) -> NDArray[np.float32]:
        """Return from the lowest to the highest sample of each channel, (channels,); nothing heard is 0."""
        if self._lowest is None or self._highest is None:
            return np.zeros(1, np.float32)
        return np.asarray(self._highest - self._lowest, np.float32)

    @property
    def is_silent(self) -> bool:
        """Return whether there is nothing but an offset: no more than SILENCE_DB in 16 bit, less in finer steps."""
        return bool(self.swing.max() / 2 < silence_amplitude(self._step))

    @property
    def silent_side(self) -> int | None:
        """Return which of two channels is silent beside the other, None where neither is."""
        return find_silent_side(self.swing, 2 * silence_amplitude(self._step))

    @property
    def dc_offset(self) -> float:
        """Return the mean of all samples."""
        return self._sum / max(1, self._values)

    @property
    def clipped_share(self) -> float:
        """Return the share of samples in flat tops, 0 to 1."""
        threshold = min(FULL_SCALE, 0.999 * self.peak)
        return sum(length for level, length in self._flat_tops.items() if level >= threshold) / max(1, self._values)


def silence_amplitude(step: float) -> float:
    """Return the amplitude below which a sound is silent, by the steps that it is written in."""
    return db_to_amplitude(SILENCE_DB) * min(step / STEP_16_BIT, 1.0)


def find_swing(samples: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return from the lowest to the highest sample of each channel, looking at a piece of a long sound at a time."""
    meter = LevelMeter(shows_clipping=False)
    for first in range(0, len(samples), PIECE):
        meter.update(samples[first : first + PIECE])
    return meter.swing


def find_silent_side(swing: NDArray[np.float32], quietest: float = 0.0) -> int | None:
    """Return which of two channels is silent while the other sounds, None where neither is, or there are not two.

    Args:
        swing: From the lowest to the highest sample of each channel, (channels,).
        quietest: A swing below this is silence.
    """
    if len(swing) != 2:
        return None
    side = int(swing.argmin())
    silent = swing[side] <= max(SILENT_SIDE * swing[1 - side], quietest) < swing[1 - side]
    return side if silent else None


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
