import numpy as np
import pytest

from engine.generation import certify as certifying
from engine.generation.certify import NO_TIME, certify
from engine.latent.certificate import POSITIONS, SliderCertificate, checked_certificate
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


def slider(throw: float, **side_effects: float) -> SliderCertificate:
    return SliderCertificate("roughness", throw=throw, side_effects=side_effects)


def test_what_is_asked_for_besides_adds_up_within_limits():
    added = certifying._added({"texture": 0.4, "motion": 1.0}, {"motion": 0.9, "brightness": -0.2, "texture": -0.4})
    assert added == pytest.approx({"brightness": -0.2, "motion": certifying.LARGEST_COMPENSATION})


@pytest.mark.parametrize(
    ("before", "made", "better"),
    [
        (slider(0.8, motion=0.6), slider(0.8, motion=0.2), True),
        (slider(0.8, motion=0.6), slider(0.8, motion=0.6), False),
        (slider(0.8, motion=0.6), slider(0.5, motion=0.1), False),
        (slider(0.5, motion=0.1), slider(0.6, motion=0.1), True),
        (slider(0.5, motion=0.1), slider(0.6, motion=0.4), False),
        (slider(0.8, motion=0.6, attack=0.1), slider(0.8, motion=0.2, attack=2.0), True),
    ],
)
def test_better_is_what_moves_less_by_the_side_and_goes_as_far(before, made, better: bool):
    assert certifying._is_better(made, before) is better


class Told:
    """Sweeps whose results are known beforehand: the side effect that is left after each round."""

    def __init__(self, left: dict[str, list[float]]) -> None:
        self.left, self.rounds = left, dict.fromkeys(left, 0)

    def has_time(self, deadline: float) -> bool:
        return sum(self.rounds.values()) < deadline

    def compensated(self, name: str, before: object) -> object:
        return ({"motion": self.rounds[name] + 1.0}, before)

    def measure(self, name: str, compensation: object) -> SliderCertificate:
        self.rounds[name] += 1
        return SliderCertificate(
            name, throw=0.8, side_effects={"motion": self.left[name][self.rounds[name]]}, compensation=compensation
        )


def improved(left: dict[str, list[float]], rounds: float) -> dict[str, float]:
    """Return the side effect of each slider after so many rounds at most."""
    sweep, sliders = Told(left), {name: slider(0.8, motion=0.0) for name in SLIDERS}
    sliders |= {name: slider(0.8, motion=some[0]) for name, some in left.items()}
    certifying.improve(sweep, sliders, rounds)
    return {name: sliders[name].side_effects["motion"] for name in left}


def test_the_poorest_sliders_are_improved_first_and_as_long_as_it_helps():
    left = {"roughness": [2.0, 1.5, 1.1, 0.8, 0.1], "texture": [1.6, 1.7, 0.1], "warmth": [0.3, 0.1]}
    assert improved(left, 0) == {"roughness": 2.0, "texture": 1.6, "warmth": 0.3}
    assert improved(left, 1) == {"roughness": 1.5, "texture": 1.6, "warmth": 0.3}
    assert improved(left, 99) == {"roughness": 0.8, "texture": 1.6, "warmth": 0.3}
