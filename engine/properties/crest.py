"""The strongest bin around each: what a partial is measured against."""

from collections.abc import Sequence
from typing import TypeVar

import numpy as np
import torch
from numpy.typing import NDArray
from torch.nn.functional import max_pool1d

Real = TypeVar("Real", bound=np.floating)


def strongest_around(magnitude: NDArray[Real], reaches: Sequence[tuple[int, int]]) -> NDArray[Real]:
    """Return the largest magnitude within reach of each bin, (frames, bins).

    Args:
        magnitude: Shape (frames, bins).
        reaches: From which first bin on, rising from 0, how many bins on both sides are within reach.
    """
    bins = magnitude.shape[1]
    crest = np.empty_like(magnitude)
    for (first, reach), last in zip(reaches, [first for first, _ in reaches[1:]] + [bins], strict=True):
        low, high = max(0, first - reach), min(bins, last + reach)
        part = torch.from_numpy(np.ascontiguousarray(magnitude[:, low:high]))[:, None]
        around = max_pool1d(part, 2 * reach + 1, stride=1, padding=reach)[:, 0].numpy()
        crest[:, first:last] = around[:, first - low : last - low]
    return crest
