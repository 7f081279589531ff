import numpy as np
import pytest
from flow import Flow, average_flow, measure_flow

RATE = 48_000


def tone(seconds: float) -> np.ndarray:
    return 0.5 * np.sin(2 * np.pi * 440 * np.arange(round(seconds * RATE)) / RATE)


def test_a_steady_sound_is_never_silent_and_never_stops():
    assert measure_flow(tone(6.0), RATE) == Flow(0.0, 0.0)


def test_walls_are_counted_and_holes_are_a_share():
    held, hole = tone(2.0), np.zeros(RATE)
    found = measure_flow(np.concatenate([held, hole, held, hole, held]), RATE)
    assert found.silent == pytest.approx(2 / 8, abs=0.01)
    assert found.stops_a_minute == pytest.approx(2 * 60 / 8, rel=0.01)


def test_a_fade_is_no_wall():
    fade = 10 ** (-3.5 * np.linspace(0.0, 1.0, 2 * RATE))  # 70 dB
    assert measure_flow(np.concatenate([tone(3.0), tone(2.0) * fade, np.zeros(RATE)]), RATE).stops_a_minute == 0.0


def test_a_sound_shorter_than_a_stop_has_none():
    assert measure_flow(tone(0.1), RATE).stops_a_minute == 0.0
    assert measure_flow(np.zeros(0), RATE) == Flow(0.0, 0.0)


def test_long_sounds_count_for_more():
    together = average_flow([(Flow(0.0, 0.0), 3.0), (Flow(1.0, 4.0), 1.0)])
    assert together == Flow(0.25, 1.0)
    assert average_flow([]) is None
