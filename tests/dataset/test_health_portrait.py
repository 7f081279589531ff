import numpy as np
import pytest
import soundfile
import torch
from scipy.signal import butter, firwin, oaconvolve, sosfilt

from engine.dataset.comparison import SIMILAR_DB
from engine.dataset.portrait import Listener
from engine.features.mel import log_mel

RATE = 48_000


def noise(seconds=3.0, channels=1, seed=0):
    return np.random.default_rng(seed).normal(0, 0.1, (round(seconds * RATE), channels)).astype(np.float32)


def portrait(sound, size=20_000, rate=RATE):
    listener = Listener(rate, sound.shape[1])
    for at in range(0, len(sound), size):
        listener.hear_source(sound[at : at + size])
        listener.hear(sound[at : at + size])
    return listener.finish()


def low_passed(sound, hz):
    return oaconvolve(sound, firwin(801, hz, fs=RATE)[:, None], mode="same").astype(np.float32)


@pytest.mark.parametrize("hz", [5_000, 11_000, 16_000, 18_000])
def test_a_cliff_in_the_spectrum_is_found_where_it_is(hz):
    assert portrait(low_passed(noise(), hz)).band_limit_hz == pytest.approx(hz, abs=400)


@pytest.mark.parametrize("hz", [20_000, 22_050])
def test_limits_above_hearing_are_not_reported(hz):
    assert portrait(low_passed(noise(), hz)).band_limit_hz is None


@pytest.mark.parametrize("order", [1, 2, 4])
@pytest.mark.parametrize("hz", [200, 2_000, 8_000])
def test_a_dark_sound_is_not_a_limited_one(order, hz):
    dark = sosfilt(butter(order, hz, fs=RATE, output="sos"), noise(), axis=0)
    assert portrait((dark + 1e-5 * noise(seed=1)).astype(np.float32)).band_limit_hz is None


def test_a_bright_band_a_tone_and_full_noise_are_not_limited():
    filters = butter(8, [9_000, 10_000], "bandpass", fs=RATE, output="sos")
    band = sosfilt(filters, noise(), axis=0) + 1e-5 * noise(seed=2)
    tone = np.sin(2 * np.pi * 8_000 * np.arange(3 * RATE) / RATE)[:, None] + 1e-4 * noise(seed=3)
    for sound in (band, tone, noise()):
        assert portrait(sound.astype(np.float32)).band_limit_hz is None


def test_an_mp3_shelf_is_found(tmp_path):
    path = tmp_path / "a.mp3"
    soundfile.write(path, noise(), RATE, format="MP3", bitrate_mode="CONSTANT", compression_level=0.9)
    decoded, _ = soundfile.read(path, dtype="float32", always_2d=True)
    assert 15_500 < portrait(decoded).band_limit_hz < 17_500


def test_silence_is_measured_as_its_share():
    sound = np.concatenate([noise(3.0), np.zeros((RATE, 1), np.float32)])
    assert portrait(sound).silence_share == pytest.approx(0.25, abs=0.02)
    assert portrait(noise(0.05)).silence_share == 0


def test_the_mean_mel_is_that_of_the_shared_frame():
    sound = noise(7.0)
    expected = log_mel(torch.from_numpy(sound[:, 0].copy())).mean(-1).numpy() * 20 / np.log(10)
    assert np.abs(portrait(sound).mel_db - expected).max() < 0.2


def test_blocks_of_any_size_give_the_same_portrait():
    sound = noise(11.0, 2)
    one, other = portrait(sound, 1_000_000), portrait(sound, 4_321)
    assert np.allclose(one.mel_db, other.mel_db, atol=1e-3)
    assert np.allclose(one.opening_db, other.opening_db, atol=1e-3)
    assert one.fingerprint == other.fingerprint


def test_the_opening_ignores_level_and_silence_before_it():
    decay = noise(2.0) * np.exp(-3 * np.arange(2 * RATE) / RATE)[:, None].astype(np.float32)
    moved = np.concatenate([np.zeros((5_120, 1), np.float32), 0.2 * decay])
    difference = portrait(decay).opening_db - portrait(moved).opening_db
    assert np.sqrt((difference**2).mean()) < SIMILAR_DB / 3


def test_the_fingerprint_changes_with_one_sample_and_the_rate():
    sound = noise(0.5)
    other = sound.copy()
    other[1_000] += 1e-6
    assert portrait(sound).fingerprint != portrait(other).fingerprint
    assert portrait(sound).fingerprint != portrait(sound, rate=44_100).fingerprint


def test_channels_that_cancel_lose_in_mono():
    sound = noise()
    assert portrait(sound).mono_loss_db == pytest.approx(0)
    assert portrait(np.hstack([sound, -0.9 * sound])).mono_loss_db > 20
    assert portrait(noise(channels=2)).mono_loss_db == pytest.approx(3.0, abs=0.2)
