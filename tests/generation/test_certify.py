from collections.abc import Collection

import numpy as np
import pytest

from engine.generation import certify as certifying
from engine.generation.certify import NO_TIME, certify
from engine.generation.compensation import Compensation
from engine.latent.certificate import POSITIONS, SliderCertificate, State, checked_certificate
from engine.latent.chart import NAMES
from engine.sliders import SLIDERS


def be_quick(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(certifying, "FIXED_PLAN", (2, 0.6))
    patch.setattr(certifying, "LISTENED", (range(2_000, 2_001), 0.6))


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


def test_what_a_slider_moves_is_in_the_order_of_descriptors():
    slider = SliderCertificate("warmth", throw=0.5, side_effects={name: 0.1 for name in NAMES if name != "warmth"})
    expected = [0.5 if name == "warmth" else 0.1 for name in NAMES]
    assert certifying.swing_of(slider) == pytest.approx(expected)


def test_steadiness_is_that_of_seeds_that_last_long_enough_together():
    rising, falling = np.arange(5.0), -2.0 * np.arange(5.0)
    assert certifying._steadiness(np.array([rising, rising, falling]), 4.0) == pytest.approx(1.0)
    assert certifying._steadiness(np.array([rising, rising, falling]), 2.0) == pytest.approx(-1.0)
    assert certifying._steadiness(np.array([np.ones(5)]), 1.0) == 0.0


class Told:
    """Sweeps whose results are known beforehand: each slider moves motion, and how many there is time for."""

    def __init__(self, time: int, weak: Collection[str]) -> None:
        self.time, self.weak, self.asked = time, weak, []

    def has_time(self, deadline: float) -> bool:  # noqa: ARG002
        return len(self.asked) < self.time

    def effects(self, name: str, seeds: Collection[int], seconds: float) -> tuple[np.ndarray, np.ndarray]:  # noqa: ARG002
        return -MOTION, MOTION

    def measure(self, name: str, compensation: Compensation) -> SliderCertificate:
        self.asked.append(name)
        state = "weak" if name in self.weak else "certified"
        return SliderCertificate(name, state, throw=0.8, side_effects={"motion": 0.1}, compensation=compensation)


MOTION = np.array([0.3 * (name == "motion") for name in NAMES])
BESIDE = {"roughness": 2.0, "texture": 1.6, "warmth": 0.3}


def _beside(name: str) -> dict[str, float]:
    return {other: BESIDE.get(name, 0.0) * (other == "motion") for other in NAMES if other != name}


def improved(time: int, weak: Collection[str] = (), before: State = "certified") -> tuple[list[str], set[str]]:
    """Return which sliders were swept again, in order, and which compensate; some are weak then."""
    sliders = {name: SliderCertificate(name, before, throw=0.8, side_effects=_beside(name)) for name in SLIDERS}
    sweep = Told(time, weak)
    certifying.improve(sweep, sliders, 0.0)
    return sweep.asked, {name for name, one in sliders.items() if one.compensation[1].get("motion", 0.0) < 0.0}


def test_poor_sliders_compensate_those_that_are_worth_least_first():
    assert improved(9) == (["roughness", "texture"], {"roughness", "texture"})


def test_sliders_are_swept_again_while_there_is_time():
    assert improved(1) == (["roughness"], {"roughness"})
    assert improved(0) == ([], set())


def test_a_slider_that_a_compensation_makes_weak_stays_as_it_was():
    assert improved(9, {"texture"}) == (["roughness", "texture"], {"roughness"})
    assert improved(9, {"texture"}, "weak") == (["roughness", "texture"], {"roughness", "texture"})
