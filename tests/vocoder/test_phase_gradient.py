import numpy as np
import pytest
import torch

from engine.features.mel import spectrum
from engine.units import HOP, N_FFT, SAMPLE_RATE
from engine.vocoder.phase_gradient import delay_in_samples, offset_in_bins, phase_steps


def level_of(samples, hop=HOP // 2):
    return np.log(spectrum(torch.as_tensor(samples), hop).abs().double().numpy() + 1e-12)


@pytest.mark.parametrize("place", [42.0, 42.3, 42.5, 42.9])
def test_a_sinusoid_is_found_between_the_bins_exactly(place):
    samples = np.sin(2.0 * np.pi * place / N_FFT * np.arange(SAMPLE_RATE)).astype(np.float32)
    nearest = round(place)
    offset = offset_in_bins(level_of(samples))[nearest, 10:-10]
    np.testing.assert_allclose(nearest + offset, place, atol=2e-3)


@pytest.mark.parametrize("late", [-700, -256, 0, 100, 700])
def test_an_impulse_is_found_between_the_frames_exactly(late):
    hop = HOP // 2
    samples = np.zeros(SAMPLE_RATE, np.float32)
    samples[40 * hop + late] = 1.0
    np.testing.assert_allclose(delay_in_samples(level_of(samples, hop), hop)[10:-10, 40], late, atol=1.0)


def test_steps_of_an_impulse_are_those_of_its_spectrum():
    hop = HOP // 2
    samples = torch.zeros(SAMPLE_RATE)
    samples[40 * hop + 77] = 1.0
    phase = spectrum(samples, hop).angle().double().numpy()[:, 39:42]
    across, along = phase_steps(level_of(samples, hop), hop)
    np.testing.assert_allclose(
        np.exp(1j * across[10:-10, 39:42]), np.exp(1j * np.diff(phase, axis=0))[10:-10], atol=0.01
    )
    assert along.shape == (across.shape[0] + 1, across.shape[1] - 1)


def test_steps_of_a_sinusoid_are_those_of_its_spectrum():
    hop = HOP // 2
    samples = torch.sin(2.0 * np.pi * 1000.0 / SAMPLE_RATE * torch.arange(SAMPLE_RATE, dtype=torch.float64))
    lobe = slice(42, 44)
    phase = spectrum(samples.float(), hop).angle().double().numpy()[lobe]
    along = phase_steps(level_of(samples.float(), hop), hop)[1][lobe]
    np.testing.assert_allclose(np.exp(1j * along)[:, 10:-10], np.exp(1j * np.diff(phase))[:, 10:-10], atol=0.01)
