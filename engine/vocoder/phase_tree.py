"""Integration along the maximum spanning tree of the time-frequency grid.

Phase gradient heap integration always steps on from the largest magnitude it has reached, so its steps form a maximum
spanning tree whose edges weigh as much as the smaller of their two magnitudes. Here the tree is grown without a heap:
every point steps to its largest neighbour, which gathers the grid into one basin for each local maximum (the first
round of Borůvka), and a spanning tree of the basins joins them.
"""

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import breadth_first_order, minimum_spanning_tree

Floats = NDArray[np.floating]
Indices = NDArray[np.int64]
Mask = NDArray[np.bool_]

TIE_BREAK = 1e-6  # share of the larger weight in an edge's weight: of two ways to a point, step from the larger


def integrate(weight: Floats, bin_steps: Floats, frame_steps: Floats, start: Floats, fixed: Mask) -> Floats:
    """Sum steps between neighbours along the maximum spanning tree, outwards from what is fixed.

    Where nothing fixed can be reached, the largest weight of each connected island keeps its `start`.

    Args:
        weight: How reliable each point is, shape (bins, frames); points of -inf are no part of the tree.
        bin_steps: Value at (bin + 1, frame) minus value at (bin, frame), shape (bins - 1, frames).
        frame_steps: Value at (bin, frame + 1) minus value at (bin, frame), shape (bins, frames - 1).
        start: Values to begin with, shape (bins, frames).
        fixed: True where the value is `start`, shape (bins, frames).

    Returns:
        Values, shape (bins, frames); points that are no part of the tree keep their `start`.
    """
    parent, step = climb(weight, bin_steps, frame_steps, fixed)
    basin, relative = accumulate(parent, step)
    lower, upper, edge_step = cross_edges(weight, bin_steps, frame_steps, basin)
    edge_step += relative.take(lower) - relative.take(upper)
    flat = weight.ravel()
    peaks = np.flatnonzero((parent == np.arange(parent.size)) & (flat > -np.inf))
    if peaks.size == 0:
        return start.copy()
    number = np.zeros(parent.size, np.int64)
    number[peaks] = np.arange(peaks.size)
    home = number.take(basin)
    ends = flat.take(lower).astype(float), flat.take(upper).astype(float)
    basins = home.take(lower), home.take(upper)
    lightness = -np.minimum(*ends) - TIE_BREAK * np.maximum(*ends)
    heaviest = least_of_each(np.minimum(*basins) * peaks.size + np.maximum(*basins), lightness)
    heaviest = heaviest.take(np.argsort(lightness.take(heaviest), kind="stable"))
    offsets = join_basins(
        basins[0].take(heaviest),
        basins[1].take(heaviest),
        edge_step.take(heaviest),
        start.ravel()[peaks],
        flat[peaks],
        fixed.ravel()[peaks],
    )
    values = (offsets.take(home) + relative).reshape(weight.shape)
    inside = weight > -np.inf
    return values if inside.all() else np.where(inside, values, start)


def climb(weight: Floats, bin_steps: Floats, frame_steps: Floats, fixed: Mask) -> tuple[Indices, Floats]:
    """Link every point to its largest neighbour, or to itself at a maximum, a fixed point or outside the tree.

    Equal neighbours are told apart by their place, so that a plateau makes no circle.

    Returns:
        Flat index of each point's parent, and value at the point minus value at its parent, both (bins * frames).
    """
    bins, frames = weight.shape
    around = np.pad(weight, 1, constant_values=-np.inf)
    above, after, before, below = around[2:, 1:-1], around[1:-1, 2:], around[1:-1, :-2], around[:-2, 1:-1]
    later, earlier = np.maximum(above, after), np.maximum(before, below)
    best = np.maximum(later, earlier)
    climbs = ((best > weight) | (later == weight)) & ~(fixed | (weight == -np.inf))
    to_above, to_after, to_before, to_below = _first_of(climbs, [best == one for one in (above, after, before, below)])
    # Products with masks: several times faster than to choose by them
    offset = frames * (to_above - to_below).astype(np.int64) + (to_after - to_before)
    step = np.zeros(weight.shape, bin_steps.dtype)
    step[:-1] -= to_above[:-1] * bin_steps
    step[:, :-1] -= to_after[:, :-1] * frame_steps
    step[:, 1:] += to_before[:, 1:] * frame_steps
    step[1:] += to_below[1:] * bin_steps
    return np.arange(bins * frames) + offset.ravel(), step.ravel()


def _first_of(free: Mask, masks: list[Mask]) -> list[NDArray[np.int8]]:
    """Return for each mask 1 where it is the first one that holds of what is free, else 0."""
    found = []
    for mask in masks:
        taken = mask & free
        free = free & ~taken
        found.append(taken.view(np.int8))
    return found


def accumulate(parent: Indices, step: Floats) -> tuple[Indices, Floats]:
    """Follow parents to the root by pointer doubling, summing steps on the way.

    Args:
        parent: Index of each point's parent; a root is its own.
        step: Value at each point minus value at its parent, zero at roots.

    Returns:
        Root of each point, and value at the point minus value at its root.
    """
    root, total = parent, step
    while True:
        via = root.take(root)
        if np.array_equal(via, root):
            return root, total
        total = total + total.take(root)
        root = via


def cross_edges(
    weight: Floats, bin_steps: Floats, frame_steps: Floats, basin: Indices
) -> tuple[Indices, Indices, Floats]:
    """List neighbours of different basins: flat index of the one, of the other, and the step from one to other."""
    frames = weight.shape[1]
    inside = weight > -np.inf
    home = basin.reshape(weight.shape)
    along_bins = np.flatnonzero((home[:-1] != home[1:]) & inside[:-1] & inside[1:])
    crossing = np.zeros(weight.shape, bool)
    crossing[:, :-1] = (home[:, :-1] != home[:, 1:]) & inside[:, :-1] & inside[:, 1:]
    along_frames = np.flatnonzero(crossing)
    lower = np.concatenate([along_bins, along_frames])
    upper = np.concatenate([along_bins + frames, along_frames + 1])
    # A row has one step between frames less than it has frames
    steps = [bin_steps.ravel().take(along_bins), frame_steps.ravel().take(along_frames - along_frames // frames)]
    return lower, upper, np.concatenate(steps)


def least_of_each(groups: Indices, values: Floats) -> Indices:
    """Return where the least value of each group stands, whose numbers are 0 or more; of equal ones the first."""
    if not groups.size:
        return np.zeros(0, np.int64)
    shift = groups.size.bit_length()
    packed = np.sort((groups << shift) | np.arange(groups.size))  # several times faster than to sort places by groups
    places, ordered = packed & ((1 << shift) - 1), packed >> shift
    begins = np.flatnonzero(np.diff(ordered, prepend=-1))
    sizes = np.diff(begins, append=groups.size)
    found = values.take(places)
    least = np.flatnonzero(found == np.repeat(np.minimum.reduceat(found, begins), sizes))
    return places.take(least[np.diff(ordered.take(least), prepend=-1) != 0])


def join_basins(lower: Indices, upper: Indices, step: Floats, start: Floats, height: Floats, fixed: Mask) -> Floats:
    """Return the value of each basin's peak, joining basins by edges given from the heaviest to the lightest.

    Each two basins have one edge at most.

    A virtual root has the value zero and leads to fixed basins before, to all others after any other edge.
    """
    count = start.size
    anchors, others = np.flatnonzero(fixed), np.argsort(-height)
    others = others[~fixed[others]]
    tails = np.concatenate([np.full(anchors.size, count), lower, np.full(others.size, count)])
    heads = np.concatenate([anchors, upper, others])
    steps = np.concatenate([start[anchors], step, start[others]])
    ranks = np.arange(1.0, tails.size + 1)
    tree = minimum_spanning_tree(coo_array((ranks, (tails, heads)), shape=(count + 1, count + 1)).tocsr())
    parent = breadth_first_order(tree, count, directed=False)[1].astype(np.int64)
    parent[count] = count
    kept = tree.tocoo().data.astype(np.int64) - 1
    down = parent[heads[kept]] == tails[kept]
    change = np.zeros(count + 1)
    change[heads[kept][down]] = steps[kept][down]
    change[tails[kept][~down]] = -steps[kept][~down]
    return accumulate(parent, change)[1][:count]
