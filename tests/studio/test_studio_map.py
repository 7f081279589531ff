import json
from pathlib import Path

import numpy as np
import pytest
from small_model import PLACES, small_certificate, write_small_model

from engine.errors import ModelError
from engine.latent.chart import CHART_FILE, NAMES
from engine.latent.description import DESCRIPTION_FILE
from engine.settings import GenerateSettings
from engine.studio.map import LANDMARKS, describe_map, find_landmarks, find_meanings
from engine.studio.models import find_model


@pytest.fixture
def model(data_home: Path) -> Path:
    return write_small_model(data_home, small_certificate())


@pytest.mark.usefixtures("model")
def test_every_moment_has_its_recording_time_place_and_values():
    moments = describe_map("sax").moments
    assert [(moment.file, moment.seconds) for moment in moments] == [
        ("0.wav", 0.0),
        ("0.wav", 0.5),
        ("1.wav", 0.0),
        ("1.wav", 0.5),
        ("1.wav", 1.0),
    ]
    assert [(moment.x, moment.y) for moment in moments[1:]] == PLACES[1:]
    assert list(moments[3].values) == list(NAMES)
    assert (moments[3].values["brightness"], moments[3].values["warmth"]) == (10.5, 3.0)


@pytest.mark.usefixtures("model")
def test_every_place_can_be_asked_for_also_of_moments_beyond_the_edge():
    for moment in describe_map("sax").moments:
        assert GenerateSettings(at=(moment.x, moment.y)).at == (moment.x, moment.y)


@pytest.mark.usefixtures("model")
def test_axes_mean_what_goes_along_with_them_either_way_round():
    report = describe_map("sax")
    assert (report.x[0].name, report.x[0].low, report.x[0].high) == ("brightness", "dark", "bright")
    assert (report.y[0].name, report.y[0].low, report.y[0].high) == ("warmth", "warm", "thin")
    assert (report.x[0].correlation, report.y[0].correlation) == (1.0, -1.0)


@pytest.mark.usefixtures("model")
def test_the_report_is_plain_json():
    written = json.loads(json.dumps(describe_map("sax").to_dict(), allow_nan=False))
    assert {"file", "seconds", "x", "y", "values"} == set(written["moments"][0])


def test_an_axis_along_which_nothing_changes_means_nothing():
    still = np.zeros(5, np.float32)
    assert find_meanings(still, np.ones((5, len(NAMES)), np.float32)) == ()
    assert find_meanings(np.arange(5, dtype=np.float32), np.ones((5, len(NAMES)), np.float32)) == ()


def test_landmarks_lie_far_from_each_other_and_none_comes_twice():
    grid = np.array([(x, y) for x in np.linspace(-1, 1, 9) for y in np.linspace(-1, 1, 9)], np.float32)
    chosen = find_landmarks(grid)
    assert len(set(chosen)) == LANDMARKS
    places = grid[list(chosen)]
    apart = np.linalg.norm(places[:, None] - places[None], axis=2) + 9 * np.eye(LANDMARKS)
    assert apart.min() >= 0.75
    assert {(-1.0, -1.0), (-1.0, 1.0), (1.0, -1.0), (1.0, 1.0)} <= set(map(tuple, places.tolist()))


def test_a_single_moment_is_its_own_landmark():
    assert find_landmarks(np.zeros((1, 2), np.float32)) == (0,)
    assert find_landmarks(np.ones((3, 2), np.float32)) == (0,)


def test_a_damaged_map_is_one_line(model: Path):
    (model / CHART_FILE).write_bytes(b"no chart")
    with pytest.raises(ModelError, match="damaged"):
        describe_map("sax")


@pytest.mark.usefixtures("library")
def test_the_map_of_a_model_from_before_is_drawn_anew():
    folder = find_model("sax").path
    kept = describe_map("sax")
    description = json.loads((folder / DESCRIPTION_FILE).read_text("utf-8"))
    (folder / DESCRIPTION_FILE).write_text(json.dumps({**description, "format": 1}), "utf-8")
    (folder / CHART_FILE).unlink()
    assert describe_map("sax") == kept
