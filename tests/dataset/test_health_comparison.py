import numpy as np
import pytest
import soundfile
import soxr

from engine.dataset.health import inspect_folder

RATE = 48_000


def hit(hz, seed, seconds=1.0):
    random = np.random.default_rng(seed)
    time = np.arange(round(seconds * RATE)) / RATE
    phases = random.uniform(0, 6, 9)
    partials = [np.sin(2 * np.pi * hz * k * time + phases[k]) * np.exp(-3 * k * time) / k for k in range(1, 9)]
    return (0.2 * sum(partials) + 0.05 * random.normal(size=len(time)) * np.exp(-8 * time)).astype(np.float32)


def found(folder):
    return {file.file: file for file in inspect_folder(folder).files}


@pytest.fixture
def originals(tmp_path):
    for index, hz in enumerate((110, 165, 220, 330, 440)):
        soundfile.write(tmp_path / f"a{index}.wav", hit(hz, index), RATE, subtype="PCM_24")
    return tmp_path


def test_exact_copies_are_found_in_any_lossless_format(originals):
    samples, _ = soundfile.read(originals / "a1.wav", dtype="int32")
    soundfile.write(originals / "z.flac", samples, RATE, subtype="PCM_24")
    files = found(originals)
    assert files["z.flac"].duplicate_of == "a1.wav"
    assert files["z.flac"].near_duplicate_of is None
    assert [file.duplicate_of for name, file in files.items() if name != "z.flac"] == [None] * 5


def test_near_copies_are_found_through_level_format_rate_and_delay(originals):
    sound, _ = soundfile.read(originals / "a2.wav", dtype="float32")
    soundfile.write(originals / "z_gain.wav", 0.25 * sound, RATE, subtype="PCM_24")
    soundfile.write(originals / "z_mp3.mp3", 0.5 * sound, RATE, format="MP3")
    soundfile.write(originals / "z_rate.wav", soxr.resample(sound, RATE, 32_000), 32_000)
    soundfile.write(originals / "z_late.wav", np.pad(-sound, (3_000, 0)), RATE)
    files = found(originals)
    for name in ("z_gain.wav", "z_mp3.mp3", "z_rate.wav", "z_late.wav"):
        assert files[name].near_duplicate_of == "a2.wav", name
    assert [files[f"a{index}.wav"].near_duplicate_of for index in range(5)] == [None] * 5


def test_another_take_of_the_same_note_is_no_copy(originals):
    soundfile.write(originals / "take2.wav", hit(220, 99), RATE)
    assert found(originals)["take2.wav"].near_duplicate_of is None


def test_other_noise_of_the_same_colour_is_no_copy(originals):
    for seed in (1, 2):
        noise = np.random.default_rng(seed).normal(0, 0.1, RATE).astype(np.float32)
        soundfile.write(originals / f"noise{seed}.wav", noise, RATE)
    assert found(originals)["noise2.wav"].near_duplicate_of is None


def test_a_cymbal_among_mallets_is_the_odd_one(tmp_path):
    for index in range(12):
        soundfile.write(tmp_path / f"a{index:02}.wav", hit(110 * 2 ** (index / 12), index), RATE)
    hiss = np.diff(np.random.default_rng(0).normal(0, 0.1, RATE + 1)).astype(np.float32)
    soundfile.write(tmp_path / "hiss.wav", hiss, RATE)
    files = found(tmp_path)
    assert [name for name, file in files.items() if file.oddness >= 5] == ["hiss.wav"]
    assert any("unlike the others" in note for note in files["hiss.wav"].notes)


def test_four_files_have_no_odd_one(tmp_path):
    for index in range(4):
        soundfile.write(tmp_path / f"a{index}.wav", hit(110 * 4**index, index), RATE)
    assert [file.oddness for file in inspect_folder(tmp_path).files] == [0.0] * 4
