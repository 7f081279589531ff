"""The benchmark's distances follow their definitions and agree with other implementations of their parts."""

import measures
import numpy as np
import pytest
import scipy.signal
import soundfile

from engine.features.torchaudio_loading import load_torchaudio

RATE = measures.SAMPLE_RATE


def make_noise(seconds: float, seed: int = 0):
    return np.random.default_rng(seed).normal(0, 0.1, round(seconds * RATE))


def test_magnitude_equals_scipys():
    noise, window = make_noise(0.3), 512
    _, _, other = scipy.signal.stft(noise, window="hann", nperseg=window, noverlap=384, boundary="zeros", padded=True)
    mine = measures.magnitude(noise, window)
    shared = min(mine.shape[1], other.shape[1])
    np.testing.assert_allclose(mine[:, :shared], np.abs(other[:, :shared]) * window / 2, atol=1e-9)


def test_mel_filters_equal_torchaudios():
    other = load_torchaudio().functional.melscale_fbanks(
        1025, 0.0, RATE / 2, 80, RATE, norm="slaney", mel_scale="slaney"
    )
    np.testing.assert_allclose(measures.mel_filters(2048, 80), other.numpy().T, atol=2e-5)


def test_a_sound_is_at_no_distance_from_itself_at_any_level():
    noise = make_noise(0.6)
    distance = measures.compare(noise, 0.1 * noise, with_visqol=False)
    assert distance.dac_mel == pytest.approx(0, abs=1e-6)
    assert distance.lsd == pytest.approx(0, abs=1e-6)
    assert distance.visqol is None


def test_doubling_a_loud_sound_moves_every_band_by_a_factor_of_two():
    noise = make_noise(0.6)
    shares = [
        (measures.mel_filters(window, bands).sum(1) > 0).mean() for window, bands in measures.DAC_WINDOWS.items()
    ]  # the lowest bands of the long windows are narrower than a bin, and empty
    assert measures.dac_mel_distance(noise, 2 * noise) == pytest.approx(sum(shares) * np.log10(2), rel=2e-3)
    assert measures.log_spectral_distance(noise, 2 * noise) == pytest.approx(np.log(2), rel=1e-3)


@pytest.mark.parametrize("seconds", [0.1, 1.0])
def test_a_sound_is_scaled_to_one_loudness_whatever_its_length(seconds):
    noise = make_noise(seconds)
    np.testing.assert_allclose(measures.normalise(0.02 * noise), measures.normalise(noise), rtol=1e-6)


def test_silence_stays_finite():
    assert np.isfinite(measures.normalise(np.zeros(RATE))).all()


def test_reading_mixes_the_channels_and_stops_in_time(tmp_path):
    left = make_noise(1.0)
    soundfile.write(tmp_path / "a.wav", np.stack([left, -0.5 * left], axis=1), RATE, subtype="FLOAT")
    np.testing.assert_allclose(measures.read_mono(tmp_path / "a.wav", 0.25), 0.25 * left[: RATE // 4], atol=1e-6)


def test_means_leave_out_what_was_not_judged():
    one, two = measures.Distance(1.0, 0.5, 4.0), measures.Distance(2.0, 1.5, None)
    assert measures.average([one, two]) == measures.Distance(1.5, 1.0, 4.0)
    assert measures.average([two]).visqol is None
    assert measures.average([]) is None
