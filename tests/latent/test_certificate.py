from dataclasses import asdict

import numpy as np
import pytest

from engine.errors import ModelError
from engine.latent.certificate import (
    CERTIFICATE_FILE,
    POSITIONS,
    SliderCertificate,
    calibrate,
    checked_certificate,
    load_certificate,
    save_certificate,
    unmeasured,
)
from engine.sliders import SLIDERS


def test_an_even_curve_is_left_as_it_is():
    assert calibrate([1.0, 2.0, 3.0, 4.0, 5.0]) == pytest.approx(POSITIONS)


def test_after_calibration_half_way_is_half_of_the_change():
    curve = [0.0, 6.0, 8.0, 9.0, 16.0]  # steep at one end of each side
    drives = calibrate(curve)
    assert np.interp(drives, POSITIONS, curve) == pytest.approx([0.0, 4.0, 8.0, 12.0, 16.0])


@pytest.mark.parametrize("curve", [[3.0] * 5, [5.0, 4.0, 3.0, 2.0, 1.0], [0.0, 9.0, 1.0, -4.0, 2.0], [0, 0, 0, 0, 9.0]])
def test_drives_rise_whatever_was_measured(curve: list[float]):
    drives = calibrate(curve)
    assert (np.diff(drives) > 0).all()
    assert (drives[0], drives[2], drives[4]) == (-10.0, 0.0, 10.0)


def test_a_certificate_comes_back_as_it_was_saved(tmp_path):
    one = SliderCertificate(
        "warmth", "weak", "why", (1.0, 2.0, 3.5), (1.0, 1.5, 2.0, 3.0, 3.5), 0.9, 0.4, {"motion": -0.2}
    )
    plain = unmeasured()
    wanted = type(plain)({**plain.sliders, "warmth": one}, plain.ear_matrix, plain.ear_constant, 4, 1.5)
    save_certificate(tmp_path, wanted)
    assert load_certificate(tmp_path) == wanted
    assert set(plain.sliders) == set(SLIDERS)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"ear_constant": [0.0]}, "the ear has the wrong size"),
        ({"sliders": {"warmth": {"name": "warmth", "drives": [0, 1, 2, 1, 4]}}}, "drives do not rise"),
        ({"sliders": {"warmth": {"name": "warmth", "throw": float("nan")}}}, "throw"),
        ({"sliders": {"warmth": {"name": "warmth", "state": "fine"}}}, "state"),
    ],
)
def test_a_certificate_that_makes_no_sense_is_refused(change: dict, said: str):
    with pytest.raises(ValueError, match=said):
        checked_certificate({**asdict(unmeasured()), **change})


def test_a_damaged_certificate_is_named(tmp_path):
    (tmp_path / CERTIFICATE_FILE).write_text("{")
    with pytest.raises(ModelError, match="the model is damaged"):
        load_certificate(tmp_path)
