import numpy as np
import pytest

from engine.audio.trim import AFTER_SECONDS, BEFORE_SECONDS, trim
from engine.errors import ShapeError
from engine.units import SAMPLE_RATE

BEFORE, AFTER = round(BEFORE_SECONDS * SAMPLE_RATE), round(AFTER_SECONDS * SAMPLE_RATE)


def test_silence_around_a_sound_goes_and_silence_inside_stays():
    sound = np.zeros((20_000, 2), np.float32)
    sound[5_000, 0], sound[9_000, 1] = 0.5, -0.001
    trimmed = trim(sound)
    assert len(trimmed) == BEFORE + 4_001 + AFTER
    assert np.array_equal(trimmed, sound[5_000 - BEFORE : 9_001 + AFTER])


def test_what_is_too_soft_to_be_heard_beside_the_peak_is_silence():
    sound = np.full((20_000, 1), 1e-4, np.float32)
    sound[10_000] = 1.0
    assert len(trim(sound)) == BEFORE + 1 + AFTER


def test_a_sound_without_silence_stays_and_silence_becomes_empty():
    sound = np.ones((100, 1), np.float32)
    assert np.array_equal(trim(sound), sound)
    assert trim(np.zeros((100, 2), np.float32)).shape == (0, 2)
    assert trim(np.zeros((0, 2), np.float32)).shape == (0, 2)


def test_other_axes_are_refused():
    with pytest.raises(ShapeError):
        trim(np.zeros(10, np.float32))
