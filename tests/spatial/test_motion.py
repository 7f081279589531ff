import numpy as np
import pytest

from engine.settings import SpaceSettings
from engine.spatial.motion import HIGHEST_DEGREES, HOP, LOWEST_DEGREES, count_points, home, trace
from engine.units import SAMPLE_RATE

STILL, ORBIT, DRIFT = (SpaceSettings(movement=motion, orbit_seconds=4.0) for motion in ("still", "orbit", "drift"))


def largest_step(path):
    vectors = path.vectors
    return np.degrees(np.arccos(np.clip((vectors[1:] * vectors[:-1]).sum(1), -1, 1))).max()


@pytest.mark.parametrize("seed", [0, 1, 2**31 - 1])
@pytest.mark.parametrize("count", [8, 16, 50])
def test_places_are_spread_evenly_from_left_to_right(seed, count):
    sides = np.sort([np.sin(np.radians(home(index, seed)[0])) for index in range(count)])
    assert np.diff(np.concatenate([[-1], sides, [1]])).max() < 2 * 2.7 / count
    assert abs(sides.mean()) < 0.2


def test_half_of_the_places_are_in_front():
    azimuths = np.array([home(index, 3)[0] for index in range(400)])
    assert (np.cos(np.radians(azimuths)) > 0).mean() == pytest.approx(0.5, abs=0.02)
    elevations = np.array([home(index, 3)[1] for index in range(400)])
    assert (elevations >= LOWEST_DEGREES).all()
    assert (elevations <= HIGHEST_DEGREES).all()


def test_seeds_have_their_own_places():
    assert home(0, 1) == home(0, 1)
    assert len({round(home(0, seed)[0], 6) for seed in range(20)}) == 20


def test_what_keeps_still_has_one_direction():
    path = trace(STILL, 3, 1, 100.0, 48_000)
    assert len(path) == 1
    assert np.allclose((path.azimuth_degrees - home(3, 1)[0]) % 360, 0)
    assert path.distance_metres.tolist() == [1.0]


def test_an_orbit_turns_to_the_right_and_comes_round():
    path = trace(ORBIT, 0, 1, 0.0, 4 * SAMPLE_RATE)
    turned = np.diff(np.unwrap(np.radians(path.azimuth_degrees)))
    assert np.degrees(turned) == pytest.approx(np.full(len(turned), 360 * HOP / SAMPLE_RATE / 4.0))
    assert np.allclose(path.vectors[0], path.vectors[4 * SAMPLE_RATE // HOP])
    assert np.ptp(path.elevation_degrees) == 0.0


def test_a_drift_is_slow_smooth_and_stays_near_its_place():
    path = trace(DRIFT, 2, 5, 0.0, 120 * SAMPLE_RATE)
    assert largest_step(path) < 0.5  # degrees in 5 ms: less than a turn in 4 s
    azimuth, elevation = home(2, 5)
    away = (path.azimuth_degrees - azimuth + 180) % 360 - 180
    assert np.abs(away).max() <= 60
    assert np.ptp(away) > 30
    assert np.abs(path.elevation_degrees - elevation).max() <= 15
    assert (np.abs(np.log(path.distance_metres)) <= np.log(1.4) + 1e-9).all()


@pytest.mark.parametrize("settings", [ORBIT, DRIFT], ids=["orbit", "drift"])
def test_a_sound_cut_in_two_goes_on_where_it_was(settings):
    whole = trace(settings, 1, 9, 7.0, 400 * HOP)
    later = trace(settings, 1, 9, 7.0 + 150 * HOP / SAMPLE_RATE, 250 * HOP)
    assert np.allclose(later.vectors, whole.vectors[150:])
    assert np.allclose(later.distance_metres, whole.distance_metres[150:])


def test_each_sound_drifts_its_own_way():
    paths = [trace(DRIFT, index, 1, 0.0, 10 * SAMPLE_RATE).azimuth_degrees - home(index, 1)[0] for index in range(3)]
    assert np.abs(np.corrcoef((np.array(paths) + 180) % 360 - 180)[np.triu_indices(3, 1)]).max() < 0.999


@pytest.mark.parametrize(("samples", "points"), [(0, 1), (1, 2), (HOP, 2), (HOP + 1, 3), (10 * HOP, 11)])
def test_a_path_has_a_point_at_or_after_the_end(samples, points):
    assert count_points(samples) == points
    assert len(trace(ORBIT, 0, 0, 0.0, samples)) == points
