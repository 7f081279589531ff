"""The cheapest path through candidates: recorded frames of each moment, of which one is to speak."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Indices = NDArray[np.int64]

REDUCED = 24  # dimensions of the search space, by which steps are measured; notes have one more
FOLLOWED = 12  # candidates more: the continuations of the best paths so far
JUMP_COST = 1.0  # neper², what leaving a recording must save
REPEAT_COST = 2.0  # neper², more for going back to what has just been played: a short loop buzzes
REPEAT_FRAMES = 48  # how long something has just been played, half a second
USUAL_BONUS = np.float32(0.05)  # neper², by which others must be better than the usual frame
SEAM_WEIGHT = 0.5  # of the spectral step at a jump, neper²
BACKWARDS, JUMP, REPEAT = map(np.float32, (-2 * SEAM_WEIGHT, JUMP_COST, REPEAT_COST))


def find_cheapest(
    reduced: Floats, strands: Indices, near: Indices, target: Floats, usual: Indices | None = None
) -> tuple[Indices, Floats]:
    """Find the cheapest path by the Viterbi algorithm.

    The candidates of a frame are those near it, and the continuations of the FOLLOWED best paths so far: a path that
    fits can always stay in its recording.

    Args:
        reduced: All recorded frames in the search space, (recorded frames, REDUCED or more).
        strands: Which strand each belongs to, rising, (recorded frames,).
        near: Candidates for each frame, (frames, candidates).
        target: What is wanted, in the search space, (frames, REDUCED or more).
        usual: Frames that are taken where others are not better by USUAL_BONUS, (frames,).

    Returns:
        The recorded frame for each, (frames,), and how far it is from what was wanted, (frames,), neper².
    """
    near = near if usual is None else np.column_stack([near, usual])
    lattice = _Lattice(reduced, strands, near, target, usual)
    total, origins = lattice.misfit[0, : near.shape[1]], [near[0]]
    for t in range(1, len(target)):
        count = lattice.follow(t, total.argsort(kind="stable")[:FOLLOWED])
        price = lattice.step_prices(t, len(total), count)
        price += total
        origins.append(price.argmin(1))
        total = price[lattice.rows[:count], origins[-1]] + lattice.misfit[t, :count]
    at = int(total.argmin())
    frames, misfit = np.empty(len(target), np.int64), np.empty(len(target), np.float32)
    for t in range(len(target) - 1, -1, -1):
        frames[t], misfit[t] = lattice.frames[t, at], lattice.misfit[t, at]
        at = int(origins[t][at]) if t else at
    return frames, misfit


class _Lattice:
    """The candidates of all moments, (moments, candidates, …): those near first, then those that follow.

    All that a step needs to know of a frame is looked up once: for those near, at all moments together. A step's
    squared length is taken apart into two squares and a product. All are counted from the middle of what is wanted,
    which is near, so that this costs no precision. Where a candidate is, is kept as the product needs it, backwards.
    """

    def __init__(self, reduced: Floats, strands: Indices, near: Indices, target: Floats, usual: Indices | None) -> None:
        """Lay out candidates (moments, near); see `find_cheapest`."""
        self.reduced, self.strands, self.target, self.usual = reduced, strands, target, usual
        self.last, self.middle = len(reduced) - 1, target[:, :REDUCED].mean(0)
        self.near, shape = near.shape[1], (len(near), near.shape[1] + FOLLOWED)
        self.rows = np.arange(shape[1])
        self.frames, self.places = np.empty(shape, np.int64), np.empty(shape, np.int64)
        self.misfit, self.arriving, self.leaving = (np.empty(shape, np.float32) for _ in range(3))
        self.here, self.onward = (np.empty((*shape, REDUCED), np.float32) for _ in range(2))
        everywhere = np.s_[:, : self.near]
        here = self.reduced.take(near, 0)[..., :REDUCED] - self.middle
        self.here[everywhere], self.arriving[everywhere] = BACKWARDS * here, SEAM_WEIGHT * np.vecdot(here, here)
        self._place(everywhere, near, target[:, None], None if usual is None else usual[:, None])

    def follow(self, t: int, followed: Indices) -> int:
        """Add the continuations of some candidates of the moment before, and return how many there are now."""
        before, count = t - 1, self.near + len(followed)
        new = np.s_[t, self.near : count]
        np.multiply(self.onward[before].take(followed, 0), BACKWARDS, out=self.here[new])
        self.leaving[before].take(followed, out=self.arriving[new])
        onward = np.minimum(self.frames[before].take(followed) + 1, self.last)
        self._place(new, onward, self.target[t], None if self.usual is None else self.usual[t])
        return count

    def step_prices(self, t: int, before: int, now: int) -> Floats:
        """Return what each step costs from one of the first candidates of the moment before, (now, before), neper²."""
        price: Floats = self.here[t, :now].dot(self.onward[t - 1, :before].T)
        price += self.leaving[t - 1, :before] + JUMP
        price += self.arriving[t, :now, None]
        back = self.places[t - 1, :before] - self.places[t, :now, None]
        is_repeated = back.view(np.uint64) < REPEAT_FRAMES  # what is negative is a large number
        price += is_repeated * REPEAT
        price *= back != -1
        return price

    def _place(self, where: Any, frames: Indices, wanted: Floats, usual: Indices | None) -> None:
        """Note frames as candidates: where they are, how they fit, and where the recording goes on from them."""
        self.frames[where] = frames
        # Strands are farther apart than what a step looks at
        self.places[where] = frames + self.strands.take(frames) * (self.last + REPEAT_FRAMES)
        off = self.reduced.take(frames, 0) - wanted
        misfit = np.vecdot(off, off)
        self.misfit[where] = misfit if usual is None else misfit - USUAL_BONUS * (frames == usual)
        onward = self.reduced.take(np.minimum(frames + 1, self.last), 0)[..., :REDUCED] - self.middle
        self.onward[where], self.leaving[where] = onward, SEAM_WEIGHT * np.vecdot(onward, onward)
