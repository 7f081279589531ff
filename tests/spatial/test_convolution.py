import numpy as np
import pytest

from engine.errors import ShapeError
from engine.spatial.convolution import BlockConvolver

RNG = np.random.default_rng(0)
RESPONSES = RNG.normal(size=(100, 2)).astype(np.float32)
SOUND = RNG.normal(size=(5_000, 2)).astype(np.float32)


def in_blocks(size):
    convolver = BlockConvolver(RESPONSES)
    return np.concatenate([convolver.process(SOUND[at : at + size]) for at in range(0, len(SOUND), size)])


@pytest.mark.parametrize("size", [1, 37, 99, 100, 4_096, 5_000])
def test_blocks_of_any_size_are_filtered_as_the_whole_is(size):
    sound = SOUND if size > 1 else SOUND[:300]
    whole = np.stack([np.convolve(sound[:, c].astype(float), RESPONSES[:, c])[: len(sound)] for c in (0, 1)], axis=1)
    assert np.abs(in_blocks(size)[: len(sound)] - whole).max() < 1e-4


def test_nothing_in_nothing_out():
    assert BlockConvolver(RESPONSES).process(SOUND[:0]).shape == (0, 2)


def test_wrong_shapes_are_refused():
    with pytest.raises(ShapeError, match=r"\(taps, channels\)"):
        BlockConvolver(RESPONSES[:, 0])
    with pytest.raises(ShapeError, match=r"\(samples, 2\), this one \(5000, 1\)"):
        BlockConvolver(RESPONSES).process(SOUND[:, :1])
