"""Peaks between samples, as a converter makes them, found by eightfold band-limited interpolation."""

import numpy as np
from numpy.typing import NDArray

from engine.errors import ShapeError
from engine.units import amplitude_to_db

OVERSAMPLING = 8  # a sine at 20 kHz is read at most 0.12 dB low; four times would be 0.47 dB
REACH = 24  # samples on each side that the interpolation takes in
GENTLE_REACH = 10  # of a second one: converters differ close to half the sample rate, and the worse one counts
PIECE = 1 << 16  # samples interpolated at once
TILE = 64  # samples that are interpolated or not; their neighbours lie in the next tile at most


def _interpolation(reach: int) -> NDArray[np.float32]:
    """Return windowed-sinc weights of the 2 * REACH neighbours at each phase, (neighbours, phases).

    Args:
        reach: Neighbours on each side that have a weight, up to REACH; the more, the steeper at half the rate.
    """
    neighbours = np.arange(1 - REACH, REACH + 1)[:, None]
    distance = neighbours - np.arange(OVERSAMPLING) / OVERSAMPLING
    inside = np.maximum(0.0, 1.0 - (distance / reach) ** 2)
    window = np.where(np.abs(distance) <= reach, np.i0(5.0 * np.sqrt(inside)), 0.0)
    weights = np.sinc(distance) * window
    return np.asarray(weights / weights.sum(0), np.float32)


INTERPOLATION = np.hstack([_interpolation(REACH), _interpolation(GENTLE_REACH)])
WORST_OVERSHOOT = float(np.abs(INTERPOLATION).sum(0).max())  # no peak between samples is higher than this times them


def peaks_from(padded: NDArray[np.float32], above: float = 0.0) -> NDArray[np.float32]:
    """Return the highest level from each sample to just before the next, over all channels.

    Args:
        padded: Shape (REACH - 1 + samples + REACH, channels): the sound with its neighbours.
        above: Only peaks above this are wanted; where there can be none, 0 is returned, which takes no time.

    Returns:
        Shape (samples,).

    Raises:
        ShapeError: there are not two axes, or no sample has all its neighbours.
    """
    if padded.ndim != 2 or len(padded) < 2 * REACH:
        raise ShapeError(f"at least {2 * REACH} samples by channels are needed, not {padded.shape}")
    peaks = np.zeros(len(padded) - 2 * REACH + 1, np.float32)
    sound = np.ascontiguousarray(padded.T)
    worth = _tiles_that_may_exceed(np.abs(sound).max(axis=0), above)
    places = (worth[:, None] * TILE + np.arange(TILE)).ravel()
    places = places[places < len(peaks)]
    for channel in sound:
        around = np.lib.stride_tricks.sliding_window_view(channel, 2 * REACH)[places]
        peaks[places] = np.maximum(peaks[places], np.abs(around @ INTERPOLATION).max(axis=1))
    return peaks


def _tiles_that_may_exceed(levels: NDArray[np.float32], above: float) -> NDArray[np.intp]:
    """Return which tiles of TILE samples have a neighbour so high that a peak above `above` is possible."""
    tiles = -(-len(levels) // TILE)
    highest = np.pad(levels, (0, (tiles + 1) * TILE - len(levels))).reshape(-1, TILE).max(axis=1)
    return np.flatnonzero(np.maximum(highest[:-1], highest[1:]) * WORST_OVERSHOOT > above)


class TruePeakMeter:
    """Collects the true peak of one sound from its blocks, as ITU-R BS.1770-4 annex 2.

    Args:
        channels: Of the sound.
    """

    def __init__(self, channels: int) -> None:
        self._channels = channels
        self._peak = 0.0
        self._held = np.zeros((REACH, channels), np.float32)

    def update(self, block: NDArray[np.float32]) -> None:
        """Take the next block, shape (samples, channels).

        Raises:
            ShapeError: the block has other axes or another number of channels.
        """
        if block.ndim != 2 or block.shape[1] != self._channels:
            raise ShapeError(f"a block has the shape (samples, {self._channels}), this one {block.shape}")
        held = np.concatenate([self._held, block.astype(np.float32)])
        for at in range(0, len(held) - 2 * REACH + 1, PIECE):
            self._read(held[at : at + PIECE + 2 * REACH - 1])
        self._held = held[1 - 2 * REACH :].copy()

    def db(self) -> float:
        """Return the true peak so far in dBTP, as if silence followed; silence is -200."""
        self._read(np.concatenate([self._held, np.zeros((REACH, self._channels), np.float32)]))
        return amplitude_to_db(self._peak)

    def _read(self, padded: NDArray[np.float32]) -> None:
        """Take the peaks of a piece into account."""
        self._peak = max(self._peak, float(peaks_from(padded, self._peak).max()))


def true_peak_db(samples: NDArray[np.float32]) -> float:
    """Return the true peak of a whole sound (samples, channels) in dBTP; see `TruePeakMeter.db`."""
    meter = TruePeakMeter(samples.shape[-1])
    meter.update(samples)
    return meter.db()
