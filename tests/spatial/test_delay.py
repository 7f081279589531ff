import numpy as np
import pytest

from engine.errors import ParameterError, ShapeError
from engine.spatial.delay import read_delayed
from engine.units import SAMPLE_RATE

TIME = np.arange(9_600) / SAMPLE_RATE


@pytest.mark.parametrize("hz", [100.0, 1_000.0, 8_000.0, 15_000.0])
@pytest.mark.parametrize("late", [20.0, 20.25, 33.5, 47.9])
def test_a_sine_is_later_by_any_part_of_a_sample(hz, late):
    heard = read_delayed(np.sin(2 * np.pi * hz * TIME).astype(np.float32), np.full(len(TIME), late))
    expected = np.sin(2 * np.pi * hz * (TIME - late / SAMPLE_RATE))
    assert np.abs(heard - expected)[200:-200].max() < 10 ** (-65 / 20)


def test_whole_samples_are_exact():
    noise = np.random.default_rng(0).normal(size=1_000).astype(np.float32)
    assert np.abs(read_delayed(noise, np.full(1_050, 50.0))[50:] - noise).max() < 1e-3


def test_a_moving_delay_bends_the_pitch_and_makes_no_steps():
    late = 30.0 + 20.0 * np.sin(2 * np.pi * 2 * TIME)
    heard = read_delayed(np.sin(2 * np.pi * 3_000 * TIME).astype(np.float32), late)
    expected = np.sin(2 * np.pi * 3_000 * (TIME - late / SAMPLE_RATE))
    assert np.abs(heard - expected)[200:-200].max() < 1e-3


def test_nothing_is_lost_at_both_ends():
    pulse = np.zeros(10, np.float32)
    pulse[[0, 9]] = 1.0
    heard = read_delayed(pulse, np.full(60, 15.5))
    assert heard.sum() == pytest.approx(2.0, abs=1e-3)
    assert not read_delayed(pulse, np.full(60, 200.0)).any()
    assert read_delayed(pulse[:0], np.full(5, 1.0)).tolist() == [0.0] * 5


def test_the_parts_in_which_a_long_sound_is_read_do_not_matter():
    noise = np.random.default_rng(1).normal(size=70_000).astype(np.float32)
    late = 20.0 + np.linspace(0, 15, len(noise))
    whole = read_delayed(noise, late)
    begin = 40_000
    part = read_delayed(noise[begin - 100 :], late[begin - 100 :])[100:]
    assert np.abs(part - whole[begin:]).max() < 1e-6


def test_what_cannot_be_is_refused():
    with pytest.raises(ShapeError, match="one axis"):
        read_delayed(np.zeros((4, 2), np.float32), np.zeros(4))
    with pytest.raises(ShapeError, match="one axis"):
        read_delayed(np.zeros(4, np.float32), np.zeros((4, 1)))
    with pytest.raises(ParameterError, match=r"-0\.5 samples"):
        read_delayed(np.zeros(4, np.float32), np.array([1.0, -0.5]))
