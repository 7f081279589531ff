"""Outputs of sets that flow, by what is heard of them."""

import numpy as np
import pytest
from small_corpus import noise, struck, tone

from engine.generation.render import render
from engine.generation.renderer import prepare
from engine.settings import GenerateSettings
from engine.units import SAMPLE_RATE

STEP = 480


@pytest.fixture(scope="module")
def flowing(space_at, tmp_path_factory):
    """A model of noises that are cut at both ends."""
    return prepare(space_at(tmp_path_factory.mktemp("flowing"), noise(3.0), noise(2.5, 1), noise(9.0, 2)))


def waves(seconds: float, seed: int) -> np.ndarray:
    """Noise that comes and goes every two seconds, too much to be held; cut while it is loud."""
    time = np.arange(round(seconds * SAMPLE_RATE)) / SAMPLE_RATE
    return noise(seconds, seed) * (0.03 + 0.97 * np.cos(0.5 * np.pi * time) ** 4)


@pytest.fixture(scope="module")
def waving(space_at, tmp_path_factory):
    """A model of noises that come and go, which would not be drawn out."""
    return prepare(space_at(tmp_path_factory.mktemp("waving"), waves(4.0, 0), waves(4.0, 1), waves(6.0, 2)))


@pytest.fixture(scope="module")
def single(space_at, tmp_path_factory):
    """A model of struck sounds."""
    return prepare(space_at(tmp_path_factory.mktemp("single"), struck(220, 0.6), struck(440, 0.5, seed=1)))


def heard(renderer, first: int = 0, **settings) -> np.ndarray:
    given = GenerateSettings(**{"duration": 12.0, "density": 0.4, "seed": 3, **settings})
    return np.concatenate(list(render(renderer, given, first=first, one_core=True)))


def levels(sound: np.ndarray) -> np.ndarray:
    return 10 * np.log10((sound[: len(sound) // STEP * STEP].reshape(-1, STEP) ** 2).mean(1) + 1e-10)


def silent_share(sound: np.ndarray) -> float:
    level = levels(sound)
    return float((level < np.percentile(level, 95) - 60).mean())


def count_hard_stops(sound: np.ndarray) -> int:
    """Falls of 20 dB within 80 ms from full level."""
    level = levels(sound)
    loud = np.percentile(level, 95)
    before = np.convolve(level, np.ones(15) / 15, "valid")
    after = np.convolve(level, np.ones(4) / 4, "valid")
    falls = [i for i in range(20, len(level) - 12) if before[i - 15] > loud - 25 and after[i + 8] < before[i - 15] - 20]
    return sum(1 for k, i in enumerate(falls) if k == 0 or i - falls[k - 1] > 20)


@pytest.mark.parametrize("density", [0.2, 1.0])
def test_a_set_that_is_never_silent_flows_by_itself(flowing, density):
    sound = heard(flowing, density=density)
    assert silent_share(sound) < 0.02
    assert count_hard_stops(sound) == 0


def test_more_flow_is_less_silence(waving):
    shares = [silent_share(heard(waving, density=0.15, duration=40.0, flow=flow)) for flow in (0.0, 0.5, 1.0)]
    assert shares[0] > shares[1] > shares[2]
    assert shares[2] < 0.02


def test_the_level_across_joins_is_that_of_the_sounds(flowing):
    level = levels(heard(flowing, duration=20.0, density=0.5))[50:-250]
    smooth = np.convolve(10 ** (level / 10), np.ones(10) / 10, "valid")
    assert np.ptp(10 * np.log10(smooth)) < 4.0


def test_a_set_of_single_events_sounds_as_without_flow(single):
    for settings in ({}, {"loop": True}, {"one_shot": True}):
        assert np.array_equal(heard(single, **settings), heard(single, flow=0.0, **settings))


def test_single_events_flow_where_that_is_asked_for(make_space):
    renderer = prepare(make_space(tone(330, 2.0, 0.3) * np.minimum(1.0, np.arange(96_000) / 960), struck(220, 1.0)))
    assert renderer.flow == 0.0
    still, flows = (silent_share(heard(renderer, density=0.2, flow=flow)) for flow in (0.0, 1.0))
    assert flows < 0.03 < still


def test_from_any_sample_on_the_same_is_heard(flowing):
    whole = heard(flowing, density=1.5)
    for first in (1, 200_000, 500_000):
        assert np.abs(heard(flowing, first, density=1.5) - whole[first:]).max() < 1e-6


def test_a_loop_flows_around_and_can_be_heard_from_anywhere(flowing):
    whole = heard(flowing, duration=6.0, density=0.7, loop=True)
    turned = heard(flowing, 100_000, duration=6.0, density=0.7, loop=True)
    assert np.abs(np.roll(whole, -100_000, axis=0) - turned).max() < 1e-6
    twice = np.concatenate([whole, whole])
    assert silent_share(twice) == 0.0
    assert count_hard_stops(twice) == 0


def test_one_event_that_is_cut_comes_and_goes_where_there_is_flow(flowing):
    sharp, soft = (heard(flowing, one_shot=True, flow=flow, source=1.0) for flow in (0.0, 1.0))
    assert len(sharp) == len(soft)
    assert np.abs(soft[:4_800]).mean() < 0.7 * np.abs(sharp[:4_800]).mean()
    assert np.abs(soft[-9_600:]).mean() < 0.7 * np.abs(sharp[-9_600:]).mean()


def test_flow_may_change_over_time(waving):
    sound = heard(waving, duration=40.0, density=0.2, flow=((0.0, 0.0), (19.9, 0.0), (20.0, 1.0)))
    half = len(sound) // 2
    assert silent_share(sound[:half]) > 0.1
    assert silent_share(sound[half + 4 * SAMPLE_RATE : -SAMPLE_RATE]) < 0.02
