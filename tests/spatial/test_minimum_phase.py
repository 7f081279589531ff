import numpy as np
import pytest
from scipy import signal

from engine.errors import ShapeError
from engine.spatial.minimum_phase import GUARD, TAPS, minimum_phase, resample, separate, shorten
from engine.units import SAMPLE_RATE

HZ = np.fft.rfftfreq(4_096, 1 / SAMPLE_RATE)


def low_pass(samples=256):
    """The response of a minimum-phase filter: all its poles and zeros are inside the unit circle."""
    impulse = np.zeros(samples)
    impulse[0] = 1.0
    return signal.lfilter([0.5, 0.2], [1.0, -0.4, 0.2], impulse)


def delayed(response, samples, length=512):
    """A response later by any number of samples, by a phase ramp."""
    spectrum = np.fft.rfft(response, length) * np.exp(-2j * np.pi * np.arange(length // 2 + 1) / length * samples)
    return np.fft.irfft(spectrum, length)


@pytest.mark.parametrize("late", [10.0, 33.4, 60.75])
def test_delay_and_filter_are_found_again(late):
    measured = np.stack([delayed(low_pass(), late), delayed(low_pass(), 20.0)])[None]
    delays, responses = separate(measured, SAMPLE_RATE)
    assert delays[0] * SAMPLE_RATE == pytest.approx([late, 20.0], abs=0.05)
    magnitude, expected = np.abs(np.fft.rfft(responses[0, 0], 4_096)), np.abs(np.fft.rfft(low_pass(), 4_096))
    assert np.abs(20 * np.log10(magnitude / expected))[HZ < 18_000].max() < 0.1
    assert responses.shape == (1, 2, TAPS)
    assert responses.dtype == np.float32


def test_a_measurement_at_another_rate_is_the_same_filter():
    low, high = low_pass(), resample(low_pass(), 44_100.0)
    gain = np.abs(np.fft.rfft(high, SAMPLE_RATE))[:18_000]
    expected = np.abs(np.fft.rfft(low, 44_100))[:18_000]
    assert np.abs(20 * np.log10(gain / expected)).max() < 0.02


@pytest.mark.parametrize("rate", [32_000.0, 44_100.0, 48_000.0, 96_000.0])
def test_resampling_comes_exactly_the_guard_later(rate):
    pulse = np.zeros((2, 2, 200))
    pulse[..., 80] = 1.0
    moved = resample(pulse, rate)
    phase = np.angle(np.fft.rfft(moved, SAMPLE_RATE)[..., 1_000])
    late = GUARD + 80 * SAMPLE_RATE / rate
    assert np.exp(1j * phase) == pytest.approx(
        np.full((2, 2), np.exp(-2j * np.pi * late * 1_000 / SAMPLE_RATE)), abs=1e-3
    )


def test_minimum_phase_keeps_magnitudes_and_is_the_soonest():
    noise = np.random.default_rng(0).normal(size=200) * np.exp(-np.arange(200) / 20)
    magnitude = np.abs(np.fft.rfft(noise, 4_096))
    soonest = minimum_phase(magnitude)
    assert np.abs(np.fft.rfft(soonest)) == pytest.approx(magnitude, rel=1e-6)
    assert (np.cumsum(soonest[:200] ** 2) >= np.cumsum(noise**2) - 1e-5).all()


def test_a_minimum_phase_filter_is_its_own():
    assert np.abs(minimum_phase(np.abs(np.fft.rfft(low_pass(), 4_096)))[:256] - low_pass()).max() < 1e-9


def test_what_is_shortened_ends_at_nothing():
    short = shorten(np.ones((3, 1_000)))
    assert short.shape == (3, TAPS)
    assert short[0, 0] == 1.0
    assert abs(short[0, -1]) < 0.001


def test_wrong_shapes_are_refused():
    with pytest.raises(ShapeError, match=r"\(directions, 2, samples\)"):
        separate(np.zeros((4, 3, 100)), 48_000.0)
    with pytest.raises(ShapeError, match=r"\(directions, 2, samples\)"):
        separate(np.zeros((4, 100)), 48_000.0)
