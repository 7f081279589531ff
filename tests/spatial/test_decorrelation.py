import numpy as np
import pytest
from scipy.signal import correlate

from engine.spatial.decorrelation import DECAY_SECONDS, LOW_CUT_HZ, NOISE_SECONDS, decorrelator, flat_noise
from engine.units import SAMPLE_RATE

HZ = np.fft.rfftfreq(1 << 15, 1 / SAMPLE_RATE)


def noise(seed):
    return flat_noise(np.random.default_rng(seed), NOISE_SECONDS, DECAY_SECONDS)


def third_octaves_db(response):
    power = np.abs(np.fft.rfft(response.astype(float), 1 << 15)) ** 2
    centres = 1000 * 2.0 ** (np.arange(-4, 13) / 3)  # 400 Hz to 16 kHz
    return 10 * np.log10([power[(hz * 2 ** (-1 / 6) <= HZ) & (hz * 2 ** (1 / 6) > HZ)].mean() for hz in centres])


@pytest.mark.parametrize("seed", range(5))
def test_every_third_octave_keeps_its_level(seed):
    assert np.abs(third_octaves_db(noise(seed))).max() < 2.0


def test_it_has_energy_one_and_is_short():
    response = noise(0)
    assert response.dtype == np.float32
    assert (response**2).sum() == pytest.approx(1.0, rel=1e-4)
    assert len(response) / SAMPLE_RATE < 0.035


def test_it_is_unlike_the_sound_and_unlike_the_next():
    sound = np.random.default_rng(9).normal(size=SAMPLE_RATE)
    first, second = (np.convolve(sound, noise(seed))[: len(sound)] for seed in (0, 1))
    for one, other in [(sound, first), (sound, second), (first, second)]:
        likeness = np.abs(correlate(one, other, mode="same")).max() / np.sqrt((one**2).sum() * (other**2).sum())
        assert likeness < 0.3


def test_bass_is_left_in_the_middle():
    gain_db = 20 * np.log10(np.abs(np.fft.rfft(decorrelator(np.random.default_rng(0)).astype(float), 1 << 15)))
    assert gain_db[np.argmin(np.abs(HZ - LOW_CUT_HZ / 4))] < -15
    assert np.abs(third_octaves_db(decorrelator(np.random.default_rng(0)))).max() < 2.0
