from dataclasses import replace

import numpy as np
import pytest

from engine.errors import ShapeError
from engine.spatial.equalise import diffuse_field, equalise
from engine.spatial.sphere import triangulate
from engine.units import SAMPLE_RATE

HZ = np.fft.rfftfreq(4_096, 1 / SAMPLE_RATE)


def mean_db(hrtf, areas):
    return 20 * np.log10(diffuse_field(np.abs(np.fft.rfft(hrtf.responses.astype(float), 4_096)), areas))


@pytest.fixture(scope="module")
def areas(kemar):
    return triangulate(kemar.places.vectors).areas


def test_an_average_direction_keeps_every_frequency(kemar, areas):
    found = mean_db(equalise(kemar, areas), areas)
    assert np.abs(found[HZ < 15_500]).max() < 0.5
    assert np.abs(mean_db(kemar, areas)[(HZ > 40) & (HZ < 15_500)]).max() > 20.0  # as measured


def test_differences_between_ears_and_directions_stay(kemar, areas):
    before = np.abs(np.fft.rfft(kemar.responses.astype(float), 512))[:, :, 4:160]  # 375 Hz to 15 kHz
    after = np.abs(np.fft.rfft(equalise(kemar, areas).responses.astype(float), 512))[:, :, 4:160]
    between_ears = 20 * np.log10(after[:, 0] / after[:, 1]) - 20 * np.log10(before[:, 0] / before[:, 1])
    assert np.percentile(np.abs(between_ears), 95) < 0.5


def test_what_is_equal_already_is_hardly_changed(kemar, areas):
    once = equalise(kemar, areas)
    twice = equalise(once, areas)
    assert np.abs(twice.responses - once.responses).max() < 0.02


def test_a_filter_common_to_all_directions_is_taken_out(kemar, areas):
    pulse = np.zeros_like(kemar.responses)
    pulse[:, :, 0] = 2.0
    pulse[:, :, 1] = 0.5
    found = equalise(replace(kemar, responses=pulse), areas).responses
    gain_db = 20 * np.log10(np.abs(np.fft.rfft(found.astype(float), 4_096)))[..., HZ < 15_500]
    assert np.abs(gain_db).max() < 0.1


def test_wrong_shapes_are_refused(kemar, areas):
    with pytest.raises(ShapeError, match=r"\(710,\)"):
        equalise(kemar, areas[:-1])
