import numpy as np
import pytest

from engine.generation.calibration.compensation import (
    LARGEST,
    SHORT_ASKED,
    WANTED_THROW,
    compensate,
    own_share,
)
from engine.latent.chart import NAMES
from engine.properties.describing import PROPERTIES
from engine.properties.property import ENOUGH


def effects(**moved: float) -> np.ndarray:
    return np.array([moved.get(name, 0.0) for name in NAMES])


def test_what_was_moved_by_the_side_is_asked_for_the_other_way_round_and_more_of_its_own():
    low = effects(roughness=-0.2, motion=0.5, texture=-0.1, tension=0.3, attack=0.2)
    high = effects(roughness=0.3, motion=-0.02)
    missing = SHORT_ASKED * (PROPERTIES["roughness"].rules.enough - 0.5)
    asked_low, asked_high = compensate("roughness", low, high)
    assert asked_low == pytest.approx({"roughness": -0.4 * missing, "motion": -0.5, "texture": 0.1})
    assert asked_high == pytest.approx({"roughness": 0.6 * missing})


def test_the_side_that_has_no_room_is_hardly_asked_for_more():
    for low, high in ((-0.4, 0.0), (-0.4, -0.1), (-0.0, 0.4)):
        asked_low, asked_high = compensate("warmth", effects(warmth=low), effects(warmth=high))
        far, near = (asked_low, asked_high) if low else (asked_high, asked_low)
        assert abs(far["warmth"]) > 0.8
        assert abs(near.get("warmth", 0.0)) < 0.2


@pytest.mark.parametrize(
    ("own", "throw", "asked"),
    [
        ("warmth", 0.3, WANTED_THROW - 0.3),
        ("warmth", 0.8, SHORT_ASKED * (ENOUGH - 0.8)),
        ("warmth", ENOUGH + 0.01, 0.0),
        ("roughness", 0.4, SHORT_ASKED * 0.2),
        ("roughness", 0.61, 0.0),
    ],
)
def test_a_slider_is_asked_for_more_the_less_it_covers(own: str, throw: float, asked: float):
    low, high = compensate(own, effects(**{own: -throw / 2}), effects(**{own: throw / 2}))
    assert high.get(own, 0.0) == -low.get(own, 0.0) == pytest.approx(asked / 2)


def test_a_slider_that_goes_the_wrong_way_is_asked_for_more_of_that():
    asked_low, asked_high = compensate("warmth", effects(warmth=0.1), effects(warmth=-0.1))
    assert asked_low["warmth"] == -asked_high["warmth"] > 0


def test_what_is_asked_for_besides_has_a_limit():
    low, high = effects(brightness=-WANTED_THROW, motion=-5.0), effects()
    assert compensate("brightness", low, high) == ({"motion": LARGEST}, {})


def test_a_slider_that_moves_only_its_own_compensates_nothing():
    high = effects(brightness=WANTED_THROW / 2)
    assert compensate("brightness", -high, high) == ({}, {})


def test_what_timbre_cannot_make_is_not_asked_for():
    asked = compensate("tension", effects(tension=-0.1, motion=0.2), effects(tension=0.1, attack=0.4))
    assert asked == (pytest.approx({"motion": -0.2}), {})


@pytest.mark.parametrize(
    ("swing", "share"),
    [
        (effects(roughness=0.6, motion=-0.2), 0.75),
        (effects(roughness=-0.6, motion=-0.2, brightness=0.4), 0.5),
        (effects(roughness=0.6, attack=2.0, tension=1.0), 1.0),
        (effects(motion=0.3), 0.0),
        (effects(), 0.0),
    ],
)
def test_the_share_of_its_own_is_in_what_can_be_asked_for(swing, share: float):
    assert own_share("roughness", swing) == pytest.approx(share)
