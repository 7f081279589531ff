import numpy as np
import pytest
from small_model import small_chart

from engine.generation.calibration.verdict import (
    ONCE,
    describe_discovered,
    doubt,
    find_spread,
    find_steadiness,
    judge,
    mean_curve,
    rank_correlations,
)
from engine.latent.certificate import POSITIONS, SliderCertificate
from engine.latent.chart import NAMES

CHART = small_chart()
SPAN = CHART.reach("warmth").span
UNKNOWN = np.nan


def made(*rows: list[float]) -> np.ndarray:
    """Return values of warmth in spans for each seed; nothing else moves, (seeds, positions, descriptors)."""
    values = np.zeros((len(rows), len(POSITIONS), len(NAMES)))
    values[:, :, NAMES.index("warmth")] = SPAN * np.array(rows)
    return values


def judged(*rows: list[float], seconds: float = 4.0) -> SliderCertificate:
    return judge("warmth", made(*rows), [0.25, 0.75, 0.75], CHART, seconds)


RISING, ENDS_ALONE = [-0.5, -0.2, 0.0, 0.3, 0.5], [-0.4, UNKNOWN, 0.0, UNKNOWN, 0.6]


def test_a_slider_that_rises_in_every_seed_is_certified_and_says_how_sure_that_is():
    one = judged(RISING, [-0.6, -0.3, 0.0, 0.3, 0.6])
    assert (one.state, one.reason, one.seeds, one.steadiness) == ("certified", "", 2, 1.0)
    assert one.throw == pytest.approx(1.1)
    assert one.spread == pytest.approx(np.std([1.0, 1.2], ddof=1) / np.sqrt(2))
    assert one.latent_share == 0.75
    assert one.range == pytest.approx((-0.55 * SPAN, 0.0, 0.55 * SPAN))
    assert one.side_effects == pytest.approx(dict.fromkeys(set(NAMES) - {"warmth"}, 0.0))


def test_both_ends_of_two_seeds_are_enough_for_a_certificate_and_nothing_is_calibrated_by_them():
    one = judged(ENDS_ALONE, ENDS_ALONE)
    assert (one.state, one.steadiness, one.drives) == ("certified", 1.0, POSITIONS)
    assert one.curve == pytest.approx(SPAN * np.array([-0.4, -0.2, 0.0, 0.3, 0.6]))
    assert judged(RISING, RISING).drives != POSITIONS


def test_a_slider_that_was_heard_once_is_neither_certified_nor_taken_away():
    assert (judged(RISING).state, judged(RISING).reason, judged(RISING).spread) == ("weak", ONCE, None)
    fallen = judged(RISING[::-1])
    assert (fallen.state, fallen.range, fallen.curve) == ("unmeasured", None, ())


@pytest.mark.parametrize(
    ("row", "state", "said"),
    [
        ([-0.15, -0.1, 0.0, 0.1, 0.15], "weak", "it covers 30% of what the recordings do"),
        ([-0.3, -0.4, 0.0, 0.4, 0.3], "weak", "not in even steps (steadiness 0.80)"),
        ([-0.05, -0.02, 0.0, 0.02, 0.05], "off", "it changes next to nothing: 10%"),
        ([0.5, 0.2, 0.0, -0.3, -0.5], "off", "it does not make this model's sound more warm reliably"),
    ],
)
def test_what_a_slider_lacks_is_said(row: list[float], state: str, said: str):
    one = judged(*4 * [row])
    assert one.state == state
    assert said in one.reason


def test_a_slider_that_seems_to_fail_is_not_taken_away_before_that_is_sure():
    dip = [-0.5, UNKNOWN, 0.6, UNKNOWN, 0.5]  # the sound without the slider happens to lie beyond its end
    assert (judged(dip, dip).state, judged(*4 * [dip]).state) == ("weak", "off")
    assert "by 2 sounds only" in judged(dip, dip).reason
    assert judged(RISING[::-1], RISING[::-1]).state == "off"  # however it is looked at


def test_a_seed_without_its_middle_moves_the_ends_of_the_curve_alone():
    level = 10.0  # of one seed, which says nothing of the slider
    curve = mean_curve(np.array([[-4.0, -1.0, 0.0, 1.0, 4.0], [level - 2, UNKNOWN, level, UNKNOWN, level + 2]]))
    assert curve == pytest.approx(level / 2 + np.array([-3.0, -1.0, 0.0, 1.0, 3.0]))


def test_steadiness_is_that_of_seeds_that_last_long_enough_together():
    rising, falling = np.arange(5.0), -2.0 * np.arange(5.0)
    assert find_steadiness(np.array([rising, rising, falling]), 4.0) == pytest.approx(1.0)
    assert find_steadiness(np.array([rising, rising, falling]), 2.0) == pytest.approx(-1.0)
    assert find_steadiness(np.array([np.ones(5)]), 1.0) == 0.0


def test_rank_correlation_is_that_of_another_implementation():
    from scipy.stats import spearmanr

    curves = np.random.default_rng(1).standard_normal((20, 5)).round(1)
    wanted = [spearmanr(POSITIONS, curve).statistic for curve in curves]
    assert rank_correlations(curves) == pytest.approx(wanted)


def test_the_spread_is_the_standard_error_of_the_mean():
    assert find_spread(np.array([1.0, 2.0, 3.0, 4.0])) == pytest.approx(np.sqrt(5 / 3) / 2)
    assert find_spread(np.array([1.0])) is None


def certified(throw: float, seeds: int = 4, spread: float = 0.05, steadiness: float = 1.0) -> SliderCertificate:
    return SliderCertificate("warmth", "certified", throw=throw, seeds=seeds, spread=spread, steadiness=steadiness)


def test_what_may_be_on_the_other_side_of_a_bar_is_more_uncertain_than_what_is_wide():
    assert doubt(certified(0.55)) > doubt(certified(3.0, spread=0.5))
    assert doubt(certified(3.0, steadiness=0.8)) > doubt(certified(3.0, spread=0.5))
    assert doubt(certified(3.0, spread=0.5)) > doubt(certified(3.0))
    assert doubt(SliderCertificate("warmth")) > doubt(certified(0.55))


def test_two_seeds_that_agree_by_chance_are_less_sure_than_many():
    assert doubt(certified(3.0, seeds=2, spread=0.0)) > doubt(certified(3.0, seeds=8, spread=0.02))


def test_a_discovered_slider_says_what_it_moves():
    one = describe_discovered("discovered 1", made(RISING, RISING), CHART)
    assert (one.state, one.seeds, one.spread) == ("discovered", 2, None)
    assert one.side_effects["warmth"] == pytest.approx(1.0)
