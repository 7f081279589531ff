"""Imagined sounds: fixed by their seed, finite, at a level a recorder can keep, and what they claim to be."""

import imagination
import numpy as np
import oscillators
import pytest

from engine.units import SAMPLE_RATE

SAMPLES = 68 * 512


def test_an_excerpt_is_fixed_by_its_seed():
    first, second, other = (imagination.imagine(np.random.default_rng(seed), SAMPLES) for seed in (1, 1, 2))
    np.testing.assert_array_equal(first, second)
    assert not np.array_equal(first, other)


def test_excerpts_are_finite_and_loud_or_quiet_but_never_over():
    peaks = []
    for seed in range(40):
        sound = imagination.imagine(np.random.default_rng(seed), SAMPLES)
        assert sound.shape == (SAMPLES,)
        assert sound.dtype == np.float32
        assert np.isfinite(sound).all()
        peaks.append(np.abs(sound).max())
    assert 0.3 < max(peaks) < 2.0
    assert 0.001 < np.median(peaks) < 0.8


@pytest.mark.parametrize("source", imagination.SOURCES)
def test_every_source_sounds(source):
    peaks = [np.abs(source(np.random.default_rng(seed), 8_192)).max() for seed in range(12)]
    assert np.median(peaks) > 0.01
    assert np.isfinite(peaks).all()


def test_ringing_modes_equal_their_formula():
    hz, decay, amplitude = np.array([440.0, 1234.5]), np.array([3.0, 40.0]), np.array([1.0, 0.5])
    sound = oscillators.ring(np.random.default_rng(5), hz, decay, amplitude, 5_000)
    time, phase = np.arange(5_000) / SAMPLE_RATE, 2 * np.pi * np.random.default_rng(5).random(2)
    wanted = sum(
        a * np.exp(-d * time) * np.cos(2 * np.pi * f * time + p)
        for f, d, a, p in zip(hz, decay, amplitude, phase, strict=True)
    )
    np.testing.assert_allclose(sound, wanted, atol=1e-4)


def test_a_scanned_table_has_the_partials_it_was_built_from():
    partials = np.array([1, 3, 7])
    tables = oscillators.wave_tables(np.array([[1.0, 0.5, 0.25]]), partials)
    spectrum = np.abs(np.fft.rfft(oscillators.scan(tables, 10 * np.arange(4_800) / 4_800))) / 2_400
    np.testing.assert_allclose(spectrum[10 * partials], [2.0, 1.0, 0.5], rtol=0.01)
    assert np.delete(spectrum, 10 * partials).max() < 0.01
