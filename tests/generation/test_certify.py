from collections.abc import Collection

import numpy as np
import pytest

from engine.generation import certify as certifying
from engine.generation.certify import NO_TIME, certify
from engine.latent.certificate import POSITIONS, SliderCertificate, checked_certificate
from engine.latent.chart import NAMES
from engine.sliders import SLIDERS


def be_quick(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(certifying, "FIXED_PLAN", (2, 0.6))
    patch.setattr(certifying, "TRIED_SECONDS", 0.6)


@pytest.fixture(scope="module")
def certificate(space):
    with pytest.MonkeyPatch.context() as patch:
        be_quick(patch)
        return certify(space, None, lambda name: None)  # noqa: ARG005


def test_every_slider_is_measured_and_every_direction_described(space, certificate):
    discovered = {f"discovered {n + 1}" for n in range(len(space.chart.discovered))}
    assert set(certificate.sliders) == {*SLIDERS, *discovered}
    assert (certificate.seeds, certificate.seconds) == (2, 0.6)
    for name in SLIDERS:
        one = certificate.sliders[name]
        assert one.state in ("certified", "weak", "off")
        assert bool(one.reason) == (one.state != "certified")
        assert len(one.curve) == len(POSITIONS)
        assert one.range == (one.curve[0], one.curve[2], one.curve[4])
        assert one.throw == pytest.approx((one.curve[4] - one.curve[0]) / space.chart.reach(name).span)
        assert set(one.side_effects) == set(NAMES) - {name}
        assert 0.0 <= one.latent_share <= 1.0


def test_what_was_measured_can_be_saved_and_is_the_same_the_next_time(space, certificate, monkeypatch):
    from dataclasses import asdict

    assert checked_certificate(asdict(certificate)) == certificate
    be_quick(monkeypatch)
    assert certify(space, None, lambda name: None) == certificate  # noqa: ARG005


def test_without_time_sliders_are_unmeasured_and_say_why(space):
    told = certify(space, 0.0, lambda name: None)  # noqa: ARG005
    assert {(one.state, one.reason) for one in told.sliders.values()} == {("unmeasured", NO_TIME)}
    assert told.seeds == 0


def test_what_was_moved_by_the_side_is_asked_for_the_other_way_round():
    low, high = np.zeros(7), np.zeros(7)
    own, motion, tension = (NAMES.index(name) for name in ("roughness", "motion", "tension"))
    low[[own, motion, tension]] = -0.2, 0.5, 0.3
    high[[own, motion]] = 0.3, -0.02
    farther = (certifying.WANTED_THROW - 0.5) / 2
    asked = certifying._against("motion", own, low, high)
    assert asked == pytest.approx({"motion": -certifying.COMPENSATED * 0.5, "roughness": -farther})
    assert certifying._against("motion", own, high, low) == pytest.approx({"roughness": farther})


def test_what_is_asked_for_besides_has_a_limit():
    low = np.zeros(7)
    low[[NAMES.index("brightness"), NAMES.index("motion")]] = -certifying.WANTED_THROW, -5.0
    asked = certifying._against("motion", 0, low, np.zeros(7))
    assert asked == pytest.approx({"motion": certifying.LARGEST_COMPENSATION})


def test_a_slider_that_moves_only_its_own_compensates_nothing():
    effects = np.zeros(7)
    effects[0] = certifying.WANTED_THROW / 2
    assert certifying._against("motion", 0, effects, -effects) == {}


class Rendered(certifying._Sweep):
    """A sweep whose outputs are known: warmth and motion go along with roughness, less so if asked not to."""

    def __init__(self, **left: float) -> None:
        self.left, self.tried = left, []

    def _has_time(self, trials: int, deadline: float) -> bool:
        return len(self.tried) + trials <= deadline

    def _effects(self, name: str, seconds: float):  # noqa: ARG002
        high = effects(roughness=0.5, warmth=0.2, motion=0.4)
        return -high, high

    def _swing(self, name: str, compensation):  # noqa: ARG002
        self.tried.append(compensation)
        asked = {other: left for other, left in self.left.items() if other in compensation[1]}
        return effects(**{"roughness": 1.0, "warmth": 0.4, "motion": 0.8, **asked})


@pytest.mark.parametrize(
    ("left", "time", "asked"),
    [
        ({"motion": 0.0}, 9, {"roughness", "motion"}),
        ({"warmth": 0.0}, 9, {"roughness", "warmth"}),
        ({"warmth": 0.0, "motion": 0.7}, 9, {"roughness", "warmth"}),
        ({"warmth": 0.2, "motion": 0.1}, 9, {"roughness", "motion"}),
        ({"motion": 0.8}, 9, set()),
        ({"warmth": 0.0}, 2, set()),
    ],
)
def test_of_what_moves_besides_one_is_asked_to_stay_whose_staying_helps_most(left, time: int, asked: set[str]):
    low, high = Rendered(**left).compensate("roughness", time)
    assert set(low) == set(high) == asked


def test_steadiness_is_that_of_seeds_that_last_long_enough_together():
    rising, falling = np.arange(5.0), -2.0 * np.arange(5.0)
    assert certifying._steadiness(np.array([rising, rising, falling]), 4.0) == pytest.approx(1.0)
    assert certifying._steadiness(np.array([rising, rising, falling]), 2.0) == pytest.approx(-1.0)
    assert certifying._steadiness(np.array([np.ones(5)]), 1.0) == 0.0


def effects(**moved: float) -> np.ndarray:
    return np.array([moved.get(name, 0.0) for name in NAMES])


@pytest.mark.parametrize(
    ("before", "made", "better"),
    [
        (effects(roughness=0.8, motion=0.6), effects(roughness=0.8, motion=0.2), True),
        (effects(roughness=0.8, motion=0.6), effects(roughness=0.8, motion=0.6), False),
        (effects(roughness=0.8, motion=0.6), effects(roughness=0.5, motion=0.1), False),
        (effects(roughness=0.5, motion=0.1), effects(roughness=0.6, motion=0.1), True),
        (effects(roughness=0.5, motion=0.1), effects(roughness=0.6, motion=0.4), False),
        (effects(roughness=0.8, motion=0.6, attack=0.1), effects(roughness=0.8, motion=0.2, attack=2.0), True),
    ],
)
def test_better_is_what_moves_less_by_the_side_and_goes_as_far(before, made, better: bool):
    assert certifying.is_better(made, before, NAMES.index("roughness")) is better


class Told:
    """Sweeps whose results are known beforehand: who can be improved, and how many there is time for."""

    def __init__(self, can: set[str], time: int, weak: Collection[str]) -> None:
        self.can, self.time, self.weak, self.asked = can, time, weak, []

    def compensate(self, name: str, deadline: float) -> tuple[dict[str, float], dict[str, float]]:  # noqa: ARG002
        self.asked.append(name)
        self.time -= 1
        return ({"motion": 0.3}, {}) if name in self.can and self.time >= 0 else ({}, {})

    def measure(self, name: str, compensation: tuple[dict[str, float], dict[str, float]]) -> SliderCertificate:
        state = "weak" if name in self.weak else "certified"
        return SliderCertificate(name, state, throw=0.8, side_effects={"motion": 0.1}, compensation=compensation)


def improved(can: set[str], time: int, weak: Collection[str] = ()) -> tuple[list[str], set[str]]:
    """Return which sliders were tried, in order, and which compensate; some are weak then."""
    beside = {"roughness": 2.0, "texture": 1.6, "warmth": 0.3}
    sliders = {
        name: SliderCertificate(name, "certified", throw=0.8, side_effects={"motion": beside.get(name, 0.0)})
        for name in SLIDERS
    }
    sweep = Told(can, time, weak)
    certifying.improve(sweep, sliders, 0.0)
    return sweep.asked, {name for name, one in sliders.items() if any(one.compensation)}


def test_poor_sliders_are_improved_the_poorest_first():
    assert improved({"roughness", "texture", "warmth"}, 9) == (["roughness", "texture"], {"roughness", "texture"})
    assert improved({"roughness", "texture", "warmth"}, 1) == (["roughness", "texture"], {"roughness"})
    assert improved({"texture"}, 9) == (["roughness", "texture"], {"texture"})


def test_a_slider_that_a_compensation_makes_weak_stays_as_it_was():
    assert improved({"roughness", "texture"}, 9, {"texture"}) == (["roughness", "texture"], {"roughness"})
