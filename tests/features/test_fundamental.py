import numpy as np
import pytest

from engine.errors import ShapeError
from engine.features.fundamental import CLEAR, WINDOW, find_fundamentals, find_note
from engine.units import SAMPLE_RATE

TIME = np.arange(SAMPLE_RATE // 2) / SAMPLE_RATE
NOISE = np.random.default_rng(0).normal(size=len(TIME))


def tone(hz: float, *levels: float) -> np.ndarray:
    return sum(level * np.sin(2 * np.pi * hz * k * TIME + k) for k, level in enumerate(levels, 1))


def cents(found: float, hz: float) -> float:
    return abs(1200 * np.log2(found / hz))


@pytest.mark.parametrize("hz", [41.2, 65.41, 110.0, 261.63, 440.0, 1_318.5, 1_900.0])
@pytest.mark.parametrize("levels", [(1.0,), (1.0, 0.5, 0.8, 0.3), (0.1, 1.0, 0.6)], ids=["sine", "rich", "weak first"])
def test_a_tone_has_the_fundamental_that_it_was_made_with(hz: float, levels: tuple[float, ...]):
    note = find_note(tone(hz, *levels))
    assert cents(note.hz, hz) < 5
    assert note.clearness > 0.97


@pytest.mark.parametrize("hz", [98.0, 220.0, 392.0])
def test_a_fundamental_that_is_missing_is_heard_by_its_partials(hz: float):
    note = find_note(tone(hz, 0.0, 0.0, 1.0, 0.8, 0.7, 0.5))
    assert cents(note.hz, hz) < 5
    assert note.is_clear


@pytest.mark.parametrize("hz", [82.4, 196.0, 523.25])
@pytest.mark.parametrize("levels", [(0.3, 1.0, 0.1, 0.5, 0.1, 0.3), (1.0, 0.0, 0.5, 0.0, 0.3), (1.0, 0.02, 0.01)])
def test_neither_strong_even_nor_only_odd_partials_lead_to_another_octave(hz: float, levels: tuple[float, ...]):
    assert cents(find_note(tone(hz, *levels)).hz, hz) < 5


def test_a_filter_moves_no_fundamental():
    partials = np.arange(1, 25)
    dark, bright = (find_note(tone(146.83, *(1.0 / partials**slope))) for slope in (2.0, -0.5))
    assert cents(dark.hz, 146.83) < 5
    assert cents(bright.hz, 146.83) < 5


def test_a_chord_is_less_clear_than_its_notes():
    chord = sum(tone(220.0 * 2 ** (semitones / 12), 1.0, 0.6, 0.4, 0.3) for semitones in (0, 3, 7, 10))
    assert find_note(chord).clearness < CLEAR


@pytest.mark.parametrize("sound", [NOISE, np.zeros(len(TIME)), np.zeros(0)], ids=["noise", "silence", "nothing"])
def test_noise_and_silence_have_none(sound: np.ndarray):
    assert not find_note(sound).is_clear


def test_clearness_falls_with_noise_and_the_fundamental_stays():
    notes = [find_note(tone(220.0, 1.0, 0.5, 0.3) + level * NOISE) for level in (0.0, 0.3, 1.0)]
    assert notes[0].clearness > notes[1].clearness > notes[2].clearness
    assert cents(notes[1].hz, 220.0) < 5


def test_hiss_above_the_partials_leaves_a_note_clear():
    hiss = np.diff(NOISE, 6, prepend=np.zeros(6)) * 0.04
    assert find_note(tone(220.0, 1.0, 0.5, 0.3) + hiss).is_clear


def test_two_notes_one_after_the_other_are_not_one():
    assert not find_note(np.concatenate([tone(220.0, 1.0, 0.5), tone(330.0, 1.0, 0.5)])).is_clear


def test_moments_are_found_at_once_as_each_by_itself():
    frames = np.stack([tone(hz, 1.0, 0.7)[:WINDOW] for hz in (110.0, 233.08, 987.77)])
    hz, clearness = find_fundamentals(frames)
    assert cents(hz[2], 987.77) < 5
    for place, frame in enumerate(frames):
        alone = find_fundamentals(frame[None])
        assert (alone[0][0], alone[1][0]) == pytest.approx((hz[place], clearness[place]), rel=1e-5)


def test_other_shapes_are_refused():
    with pytest.raises(ShapeError, match="frames"):
        find_fundamentals(np.zeros((3, WINDOW + 1)))
    with pytest.raises(ShapeError, match=r"\(samples,\)"):
        find_note(np.zeros((10, 2)))
