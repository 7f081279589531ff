from dataclasses import replace
from itertools import product

import numpy as np
import pytest
import torch
from small_corpus import make_corpus, noise, struck, tone
from small_network import small_vae

from engine.errors import ShapeError
from engine.latent.ear import Ear, plain_ear
from engine.latent.encode import decode
from engine.latent.space import SoundSpace, listen
from engine.latent.steer import LATENT_HOLD, MIDDLE_PULL, PROBE, PROBED, SEEN, Steerer
from engine.properties.timbre import measure_timbre
from engine.sliders import TIMBRE
from engine.units import LATENT_STRIDE, LOG_FLOOR

FRAMES = 6


@pytest.fixture(scope="module")
def space(tmp_path_factory) -> SoundSpace:
    sounds = (struck(220, 0.6), struck(440, 0.5, seed=1), tone(330, 1.2, 0.2), noise(2.5, 2))
    return listen(small_vae(), make_corpus(tmp_path_factory.mktemp("steered"), *sounds))


@pytest.fixture(scope="module")
def spans(space) -> np.ndarray:
    return np.array([space.chart.reach(name).span for name in TIMBRE], np.float32)


@pytest.fixture(scope="module")
def steerer(space, spans) -> Steerer:
    return Steerer(space.vae, space.chart.basis, plain_ear(), spans)


@pytest.fixture(scope="module")
def tracks(space) -> np.ndarray:
    """Five moments of the corpus, (moments, frames, latent)."""
    places = [(0, 0), (1, 2), (2, 5), (3, 5), (3, 20)]
    return np.stack([space.tracks[recording][first : first + FRAMES] for recording, first in places])


def steer(steerer: Steerer, tracks: np.ndarray, moves: np.ndarray) -> np.ndarray:
    """Return the offsets that move the timbre of tracks, (moments, directions)."""
    start = np.zeros((len(tracks), steerer.basis.directions), np.float32)
    return steerer.steer(tracks, steerer.measure(tracks) + moves, moves != 0, start)


def change(steerer: Steerer, tracks: np.ndarray, offsets: np.ndarray) -> np.ndarray:
    """Return how far the timbre of decoded frames is moved by offsets, (moments, 4)."""
    moved = tracks + steerer.basis.to_offset(offsets)[:, None]
    return steerer.measure(moved) - steerer.measure(tracks)


def along(name: str, amount: float, count: int) -> np.ndarray:
    moves = np.zeros((count, len(TIMBRE)), np.float32)
    moves[:, TIMBRE.index(name)] = amount
    return moves


def test_what_is_heard_is_the_timbre_of_the_decoded_spectrum(space, steerer, tracks):
    for track, heard in zip(tracks, steerer.measure(tracks), strict=True):
        fine = decode(space.vae, track).fine()[SEEN::LATENT_STRIDE]
        magnitude = torch.from_numpy(np.maximum(np.exp(np.minimum(fine, 3.0)) - LOG_FLOOR, 0.0))
        assert heard == pytest.approx(measure_timbre(magnitude).numpy(), abs=1e-3)


def test_an_ear_maps_what_was_decoded_to_what_is_heard(space, spans, steerer, tracks):
    random = np.random.default_rng(0)
    ear = Ear(random.standard_normal((4, 4)).astype(np.float32), random.standard_normal(4).astype(np.float32))
    decoded = steerer.measure(tracks)
    wanted = np.array([[row @ column for column in ear.matrix.T] for row in decoded]) + ear.constant
    assert ear.hear(decoded) == pytest.approx(wanted, abs=1e-3)
    assert Steerer(space.vae, space.chart.basis, ear, spans).measure(tracks) == pytest.approx(wanted, abs=1e-3)
    assert np.array_equal(plain_ear().hear(decoded), decoded)


@pytest.mark.parametrize("name", TIMBRE)
@pytest.mark.parametrize("way", [-1, 1])
def test_steering_moves_the_decoded_timbre_the_way_it_is_asked(spans, steerer, tracks, name: str, way: int):
    place = TIMBRE.index(name)
    moves = along(name, 0.5 * way * spans[place], len(tracks))
    moved = change(steerer, tracks, steer(steerer, tracks, moves))[:, place] * way
    assert (moved > -1e-4).all()
    assert (moved > 0.0005 * spans[place]).sum() >= 4  # of five; one may lie where the corpus ends


@pytest.mark.parametrize("name", TIMBRE)
def test_the_more_is_asked_the_farther_it_goes(spans, steerer, tracks, name: str):
    place = TIMBRE.index(name)
    moved = [
        change(steerer, tracks, steer(steerer, tracks, along(name, share * spans[place], len(tracks))))[:, place].mean()
        for share in (-0.5, -0.25, 0.0, 0.25, 0.5)
    ]
    assert (np.diff(moved) > 0).all()


@pytest.mark.parametrize("name", TIMBRE)
@pytest.mark.parametrize("share", [-2.0, -0.5, 0.5, 2.0])
def test_an_offset_is_worth_its_price(spans, steerer, tracks, name: str, share: float):
    moves = along(name, share * spans[TIMBRE.index(name)], len(tracks))
    offsets = steer(steerer, tracks, moves)
    weight = np.where(moves != 0, 1.0, LATENT_HOLD) / spans
    stayed = ((moves * weight) ** 2).sum(1)
    paid = (((moves - change(steerer, tracks, offsets)) * weight) ** 2).sum(1) + MIDDLE_PULL * (offsets**2).sum(1)
    assert (paid <= stayed + 1e-4).all()
    assert (paid < stayed - 1e-4).sum() >= 4


def test_where_nothing_is_asked_nothing_is_moved(steerer, tracks):
    assert np.abs(steer(steerer, tracks, along("warmth", 0.0, len(tracks)))).max() < 1e-4


def test_a_moment_does_not_depend_on_the_others(spans, steerer, tracks):
    moves = along("brightness", 0.4 * spans[0], len(tracks))
    together = steer(steerer, tracks, moves)
    single = np.concatenate([steer(steerer, track[None], moves[:1]) for track in tracks])
    assert together == pytest.approx(single, abs=0.01)


@pytest.mark.parametrize("name", TIMBRE)
@pytest.mark.parametrize("radius", [0.3, 0.8])
def test_from_the_middle_no_offset_leaves_the_cloud_of_the_corpus(space, spans, name: str, radius: float):
    basis = replace(space.chart.basis, radius=radius)
    middle = np.tile(basis.mean, (1, FRAMES, 1))
    for way in (-5, 5):
        moves = along(name, way * spans[TIMBRE.index(name)], 1)
        offsets = steer(Steerer(space.vae, basis, plain_ear(), spans), middle, moves)
        assert np.linalg.norm(offsets) <= radius * 1.0001


@pytest.mark.parametrize("name", TIMBRE)
def test_a_walk_that_is_out_already_goes_no_farther_than_as_far_again(spans, steerer, tracks, name: str):
    for way in (-5, 5):
        offsets = steer(steerer, tracks, along(name, way * spans[TIMBRE.index(name)], len(tracks)))
        here = steerer.basis.to_coordinates(tracks)
        room = np.maximum(np.linalg.norm(here, axis=-1).max(1), steerer.basis.radius)
        assert (np.linalg.norm(here + offsets[:, None], axis=-1).max(1) <= 2 * room).all()


def test_an_offset_begins_where_it_is_told_to(steerer, tracks):
    start = np.full((len(tracks), steerer.basis.directions), 0.1, np.float32)
    there = steerer.measure(tracks + steerer.basis.to_offset(start)[:, None])
    assert steerer.steer(tracks, there, np.zeros((len(tracks), 4), bool), start) == pytest.approx(start, abs=1e-3)


@pytest.mark.parametrize(("tracks_shape", "start_shape"), [((6, 5), (6, 4)), ((2, 6, 5), (1, 4)), ((2, 6, 5), (2, 3))])
def test_arrays_that_do_not_belong_together_are_refused(steerer, tracks_shape, start_shape):
    walk, start = np.zeros(tracks_shape, np.float32), np.zeros(start_shape, np.float32)
    wanted = np.zeros((len(walk), 4), np.float32)
    with pytest.raises(ShapeError, match="do not belong together"):
        steerer.steer(walk, wanted, wanted != 0, start)


def test_the_same_frames_are_looked_at_once(steerer, tracks):
    look = steerer.look(tracks)
    assert steerer.look(tracks.copy()) is look
    assert steerer.look(tracks[:1]) is not look
    assert look.timbre == pytest.approx(steerer.measure(tracks), abs=1e-4)


def test_slopes_are_what_a_small_step_in_each_direction_changes(steerer, tracks):
    slopes, probed = steerer.look(tracks).slopes.cpu().numpy(), tracks[:, ::PROBED]
    for direction in range(steerer.basis.directions):
        step = np.zeros((len(tracks), steerer.basis.directions), np.float32)
        step[:, direction] = PROBE
        assert slopes[..., direction] * PROBE == pytest.approx(change(steerer, probed, step), abs=2e-3)


def test_slopes_of_a_walk_near_by_lead_as_far_for_as_little(spans, steerer, tracks):
    near = steerer.look((tracks + 0.05 * tracks.std()).astype(np.float32))
    far, paid = np.zeros(2), np.zeros(2)
    for (place, name), way in product(enumerate(TIMBRE), (-0.3, 0.3)):
        moves = along(name, way * spans[place], len(tracks))
        weight = np.where(moves != 0, 1.0, LATENT_HOLD) / spans
        for led, look in enumerate((None, near)):
            start = np.zeros((len(tracks), steerer.basis.directions), np.float32)
            offsets = steerer.steer(tracks, steerer.measure(tracks) + moves, moves != 0, start, look)
            moved = change(steerer, tracks, offsets)
            far[led] += (np.sign(way) * moved[:, place] / spans[place]).sum()
            paid[led] += (((moves - moved) * weight) ** 2).sum() + MIDDLE_PULL * (offsets**2).sum()
    assert far[0] > 2.0
    assert far[1] > 0.95 * far[0]
    assert paid[1] < 1.02 * paid[0]
