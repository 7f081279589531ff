import numpy as np
import pytest
from scipy.ndimage import maximum_filter1d

from engine.properties.crest import strongest_around


@pytest.mark.parametrize("number", [np.float32, np.float64])
@pytest.mark.parametrize("reach", [0, 1, 3, 10])
def test_one_reach_everywhere_is_a_running_maximum(number: type, reach: int):
    magnitude = np.random.default_rng(reach).random((5, 31)).astype(number)
    crest = strongest_around(magnitude, [(0, reach)])
    assert crest.dtype == number
    assert np.array_equal(crest, maximum_filter1d(magnitude, 2 * reach + 1, axis=1))


def test_a_reach_counts_from_its_first_bin_on_and_looks_beyond_it():
    magnitude = np.random.default_rng(1).random((3, 40))
    reaches = [(0, 1), (10, 4), (25, 9)]
    crest = strongest_around(magnitude, reaches)
    for place in range(40):
        reach = max(of for first, of in reaches if place >= first)
        assert (crest[:, place] == magnitude[:, max(0, place - reach) : place + reach + 1].max(1)).all()
