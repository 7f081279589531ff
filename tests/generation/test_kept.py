from engine.features.fundamental import Note
from engine.generation.calibration.kept import count_kept

CLEAR = Note(220.0, 0.95)


def cents(away: float, clearness: float = 0.95) -> Note:
    return Note(220.0 * 2.0 ** (away / 1200), clearness)


def test_what_stays_within_half_a_semitone_is_kept():
    found = count_kept([([CLEAR] * 4, [cents(0.0), cents(49.0), cents(-51.0), cents(1200.0)])])
    assert found == (4, 2)
    assert found.share == 0.5


def test_what_has_no_clear_pitch_before_or_after_is_not_judged():
    noise = Note(0.0, 0.0)
    assert count_kept([([noise, cents(0.0, 0.75), CLEAR], [CLEAR, CLEAR, cents(300.0, 0.6)])]).share is None
    assert count_kept([]).share is None


def test_outputs_are_counted_together_and_those_of_other_events_left_out():
    assert count_kept([([CLEAR], [CLEAR]), ([CLEAR], [cents(300.0)]), ([CLEAR, CLEAR], [CLEAR])]) == (2, 1)
