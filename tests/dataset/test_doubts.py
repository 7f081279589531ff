"""What the doctor must not say: alarms about healthy recordings."""

import numpy as np
import pytest
import scipy.signal
import soundfile
from sound_bytes import encode, make_sound

from engine.dataset.health import inspect_folder

RATE = 48_000
TIME = np.arange(3 * RATE) / RATE
RANDOM = np.random.default_rng(0)
NOISE = RANDOM.standard_normal(len(TIME))


def pluck(hz: float, partials: int) -> np.ndarray:
    return sum(np.sin(2 * np.pi * hz * k * TIME) * np.exp(-k * TIME % 1) / k for k in range(1, partials))


def through_cabinet(sound: np.ndarray) -> np.ndarray:
    """Return what a guitar's loudspeaker leaves: nothing above 5 kHz, falling by 48 dB an octave."""
    return scipy.signal.sosfilt(scipy.signal.butter(8, 5_000, fs=RATE, output="sos"), sound)


def birds() -> np.ndarray:
    chirp = np.sin(2 * np.pi * (5_000 * TIME + 400 * np.sin(2 * np.pi * 9 * TIME)))
    return chirp * (TIME * 4 % 1 < 0.2)


DULL = {
    "guitar through its cabinet": through_cabinet(np.tanh(4 * pluck(110, 40))) + 1e-4 * NOISE,
    "birds before a quiet place": 0.5 * birds() + 3e-4 * NOISE,
    "bass": scipy.signal.sosfilt(scipy.signal.butter(4, 400, fs=RATE, output="sos"), pluck(41, 12)) + 5e-5 * NOISE,
    "flute": 0.3 * pluck(880, 5) + 1e-4 * scipy.signal.lfilter([1], [1, -0.9], NOISE),
}


def look(folder, sound=None, *, rate: int = RATE, subtype: str = "PCM_24", stored: bytes | None = None):
    """Return what the doctor finds in one file."""
    path = folder / "x.wav"
    if stored is None:
        soundfile.write(path, sound, rate, subtype=subtype)
    else:
        path.write_bytes(stored)
    soundfile.write(folder / "good.wav", make_sound(1.0, RATE), RATE)
    report = inspect_folder(folder)
    return next((file for file in report.files if file.file == "x.wav"), report.skipped)


@pytest.mark.parametrize("name", DULL)
@pytest.mark.parametrize("subtype", ["PCM_24", "PCM_16"])
def test_a_sound_that_is_dull_by_nature_is_not_robbed_of_highs(tmp_path, name: str, subtype: str):
    sound = DULL[name]
    assert look(tmp_path, 0.5 * sound / np.abs(sound).max(), subtype=subtype).band_limit_hz is None


def test_a_coders_shelf_is_said_as_a_possibility(tmp_path):
    stored = encode(0.1 * NOISE.astype(np.float32), "MP3", rate=RATE, bitrate_mode="CONSTANT", compression_level=0.9)
    (tmp_path / "a.mp3").write_bytes(stored)
    decoded, _ = soundfile.read(tmp_path / "a.mp3")
    (tmp_path / "a.mp3").unlink()
    found = look(tmp_path, decoded)
    assert 10_000 < found.band_limit_hz < 19_000
    assert "perhaps" in " ".join(found.notes)


@pytest.mark.parametrize("subtype", ["ALAW", "ULAW", "GSM610"])
def test_the_plateaus_of_telephone_codings_are_no_clipping(tmp_path, subtype: str):
    sound = 0.9 * np.sin(2 * np.pi * 200 * np.arange(16_000) / 8_000) ** 3
    assert look(tmp_path, sound, rate=8_000, subtype=subtype).clipped_share == 0
    clipped = np.clip(3 * sound, -0.5, 0.5)
    assert look(tmp_path, clipped, rate=8_000, subtype="PCM_16").clipped_share > 0.1


@pytest.mark.parametrize(("level_db", "subtype"), [(-60, "PCM_24"), (-90, "FLOAT"), (-90, "PCM_32"), (-80, "PCM_24")])
def test_a_soft_recording_is_not_silent_nor_noisy(tmp_path, level_db: int, subtype: str):
    sound = 2.0 * make_sound(2.0, RATE) * 10 ** (level_db / 20)
    found = look(tmp_path, sound, subtype=subtype)
    assert found.peak_db == pytest.approx(level_db, abs=0.5)
    assert found.silence_share < 0.1
    assert "raise its level, which loses nothing" in " ".join(found.notes)
    assert "hiss" not in " ".join(found.notes)


def test_a_soft_recording_with_pauses_has_its_pauses(tmp_path):
    sound = np.concatenate([make_sound(1.0, RATE), np.zeros(3 * RATE)]) * 10 ** (-80 / 20)
    assert look(tmp_path, sound, subtype="FLOAT").silence_share == pytest.approx(0.75, abs=0.05)


def test_an_offset_and_nothing_else_is_silent(tmp_path):
    for offset in (-1.0, 0.3):
        (skipped,) = look(tmp_path, np.full(RATE, offset), subtype="PCM_16")
        assert skipped.reason == f"silent: it holds nothing but a DC offset of {offset:+.3f}"


def test_sound_that_nobody_hears_is_said_with_the_way_out(tmp_path):
    time = np.arange(2 * 192_000) / 192_000
    bat = 0.4 * np.sin(2 * np.pi * 45_000 * time) * np.hanning(len(time))
    (skipped,) = look(tmp_path, bat, rate=192_000)
    assert "all its sound lies above 24 kHz" in skipped.reason
    assert "Play it slower" in skipped.reason
    found = look(tmp_path, bat + 0.1 * np.sin(2 * np.pi * 1_000 * time), rate=192_000)
    assert "86% of its sound lies above 24 kHz and is not learned" in found.notice
    assert look(tmp_path, 0.1 * np.sin(2 * np.pi * 1_000 * time), rate=192_000).notice is None


@pytest.mark.parametrize("side", [0, 1])
def test_a_silent_side_is_said_and_the_other_is_used_as_mono(tmp_path, side: int):
    pair = np.zeros((2 * RATE, 2))
    pair[:, 1 - side] = make_sound(2.0, RATE)
    found = look(tmp_path, pair + 0.001, subtype="PCM_16")
    assert (found.channels, found.stereo) == (2, False)
    assert found.notes == (f"its {('left', 'right')[side]} side is silent: the other is used as mono",)
    assert found.peak_db == pytest.approx(-6.0, abs=0.2)


def test_a_soft_side_is_no_silent_one(tmp_path):
    sound = make_sound(2.0, RATE)
    assert look(tmp_path, np.stack([sound, 0.01 * sound], axis=1)).stereo


def test_four_channels_are_asked_about_until_the_person_says(tmp_path):
    soundfile.write(tmp_path / "a.wav", make_sound(1.0, RATE, channels=4), RATE)
    assert inspect_folder(tmp_path).files[0].may_be_ambisonic
    for how in ("ambix", "mono", "left"):
        (found,) = inspect_folder(tmp_path, channels_in=how).files
        assert (found.may_be_ambisonic, found.stereo) == (False, how == "ambix")
