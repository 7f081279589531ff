"""Loudness as ITU-R BS.1770-4 defines it, block by block, of sounds of any length."""

import numpy as np
from numpy.typing import NDArray

from engine.audio.sections import SectionFilter, section
from engine.errors import ShapeError
from engine.units import SAMPLE_RATE

STEPS_PER_SECOND = 10  # a gating block of 400 ms starts every 100 ms
STEPS_IN_BLOCK = 4
ABSOLUTE_GATE_LUFS = -70.0
RELATIVE_GATE_LU = -10.0
LOWEST_LUFS = -200.0


def k_weighting(sample_rate: int) -> NDArray[np.float64]:
    """Return the head's shelf and the low cut as second-order sections, shape (2, 6).

    BS.1770-4 prints the coefficients for 48 kHz only (tables 1 and 2). These are the analogue filters behind them, as
    libebur128 has them; at 48 kHz they give the printed numbers. The low cut's numerator is not scaled there either.

    Args:
        sample_rate: In Hz.
    """
    high = 10.0 ** (3.999843853973347 / 20.0)
    shelf = section(sample_rate, 1681.974450955533, 0.7071752369554196, (high, high**0.4996667741545416, 1.0))
    low_cut = section(sample_rate, 38.13547087602444, 0.5003270373238773, (1.0, 0.0, 0.0))
    return np.array([shelf, [1.0, -2.0, 1.0, *low_cut[3:]]])


class LoudnessMeter:
    """Collects the integrated loudness of one sound from its blocks.

    Args:
        channels: 1 or 2.
        sample_rate: Of the sound, in Hz.
    """

    def __init__(self, channels: int, sample_rate: int = SAMPLE_RATE) -> None:
        self._channels = channels
        self._weighting = SectionFilter(k_weighting(sample_rate), channels)
        self._step = sample_rate // STEPS_PER_SECOND
        self._steps: list[NDArray[np.float64]] = []
        self._rest = np.zeros(0)
        self._energy = 0.0
        self._samples = 0

    def update(self, block: NDArray[np.float32]) -> None:
        """Take the next block, shape (samples, channels).

        Raises:
            ShapeError: the block has other axes or another number of channels.
        """
        if block.ndim != 2 or block.shape[1] != self._channels:
            raise ShapeError(f"a block has the shape (samples, {self._channels}), this one {block.shape}")
        if not len(block):
            return
        power = np.concatenate([self._rest, (self._weighting.process(block.T) ** 2).sum(0)])
        self._energy += float(power[len(self._rest) :].sum())
        self._samples += len(block)
        whole = len(power) // self._step * self._step
        self._steps.append(power[:whole].reshape(-1, self._step).mean(1))
        self._rest = power[whole:]

    def lufs(self) -> float:
        """Return the loudness so far in LUFS.

        Sounds shorter than 0.4 s, or below the absolute gate throughout, have no gated loudness; theirs is that of
        the mean weighted power of the whole. Digital silence is -200.
        """
        steps = np.concatenate([np.zeros(0), *self._steps])
        if len(steps) < STEPS_IN_BLOCK:
            return self._ungated()
        blocks = np.lib.stride_tricks.sliding_window_view(steps, STEPS_IN_BLOCK).mean(-1)
        blocks = blocks[power_to_lufs(blocks) > ABSOLUTE_GATE_LUFS]
        if not len(blocks):
            return self._ungated()
        gate = float(power_to_lufs(blocks.mean())) + RELATIVE_GATE_LU
        return float(power_to_lufs(blocks[power_to_lufs(blocks) > gate].mean()))

    def _ungated(self) -> float:
        """Return the loudness of the whole as one block."""
        return max(LOWEST_LUFS, float(power_to_lufs(np.float64(self._energy / max(1, self._samples)))))


def power_to_lufs(power: NDArray[np.float64] | np.float64) -> NDArray[np.float64] | np.float64:
    """Convert weighted mean power, summed over channels, to LUFS."""
    return -0.691 + 10.0 * np.log10(np.maximum(power, 1e-30))


def loudness_lufs(samples: NDArray[np.float32]) -> float:
    """Return the loudness of a whole sound (samples, channels) at SAMPLE_RATE in LUFS; see `LoudnessMeter.lufs`."""
    meter = LoudnessMeter(samples.shape[-1])
    meter.update(samples)
    return meter.lufs()
