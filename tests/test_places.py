import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.places import MOST_PLACES, read_path, read_place, show_place

coordinates = st.floats(-1, 1)


@given(st.tuples(coordinates, coordinates))
def test_what_is_written_is_read_again_without_loss(place: tuple[float, float]):
    assert read_place(show_place(place)) == place


def test_people_and_scripts_write_the_same_place():
    assert read_place(" -0.3, 0.5 ") == read_place([-0.3, 0.5]) == (-0.3, 0.5)
    assert read_path("0,0; 1,-1;") == read_path([[0, 0], "1,-1"]) == ((0.0, 0.0), (1.0, -1.0))


@pytest.mark.parametrize(
    "wrong", ["", "0.5", "0,0,0", "left,right", "0,1.01", [0.2], [0, 0, 0], [2, 0], [math.nan, 0], 5, None, True, {}]
)
def test_what_is_no_place_is_answered_with_what_one_is(wrong: object):
    with pytest.raises(ValueError, match="must be two numbers, each from -1 to 1"):
        read_place(wrong)


@pytest.mark.parametrize("wrong", [[], 5, None, [[0, 0]] * (MOST_PLACES + 1)])
def test_a_path_has_at_least_one_place_and_not_too_many(wrong: object):
    with pytest.raises(ValueError, match="must be 1 to 1000 places"):
        read_path(wrong)


@pytest.mark.parametrize(("wrong", "named"), [("0,0;1,2", "'1,2'"), ("0,0;;1,1", "''"), ([[0, 0], [3]], r"\[3\]")])
def test_the_wrong_place_of_a_path_is_named(wrong: object, named: str):
    with pytest.raises(ValueError, match=f"{named} is no place on the map, which is two numbers"):
        read_path(wrong)
