"""Recursive filters as matrix products, block by block, for sounds of any length.

`scipy.signal.sosfilt` does the same, but to import it takes longer than a person should wait for a number. A filter
is a linear system with a few numbers of state, s' = s A + x B and y = s C + x D. So a row of samples is what its own
samples make of it, one product, and what the state before it does, another; states go from row to row in the same way.
"""

import math
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from engine.errors import ShapeError

Doubles = NDArray[np.float64]
Sections = tuple[tuple[float, ...], ...]

ROW = 32  # samples
ROWS = 32  # in a group
GROUP = ROW * ROWS
PIECE = 8 * GROUP  # samples of all channels at once: in the cache, and too few for BLAS to share them among threads


def section(sample_rate: int, corner_hz: float, quality: float, gains: tuple[float, float, float]) -> list[float]:
    """Sample (g0 s² + g1 s / quality + g2) / (s² + s / quality + 1) by the bilinear transform, s = 1 at the corner."""
    corner = math.tan(math.pi * corner_hz / sample_rate)
    weights = (1.0, corner / quality, corner**2)
    numerator = [gain * weight for gain, weight in zip(gains, weights, strict=True)]
    scale = sum(weights)
    return [
        value / scale
        for high, middle, low in (numerator, weights)
        for value in (high + middle + low, 2.0 * (low - high), high - middle + low)
    ]


@dataclass(frozen=True)
class _Products:
    """A filter's effect on rows and groups of samples; states are rows of `order` numbers.

    Attributes:
        within: Samples of a row to its output, (ROW, ROW).
        onward: State before a row to its output, (order, ROW).
        gained: Samples of a row to the state behind it, (ROW, order).
        along: States gained in the rows of a group to those before each row, (ROWS * order, ROWS * order).
        before: State before a group to those before each row, (order, ROWS * order).
        left: Samples of a group to the state behind it, the last ones for fewer samples, (GROUP, order).
        powers: State now to the state after each number of samples up to a group, (GROUP + 1, order, order).
    """

    within: Doubles
    onward: Doubles
    gained: Doubles
    along: Doubles
    before: Doubles
    left: Doubles
    powers: Doubles


class SectionFilter:
    """Sends consecutive blocks of one sound through a cascade of second-order sections.

    Args:
        sections: Coefficients b0 b1 b2 a0 a1 a2 of each section, a0 being 1, shape (sections, 6).
        channels: Of the sound.
    """

    def __init__(self, sections: Doubles, channels: int) -> None:
        self._products = _multiply_out(tuple(map(tuple, sections.tolist())))
        self._state = np.zeros((channels, 2 * len(sections)))

    def process(self, block: NDArray[np.floating]) -> Doubles:
        """Take a block (channels, samples), return what the filter makes of it, of the same shape.

        Raises:
            ShapeError: the block has other axes or another number of channels.
        """
        if block.ndim != 2 or len(block) != len(self._state):
            raise ShapeError(f"a block has the shape ({len(self._state)}, samples), this one {block.shape}")
        filtered = np.empty(block.shape)
        size = max(1, PIECE // GROUP // len(block)) * GROUP
        for at in range(0, block.shape[1], size):
            filtered[:, at : at + size] = self._filter(block[:, at : at + size])
        return filtered

    def _filter(self, piece: NDArray[np.floating]) -> Doubles:
        products, order = self._products, self._state.shape[1]
        channels, samples = piece.shape
        groups = -(-samples // GROUP)
        padded = np.zeros((channels, groups * GROUP))
        padded[:, :samples] = piece
        rows = padded.reshape(-1, ROW)
        gained = (rows @ products.gained).reshape(channels * groups, -1)
        starts = self._states_before_groups(padded.reshape(channels, groups, GROUP))
        states = (gained @ products.along + starts.reshape(-1, order) @ products.before).reshape(-1, order)
        taken = samples - (groups - 1) * GROUP  # of the last group
        last = padded[:, samples - taken : samples]
        self._state = starts[:, -1] @ products.powers[taken] + last @ products.left[GROUP - taken :]
        filtered = rows @ products.within + states @ products.onward
        return np.asarray(filtered.reshape(channels, -1)[:, :samples])

    def _states_before_groups(self, groups: Doubles) -> Doubles:
        """Return the state before each group of samples (channels, groups, GROUP), (channels, groups, order)."""
        left = groups @ self._products.left
        starts = np.empty_like(left)
        starts[:, 0] = self._state
        for place in range(1, left.shape[1]):
            starts[:, place] = starts[:, place - 1] @ self._products.powers[GROUP] + left[:, place - 1]
        return starts


@lru_cache(maxsize=16)
def _multiply_out(sections: Sections) -> _Products:
    """Work out what a cascade does to rows and groups."""
    a, b, c, d = _to_system(sections)
    order = len(b)
    powers = np.empty((GROUP + 1, order, order))
    powers[0] = np.eye(order)
    for count in range(GROUP):
        powers[count + 1] = powers[count] @ a
    response = np.concatenate([[d], (b @ powers[: ROW - 1]) @ c])
    delays = np.arange(ROW)[None] - np.arange(ROW)[:, None]  # of an output behind an input
    along = np.zeros((ROWS, order, ROWS, order))
    for row in range(ROWS):
        for earlier in range(row):
            along[earlier, :, row] = powers[ROW * (row - 1 - earlier)]
    return _Products(
        within=np.where(delays >= 0, response[delays], 0.0),
        onward=(powers[:ROW] @ c).T,
        gained=b @ powers[ROW - 1 :: -1],
        along=along.reshape(ROWS * order, -1),
        before=powers[:GROUP:ROW].transpose(1, 0, 2).reshape(order, -1),
        left=b @ powers[GROUP - 1 :: -1],
        powers=powers,
    )


def _to_system(sections: Sections) -> tuple[Doubles, Doubles, Doubles, float]:
    """Return A, B, C and D of a cascade in transposed direct form II, two numbers of state for each section."""
    order = 2 * len(sections)
    a, b, c, d = np.zeros((order, order)), np.zeros(order), np.zeros(order), 1.0  # c, d: into the next section
    for place, (b0, b1, b2, _, a1, a2) in enumerate(sections):
        first, second = 2 * place, 2 * place + 1
        out_c, out_d = b0 * c, b0 * d
        out_c[first] += 1.0
        a[:, first], b[first] = b1 * c - a1 * out_c, b1 * d - a1 * out_d
        a[:, second], b[second] = b2 * c - a2 * out_c, b2 * d - a2 * out_d
        a[second, first] += 1.0
        c, d = out_c, out_d
    return a, b, c, d
