import math
from types import SimpleNamespace

import pytest

from engine.training.schedule import LAST_RATE_SHARE, WARM_UP_STEPS, Budget, Recipe, kl_weight, learning_rate

RECIPE = Recipe(peak_rate=1e-3, kl_weight=4e-5)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> SimpleNamespace:
    """A clock that stands still unless it is moved."""
    clock = SimpleNamespace(now=1000.0)
    monkeypatch.setattr("engine.training.schedule.time", SimpleNamespace(monotonic=lambda: clock.now))
    return clock


@pytest.mark.parametrize(
    ("share", "of_peak"),
    [(0.0, 1.0), (0.5, 0.5 * (1 + LAST_RATE_SHARE)), (1.0, LAST_RATE_SHARE)],
)
def test_the_learning_rate_falls_along_half_a_cosine(share: float, of_peak: float):
    assert learning_rate(RECIPE, WARM_UP_STEPS, share) == pytest.approx(1e-3 * of_peak)


def test_the_learning_rate_is_the_cosine_between_its_ends_anywhere():
    for share in (0.1, 0.25, 0.9):
        low, high = LAST_RATE_SHARE, 1.0
        wanted = 1e-3 * (low + (high - low) * math.cos(math.pi * share / 2) ** 2)
        assert learning_rate(RECIPE, 10_000, share) == pytest.approx(wanted)


def test_the_learning_rate_rises_in_a_line_over_the_first_steps():
    rates = [learning_rate(RECIPE, step, 0.0) for step in range(WARM_UP_STEPS + 5)]
    assert rates[0] == pytest.approx(1e-3 / WARM_UP_STEPS)
    assert rates[WARM_UP_STEPS // 2 - 1] == pytest.approx(0.5e-3)
    assert rates[WARM_UP_STEPS - 1 :] == pytest.approx([1e-3] * 6)


@pytest.mark.parametrize(("share", "of_final"), [(0.0, 0.0), (0.125, 0.5), (0.25, 1.0), (0.7, 1.0), (1.0, 1.0)])
def test_the_divergence_gains_its_weight_over_the_first_quarter(share: float, of_final: float):
    assert kl_weight(RECIPE, share) == pytest.approx(4e-5 * of_final)


def test_a_budget_of_steps_counts_steps_whatever_the_clock_says(clock):
    budget = Budget(steps=8, seconds=1.0)
    clock.now += 100
    assert [budget.share(step) for step in (0, 2, 8, 9)] == [0.0, 0.25, 1.0, 1.0]


def test_a_budget_of_time_follows_the_clock_whatever_the_steps(clock):
    budget = Budget(steps=None, seconds=60.0)
    assert budget.share(0) == budget.share(10**6) == 0.0
    clock.now += 15
    assert budget.share(3) == 0.25
    assert (budget.elapsed(), budget.seconds_left(3)) == (15.0, 45.0)
    clock.now += 100
    assert budget.share(3) == 1.0
    assert budget.seconds_left(3) == 0.0


def test_a_resumed_budget_of_time_goes_on_from_what_was_done(clock):
    budget = Budget(steps=None, seconds=30.0, done=0.4)
    assert budget.share(0) == pytest.approx(0.4)
    clock.now += 15
    assert budget.share(0) == pytest.approx(0.7)
    clock.now += 15
    assert budget.share(0) == pytest.approx(1.0)


@pytest.mark.parametrize("seconds", [0.0, -5.0])
@pytest.mark.usefixtures("clock")
def test_no_time_left_means_done(seconds: float):
    assert Budget(steps=None, seconds=seconds).share(0) == 1.0


def test_steps_to_come_are_estimated_to_take_as_long_as_those_before(clock):
    budget = Budget(steps=10, seconds=0.0)
    clock.now += 8
    assert budget.seconds_left(4) == pytest.approx(12.0)
