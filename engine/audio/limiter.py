"""The last stage before a file: no true peak above the ceiling, no click, no shift, nothing else touched."""

import numpy as np
import scipy  # its parts are loaded where they are used: scipy.signal takes more than half a second
from numpy.typing import NDArray

from engine.audio.true_peak import REACH, peaks_from
from engine.errors import ShapeError
from engine.units import SAMPLE_RATE, TRUE_PEAK_DB, db_to_amplitude

LOOK_AHEAD_SECONDS = 0.005  # the gain is down when the peak comes
# Two releases: a peak alone is over in a moment, what goes on being too loud is let go slowly. With this rise, 10 dB of
# reduction distort a 50 Hz tone no more than a slow release alone does (-51 dB; a fast one alone -38 dB), and a tone
# with a hit every 0.2 s can be 7 dB louder below the same ceiling.
FAST_DB_PER_SECOND = 300.0
SLOW_DB_PER_SECOND = 40.0
RISE_DB_PER_SECOND = 200.0  # of the slow reduction, which never exceeds the fast one while that lasts
PIECE_SECONDS = 0.1  # limited at once, however the sound arrives
MARGIN_DB = 0.03  # for peaks between the interpolated points


class TruePeakLimiter:
    """Limits consecutive blocks of one sound; all channels get the same gain.

    The reduction that each peak needs is held from the look-ahead before it, falls after it, fast if the peak was
    short, and is smoothed over the look-ahead, which never takes away from what a peak needs. Blocks are limited in
    pieces of a fixed size, so the result is the same to the bit however the sound was cut. What needs no reduction
    passes to the bit.

    Args:
        channels: Of the sound.
        ceiling_db: Highest true peak, in dBTP.
        sample_rate: Of the sound, in Hz.

    Attributes:
        most_reduction_db: How far the loudest peak so far was taken down, in dB.
    """

    def __init__(self, channels: int, ceiling_db: float = TRUE_PEAK_DB, sample_rate: int = SAMPLE_RATE) -> None:
        self._channels = channels
        self._ceiling = db_to_amplitude(ceiling_db)
        self._look_ahead = round(LOOK_AHEAD_SECONDS * sample_rate)
        self._piece = round(PIECE_SECONDS * sample_rate)
        self._ahead = self._look_ahead + REACH
        self._held = np.zeros((self._ahead, channels), np.float32)
        self._before = self._look_ahead  # silence put before the sound, so that its first sample can be limited
        self._seconds = np.arange(1, self._piece + 1) / sample_rate  # of a piece, from the last sample before it
        self._fast_db = self._risen_db = self._slow_db = 0.0  # at that sample
        window = np.hanning(self._look_ahead + 3)[1:-1]
        self._window = window / window.sum()
        self._window_state = np.zeros(self._look_ahead)
        self.most_reduction_db = 0.0

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
        span = REACH + self._piece + self._ahead
        while len(held) - at >= span:
            ready.append(self._limit(held[at : at + span]))
            at += self._piece
        self._held = held[at:].copy()
        limited = np.concatenate([np.zeros((0, self._channels), np.float32), *ready])
        before = min(self._before, len(limited))
        self._before -= before
        return limited[before:]

    def flush(self) -> NDArray[np.float32]:
        """Return the rest, so that as many samples have come out as went in; the limiter is used up afterwards."""
        waiting = len(self._held) - REACH - self._before
        silence = np.zeros((self._piece + self._ahead, self._channels), np.float32)
        return self.process(silence)[:waiting]

    def _limit(self, span: NDArray[np.float32]) -> NDArray[np.float32]:
        """Limit the piece that stands in `span` after REACH samples of past and before those of the future."""
        piece = span[REACH : -self._ahead]
        reduction_db = self._smooth(self._release(self._needed_db(span)))
        self.most_reduction_db = max(self.most_reduction_db, float(reduction_db.max()))
        return np.asarray(piece * 10.0 ** (-reduction_db / 20.0)[:, None], np.float32)

    def _needed_db(self, span: NDArray[np.float32]) -> NDArray[np.float64]:
        """Return for each sample of the piece the largest reduction needed there or in the look-ahead, in dB."""
        peaks = peaks_from(span, self._ceiling).astype(
            np.float64
        )  # from just before the piece to the look-ahead after it
        over = peaks > self._ceiling
        if not over.any():
            return np.zeros(self._piece)
        needed = np.zeros(len(peaks))
        needed[over] = 20.0 * np.log10(peaks[over] / self._ceiling) + MARGIN_DB
        width = self._look_ahead + 2
        highest = scipy.ndimage.maximum_filter1d(needed, width, mode="constant")
        return np.asarray(highest[width // 2 : width // 2 + self._piece])

    def _release(self, needed_db: NDArray[np.float64]) -> NDArray[np.float64]:
        """Let the reduction fall fast after a short peak, and slowly as far as it has lasted."""
        fast = self._fall(needed_db, FAST_DB_PER_SECOND, self._fast_db)
        rise = RISE_DB_PER_SECOND * self._seconds
        risen = np.minimum(np.minimum.accumulate(fast - rise), self._risen_db) + rise
        slow = self._fall(risen, SLOW_DB_PER_SECOND, self._slow_db)
        self._fast_db, self._risen_db, self._slow_db = float(fast[-1]), float(risen[-1]), float(slow[-1])
        return np.maximum(fast, slow)

    def _fall(self, level_db: NDArray[np.float64], db_per_second: float, before_db: float) -> NDArray[np.float64]:
        """Return a level of one piece that falls no faster than this; `before_db` is what it was before the piece."""
        fall = db_per_second * self._seconds
        return np.maximum(np.maximum.accumulate(level_db + fall), before_db) - fall

    def _smooth(self, reduction_db: NDArray[np.float64]) -> NDArray[np.float64]:
        """Average the reduction over the look-ahead that lies behind each sample."""
        if not reduction_db.any() and not self._window_state.any():
            return reduction_db
        smooth, self._window_state = scipy.signal.lfilter(self._window, [1.0], reduction_db, zi=self._window_state)
        return np.asarray(smooth)
