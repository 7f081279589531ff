import numpy as np
import pytest
from scipy import signal

from engine.dsp.cepstrum import minimum_phase_spectrum


@pytest.mark.parametrize("size", [4096, 4095])
def test_a_minimum_phase_filter_is_found_again_from_its_gain(size: int):
    response = signal.freqz(*signal.butter(2, 0.2), worN=2 * np.pi * np.arange(size // 2 + 1) / size)[1]
    gain = np.log(np.maximum(np.abs(response), 1e-6))
    found = minimum_phase_spectrum(gain, size)
    heard = np.abs(response) > 1e-3
    assert found[heard] == pytest.approx(response[heard], abs=1e-3)


@pytest.mark.parametrize("size", [512, 511])
def test_energy_comes_at_once_and_the_gain_stays(size: int):
    gain = np.random.default_rng(0).standard_normal(size // 2 + 1) * 0.3
    spectrum = minimum_phase_spectrum(gain, size)
    assert np.abs(spectrum[1:-1]) == pytest.approx(np.exp(gain[1:-1]), rel=1e-9)
    response = np.fft.irfft(spectrum, size)
    assert (response[: size // 2] ** 2).sum() > 0.95 * (response**2).sum()
