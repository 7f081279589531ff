import numpy as np

from engine.audio.stage import pass_through


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
