import math

import pytest

from engine import units


def test_the_constants_of_the_frame_agree_with_each_other():
    assert units.BINS == units.N_FFT // 2 + 1
    assert units.N_FFT % units.HOP == 0
    assert units.LATENT_HOP == units.HOP * units.LATENT_STRIDE
    assert units.MEL_HIGH_HZ < units.SAMPLE_RATE / 2


@pytest.mark.parametrize(("amplitude", "level_db"), [(1.0, 0.0), (10.0, 20.0), (-0.1, -20.0), (0.5, -6.0206)])
def test_amplitudes_become_decibels(amplitude: float, level_db: float):
    assert units.amplitude_to_db(amplitude) == pytest.approx(level_db, abs=1e-4)


def test_silence_is_200_db_down_rather_than_infinitely():
    assert units.amplitude_to_db(0.0) == -200.0


@pytest.mark.parametrize("level_db", [-120.0, -3.0, 0.0, 12.0])
def test_decibels_come_back(level_db: float):
    assert units.amplitude_to_db(units.db_to_amplitude(level_db)) == pytest.approx(level_db, abs=1e-9)


@pytest.mark.parametrize(("seconds", "samples"), [(0.0, 0), (1.0, 48_000), (0.02, 960), (3600.0, 172_800_000)])
def test_times_become_whole_samples(seconds: float, samples: int):
    assert units.seconds_to_samples(seconds) == samples


@pytest.mark.parametrize("count", [0, 1, 511, 512, 1_234_567])
def test_samples_come_back_from_seconds(count: int):
    assert units.seconds_to_samples(units.samples_to_seconds(count)) == count


def test_the_log_floor_is_120_db_below_full_scale():
    assert 20 * math.log10(units.LOG_FLOOR) == pytest.approx(-120.0)
