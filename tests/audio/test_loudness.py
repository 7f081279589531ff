import numpy as np
import pyloudnorm
import pytest

from engine.audio.loudness import LoudnessMeter, k_weighting, loudness_lufs
from engine.errors import ShapeError


def noise(seconds, channels, seed=0):
    return (0.1 * np.random.default_rng(seed).normal(size=(round(48_000 * seconds), channels))).astype(np.float32)


def test_at_48_khz_the_filters_are_those_the_standard_prints():
    shelf = [1.53512485958697, -2.69169618940638, 1.19839281085285, 1.0, -1.69065929318241, 0.73248077421585]
    low_cut = [1.0, -2.0, 1.0, 1.0, -1.99004745483398, 0.99007225036621]
    assert np.allclose(k_weighting(48_000), [shelf, low_cut], rtol=0, atol=1e-13)


@pytest.mark.parametrize("rate", [44_100, 96_000, 192_000])
def test_at_other_sample_rates_agrees_with_pyloudnorm(rate):
    sound = (0.1 * np.random.default_rng(0).normal(size=(3 * rate, 2))).astype(np.float32)
    meter = LoudnessMeter(2, rate)
    meter.update(sound)
    expected = pyloudnorm.Meter(rate, filter_class="DeMan").integrated_loudness(sound.astype(np.float64))
    assert meter.lufs() == pytest.approx(expected, abs=0.1)


def test_a_full_scale_sine_at_1_khz_in_both_channels_is_close_to_zero():
    sine = np.sin(2 * np.pi * 997 * np.arange(96_000) / 48_000).astype(np.float32)
    assert loudness_lufs(sine[:, None]) == pytest.approx(-3.01, abs=0.02)
    assert loudness_lufs(np.stack([sine, sine], axis=1)) == pytest.approx(0.0, abs=0.02)


@pytest.mark.parametrize("channels", [1, 2])
def test_agrees_with_pyloudnorm_on_sound_with_pauses(channels):
    sound = noise(6, channels)
    sound[100_000:150_000] = 0
    sound[200_000:240_000] *= 0.02
    expected = pyloudnorm.Meter(48_000).integrated_loudness(sound.astype(np.float64))
    assert loudness_lufs(sound) == pytest.approx(expected, abs=0.1)


def test_blocks_of_any_size_give_the_same_loudness():
    sound = noise(2, 2)
    meter = LoudnessMeter(2)
    for at in range(0, len(sound), 777):
        meter.update(sound[at : at + 777])
    assert meter.lufs() == pytest.approx(loudness_lufs(sound), abs=1e-9)


def test_pauses_do_not_lower_the_loudness():
    sound = noise(3, 1)
    paused = np.concatenate([sound, np.zeros((480_000, 1), np.float32)])
    assert loudness_lufs(paused) == pytest.approx(loudness_lufs(sound), abs=0.3)


def test_short_sounds_have_the_loudness_of_their_mean_power():
    steady = np.sin(2 * np.pi * 997 * np.arange(48_000) / 48_000).astype(np.float32)[:, None]
    assert loudness_lufs(steady[:4_800]) == pytest.approx(loudness_lufs(steady), abs=0.1)


def test_below_the_gate_and_in_silence_a_number_remains():
    assert loudness_lufs(noise(1, 1) * 1e-4) == pytest.approx(loudness_lufs(noise(1, 1)) - 80, abs=0.3)
    assert loudness_lufs(np.zeros((48_000, 2), np.float32)) == -200
    assert loudness_lufs(np.zeros((0, 1), np.float32)) == -200


def test_another_number_of_channels_is_refused():
    with pytest.raises(ShapeError, match=r"\(samples, 2\)"):
        LoudnessMeter(2).update(np.zeros((10, 1), np.float32))
