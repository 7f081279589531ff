import os

import numpy as np
import pytest
import soundfile

from engine.audio.files import find_recordings, list_folder, read, stream
from engine.errors import DatasetError
from engine.units import SAMPLE_RATE


def touch(folder, *names):
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).touch()


def test_recordings_are_found_in_all_folders_and_sorted(tmp_path):
    touch(tmp_path, "b.WAV", "a.flac", "deep/er/c.Mp3", "ünï 日本.aiff", "x.opus", "notes.txt", "z.m4a")
    found = [path.relative_to(tmp_path).as_posix() for path in find_recordings(tmp_path)]
    assert found == sorted(["b.WAV", "a.flac", "deep/er/c.Mp3", "ünï 日本.aiff", "x.opus"])
    listing = list_folder(tmp_path)
    assert [path.name for path in listing.ignored] == ["notes.txt"]
    assert [path.name for path in listing.other_audio] == ["z.m4a"]


def test_hidden_files_and_folders_are_not_looked_at(tmp_path):
    touch(tmp_path, "._a.wav", ".b.wav", ".trash/c.wav", "d.wav")
    listing = list_folder(tmp_path)
    assert [path.name for path in listing.recordings] == ["d.wav"]
    assert not listing.ignored


def test_a_missing_folder_and_a_file_are_refused_by_name(tmp_path):
    touch(tmp_path, "a.wav")
    with pytest.raises(DatasetError, match="nowhere does not exist"):
        find_recordings(tmp_path / "nowhere")
    with pytest.raises(DatasetError, match=r"a\.wav is a file"):
        find_recordings(tmp_path / "a.wav")


def test_a_folder_that_may_not_be_opened_is_refused(tmp_path, monkeypatch):
    touch(tmp_path, "open/a.wav", "closed/b.wav")
    scan = os.scandir

    def scandir(path):
        if os.fspath(path) in locked:
            raise PermissionError(13, "Permission denied", os.fspath(path))
        return scan(path)

    monkeypatch.setattr(os, "scandir", scandir)
    locked = {str(tmp_path / "closed")}
    listing = list_folder(tmp_path)
    assert [path.name for path in listing.recordings] == ["a.wav"]
    assert [path.name for path in listing.closed] == ["closed"]
    locked = {str(tmp_path)}
    with pytest.raises(DatasetError, match="may not be opened"):
        list_folder(tmp_path)


@pytest.mark.parametrize("rate", [22_050, 48_000, 96_000])
def test_a_recording_has_the_exact_length_at_our_rate(tmp_path, rate):
    sound = np.random.default_rng(0).normal(0, 0.1, (12_345, 2)).astype(np.float32)
    soundfile.write(tmp_path / "a.wav", sound, rate, subtype="FLOAT")
    assert read(tmp_path / "a.wav").shape == (round(12_345 * SAMPLE_RATE / rate), 2)


def test_at_our_rate_samples_are_the_file_s_own(tmp_path):
    sound = np.random.default_rng(0).uniform(-1, 1, (50_000, 2)).astype(np.float32)
    soundfile.write(tmp_path / "a.wav", sound, SAMPLE_RATE, subtype="FLOAT")
    assert np.array_equal(read(tmp_path / "a.wav"), sound)


def test_streaming_in_other_blocks_gives_the_same_sound(tmp_path):
    sound = np.random.default_rng(0).normal(0, 0.1, (44_100, 1)).astype(np.float32)
    soundfile.write(tmp_path / "a.wav", sound, 44_100, subtype="FLOAT")
    blocks = list(stream(tmp_path / "a.wav", block_seconds=0.1))
    assert max(map(len, blocks)) < 0.25 * SAMPLE_RATE
    assert all(len(block) for block in blocks)
    assert np.abs(np.concatenate(blocks) - read(tmp_path / "a.wav")).max() < 1e-6


def test_two_equal_channels_are_read_as_one(tmp_path):
    sound = np.random.default_rng(0).uniform(-1, 1, (1_000, 1)).astype(np.float32)
    soundfile.write(tmp_path / "a.wav", np.repeat(sound, 2, axis=1), SAMPLE_RATE, subtype="FLOAT")
    assert np.array_equal(read(tmp_path / "a.wav"), sound)


def test_six_channels_at_96_khz_become_stereo(tmp_path):
    sound = np.random.default_rng(0).normal(0, 0.1, (9_600, 6)).astype(np.float32)
    soundfile.write(tmp_path / "a.wav", sound, 96_000)
    assert read(tmp_path / "a.wav").shape == (4_800, 2)
