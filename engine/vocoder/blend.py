"""Recorded and dreamt sound in one: the recordings speak where one fits, the model's own spectrum where none does."""

import numpy as np
import torch
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter1d

from engine.units import HOP
from engine.vocoder.search import Path

Floats = NDArray[np.float32]

BEARABLE = 0.25  # neper², a spectrum that is off by 4 dB
STEEPNESS = 6.0  # of the change from trust to distrust, as a power of the misfit
SMOOTH_FRAMES = 3.0  # over which one kind of sound gives way to the other, 32 ms
MARGIN_FRAMES = 4  # dreamt on both sides of where it is needed: as much as a window reaches
NEGLIGIBLE = 0.05  # share of either kind that is not worth computing: it would be 22 dB softer


def trust(path: Path, source: float) -> Floats:
    """Return how far the recordings carry each frame, (frames,), 0 dreamt to 1 recorded.

    At source = 0.5 a misfit of BEARABLE is trusted half.

    Args:
        path: What was found in them.
        source: 0 to 1; 1 trusts every frame, 0 none.
    """
    if source >= 1.0 or source <= 0.0:
        return np.full(len(path.frames), float(source >= 1.0), np.float32)
    bearable = BEARABLE * source / (1.0 - source)
    share = 1.0 / (1.0 + (path.misfit / bearable) ** STEEPNESS)
    return gaussian_filter1d(share, SMOOTH_FRAMES, mode="nearest").astype(np.float32)


def dreamt_parts(share: Floats) -> list[tuple[int, int]]:
    """Return first and last frame of each part of a sound in which the recordings do not carry it alone."""
    needed = np.convolve(share < 1 - NEGLIGIBLE, np.ones(2 * MARGIN_FRAMES + 1), mode="same") > 0
    edges = np.flatnonzero(np.diff(needed.astype(int), prepend=0, append=0))
    last = len(share) - 1
    return [(int(a), min(int(b), last)) for a, b in edges.reshape(-1, 2) if min(int(b), last) > a]


def cross_fade(recorded: Floats, dreamt: Floats, share: Floats) -> Floats:
    """Mix two sounds (samples, channels), equal in power, by a share of the first for each frame.

    Where the share leaves one of them less than NEGLIGIBLE, the other stands alone.
    """
    mixed = recorded.copy()
    for first, last in dreamt_parts(share):
        part = slice(first * HOP, min(last * HOP, len(recorded)))
        level = np.interp(np.arange(part.start, part.stop) / HOP, np.arange(len(share)), share)
        level = np.clip((level - NEGLIGIBLE) / (1 - 2 * NEGLIGIBLE), 0.0, 1.0)
        angle = (level * np.pi / 2).astype(np.float32)[:, None]
        mixed[part] = np.sin(angle) * recorded[part] + np.cos(angle) * dreamt[part]
    return mixed


def fine_to_magnitude(fine: Floats, floor: float) -> torch.Tensor:
    """Turn fine log-magnitude (frames, bins) into linear magnitude (bins, frames), without the logarithm's floor."""
    return (torch.from_numpy(fine.T.copy()).exp() - floor).clamp_min(0.0)
