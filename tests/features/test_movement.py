import math

import numpy as np
import pytest
import torch
from scipy.signal import lfilter
from small_corpus import noise, tone

from engine.audio.loudness import k_weighting, loudness_lufs
from engine.errors import ShapeError
from engine.features.mel import log_mel
from engine.features.movement import mel_loudness, weighting_gain
from engine.units import LOG_FLOOR, MEL_BANDS, MEL_HIGH_HZ, SAMPLE_RATE

EDGE = 8  # frames whose window reaches beyond the sound


def pink(seconds: float) -> np.ndarray:
    """Return noise that falls by 3 dB an octave."""
    spectrum = np.fft.rfft(noise(seconds))
    return np.fft.irfft(spectrum / np.sqrt(np.maximum(np.arange(len(spectrum)), 20)), round(seconds * SAMPLE_RATE))


def frames_lufs(sound: np.ndarray) -> np.ndarray:
    """Return the loudness of the frames that lie inside of a sound."""
    return mel_loudness(log_mel(torch.from_numpy(sound.astype(np.float32))).T.numpy())[EDGE:-EDGE]


def error_db(sound: np.ndarray) -> float:
    """Return by how much the mean of the frames is louder than the sound is by BS.1770."""
    mean = 10 * np.log10(np.mean(10 ** (frames_lufs(sound) / 10)))
    return float(mean - loudness_lufs(sound[:, None].astype(np.float32)))


@pytest.mark.parametrize("hz", [100.0, 220.0, 440.0, 700.0, 1_000.0])
def test_the_loudness_of_a_low_tone_is_that_of_bs_1770(hz: float):
    assert error_db(tone(hz, 2.0)) == pytest.approx(0.0, abs=0.8)


@pytest.mark.parametrize("hz", [50.0, 110.0, 220.0])
def test_the_loudness_of_a_sawtooth_is_that_of_bs_1770(hz: float):
    assert error_db(sum(tone(hz * order, 2.0, 0.2 / order) for order in range(1, 40))) == pytest.approx(0.0, abs=0.8)


def test_the_loudness_of_pink_noise_is_that_of_bs_1770():
    assert error_db(pink(4.0)) == pytest.approx(0.0, abs=0.6)


def test_white_noise_lacks_what_a_mean_of_magnitudes_and_the_highest_band_leave_out():
    hz = np.linspace(0, SAMPLE_RATE / 2, 10_000)
    inside_db = 10 * math.log10(weighting_gain(hz[hz < MEL_HIGH_HZ]).sum() / weighting_gain(hz).sum())
    assert error_db(noise(4.0)) == pytest.approx(10 * math.log10(math.pi / 4) + inside_db, abs=0.3)


def test_a_tone_of_a_tenth_of_the_level_is_20_db_softer():
    loud, soft = frames_lufs(tone(440, 1.0, 0.5)), frames_lufs(tone(440, 1.0, 0.05))
    assert np.allclose(loud - soft, 20.0, atol=0.01)


def test_every_frame_has_its_own_loudness():
    sound = np.concatenate([tone(440, 1.0, 0.5), tone(440, 1.0, 0.05)])
    found = frames_lufs(sound)
    assert found[:50].mean() - found[-50:].mean() == pytest.approx(20.0, abs=0.1)


def test_silence_is_below_everything_that_can_be_heard():
    assert mel_loudness(np.full((3, MEL_BANDS), math.log(LOG_FLOOR), np.float32)).max() < -90.0


def test_the_weighting_is_the_power_gain_of_the_filters():
    impulse = np.zeros(1 << 15)
    impulse[0] = 1.0
    for section in k_weighting(SAMPLE_RATE):
        impulse = lfilter(section[:3], section[3:], impulse)
    wanted = np.abs(np.fft.rfft(impulse)) ** 2
    hz = np.linspace(0, SAMPLE_RATE / 2, len(wanted))
    assert np.allclose(weighting_gain(hz), wanted, atol=1e-6)


@pytest.mark.parametrize("shape", [(MEL_BANDS,), (4, MEL_BANDS + 1), (1, 4, MEL_BANDS)])
def test_frames_of_another_shape_are_refused(shape):
    with pytest.raises(ShapeError, match=rf"\(frames, {MEL_BANDS}\), not"):
        mel_loudness(np.zeros(shape, np.float32))
