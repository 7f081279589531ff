import numpy as np
import pytest

from engine.audio.level import LevelMeter, flat_tops
from engine.errors import ShapeError


def metered(samples, step=2.0**-15, size=10_000):
    meter = LevelMeter(step)
    for at in range(0, len(samples), size):
        meter.update(samples[at : at + size])
    return meter


def sine(hz, amplitude=1.0, samples=48_000):
    return (amplitude * np.sin(2 * np.pi * hz * np.arange(samples) / 48_000))[:, None].astype(np.float32)


def rounded(samples, step):
    return (np.round(samples / step) * step).astype(np.float32)


def test_peak_and_offset_are_those_of_the_whole():
    meter = metered(sine(1_000, 0.5) + 0.1)
    assert meter.peak == pytest.approx(0.6, abs=1e-6)
    assert meter.peak_db == pytest.approx(20 * np.log10(0.6), abs=1e-4)
    assert meter.dc_offset == pytest.approx(0.1, abs=1e-6)


def test_a_sine_cut_at_half_its_height_is_flat_two_thirds_of_the_time():
    meter = metered(np.clip(sine(100, 2.0), -1, 1))
    assert meter.clipped_share == pytest.approx(2 / 3, abs=0.01)


def test_clipping_below_full_scale_is_found_at_the_sound_s_own_top():
    meter = metered(np.clip(sine(100, 1.0), -0.5, 0.5))
    assert meter.clipped_share == pytest.approx(2 / 3, abs=0.01)


@pytest.mark.parametrize("hz", [20, 50, 440, 3_000, 12_000])
@pytest.mark.parametrize("step", [2.0**-7, 2.0**-15])
def test_the_round_crest_of_a_full_scale_sine_is_not_clipped(hz, step):
    assert metered(rounded(sine(hz, 1 - step), step), step).clipped_share == 0


def test_silence_is_not_clipped():
    meter = metered(np.zeros((1_000, 2), np.float32))
    assert (meter.peak, meter.dc_offset, meter.clipped_share) == (0, 0, 0)


def test_three_equal_samples_are_a_flat_top_and_two_are_not():
    samples = np.array([0, 1, 1, 0, -1, -1, -1, 0, 0.2, 0.2, 0.2, 0], np.float32)
    assert flat_tops(samples, 0.9, 2.0**-15) == [(1.0, 3)]


def test_flat_tops_at_the_ends_are_counted():
    samples = np.array([1, 1, 1, 0, 0, 1, 1, 1, 1], np.float32)
    assert flat_tops(samples, 0.9, 2.0**-15) == [(1.0, 3), (1.0, 4)]


def test_a_block_without_channels_is_refused():
    with pytest.raises(ShapeError, match="samples, channels"):
        LevelMeter().update(np.zeros(10, np.float32))
