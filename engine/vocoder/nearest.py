"""The recorded frames that are nearest to wanted ones, in the search space: exact, and most of them passed over."""

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

Floats = NDArray[np.float32]
Indices = NDArray[np.int64]

NEIGHBOURS = 12  # candidates of a frame by similarity
BLOCK = 8  # consecutive frames of which the search keeps the nearest
ALIKE_ROWS = 64  # consecutive frames, which are near to the same blocks, that are looked for at once
LEAST_BLOCKS = 512  # of fewer all are looked at
BUNCH = 2  # blocks that are chosen together
GROUPS = 64  # of bunches
MOST_CHOSEN = 0.4  # of all: to choose more of them is slower than to look at all
MARGIN = 0.01  # neper, for what single precision leaves out


class Blocks:
    """Frames of the search space in blocks of BLOCK, those at the same place of all blocks beside each other."""

    def __init__(self, reduced: Floats) -> None:
        """Lay out frames (frames, REDUCED); the last stands for those that lack in the last block."""
        frames = torch.from_numpy(reduced)
        self.count = -(-len(frames) // BLOCK)
        whole = torch.arange(-(-self.count // BUNCH) * BUNCH * BLOCK).clamp_max(len(frames) - 1)
        blocks = frames[whole].reshape(-1, BLOCK, frames.shape[1])
        self.keys = blocks[: self.count].transpose(0, 1).contiguous()  # (BLOCK, blocks, REDUCED)
        self.square = self.keys.square().sum(2)
        bunches = blocks.reshape(-1, BUNCH * BLOCK, frames.shape[1])
        self.middles = bunches.mean(1)
        apart = (bunches - self.middles[:, None]).norm(dim=2)
        self.nearest, self.farthest = apart.amin(1), apart.amax(1)

    def distances(self, rows: Tensor, chosen: Tensor | None) -> Tensor:
        """Return squared distances, less a number for each row, to the frames of some blocks, (rows, BLOCK, blocks).

        They are taken from the first row, which is near: far numbers, as those of pitch are, would cost precision.
        """
        keys, square = self.keys, self.square
        if chosen is not None:
            keys, rows = keys[:, chosen] - rows[0], rows - rows[0]
            square = keys.square().sum(2)
        return torch.addmm(square.flatten(), rows, keys.flatten(0, 1).T, alpha=-2).unflatten(1, (BLOCK, -1))

    def worth_a_look(self, rows: Tensor, wanted: int) -> Tensor | None:
        """Return the blocks among which are the nearest of each row, as many as wanted; None where these are too many.

        None of a bunch's frames is nearer than its middle less how far it reaches, and one is as near as its middle and
        how near that one is. Bunches are dealt into groups: as many as wanted are as near as the groups' nearest.
        """
        if self.count < LEAST_BLOCKS:
            return None
        middles, rows = self.middles - rows[0], rows - rows[0]
        apart = torch.addmm(middles.square().sum(1), rows, middles.T, alpha=-2)
        apart = apart.add_(rows.square().sum(1, keepdim=True)).clamp_min_(0.0).sqrt_()
        dealt = (apart + self.nearest)[:, : len(self.middles) // GROUPS * GROUPS].unflatten(1, (-1, GROUPS))
        near_enough = dealt.amin(1).kthvalue(wanted, dim=1, keepdim=True).values
        chosen = (apart.sub_(near_enough).amin(0) <= self.farthest + MARGIN).nonzero()
        if len(chosen) > MOST_CHOSEN * len(self.middles):
            return None
        blocks = (chosen * BUNCH + torch.arange(BUNCH)).flatten()
        return blocks[blocks < self.count]


@torch.inference_mode()
def nearest_frames(blocks: Blocks, target: Floats) -> Indices:
    """Return for each row of `target` the nearest frame in each of the NEIGHBOURS nearest blocks.

    Consecutive frames are much alike; one of each BLOCK leaves room for candidates that differ.

    Returns:
        Shape (frames, NEIGHBOURS), or fewer columns where there are not as many blocks.
    """
    found, wanted = [], min(NEIGHBOURS, blocks.count)
    for rows in torch.from_numpy(target).split(ALIKE_ROWS):
        chosen = blocks.worth_a_look(rows, wanted)
        distances = blocks.distances(rows, chosen)
        block = torch.topk(distances.amin(1), wanted, dim=1, largest=False).indices
        inside = distances.take_along_dim(block[:, None], 2).argmin(1)
        found.append((block if chosen is None else chosen[block]) * BLOCK + inside)
    return torch.cat(found).numpy()
