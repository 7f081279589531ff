import json
from pathlib import Path

import pytest
from small_model import small_certificate, write_small_model

from engine.cli.map import COLUMNS, ROWS, cell_of, describe_axis, draw, write_place
from engine.studio.map import MapReport, Meaning, Moment


def moment(x: float, y: float) -> Moment:
    return Moment("a.wav", 0.0, x, y, {})


@pytest.fixture
def model(data_home: Path) -> None:
    write_small_model(data_home, small_certificate(), "my sax")


@pytest.mark.usefixtures("model")
def test_the_map_says_what_its_axes_mean_and_names_places_to_ask_for(sda):
    out = sda("map", "my sax").out
    assert "Left to right: dark to bright (1.00)" in out
    assert "Down to up:    warm to thin (1.00)" in out
    assert "5 moments of 2 recordings, for instance:" in out
    rows = [line.split() for line in out.splitlines()]
    assert ["A", "0.wav", "0.50", "s", "-0.50,0.50"] in rows
    assert out.splitlines()[-1] == 'To hear a place: sda generate "my sax" --out place.wav --at -0.50,0.50'
    assert max(map(len, out.splitlines()[:-1])) <= 80


@pytest.mark.usefixtures("model")
def test_the_json_is_the_moments(sda):
    outcome = sda("map", "my sax", "--json")
    assert (outcome.status, outcome.err) == (0, "")
    assert len(json.loads(outcome.out)["moments"]) == 5


def test_left_is_minus_one_and_up_is_one():
    assert cell_of(moment(-1.0, 1.0)) == (0, 0)
    assert cell_of(moment(0.0, 0.0)) == (ROWS // 2, COLUMNS // 2)
    assert cell_of(moment(1.0, -1.0)) == (ROWS - 1, COLUMNS - 1)


def test_denser_spots_are_darker_and_landmarks_are_letters():
    crowd = [moment(0.0, 0.0)] * 20 + [moment(0.5, 0.0)] * 2 + [moment(-0.5, 0.0), moment(1.0, 1.0)]
    lines = draw(MapReport("", "", (), (), tuple(crowd), (23,)))
    middle = lines[1 + ROWS // 2]
    shown = middle.strip("01 |").split()
    assert shown == ["·", "@", ":"]
    assert lines[1].rstrip("|").endswith("A")
    assert {len(line) for line in lines[:-1]} == {COLUMNS + 5}


def test_the_numbers_below_stand_under_the_left_edge_the_middle_and_the_right_edge():
    lines = draw(MapReport("", "", (), (), (moment(0.0, 1.0), moment(1.0, 1.0)), ()))
    assert [lines[-1].index(" 0") + 1, lines[-1].rindex("1")] == [lines[1].index("·"), lines[1].rindex("·")]


def test_an_axis_without_a_name_says_so():
    assert describe_axis(()) == "nothing that has a name"
    assert describe_axis((Meaning("warmth", "warm", "thin", -0.5),)) == "warm to thin (0.50)"


def test_a_place_has_no_negative_zero():
    assert write_place(moment(-0.001, 0.25)) == "0.00,0.25"
