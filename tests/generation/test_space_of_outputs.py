import numpy as np
import pytest

from engine.features.descriptors import width
from engine.generation.render import render
from engine.generation.renderer import prepare
from engine.settings import GenerateSettings
from engine.units import SAMPLE_RATE


@pytest.fixture(scope="module")
def renderer(space):
    return prepare(space)


def rendered(renderer, **settings) -> np.ndarray:
    made = GenerateSettings(**{"source": 1.0, "duration": 2.0, "density": 4.0, "flow": 0.0, **settings})
    return np.concatenate(list(render(renderer, made)))


@pytest.mark.parametrize(
    "settings",
    [
        {"channels": "binaural"},
        {"channels": "binaural", "movement": "orbit", "orbit_seconds": 2.0},
        {"movement": "drift"},
        {"width": -10.0},
        {"width": 10.0},
        {"distance": 10.0},
        {"distance": -10.0},
        {"distance": 5.0, "loop": True},
        {"channels": "binaural", "distance": 5.0, "width": 3.0},
        {"width": ((0.0, -10.0), (2.0, 10.0)), "distance": ((0.0, 10.0), (2.0, -10.0))},
        {"channels": "binaural", "width": ((0.0, 10.0), (1.0, -10.0)), "loop": True},
    ],
)
def test_space_keeps_the_duration_and_gives_two_channels_the_same_every_time(renderer, settings: dict):
    sound = rendered(renderer, **settings)
    assert sound.shape == (2 * SAMPLE_RATE, 2)
    assert np.isfinite(sound).all()
    assert np.abs(sound).max() > 1e-3
    assert np.array_equal(sound, rendered(renderer, **settings))


def test_the_wider_the_more_is_in_the_difference_of_the_channels(renderer):
    widths = [width(rendered(renderer, width=position)) for position in (-10.0, -5.0, 4.0, 10.0)]
    assert (np.diff(widths) > 0).all()
    mono = rendered(renderer, width=-10.0)
    assert mono[:, 0] == pytest.approx(mono[:, 1], abs=1e-6)


def test_the_farther_the_softer_and_darker(renderer):
    near, far = (rendered(renderer, distance=position) for position in (-5.0, 8.0))
    assert (far**2).sum() < (near**2).sum()


def test_a_room_goes_round_a_loop(renderer):
    loop = rendered(renderer, distance=8.0, loop=True)
    straight = rendered(renderer, distance=8.0)
    start = slice(0, SAMPLE_RATE // 50)
    assert np.abs(loop[start]).max() > np.abs(straight[start]).max()  # what ended is still heard
    assert np.abs(loop[0] - loop[-1]).max() <= np.abs(np.diff(loop, axis=0)).max()


def test_neutral_space_changes_nothing(renderer):
    assert np.array_equal(rendered(renderer), rendered(renderer, width=0.0, distance=0.0, movement="still"))
    assert rendered(renderer).shape[1] == 1


def test_curves_of_one_value_are_numbers(renderer):
    curves = {"width": ((0.0, 4.0), (2.0, 4.0)), "distance": ((0.0, 3.0), (1.0, 3.0))}
    assert np.array_equal(rendered(renderer, **curves), rendered(renderer, width=4.0, distance=3.0))


def test_an_output_opens_and_goes_away_along_curves(renderer):
    opening = rendered(renderer, duration=6.0, width=((0.0, -10.0), (1.0, -10.0), (5.0, 10.0)))
    assert width(opening[:SAMPLE_RATE]) < width(opening[2 * SAMPLE_RATE : 4 * SAMPLE_RATE])
    assert width(opening[2 * SAMPLE_RATE : 3 * SAMPLE_RATE]) < width(opening[5 * SAMPLE_RATE :])
    leaving = rendered(renderer, duration=6.0, distance=((1.0, -10.0), (5.0, 10.0)))
    near = rendered(renderer, duration=6.0, distance=-10.0)
    far = rendered(renderer, duration=6.0, distance=10.0)
    assert np.abs(leaving[:SAMPLE_RATE] - near[:SAMPLE_RATE]).max() < 1e-5
    assert np.abs(leaving[-SAMPLE_RATE // 2 :] - far[-SAMPLE_RATE // 2 :]).max() < 1e-5


def test_a_loop_ends_as_wide_and_as_near_as_it_begins(renderer):
    moving = {"loop": True, "duration": 4.0, "density": 6.0}
    curves = {"width": ((0.0, -10.0), (3.0, 10.0)), "distance": ((0.0, 8.0), (3.0, -8.0))}
    loop = rendered(renderer, **moving, **curves)
    assert np.abs(loop[0] - loop[-1]).max() <= np.abs(np.diff(loop, axis=0)).max()
    assert width(loop[-240:]) < width(loop[3 * SAMPLE_RATE - 4_800 : 3 * SAMPLE_RATE]) - 6.0
    going, far = rendered(renderer, **moving, distance=curves["distance"]), rendered(renderer, **moving, distance=8.0)
    assert np.abs(going[:5] - far[:5]).max() < 0.001 * np.abs(far).max()


def test_a_curve_that_stays_at_zero_is_no_space(renderer):
    still = rendered(renderer, width=((0.0, 0.0), (2.0, 0.0)), distance=((0.0, 0.0), (1.0, 0.0)))
    assert np.array_equal(still, rendered(renderer))


def test_stereo_spreads_mono_recordings_and_the_slider_goes_on_through_zero(renderer):
    widths = [width(rendered(renderer, channels="stereo", width=position)) for position in (-5.0, -0.1, 0.0, 0.1, 5.0)]
    assert (np.diff(widths) > 0).all()
    assert np.ptp(widths[1:4]) < 0.5
