import math

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
    patch.setattr(certifying, "LISTENED_SECONDS", 0.6)


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


def test_steadiness_is_that_of_seeds_that_last_long_enough_together():
    rising, falling = np.arange(5.0), -2.0 * np.arange(5.0)
    assert certifying._steadiness(np.array([rising, rising, falling]), 4.0) == pytest.approx(1.0)
    assert certifying._steadiness(np.array([rising, rising, falling]), 2.0) == pytest.approx(-1.0)
    assert certifying._steadiness(np.array([np.ones(5)]), 1.0) == 0.0


class Timed(certifying._Sweep):
    """A sweep whose pace is known: a second of sound takes so long."""

    pace = 0.1

    def __init__(self, renderer) -> None:
        super().__init__(renderer, None, None)

    def _outputs(self, *asked):  # noqa: ARG002
        return []


def measurable(sweep: Timed, seeds: int, seconds: float) -> float:
    """Return how long it takes to measure all sliders in so many outputs, and those that nobody named in three."""
    discovered = len(sweep.renderer.space.chart.discovered)
    return sweep.pace * seconds * (seeds * (4 * len(SLIDERS) + 1) + 2 * 3 * discovered)


@pytest.fixture
def timed(space, monkeypatch) -> Timed:
    monkeypatch.setattr(certifying.time, "monotonic", lambda: 1_000.0)
    return Timed(certifying.prepare(space))


def test_sliders_are_measured_where_the_time_nearly_suffices(timed):
    least = measurable(timed, 4, 1.0)
    assert timed.can_measure(1_000.0 + 1.01 * least / certifying.OVERRUN)
    assert not timed.can_measure(1_000.0 + 0.99 * least / certifying.OVERRUN)


def test_sliders_are_listened_to_where_the_time_suffices_for_that_too(timed):
    enough = (measurable(timed, 4, 1.0) + timed.pace * 2 * 2 * 4.0) / certifying.LENIENCE
    assert timed.can_listen(1_000.0 + 1.01 * enough)
    assert not timed.can_listen(1_000.0 + 0.99 * enough)


@pytest.mark.parametrize("planned", [(4, 1.0), (5, 1.0), (4, 1.5), (5, 3.0), (4, 4.0), (8, 4.0)])
def test_as_long_and_then_as_many_outputs_are_planned_as_there_is_time_for(timed, planned: tuple[int, float]):
    assert timed.plan(1_000.0 + 1.01 * measurable(timed, *planned) / certifying.SWEEPS_SHARE) == planned


def test_what_cannot_be_measured_in_time_is_measured_as_little_as_can_be(timed):
    assert timed.plan(1_000.1) == (4, 1.0)
    assert timed.plan(math.inf) == certifying.FIXED_PLAN


def test_a_slider_that_moves_little_by_the_side_compensates_nothing(timed):
    moved = np.array([1.0 * (name == "warmth") + 0.3 * (name == "motion") for name in NAMES])
    for beside, compensates in ((0.5, False), (2.5, True)):
        swing = moved * np.where(np.array(NAMES) == "motion", beside, 1.0)
        timed.on_slider, timed._effects = lambda name: None, lambda *asked, half=swing / 2: (-half, half)  # noqa: ARG005
        assert bool(timed.listen("warmth")[1].get("motion")) is compensates


class Told:
    """Sweeps whose results are known beforehand, and how many there is time for."""

    def __init__(self, states: dict[str, State], time: int) -> None:
        self.states, self.time, self.asked = states, time, []

    def can_sweep(self, deadline: float) -> bool:  # noqa: ARG002
        return len(self.asked) < self.time

    def measure(self, name: str, compensation: Compensation) -> SliderCertificate:
        self.asked.append(name)
        return SliderCertificate(name, self.states[name], compensation=compensation)


def reconsidered(before: dict[str, State], without: dict[str, State], time: int = 9) -> tuple[list[str], set[str]]:
    """Return which of the compensating sliders were swept without, and which compensate no more."""
    sliders = {
        name: SliderCertificate(name, state, compensation=({"motion": 0.1}, {})) for name, state in before.items()
    }
    sweep = Told(without, time)
    certifying.reconsider(sweep, sliders, 0.0)
    return sweep.asked, {name for name, one in sliders.items() if not any(one.compensation)}


def test_what_is_not_certified_with_a_compensation_is_tried_without():
    before = {"roughness": "weak", "texture": "off", "warmth": "off", "brightness": "certified"}
    without = {"roughness": "certified", "texture": "weak", "warmth": "off"}
    assert reconsidered(before, without) == (["roughness", "texture", "warmth"], {"roughness", "texture"})
    assert reconsidered(before, without, 1) == (["roughness"], {"roughness"})
    assert reconsidered({"roughness": "weak"}, {"roughness": "weak"}) == (["roughness"], set())


def test_what_compensates_nothing_is_not_swept_again():
    sliders = {"motion": SliderCertificate("motion", "weak")}
    sweep = Told({"motion": "certified"}, 9)
    certifying.reconsider(sweep, sliders, 0.0)
    assert sweep.asked == []
