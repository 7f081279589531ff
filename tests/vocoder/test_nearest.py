import numpy as np
import pytest
import torch

from engine.vocoder.lattice import REDUCED
from engine.vocoder.nearest import ALIKE_ROWS, BLOCK, LEAST_BLOCKS, NEIGHBOURS, Blocks, nearest_frames

MANY = BLOCK * LEAST_BLOCKS + 3  # frames of a voice of which not all are looked at


def nearest_of_all(keys: np.ndarray, target: np.ndarray) -> list[list[int]]:
    """Return the nearest frame of each of the nearest blocks, by looking at all frames one by one."""
    found = []
    for row in target:
        away = ((keys.astype(np.float64) - row) ** 2).sum(1)
        best = [first + int(away[first : first + BLOCK].argmin()) for first in range(0, len(keys), BLOCK)]
        found.append(sorted(best, key=lambda frame: away[frame])[:NEIGHBOURS])
    return found


def wandering(frames: int, step: float = 0.05, length: int = 100) -> np.ndarray:
    """Return frames of recordings: neighbours are alike, recordings are not."""
    random = np.random.default_rng(0)
    recordings = 4 * random.standard_normal((1 + frames // length, REDUCED)).repeat(length, 0)[:frames]
    return (recordings + step * random.standard_normal((frames, REDUCED)).cumsum(0)).astype(np.float32)


@pytest.mark.parametrize("frames", [1, 5, 64, 203, 999])
def test_candidates_are_the_nearest_frame_of_each_of_the_nearest_blocks(frames: int):
    random = np.random.default_rng(frames)
    keys, target = (random.standard_normal((count, REDUCED)).astype(np.float32) for count in (frames, 7))
    found = nearest_frames(Blocks(keys), target)
    assert found.shape == (7, min(NEIGHBOURS, -(-frames // BLOCK)))
    assert found.tolist() == nearest_of_all(keys, target)


@pytest.mark.parametrize("step", [0.05, 0.5])
@pytest.mark.parametrize("offset", [0.0, 700.0])
def test_candidates_are_the_same_where_most_blocks_are_passed_over(offset: float, step: float):
    keys = wandering(MANY, step=step) + np.float32(offset)
    blocks, random = Blocks(keys), np.random.default_rng(1)
    target = keys[1000 : 1000 + ALIKE_ROWS + 5] + 0.1 * random.standard_normal((ALIKE_ROWS + 5, REDUCED))
    target = target.astype(np.float32)
    assert blocks.worth_a_look(torch.from_numpy(target[:ALIKE_ROWS]), NEIGHBOURS) is not None
    assert nearest_frames(blocks, target).tolist() == nearest_of_all(keys, target)


def test_few_blocks_are_looked_at_for_frames_that_are_alike_and_all_for_others():
    keys = wandering(MANY)
    blocks, random = Blocks(keys), np.random.default_rng(2)
    rows = torch.from_numpy(keys[2000 : 2000 + ALIKE_ROWS])
    chosen = blocks.worth_a_look(rows, NEIGHBOURS)
    assert chosen is not None
    assert NEIGHBOURS <= len(chosen) < 0.25 * blocks.count
    anywhere = torch.from_numpy(20 * random.standard_normal((ALIKE_ROWS, REDUCED)).astype(np.float32))
    assert blocks.worth_a_look(anywhere, NEIGHBOURS) is None


def test_one_near_frame_is_found_among_neighbours_that_are_far():
    keys = wandering(MANY, 0.01, 1500)
    rows, alone = keys[2000 : 2000 + ALIKE_ROWS].copy(), [37, 3010, MANY - 1]
    keys[alone] = rows[[5, 30, 60]] + np.float32(0.01)
    found = nearest_frames(Blocks(keys), rows)
    assert found.tolist() == nearest_of_all(keys, rows)
    assert all(frame in candidates for frame, candidates in zip(alone, found[[5, 30, 60]], strict=True))
