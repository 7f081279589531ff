"""Values of frames smoothed over time, several times faster than line by line."""

from functools import lru_cache
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter1d

Real = TypeVar("Real", bound=np.floating)
Doubles = NDArray[np.float64]

TRUNCATED = 4.0  # deviations, where the bell ends
LONG = 8  # times the bell's reach: of more frames a product takes longer than their taps, all frames at a time
KEPT = 8  # products: the channels and trials of a sound are equally long


def smooth_frames(values: NDArray[Real], deviation: float, *, is_mirrored: bool = False) -> NDArray[Real]:
    """Return values averaged under a bell over frames.

    It is `gaussian_filter1d` along the first axis with mode "nearest" or "reflect", but for rounding.

    Args:
        values: Shape (frames, numbers).
        deviation: Of the bell, frames.
        is_mirrored: Whether values go on mirrored beyond both ends; else those at the ends are held.
    """
    reach = _reach(deviation)
    if is_mirrored and len(values) < reach:
        return np.asarray(gaussian_filter1d(values, deviation, axis=0), values.dtype)
    if len(values) > LONG * reach:
        return _sum_taps(values, _bell(deviation), is_mirrored)
    averages = _averages(len(values), deviation, is_mirrored)
    return np.asarray(averages.astype(values.dtype, copy=False) @ values)


def _reach(deviation: float) -> int:
    """Return how many frames the bell reaches to both sides."""
    return int(TRUNCATED * deviation + 0.5)


def _bell(deviation: float) -> Doubles:
    """Return the weights of the taps, (2 * reach + 1,)."""
    reach = _reach(deviation)
    bell = np.exp(-0.5 * (np.arange(-reach, reach + 1) / deviation) ** 2)
    weights: Doubles = bell / bell.sum()
    return weights


def _sum_taps(values: NDArray[Real], bell: Doubles, is_mirrored: bool) -> NDArray[Real]:
    """Return values (frames, numbers) under a bell, all frames at a time."""
    frames, reach = len(values), len(bell) // 2
    around = np.pad(values, ((reach, reach), (0, 0)), mode="symmetric" if is_mirrored else "edge")
    weights = bell[reach:].astype(values.dtype)
    smooth = weights[0] * values
    for tap in range(1, reach + 1):
        both = around[reach - tap :][:frames] + around[reach + tap :][:frames]
        both *= weights[tap]
        smooth += both
    return smooth


@lru_cache(maxsize=KEPT)
def _averages(frames: int, deviation: float, is_mirrored: bool) -> Doubles:
    """Return how much each frame counts in the average around each, (frames, frames); rows add up to 1."""
    reach, bell = _reach(deviation), _bell(deviation)
    until = np.concatenate([[0.0], np.cumsum(bell)])  # the weight of all taps before each
    beyond = reach if is_mirrored else 0
    edges = np.arange(-beyond, frames + beyond + 1)[None] - np.arange(frames)[:, None]  # of each frame, from each
    taps = np.clip(edges + reach, 0, len(bell))
    taps[:, 0], taps[:, -1] = 0, len(bell)  # taps beyond both ends fall on the last frame there
    averages: Doubles = np.diff(until[taps], axis=1)
    if is_mirrored:
        before, averages, after = np.split(averages, [reach, reach + frames], axis=1)
        averages[:, :reach] += before[:, ::-1]
        averages[:, frames - reach :] += after[:, ::-1]
    return averages
