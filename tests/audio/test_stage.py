import numpy as np
import pytest

from engine.audio.stage import cut, pass_through


class Delay:
    """Holds the last block back."""

    def __init__(self):
        self._held = np.zeros((0, 1), np.float32)

    def process(self, block):
        ready, self._held = self._held, block
        return ready

    def flush(self):
        return self._held


def test_all_comes_out_in_order_and_no_block_is_empty():
    blocks = [np.full((2, 1), value, np.float32) for value in range(3)]
    result = list(pass_through(blocks, Delay()))
    assert [block[0, 0] for block in result] == [0, 1, 2]
    assert all(map(len, result))


def test_of_nothing_comes_nothing():
    assert not list(pass_through([], Delay()))


@pytest.mark.parametrize(("skip", "count"), [(0, 10), (3, 4), (4, 100), (20, 5)])
def test_a_part_is_cut_out(skip, count):
    blocks = [np.arange(at, min(18, at + 4), dtype=np.float32)[:, None] for at in range(0, 18, 4)]
    assert np.concatenate(list(cut(blocks, skip, count)))[:, 0].tolist() == list(range(18))[skip : skip + count]
