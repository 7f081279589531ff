import numpy as np
import pytest

from engine.errors import ParameterError, ShapeError
from engine.spatial.direction import (
    directions,
    directions_to_sofa,
    sofa_to_directions,
    stretch_sideways,
    vectors_to_directions,
)

AROUND = directions(np.arange(-180, 180, 7.5), np.linspace(-89, 89, 48), 1.4)


@pytest.mark.parametrize(
    ("azimuth", "elevation", "vector"),
    [(0, 0, (1, 0, 0)), (90, 0, (0, 1, 0)), (-90, 0, (0, -1, 0)), (180, 0, (-1, 0, 0)), (0, 90, (0, 0, 1))],
    ids=["front", "right", "left", "behind", "above"],
)
def test_front_right_up(azimuth, elevation, vector):
    assert np.allclose(directions(azimuth, elevation, 1.0).vectors, [vector])


def test_sofa_counts_to_the_left():
    spherical = sofa_to_directions(np.array([[90.0, 10.0, 1.4], [270.0, 0.0, 2.0]]), "spherical")
    assert np.allclose(spherical.azimuth_degrees, [-90, 90])
    assert np.allclose(spherical.elevation_degrees, [10, 0])
    cartesian = sofa_to_directions(np.array([[0.0, 2.0, 0.0]]), "cartesian")
    assert np.allclose([cartesian.azimuth_degrees[0], cartesian.distance_metres[0]], [-90, 2])


def test_there_and_back():
    back = sofa_to_directions(directions_to_sofa(AROUND), "spherical")
    assert np.allclose(back.vectors, AROUND.vectors)
    assert np.allclose(vectors_to_directions(3.0 * AROUND.vectors).vectors, AROUND.vectors)
    assert (directions_to_sofa(AROUND)[:, 0] >= 0).all()
    assert (directions_to_sofa(AROUND)[:, 0] < 360).all()


def test_azimuths_are_wrapped_and_single_values_hold_for_all():
    wrapped = directions([190.0, -540.0, 719.0], 5.0, 1.0)
    assert np.allclose(wrapped.azimuth_degrees, [-170, -180, -1])
    assert wrapped.elevation_degrees.tolist() == [5.0, 5.0, 5.0]
    assert len(wrapped) == 3
    assert wrapped.chosen(np.array([2])).azimuth_degrees[0] == pytest.approx(-1)


def test_stretching_moves_to_the_side_and_never_across():
    wide, narrow = stretch_sideways(AROUND, 4.0).vectors, stretch_sideways(AROUND, 0.25).vectors
    side = AROUND.vectors[:, 1]
    assert (np.abs(wide[:, 1]) >= np.abs(side) - 1e-12).all()
    assert (np.abs(narrow[:, 1]) <= np.abs(side) + 1e-12).all()
    assert (wide[:, 1] * side >= -1e-12).all()
    assert np.allclose(stretch_sideways(AROUND, 1.0).vectors, AROUND.vectors)
    assert np.array_equal(stretch_sideways(AROUND, 4.0).distance_metres, AROUND.distance_metres)


def test_stretched_by_nothing_all_is_in_the_middle():
    assert np.allclose(stretch_sideways(AROUND, 0.0).vectors[:, 1], 0.0)
    assert np.allclose(stretch_sideways(directions(90.0, 0.0, 1.0), 0.0).vectors[:, 1], 0.0)


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        (([0, np.nan], 0, 1), "1 of its 2 directions hold something that is no number"),
        ((0, 91, 1), "an elevation of 91 degrees is beyond straight up or down"),
        ((0, [0, -90.5], 1), "an elevation of -90.5 degrees"),
        ((0, 0, 0), "at a distance of 0 m would be inside the head"),
        ((0, 0, np.nan), "no number"),
    ],
)
def test_impossible_directions_are_refused_with_the_value(values, reason):
    with pytest.raises(ParameterError, match=reason):
        directions(*values)


def test_a_rounding_beyond_straight_up_or_down_is_straight_up_or_down():
    assert directions(0, [-90.00000763, 90.000004, 45], 1).elevation_degrees.tolist() == [-90, 90, 45]


def test_wrong_shapes_and_kinds_are_refused():
    with pytest.raises(ShapeError, match=r"one length, not \(2,\), \(3,\), \(1,\)"):
        directions([1, 2], [1, 2, 3], 1)
    with pytest.raises(ShapeError, match="one axis"):
        directions(np.zeros((2, 2)), 0, 1)
    with pytest.raises(ShapeError, match=r"\(directions, 3\)"):
        vectors_to_directions(np.ones((3, 2)))
    with pytest.raises(ShapeError, match=r"\(directions, 3\)"):
        sofa_to_directions(np.ones(3), "spherical")
    with pytest.raises(ParameterError, match="'polar'"):
        sofa_to_directions(np.ones((1, 3)), "polar")
