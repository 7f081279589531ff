import numpy as np
import pytest
from scipy.signal import butter, sosfilt

from engine.audio.loudness import k_weighting
from engine.audio.sections import GROUP, PIECE, ROW, SectionFilter
from engine.errors import ShapeError

DELAY = np.array([[0.0, 0.0, 1.0, 1.0, 0.0, 0.0]])  # of two samples


def noise(samples, channels=2, seed=0):
    return np.random.default_rng(seed).standard_normal((channels, samples))


def test_a_filter_that_delays_delays_over_rows_groups_and_pieces():
    sound = noise(PIECE + GROUP + ROW + 3, channels=1)
    delayed = SectionFilter(DELAY, 1).process(sound)
    assert np.array_equal(delayed[0, :2], [0.0, 0.0])
    assert np.allclose(delayed[0, 2:], sound[0, :-2], rtol=0, atol=1e-15)


@pytest.mark.parametrize("samples", [1, ROW, GROUP - 1, GROUP, GROUP + 1, PIECE, 3 * PIECE + 777])
@pytest.mark.parametrize(
    "sections",
    [
        k_weighting(48_000),
        k_weighting(192_000),
        butter(6, (300.0, 3_000.0), "band", fs=48_000, output="sos"),
        butter(1, 100.0, "low", fs=48_000, output="sos"),
    ],
)
def test_agrees_with_scipy(sections, samples: int):
    sound = noise(samples)
    assert np.allclose(SectionFilter(sections, 2).process(sound), sosfilt(sections, sound), rtol=0, atol=1e-10)


@pytest.mark.parametrize("size", [1, 31, 1_000, GROUP, 5_000])
def test_blocks_of_any_size_go_on_where_the_one_before_ended(size: int):
    sound, sections = noise(3 * GROUP + 5), k_weighting(48_000)
    filtering = SectionFilter(sections, 2)
    parts = [filtering.process(sound[:, at : at + size]) for at in range(0, sound.shape[1], size)]
    assert np.allclose(np.concatenate(parts, axis=1), sosfilt(sections, sound), rtol=0, atol=1e-10)


def test_nothing_changes_nothing():
    filtering = SectionFilter(DELAY, 1)
    filtering.process(np.array([[1.0]]))
    assert filtering.process(np.zeros((1, 0))).shape == (1, 0)
    assert filtering.process(np.zeros((1, 2)))[0].tolist() == [0.0, 1.0]


def test_single_precision_is_filtered_in_double_precision():
    sound = noise(2_000).astype(np.float32)
    filtered = SectionFilter(k_weighting(48_000), 2).process(sound)
    assert filtered.dtype == np.float64
    assert np.allclose(filtered, sosfilt(k_weighting(48_000), sound.astype(np.float64)), rtol=0, atol=1e-10)


@pytest.mark.parametrize("shape", [(10,), (1, 10), (3, 10), (2, 10, 1)])
def test_a_block_of_another_shape_is_refused(shape):
    with pytest.raises(ShapeError, match=r"has the shape \(2, samples\), this one"):
        SectionFilter(DELAY, 2).process(np.zeros(shape))
