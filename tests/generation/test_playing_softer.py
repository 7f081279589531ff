"""A low note that a shelf would take away stays, and is played softer, as it is under a shelf."""

import numpy as np
import pytest
from small_corpus import tone

from engine.features.fundamental import find_loudest_note
from engine.generation.event.loudness import weighted_energy
from engine.generation.render import render
from engine.generation.renderer import prepare
from engine.properties.warmth import MOST_SOFTER_DB, softer_db
from engine.settings import GenerateSettings
from engine.sliders import LIMIT

LOW_HZ = 110.0


@pytest.fixture(scope="module")
def mixed(space_at, tmp_path_factory):
    """A renderer of low tones and high ones, so that thin and warm lie far apart."""
    sounds = [tone(LOW_HZ, 0.8), tone(LOW_HZ, 0.9), tone(1_200.0, 0.8), tone(1_500.0, 0.8)]
    return prepare(space_at(tmp_path_factory.mktemp("mixed"), *sounds))


def heard(renderer, **given) -> np.ndarray:
    settings = GenerateSettings(one_shot=True, novelty=0.0, source=1.0, **given)
    return np.concatenate(list(render(renderer, settings)))


def low_seed(renderer) -> int:
    """Return a seed whose event is a low tone."""
    notes = ((seed, find_loudest_note(heard(renderer, seed=seed)[:, 0]).hz) for seed in range(20))
    return next(seed for seed, hz in notes if abs(hz - LOW_HZ) < 2.0)


def fall_db(renderer, seed: int, position: float) -> float:
    """Return by how many dB the event is softer with warmth at a position than without."""
    plain, moved = (
        weighted_energy(heard(renderer, seed=seed, sliders=sliders)) for sliders in ({}, {"warmth": position})
    )
    return 10 * float(np.log10(plain / moved))


def test_a_low_note_stays_and_is_softer_the_thinner_it_is_asked_to_be(mixed):
    seed = low_seed(mixed)
    falls = [fall_db(mixed, seed, position) for position in (0.01, -0.01, -5.0, -10.0)]
    assert falls[0] == pytest.approx(0.0, abs=0.1)
    assert falls[1] == pytest.approx(0.0, abs=0.1)
    assert 1.0 < falls[2] < falls[3] - 2.0
    assert falls[3] == pytest.approx(MOST_SOFTER_DB, abs=0.5)
    thin = heard(mixed, seed=seed, sliders={"warmth": -10.0})[:, 0]
    assert find_loudest_note(thin).hz == pytest.approx(LOW_HZ, rel=0.01)


def test_a_low_note_is_as_loud_where_it_is_to_be_warmer(mixed):
    assert fall_db(mixed, low_seed(mixed), 10.0) == pytest.approx(0.0, abs=0.1)


@pytest.mark.parametrize(
    ("heard_db", "wanted_db", "drive", "softer"),
    [
        (-1.0, -6.0, -LIMIT, 5.0),
        (-1.0, -6.0, -LIMIT / 2, 2.5),
        (-1.0, -60.0, -LIMIT, MOST_SOFTER_DB),
        (-6.0, -1.0, -LIMIT, 0.0),
        (-6.0, -1.0, LIMIT, 0.0),
        (-1.0, -6.0, LIMIT, 0.0),
    ],
)
def test_what_is_missing_is_made_up_for_by_level_on_the_thin_side_alone(heard_db, wanted_db, drive, softer):
    assert softer_db(heard_db, wanted_db, drive) == pytest.approx(softer)


def test_a_note_that_register_brings_down_is_played_softer_too(mixed):
    seed = next(seed for seed in range(20) if find_loudest_note(heard(mixed, seed=seed)[:, 0]).hz > 1_000.0)
    down, thin = ({"register": -10.0}, {"register": -10.0, "warmth": -10.0})
    lowered, thinner = (heard(mixed, seed=seed, sliders=sliders) for sliders in (down, thin))
    assert find_loudest_note(lowered[:, 0]).hz < 300.0
    assert find_loudest_note(thinner[:, 0]).hz == pytest.approx(find_loudest_note(lowered[:, 0]).hz, rel=0.02)
    assert 10 * np.log10(weighted_energy(lowered) / weighted_energy(thinner)) > 3.0
