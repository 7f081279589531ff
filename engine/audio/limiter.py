"""The last stage before a file: no true peak above the ceiling, no click, no shift, nothing else touched."""

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import maximum_filter1d
from scipy.signal import lfilter

from engine.audio.true_peak import REACH, WORST_OVERSHOOT, peaks_from
from engine.errors import ShapeError
from engine.units import SAMPLE_RATE, TRUE_PEAK_DB, db_to_amplitude

LOOK_AHEAD = SAMPLE_RATE // 200  # samples, 5 ms: the gain is down when the peak comes
RELEASE_DB_PER_SECOND = 40.0
PIECE = 4_800  # samples limited at once, however they arrive
MARGIN_DB = 0.03  # for peaks between the interpolated points
AHEAD = LOOK_AHEAD + REACH


class TruePeakLimiter:
    """Limits consecutive blocks of one sound; all channels get the same gain.

    The reduction that each peak needs is held from LOOK_AHEAD before it, falls at a constant rate after it, and is
    smoothed over LOOK_AHEAD, which never takes away from what a peak needs. Blocks are limited in pieces of a fixed
    size, so the result is the same to the bit however the sound was cut. What needs no reduction passes to the bit.

    Args:
        channels: Of the sound.
        ceiling_db: Highest true peak, in dBTP.
    """

    def __init__(self, channels: int, ceiling_db: float = TRUE_PEAK_DB) -> None:
        self._channels = channels
        self._ceiling = db_to_amplitude(ceiling_db)
        self._held = np.zeros((REACH + LOOK_AHEAD, channels), np.float32)
        self._before = LOOK_AHEAD  # silent samples put before the sound, so that its first sample can be limited
        self._release_db = 0.0
        window = np.hanning(LOOK_AHEAD + 3)[1:-1]
        self._window = window / window.sum()
        self._window_state = np.zeros(LOOK_AHEAD)

    def process(self, block: NDArray[np.float32]) -> NDArray[np.float32]:
        """Take a block (samples, channels), return what is ready of the result; may be empty.

        Raises:
            ShapeError: the block has other axes or another number of channels.
        """
        if block.ndim != 2 or block.shape[1] != self._channels:
            raise ShapeError(f"a block has the shape (samples, {self._channels}), this one {block.shape}")
        held = np.concatenate([self._held, block.astype(np.float32)])
        ready = []
        at = 0
        while len(held) - at >= REACH + PIECE + AHEAD:
            ready.append(self._limit(held[at : at + REACH + PIECE + AHEAD]))
            at += PIECE
        self._held = held[at:].copy()
        limited = np.concatenate([np.zeros((0, self._channels), np.float32), *ready])
        before = min(self._before, len(limited))
        self._before -= before
        return limited[before:]

    def flush(self) -> NDArray[np.float32]:
        """Return the rest, so that as many samples have come out as went in; the limiter is used up afterwards."""
        waiting = len(self._held) - REACH - self._before
        silence = np.zeros((PIECE + AHEAD, self._channels), np.float32)
        return self.process(silence)[:waiting]

    def _limit(self, span: NDArray[np.float32]) -> NDArray[np.float32]:
        """Limit the piece that stands in `span` after REACH samples of past and before AHEAD samples of future."""
        piece = span[REACH:-AHEAD]
        reduction_db = self._smooth(self._release(self._needed_db(span)))
        return np.asarray(piece * 10.0 ** (-reduction_db / 20.0)[:, None], np.float32)

    def _needed_db(self, span: NDArray[np.float32]) -> NDArray[np.float64]:
        """Return for each sample of the piece the largest reduction needed there or within LOOK_AHEAD, in dB."""
        count = len(span) - REACH - AHEAD
        if np.abs(span).max() * WORST_OVERSHOOT <= self._ceiling:
            return np.zeros(count)
        peaks = peaks_from(span).astype(np.float64)  # from one sample before the piece to LOOK_AHEAD after it
        over = peaks > self._ceiling
        needed = np.zeros(len(peaks))
        needed[over] = 20.0 * np.log10(peaks[over] / self._ceiling) + MARGIN_DB
        width = LOOK_AHEAD + 2
        return np.asarray(maximum_filter1d(needed, width, mode="constant")[width // 2 : width // 2 + count])

    def _release(self, needed_db: NDArray[np.float64]) -> NDArray[np.float64]:
        """Let the reduction fall no faster than the release rate."""
        fall = RELEASE_DB_PER_SECOND / SAMPLE_RATE * np.arange(1, len(needed_db) + 1)
        held = np.maximum(np.maximum.accumulate(needed_db + fall), self._release_db) - fall
        self._release_db = float(held[-1])
        return held

    def _smooth(self, reduction_db: NDArray[np.float64]) -> NDArray[np.float64]:
        """Average the reduction over the LOOK_AHEAD that lies behind each sample."""
        if not reduction_db.any() and not self._window_state.any():
            return reduction_db
        smooth, self._window_state = lfilter(self._window, [1.0], reduction_db, zi=self._window_state)
        return np.asarray(smooth)
