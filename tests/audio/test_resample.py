import numpy as np
import pytest

from engine.audio.resample import Resampler
from engine.units import SAMPLE_RATE


def resampled(samples, rate, size, to_rate=SAMPLE_RATE):
    resampler = Resampler(rate, samples.shape[1], to_rate)
    blocks = [resampler.process(samples[at : at + size]) for at in range(0, len(samples), size)]
    return np.concatenate([*blocks, resampler.flush()])


@pytest.mark.parametrize("rate", [8_000, 22_050, 44_100, 47_999, 48_000, 96_000, 192_000])
@pytest.mark.parametrize("samples", [1, 999, 12_345])
def test_the_number_of_samples_is_exact(rate, samples):
    assert len(resampled(np.ones((samples, 2), np.float32), rate, 1_000)) == round(samples * SAMPLE_RATE / rate)


@pytest.mark.parametrize("rate", [22_050, 44_100, 96_000])
def test_a_sine_stays_that_sine(rate):
    sine = np.sin(2 * np.pi * 1_000 * np.arange(rate) / rate)[:, None].astype(np.float32)
    expected = np.sin(2 * np.pi * 1_000 * np.arange(SAMPLE_RATE) / SAMPLE_RATE)
    inside = slice(2_000, -2_000)
    assert np.abs(resampled(sine, rate, 4_096)[inside, 0] - expected[inside]).max() < 1e-4


def test_cutting_into_blocks_changes_nothing():
    noise = np.random.default_rng(0).normal(0, 0.1, (30_000, 2)).astype(np.float32)
    for rate, to_rate in ((44_100, 48_000), (48_000, 44_100), (48_000, 192_000)):
        whole = resampled(noise, rate, 30_000, to_rate)
        assert np.array_equal(resampled(noise, rate, 777, to_rate), whole)


@pytest.mark.parametrize("to_rate", [44_100, 48_000, 88_200, 96_000, 176_400, 192_000])
def test_our_rate_becomes_every_rate_of_a_file_with_the_exact_length(to_rate):
    sine = np.sin(2 * np.pi * 1_000 * np.arange(24_001) / 48_000)[:, None].astype(np.float32)
    result = resampled(sine, 48_000, 1_000, to_rate)
    assert len(result) == round(24_001 * to_rate / 48_000)
    expected = np.sin(2 * np.pi * 1_000 * np.arange(len(result)) / to_rate)
    assert np.abs(result[8_000:-8_000, 0] - expected[8_000:-8_000]).max() < 1e-4
