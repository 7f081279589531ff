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
    made = GenerateSettings(**{"source": 1.0, "duration": 2.0, "density": 4.0, **settings})
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
