"""The pitch of a sound that has one: the period of its loud frames, by normalised autocorrelation.

McLeod and Wyvill (2005): A smarter way to find pitch. A sound counts as tonal where most of what is heard repeats
itself clearly, and agrees on the period.
"""

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from engine.errors import ShapeError
from engine.units import SAMPLE_RATE

Doubles = NDArray[np.float64]

WINDOW = 4096  # samples: two periods of the lowest pitch
HOP = 1024
LOWEST_HZ, HIGHEST_HZ = 30.0, 4_000.0
GATE = 0.05  # of the loudest frame's level: softer ones are not asked
CLEAR = 0.85  # normalised autocorrelation from which a frame has a pitch
PEAK_SHARE = 0.9  # of the highest peak: the first one that reaches it is the period, not a multiple
TONAL_SHARE = 0.6  # of the frames that are asked
AGREE_CENTS = 60.0  # from the median


def estimate_pitch(samples: NDArray[np.floating]) -> float | None:
    """Return the pitch of a mono sound in Hz; None where it has none, or several one after the other.

    Args:
        samples: At SAMPLE_RATE, shape (samples,).

    Raises:
        ShapeError: `samples` has more than one axis.
    """
    if samples.ndim != 1:
        raise ShapeError(f"a mono sound has shape (samples,), not {samples.shape}")
    padded = np.pad(samples.astype(np.float64), (0, max(0, WINDOW - len(samples))))
    frames = sliding_window_view(padded, WINDOW)[::HOP]
    level = np.sqrt((frames**2).mean(1))
    frames = frames[level >= max(GATE * level.max(), 1e-6)]
    if not len(frames):
        return None
    found = np.array([_period(frame) for frame in frames])
    clear = found[found > 0]
    if len(clear) < TONAL_SHARE * len(found):
        return None
    middle = float(np.median(clear))
    agreeing = np.abs(1200.0 * np.log2(clear / middle)) < AGREE_CENTS
    return SAMPLE_RATE / middle if agreeing.sum() >= TONAL_SHARE * len(found) else None


def _period(frame: Doubles) -> float:
    """Return the period of a frame in samples; 0 where it does not repeat itself clearly."""
    likeness = _likeness(frame - frame.mean())
    shortest = int(SAMPLE_RATE / HIGHEST_HZ)
    below = np.flatnonzero(likeness < 0.0)  # behind the peak at no delay
    start = max(shortest, int(below[0])) if len(below) else len(likeness)
    middle = likeness[start:-1]
    if len(middle) < 2:
        return 0.0
    peaks = start + np.flatnonzero((middle > likeness[start - 1 : -2]) & (middle >= likeness[start + 1 :]))
    if not len(peaks) or likeness[peaks].max() < CLEAR:
        return 0.0
    first = peaks[likeness[peaks] >= PEAK_SHARE * likeness[peaks].max()][0]
    before, at, after = likeness[first - 1 : first + 2]
    curve = before - 2.0 * at + after
    return float(first + (0.5 * (before - after) / curve if curve < 0 else 0.0))


def _likeness(frame: Doubles) -> Doubles:
    """Return how like a frame is to itself after each delay, -1 to 1, up to the longest period."""
    spectrum = np.fft.rfft(frame, 2 * len(frame))
    correlation = np.fft.irfft(np.abs(spectrum) ** 2)[: len(frame)]
    squares = np.concatenate([[0.0], np.cumsum(frame**2)])
    delays = np.arange(min(len(frame) // 2 + 1, int(SAMPLE_RATE / LOWEST_HZ)) + 1)
    energy = squares[len(frame) - delays] + squares[-1] - squares[delays]
    likeness: Doubles = 2.0 * correlation[delays] / np.maximum(energy, 1e-12)
    return likeness
