import numpy as np
import pytest

from engine.features.movement import mel_loudness
from engine.generation.renderer import prepare
from engine.generation.score.composing import compose, latent_seconds
from engine.generation.sliders.bank import compile_bank
from engine.generation.sliders.steering import (
    APART_SECONDS,
    QUIET_DB,
    STANDING_FRAMES,
    STIR_REACH,
    Way,
    moments_of,
    standing_for,
    steer_walks,
    still,
    stir,
)
from engine.generation.walk.walking import walk
from engine.latent.certificate import unmeasured
from engine.latent.encode import decode_mel
from engine.settings import GenerateSettings


@pytest.fixture(scope="module")
def renderer(space):
    return prepare(space)


@pytest.fixture(scope="module")
def event(space, renderer):
    return next(compose(GenerateSettings(duration=4.0, density=0.5), space.clips, renderer.guide.places))


@pytest.fixture(scope="module")
def track(renderer, event):
    return walk(renderer.guide, event, 0, 0.5)


def bank_of(space, **settings):
    return compile_bank(GenerateSettings(**settings), unmeasured(), space.chart)


def steered(renderer, event, track, **sliders):
    bank = bank_of(renderer.space, sliders=sliders)
    return steer_walks(renderer.guide, renderer.steerer, bank, [Way(event, track)], 0)[0]


def test_a_walk_that_nothing_moves_is_the_walk_itself(renderer, event, track):
    for sliders in ({}, {"attack": 10.0}, {"tension": -10.0}):
        found = steered(renderer, event, track, **sliders)
        assert found.track is track
        assert found.lift is None


@pytest.mark.parametrize("drive", [-10.0, 10.0])
def test_a_timbre_goes_the_way_it_is_driven(renderer, event, track, drive: float):
    frames = np.linspace(0, len(track) - 1, STANDING_FRAMES).astype(int)
    before = renderer.steerer.measure(track[frames][None])[0, 0]
    after = renderer.steerer.measure(steered(renderer, event, track, brightness=drive).track[frames][None])[0, 0]
    assert (after - before) * np.sign(drive) > 0.03 * renderer.space.chart.reach("brightness").span


def test_the_lift_brings_the_level_of_the_walk_back(renderer, event, track):
    found = steered(renderer, event, track, brightness=10.0, motion=5.0)
    vae = renderer.space.vae
    before = mel_loudness(decode_mel(vae, track))
    lifted = mel_loudness(decode_mel(vae, found.track) + found.lift[:, None])
    loud = before > before.max() - QUIET_DB
    assert np.abs(lifted - before)[loud].max() < 0.5


def test_the_same_seed_steers_alike(renderer, event, track):
    first, again = (steered(renderer, event, track, motion=10.0, texture=-5.0) for _ in range(2))
    assert np.array_equal(first.track, again.track)
    assert np.array_equal(first.lift, again.lift)


def test_an_event_has_one_moment_unless_a_slider_changes_meanwhile(space):
    seconds = latent_seconds(0, 94)  # four seconds
    places, reach = moments_of(bank_of(space, sliders={"warmth": 5.0}), seconds)
    assert places == pytest.approx([46.5])
    assert reach == 47.0
    places, reach = moments_of(bank_of(space, sliders={"motion": [[0, 0], [4, 5]]}), seconds)
    assert len(places) == 1 + round(seconds[-1] / APART_SECONDS)
    assert (places[0], places[-1]) == (0.0, 93.0)
    assert np.diff(places) == pytest.approx(2 * reach)


def test_loud_frames_stand_for_a_moment():
    levels = np.full(100, -80.0)
    levels[[20, 24, 30, 60]] = -20.0
    assert set(standing_for(levels, 25.0, 10.0)) == {20, 24, 30}
    assert len(standing_for(levels, 25.0, 10.0)) == STANDING_FRAMES
    assert set(standing_for(levels, 60.0, 0.5)) == {60}


def test_a_stilled_walk_is_drawn_to_the_average_of_what_is_loud():
    track = np.zeros((200, 2), np.float32)
    track[100:, 0] = 1.0
    levels = np.where(np.arange(200) < 100, -20.0, -60.0)
    none, half, whole = (still(track, np.full(200, amount), levels) for amount in (0.0, 0.5, 1.0))
    assert none is track
    assert half == pytest.approx((track + whole) / 2, abs=1e-6)
    assert np.abs(np.diff(whole, axis=0)).max() < 0.05
    assert whole[110, 0] < 0.1  # what is loud counts a hundred times as much


def test_a_stirred_walk_moves_as_far_as_it_says(space):
    track, basis = np.zeros((4_000, space.tracks[0].shape[1]), np.float32), space.chart.basis
    stirred = stir(track, np.ones(4_000), basis, np.random.default_rng(1))
    places = basis.to_coordinates(stirred) - basis.to_coordinates(track[:1])
    assert places.std(0) == pytest.approx(np.full(basis.directions, STIR_REACH), rel=0.1)
    assert stir(track, np.zeros(4_000), basis, np.random.default_rng(1)) is track
