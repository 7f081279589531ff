import numpy as np
import pytest

from engine.errors import ShapeError
from engine.features.pitch import estimate_pitch
from engine.units import SAMPLE_RATE

TIME = np.arange(SAMPLE_RATE) / SAMPLE_RATE
CENT = 2 ** (1 / 1200)


def harmonic(hz: float, partials=(1.0, 0.5, 0.8, 0.3)) -> np.ndarray:
    return sum(level * np.sin(2 * np.pi * hz * k * TIME + k) for k, level in enumerate(partials, 1))


@pytest.mark.parametrize("hz", [41.2, 110.0, 261.63, 440.0, 1_318.5, 3_520.0])
@pytest.mark.parametrize("partials", [(1.0,), (1.0, 0.5, 0.8, 0.3), (0.1, 1.0, 0.6)])
def test_a_tone_has_the_pitch_of_its_period(hz: float, partials: tuple[float, ...]):
    found = estimate_pitch(harmonic(hz, partials))
    assert found is not None
    assert abs(np.log2(found / hz)) < np.log2(5 * CENT**4 / 5)


def test_level_and_decay_do_not_matter_and_a_little_noise_neither():
    struck = harmonic(220.0) * np.exp(-6 * TIME) + np.random.default_rng(0).normal(0, 0.01, len(TIME))
    assert estimate_pitch(1e-3 * struck) == pytest.approx(220.0, rel=3e-3)


@pytest.mark.parametrize(
    "sound",
    [
        np.random.default_rng(0).normal(size=SAMPLE_RATE),
        np.zeros(SAMPLE_RATE),
        np.zeros(0),
        np.concatenate([harmonic(220.0), harmonic(330.0)]),
        (np.arange(SAMPLE_RATE) == 100).astype(float),
    ],
    ids=["noise", "silence", "nothing", "two notes", "click"],
)
def test_what_has_no_pitch_gets_none(sound):
    assert estimate_pitch(sound) is None


def test_a_sound_shorter_than_a_window_is_heard_too():
    assert estimate_pitch(harmonic(880.0)[:3_000]) == pytest.approx(880.0, rel=5e-3)


def test_a_stereo_sound_is_refused():
    with pytest.raises(ShapeError, match=r"\(samples,\)"):
        estimate_pitch(np.zeros((10, 2)))
