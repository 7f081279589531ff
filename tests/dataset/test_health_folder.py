import numpy as np
import pytest
import soundfile

from engine.dataset.folder import few_files_warning, usable_recordings
from engine.errors import DatasetError

RATE = 48_000
SOUND = (0.2 * np.sin(2 * np.pi * 300 * np.arange(RATE) / RATE)).astype(np.float32)


def only(folder):
    (file,) = usable_recordings(folder).files
    return file


def reason_for(folder, name):
    soundfile.write(folder / "good.wav", SOUND, RATE)
    (skipped,) = usable_recordings(folder).skipped
    assert skipped.file == name
    return skipped.reason


def test_what_cannot_be_used_is_named_and_the_rest_goes_on(tmp_path):
    for index in range(5):
        soundfile.write(tmp_path / f"good{index}.wav", SOUND, RATE)
    (tmp_path / "empty.wav").touch()
    (tmp_path / "text.wav").write_text("no sound\n" * 20)
    (tmp_path / "song.m4a").write_bytes(b"?")
    (tmp_path / "notes.txt").touch()
    seen = []
    found = usable_recordings(tmp_path, lambda *step: seen.append(step))
    assert [file.name for file in found.files] == [f"good{index}.wav" for index in range(5)]
    assert [skipped.file for skipped in found.skipped] == ["empty.wav", "song.m4a", "text.wav"]
    assert found.ignored == ("notes.txt",)
    assert found.warning is None
    assert seen[0] == (0, 8, "empty.wav")
    assert seen[-1] == (8, 8, "")


def test_a_silent_file_is_left_out(tmp_path):
    soundfile.write(tmp_path / "a.wav", SOUND * 1e-3, RATE, subtype="PCM_16")
    assert "silent: nothing in it is louder than -73 dB" in reason_for(tmp_path, "a.wav")


def test_invalid_numbers_are_left_out_with_their_time(tmp_path):
    broken = SOUND.copy()
    broken[24_000] = np.inf
    soundfile.write(tmp_path / "a.wav", broken, RATE, subtype="FLOAT")
    assert "at 0.50 s" in reason_for(tmp_path, "a.wav")


def test_wrong_scaling_is_left_out(tmp_path):
    soundfile.write(tmp_path / "a.wav", SOUND * 32_768, RATE, subtype="FLOAT")
    assert "wrongly scaled" in reason_for(tmp_path, "a.wav")


def test_less_than_twenty_milliseconds_are_followed_by_silence_and_less_than_five_left_out(tmp_path):
    soundfile.write(tmp_path / "a.wav", SOUND[:960], RATE)
    assert (only(tmp_path).seconds, only(tmp_path).notice) == (pytest.approx(0.02), None)
    soundfile.write(tmp_path / "a.wav", SOUND[:931], RATE)
    assert only(tmp_path).notice == "only 19.4 ms long: followed by silence"
    soundfile.write(tmp_path / "a.wav", SOUND[:239], RATE)
    assert "only 4.979 ms long; 5 ms are the least" in reason_for(tmp_path, "a.wav")


@pytest.mark.parametrize("name", ["a.wav", "a.flac", "a.mp3"])
def test_a_cut_file_is_used_as_far_as_it_goes_and_says_so(tmp_path, name):
    sound = SOUND + np.random.default_rng(0).normal(0, 0.05, RATE).astype(np.float32)
    soundfile.write(tmp_path / name, np.tile(sound, 3), RATE)
    stored = (tmp_path / name).read_bytes()
    (tmp_path / name).write_bytes(stored[: len(stored) // 2])
    file = only(tmp_path)
    assert file.seconds + file.missing_seconds == pytest.approx(3.0, abs=0.01)
    assert f"the {file.seconds:.2f} s that can be read are used" in file.notice


def test_a_file_cut_to_almost_nothing_is_left_out(tmp_path):
    soundfile.write(tmp_path / "a.wav", SOUND, RATE)
    (tmp_path / "a.wav").write_bytes((tmp_path / "a.wav").read_bytes()[:400])
    assert "3.708 ms long" in reason_for(tmp_path, "a.wav")


def test_a_whole_file_has_no_notice(tmp_path):
    soundfile.write(tmp_path / "a.wav", SOUND, RATE)
    assert only(tmp_path).notice is None


def test_equal_channels_are_mono_and_different_ones_stereo(tmp_path):
    soundfile.write(tmp_path / "a.wav", np.stack([SOUND, SOUND], axis=1), RATE)
    assert (only(tmp_path).source_channels, only(tmp_path).channels) == (2, 1)
    soundfile.write(tmp_path / "a.wav", np.stack([SOUND, SOUND / 2], axis=1), RATE)
    assert (only(tmp_path).source_channels, only(tmp_path).channels) == (2, 2)
    soundfile.write(tmp_path / "a.wav", np.stack([SOUND * k for k in range(6)], axis=1) / 6, 96_000)
    assert (only(tmp_path).source_channels, only(tmp_path).channels) == (6, 2)


def test_a_folder_without_recordings_and_one_without_usable_ones_say_so(tmp_path):
    with pytest.raises(DatasetError, match="holds no recordings; put WAV"):
        usable_recordings(tmp_path)
    (tmp_path / "empty.wav").touch()
    with pytest.raises(DatasetError, match=r"can be used: empty\.wav: the file is empty"):
        usable_recordings(tmp_path)


def test_few_files_warn(tmp_path):
    soundfile.write(tmp_path / "a.wav", SOUND, RATE)
    assert usable_recordings(tmp_path).warning.startswith("only 1 file:")
    assert few_files_warning(4).startswith("only 4 files:")
    assert few_files_warning(5) is None


def test_long_and_foreign_names_are_read(tmp_path):
    names = sorted(["größe 日本 🎷.wav", "n" * 200 + ".wav"])
    for name in names:
        soundfile.write(tmp_path / name, SOUND, RATE)
    assert [file.name for file in usable_recordings(tmp_path).files] == names
