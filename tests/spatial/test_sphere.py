import numpy as np
import pytest

from engine.errors import ParameterError, ShapeError
from engine.spatial.direction import directions
from engine.spatial.hrtf import even_vectors
from engine.spatial.sphere import triangulate

EVERYWHERE = even_vectors(1_000)
RING = directions(np.arange(-180, 180, 15), 0.0, 1.0).vectors  # a set measured at the height of the ears only


def points_between(sphere, table, vectors):
    rows, shares = sphere.shares(vectors)
    return (sphere.extend(table)[rows] * shares[..., None]).sum(1)


@pytest.mark.parametrize("vectors", [even_vectors(60), RING], ids=["all around", "one ring"])
def test_shares_add_to_one_and_none_is_negative(vectors):
    rows, shares = triangulate(vectors).shares(EVERYWHERE)
    assert np.allclose(shares.sum(1), 1.0)
    assert (shares >= 0.0).all()
    assert rows.shape == shares.shape == (1_000, 3)


def test_a_measured_direction_speaks_for_itself_alone(kemar):
    vectors = kemar.places.vectors
    rows, shares = triangulate(vectors).shares(vectors)
    largest = shares.argmax(1)
    assert np.array_equal(rows[np.arange(len(rows)), largest], np.arange(len(vectors)))
    assert np.allclose(shares.max(1), 1.0)


def test_between_directions_the_place_itself_is_met(kemar):
    vectors = kemar.places.vectors
    wanted = EVERYWHERE[EVERYWHERE[:, 2] > -0.6]  # the set ends 40 degrees below the ears
    found = points_between(triangulate(vectors), vectors, wanted)
    assert np.linalg.norm(found / np.linalg.norm(found, axis=1, keepdims=True) - wanted, axis=1).max() < 1e-9
    assert np.linalg.norm(found, axis=1).min() > 0.98  # cut straight through the sphere by less than a fiftieth


def test_shares_change_continuously(kemar):
    vectors = kemar.places.vectors
    turn = np.radians(np.arange(0, 360, 0.05))
    circle = np.stack([np.cos(turn), np.sin(turn) * 0.8, np.sin(turn) * -0.6], axis=1)  # tilted
    found = points_between(triangulate(vectors), vectors, circle)
    assert np.linalg.norm(np.diff(found, axis=0), axis=1).max() < 0.002


def test_a_missing_pole_is_the_mean_of_what_is_nearest_to_it():
    sphere = triangulate(RING)
    table = np.arange(len(RING), dtype=float)[:, None]
    assert points_between(sphere, table, np.array([[0.0, 0.0, 1.0]]))[0, 0] == pytest.approx(table.mean())
    assert len(sphere.extend(table)) == len(RING) + 2


def test_areas_cover_the_sphere_evenly_where_directions_do():
    areas = triangulate(even_vectors(500)).areas
    assert areas.sum() == pytest.approx(4 * np.pi)
    assert areas.max() / areas.min() < 2.0
    assert triangulate(RING).areas == pytest.approx(4 * np.pi / len(RING))


@pytest.mark.parametrize(
    ("vectors", "reason"),
    [
        (RING[(RING[:, 0] > 0.5)], "large part"),
        (np.repeat(RING[:1], 9, axis=0), "one plane|large part"),
    ],
    ids=["front only", "one direction"],
)
def test_a_set_with_a_hole_is_refused(vectors, reason):
    with pytest.raises(ParameterError, match=reason):
        triangulate(vectors)


def test_wrong_shapes_are_refused():
    sphere = triangulate(even_vectors(20))
    with pytest.raises(ShapeError, match=r"\(directions, 3\)"):
        triangulate(np.ones((5, 2)))
    with pytest.raises(ShapeError, match=r"\(points, 3\)"):
        sphere.shares(np.ones(3))
    with pytest.raises(ShapeError, match="20 rows"):
        sphere.extend(np.ones((19, 1)))
