import numpy as np
import pytest

from engine.vocoder.lattice import (
    FOLLOWED,
    JUMP_COST,
    REDUCED,
    REPEAT_COST,
    REPEAT_FRAMES,
    SEAM_WEIGHT,
    USUAL_BONUS,
    find_cheapest,
)

MOMENTS, FRAMES = 60, 400


def step_prices(reduced: np.ndarray, strands: np.ndarray, before: np.ndarray, now: np.ndarray) -> np.ndarray:
    """Return what each step costs, by the formula, (before, now)."""
    price = np.zeros((len(before), len(now)))
    for row, one in enumerate(before):
        onward = min(one + 1, len(reduced) - 1)
        for column, other in enumerate(now):
            if other == one + 1 and strands[other] == strands[one]:
                continue
            seam = ((reduced[onward, :REDUCED] - reduced[other, :REDUCED]) ** 2).sum()
            is_repeated = strands[one] == strands[other] and 0 <= one - other < REPEAT_FRAMES
            price[row, column] = JUMP_COST + SEAM_WEIGHT * seam + REPEAT_COST * is_repeated
    return price


def cheapest(
    reduced: np.ndarray, strands: np.ndarray, near: np.ndarray, target: np.ndarray, usual: np.ndarray | None
) -> tuple[list[int], list[float]]:
    """Return what the search should find, one step at a time."""
    found: list[tuple[np.ndarray, np.ndarray, np.ndarray]] = []
    total = np.zeros(0)
    for t, wanted in enumerate(target):
        now = near[t] if usual is None else np.append(near[t], usual[t])
        if t:
            followed = np.argsort(total, kind="stable")[:FOLLOWED]
            now = np.append(now, np.minimum(found[-1][0][followed] + 1, len(reduced) - 1))
        misfit = ((reduced[now] - wanted) ** 2).sum(1) - (0.0 if usual is None else USUAL_BONUS * (now == usual[t]))
        price = total[:, None] + step_prices(reduced, strands, found[-1][0], now) if t else np.zeros((1, len(now)))
        found.append((now, price.argmin(0), misfit))
        total = price.min(0) + misfit
    at, path, misfits = int(total.argmin()), [], []
    for now, origin, misfit in reversed(found):
        path.append(int(now[at]))
        misfits.append(float(misfit[at]))
        at = int(origin[at])
    return path[::-1], misfits[::-1]


@pytest.mark.parametrize("dimensions", [REDUCED, REDUCED + 1])
@pytest.mark.parametrize("has_usual", [False, True])
@pytest.mark.parametrize("near_count", [1, 3, 12])
def test_the_path_is_that_of_the_plain_algorithm(dimensions: int, has_usual: bool, near_count: int):
    random = np.random.default_rng([dimensions, has_usual, near_count])
    strands = np.arange(FRAMES) * 7 // FRAMES
    reduced = random.standard_normal((7, dimensions))[strands] + 0.2 * random.standard_normal((FRAMES, dimensions))
    target = reduced[random.integers(0, FRAMES, 4).repeat(MOMENTS // 4)]
    target = target + 0.2 * random.standard_normal((MOMENTS, dimensions))
    reduced, target = reduced.astype(np.float32), target.astype(np.float32)
    near = np.argsort(((reduced - target[:, None]) ** 2).sum(-1), axis=1)[:, :near_count]
    usual = random.integers(0, FRAMES, MOMENTS) if has_usual else None
    frames, misfit = find_cheapest(reduced, strands, near, target, usual)
    path, misfits = cheapest(reduced, strands, near, target, usual)
    assert frames.tolist() == path
    assert misfit == pytest.approx(misfits, abs=1e-5)
    jumps = np.diff(frames) != 1
    assert 0 < jumps.sum() < len(jumps)
