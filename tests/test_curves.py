import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.curves import (
    MOST_BREAKPOINTS,
    RETURN_SHARE,
    Within,
    breakpoints,
    closed,
    is_constant,
    is_zero,
    parse_curve,
    read_number,
    show_curve,
    show_number,
    value_at,
)

LIMITS = Within(-10.0, 10.0)
RISE = ((0.0, -5.0), (4.0, 8.0), (10.0, 0.0))

values = st.floats(-10, 10)
times = st.lists(st.floats(0, 1_000), min_size=1, max_size=8, unique=True).map(sorted)
curves = st.one_of(
    values,
    times.flatmap(lambda at: st.tuples(*(st.tuples(st.just(seconds), values) for seconds in at))),
)


def test_a_number_is_the_same_at_all_times():
    assert breakpoints(5) == ((0.0, 5.0),)
    assert value_at(5.0, [0.0, 3.0, 1e6]).tolist() == [5.0, 5.0, 5.0]


def test_a_curve_goes_in_straight_lines_and_stays_at_its_ends():
    late = ((1.0, -5.0), (4.0, 8.0), (10.0, 0.0))
    assert value_at(late, [0.0, 1.0, 2.5, 4.0, 7.0, 10.0, 99.0]).tolist() == [-5, -5, 1.5, 8, 4, 0, 0]


@given(curves, st.lists(st.floats(0, 2_000), min_size=1, max_size=20))
def test_values_are_those_of_linear_interpolation_and_keep_the_shape(curve, seconds: list[float]):
    points = np.array(breakpoints(curve))
    found = value_at(curve, np.array([seconds]))
    np.testing.assert_array_equal(found, np.interp([seconds], points[:, 0], points[:, 1]))
    assert found.shape == (1, len(seconds))


@pytest.mark.parametrize(
    ("curve", "first", "last", "constant"),
    [
        (5.0, 0.0, math.inf, True),
        (RISE, 0.0, math.inf, False),
        (RISE, 10.0, 20.0, True),
        (RISE, 9.0, 20.0, False),
        (((3.0, 1.0), (4.0, 2.0)), 0.0, 3.0, True),
        (((3.0, 1.0), (4.0, 2.0)), 0.0, 3.1, False),
        (((0.0, 1.0), (2.0, 1.0)), 0.0, math.inf, True),
        (((0.0, 1.0), (1.0, 2.0), (2.0, 1.0)), 0.0, 2.0, False),  # both ends alike, the middle not
    ],
)
def test_a_curve_is_constant_where_it_has_one_value(curve, first: float, last: float, constant: bool):
    assert is_constant(curve, first, last) == constant


def test_a_closed_curve_goes_back_at_the_very_end_and_is_itself_before():
    seconds = 10.0
    turned = closed(((0.0, -5.0), (10.0, 8.0)), seconds)
    turn = seconds * (1 - RETURN_SHARE)
    assert value_at(turned, [0.0, seconds]).tolist() == [-5.0, -5.0]
    early = np.linspace(0.0, turn, 50)
    np.testing.assert_allclose(value_at(turned, early), value_at(((0.0, -5.0), (10.0, 8.0)), early))


@given(curves, st.floats(0.1, 600))
def test_every_closed_curve_ends_where_it_begins_and_its_times_rise(curve, seconds: float):
    turned = closed(curve, seconds)
    begin, end = value_at(turned, [0.0, seconds])
    assert begin == end
    LIMITS.read(turned)


@pytest.mark.parametrize("curve", [5.0, ((0.0, 3.0),), ((0.0, 1.0), (5.0, 2.0), (10.0, 1.0))])
def test_what_ends_where_it_begins_is_left_as_it_is(curve):
    assert closed(curve, 10.0) == curve


@given(curves)
def test_what_is_written_is_read_again_without_loss(curve):
    assert LIMITS.read(show_curve(curve)) == curve


def test_people_and_scripts_write_the_same_curve():
    assert parse_curve("0:-5, 4:8 ,10:0") == [[0, -5], [4, 8], [10, 0]]
    assert LIMITS.read("0:-5,4:8,10:0") == LIMITS.read([[0, -5], [4, 8], [10, 0]]) == RISE
    assert LIMITS.read("-5") == LIMITS.read(-5) == -5.0
    assert show_curve(RISE) == "0:-5,4:8,10:0"


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        (12, "must be a number from -10 to 10"),
        (math.nan, "must be a number from -10 to 10"),
        (-math.inf, "must be a number from -10 to 10"),
        (True, "must be a number from -10 to 10"),
        (None, "must be a number from -10 to 10"),
        (10**400, "must be a number from -10 to 10"),
        ("high", "'high' is no number"),
        ("0:1,5:high", "'high' is no number"),
        ("0:1,5", "'5' is no breakpoint such as 4:8"),
        ("0:1:2", "'0:1:2' is no breakpoint such as 4:8"),
        ([[0, 1, 2]], r"\[0, 1, 2\] is no breakpoint such as \[4, 8\]"),
        ([5], "5 is no breakpoint"),
        (["01"], "'01' is no breakpoint"),
        ([[0, None]], "None is no number"),
        ([], "it has 0 breakpoints; a curve has 1 to 1000"),
        ([[i, 0] for i in range(MOST_BREAKPOINTS + 1)], "it has 1001 breakpoints"),
        ([[0, 1], [4, 12]], "it is 12 at 4 s, and must be a number from -10 to 10"),
        ([[0, math.nan]], "it is nan at 0 s"),
        ([[-1, 1]], "it has a breakpoint at -1 s; times begin at 0"),
        ([[math.nan, 1]], "it has a breakpoint at nan s"),
        ([[math.inf, 1]], "it has a breakpoint at inf s"),
        ([[0, 1], [4, 2], [4, 3]], "it goes from 4 s to 4 s; times must rise"),
        ([[5, 1], [4, 2]], "it goes from 5 s to 4 s; times must rise"),
    ],
)
def test_what_is_wrong_with_a_curve_is_said(wrong: object, message: str):
    with pytest.raises(ValueError, match=message):
        LIMITS.read(wrong)


@pytest.mark.parametrize(("number", "text"), [(600.0, "600"), (-0.5, "-0.5"), (2**31 - 1, "2147483647"), (0.1, "0.1")])
def test_numbers_are_written_as_they_are_typed(number: float, text: str):
    assert show_number(number) == text


@given(st.floats(allow_nan=False))
def test_a_written_number_is_the_number(number: float):
    assert read_number(show_number(number)) == number


@pytest.mark.parametrize(
    ("curve", "zero"), [(0.0, True), (2.0, False), (((0.0, 0.0), (3.0, 0.0)), True), (((0.0, 0.0), (3.0, -1.0)), False)]
)
def test_a_curve_is_zero_where_it_never_is_anything_else(curve, zero: bool):
    assert is_zero(curve) == zero
