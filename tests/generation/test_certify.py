import numpy as np
import pytest

from engine.generation import certify as certifying
from engine.generation.certify import NO_TIME, certify
from engine.latent.certificate import POSITIONS, checked_certificate
from engine.latent.chart import NAMES
from engine.sliders import SLIDERS


def be_quick(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(certifying, "FIXED_PLAN", (2, 0.6))
    patch.setattr(certifying, "ROUNDS", 1)


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
    high[[own, motion]] = 0.3, -0.05
    asked = certifying._compensation(own, low, high)
    assert asked == pytest.approx(
        {
            "motion": -certifying.COMPENSATED * 0.5,
            "roughness": -(certifying.WANTED_THROW - 0.5) / 2,
        }
    )
    assert certifying._compensation(own, high, low) == pytest.approx({"roughness": (certifying.WANTED_THROW - 0.5) / 2})


def test_a_slider_that_moves_only_its_own_compensates_nothing():
    effects = np.zeros(7)
    effects[0] = 0.6
    assert certifying._compensation(0, effects, -effects) == {}


def test_steadiness_is_that_of_seeds_that_last_long_enough_together():
    rising, falling = np.arange(5.0), -2.0 * np.arange(5.0)
    assert certifying._steadiness(np.array([rising, rising, falling]), 4.0) == pytest.approx(1.0)
    assert certifying._steadiness(np.array([rising, rising, falling]), 2.0) == pytest.approx(-1.0)
    assert certifying._steadiness(np.array([np.ones(5)]), 1.0) == 0.0
