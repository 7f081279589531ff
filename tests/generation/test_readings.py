from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from small_model import small_certificate

from engine.features.fundamental import Note
from engine.generation.calibration import readings as reading
from engine.generation.calibration.readings import (
    READINGS_FILE,
    Place,
    Reading,
    Readings,
    load_readings,
    place_of,
    save_readings,
)
from engine.latent.chart import NAMES

CERTIFICATE = small_certificate()
ONE, OTHER = (
    Reading(tuple(0.1 * number + place for place in range(len(NAMES))), 0.75, (Note(220.0 * number, 0.96875),))
    for number in (1, 2)
)
READINGS = Readings(
    1.5,
    {
        place_of("warmth", 0.0, 7): ONE,
        Place("warmth", -10.0, 7, compensated=True): OTHER,
        Place("warmth", 10.0, 7, compensated=True): ONE,
    },
)


def test_readings_come_back_as_they_were_saved(tmp_path: Path):
    save_readings(tmp_path, READINGS, CERTIFICATE)
    assert load_readings(tmp_path, CERTIFICATE) == READINGS


def test_all_sliders_share_one_output_at_0():
    assert place_of("warmth", 0.0, 7, compensated=True) == place_of("motion", 0.0, 7)
    assert READINGS.has("warmth", 7, (-10.0, 10.0), compensated=True)
    assert not READINGS.has("warmth", 7, (-10.0, 10.0), compensated=False)


def test_what_was_not_measured_between_the_ends_is_no_number():
    curves = READINGS.curves("warmth", (6, 7), compensated=True)
    assert curves.shape == (1, 5, len(NAMES))
    assert np.isnan(curves[0, :, 0]).tolist() == [False, True, False, True, False]
    assert READINGS.latent_shares("warmth", (6, 7), compensated=True) == [0.75, 0.75]


def test_notes_are_held_against_those_of_the_same_seed_without_the_slider():
    """At -10 the only event is an octave higher, at +10 it is as it was; where 0 was not read, nothing is known."""
    assert READINGS.kept("warmth", (7,), compensated=True) == (2, 1)
    assert READINGS.kept("warmth", (7,), compensated=False).share is None
    alone = Readings(1.5, {Place("warmth", 10.0, 7, compensated=False): ONE})
    assert alone.kept("warmth", (7,), compensated=False).judged == 0


def test_readings_made_while_other_things_were_kept_are_not_gone_on_from(tmp_path: Path, monkeypatch):
    monkeypatch.setattr(reading, "KEPT_WHILE_MEASURED", "nothing")
    save_readings(tmp_path, READINGS, CERTIFICATE)
    monkeypatch.undo()
    assert load_readings(tmp_path, CERTIFICATE) is None


def test_readings_of_another_ear_or_another_program_are_not_gone_on_from(tmp_path: Path, monkeypatch):
    save_readings(tmp_path, READINGS, CERTIFICATE)
    assert load_readings(tmp_path, replace(CERTIFICATE, ear_constant=(1.0, 0.0, 0.0, 0.0))) is None
    monkeypatch.setattr(reading, "__version__", "99")
    assert load_readings(tmp_path, CERTIFICATE) is None


@pytest.mark.parametrize(
    "change",
    [("1.5", '"x"'), ("0.75", "null"), ("0.75", "1e999"), ("0.96875", "1e999"), ("[", "{"), ('"readings"', "1")],
)
def test_damaged_readings_are_none(tmp_path: Path, change: tuple[str, str]):
    assert load_readings(tmp_path, CERTIFICATE) is None
    save_readings(tmp_path, READINGS, CERTIFICATE)
    path = tmp_path / READINGS_FILE
    path.write_text(path.read_text("utf-8").replace(*change), "utf-8")
    assert load_readings(tmp_path, CERTIFICATE) is None
