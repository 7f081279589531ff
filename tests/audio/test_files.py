import os
import sys

import numpy as np
import pytest
import soundfile

from engine.audio.files import find_recordings, list_folder, read, stream
from engine.errors import DatasetError
from engine.units import SAMPLE_RATE


def tone():
    return (0.3 * np.sin(2 * np.pi * 300 * np.arange(44_100) / 44_100)).astype(np.float32)


def touch(folder, *names):
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).touch()


def test_recordings_are_found_in_all_folders_and_sorted(tmp_path):
    touch(tmp_path, "b.WAV", "a.flac", "deep/er/c.Mp3", "ünï 日本.aiff", "x.opus", "notes.txt", "z.m4a")
    found = [path.relative_to(tmp_path).as_posix() for path in find_recordings(tmp_path)]
    assert found == sorted(["b.WAV", "a.flac", "deep/er/c.Mp3", "ünï 日本.aiff", "x.opus", "z.m4a"])
    listing = list_folder(tmp_path)
    assert [path.name for path in listing.ignored] == ["notes.txt"]
    assert listing.refused == ()


def test_what_no_ending_tells_is_told_by_its_first_bytes(tmp_path):
    soundfile.write(tmp_path / "Old Mac sound", tone(), 44_100, format="AIFF")
    soundfile.write(tmp_path / "take.1", tone(), 44_100, format="WAV")
    soundfile.write(tmp_path / "sound in disguise.txt", tone(), 44_100, format="WAV")
    (tmp_path / "README").write_text("no sound")
    (tmp_path / "song").write_bytes(b"MThd" + bytes(100))
    listing = list_folder(tmp_path)
    assert [path.name for path in listing.recordings] == ["Old Mac sound", "take.1"]
    assert [path.name for path in listing.ignored] == ["README", "song", "sound in disguise.txt"]


def test_sound_that_nothing_reads_is_refused_by_its_name(tmp_path):
    touch(tmp_path, "loop.rx2")
    ((path, reason),) = list_folder(tmp_path).refused
    assert (path.name, reason.split(",")[0]) == ("loop.rx2", "this is a REX loop")


def test_linked_folders_are_followed_and_each_is_looked_through_once(tmp_path):
    touch(tmp_path, "set/a.wav", "elsewhere/b.wav")
    try:
        (tmp_path / "set" / "linked").symlink_to(tmp_path / "elsewhere")
        (tmp_path / "set" / "loop").symlink_to(tmp_path / "set")
        (tmp_path / "elsewhere" / "back").symlink_to(tmp_path / "set")
        (tmp_path / "set" / "self.wav").symlink_to(tmp_path / "set" / "self.wav")
    except OSError:
        pytest.skip("this system lets nobody make links")
    listing = list_folder(tmp_path / "set")
    assert [path.name for path in listing.recordings] == ["a.wav", "b.wav", "self.wav"]
    assert [path.relative_to(tmp_path / "set").as_posix() for path, _ in listing.refused] == ["linked/back", "loop"]
    with pytest.raises(DatasetError, match="cannot be opened"):
        read(tmp_path / "set" / "self.wav")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_a_named_pipe_is_refused_and_never_opened(tmp_path):
    os.mkfifo(tmp_path / "a.wav")
    os.mkfifo(tmp_path / "b")
    listing = list_folder(tmp_path)
    assert [(path.name, reason) for path, reason in listing.refused] == [
        ("a.wav", "a named pipe, not a file"),
        ("b", "a named pipe, not a file"),
    ]
    with pytest.raises(DatasetError, match="a pipe or a device"):
        read(tmp_path / "a.wav")


@pytest.mark.skipif(os.name == "nt" or sys.platform == "darwin", reason="this system takes no such names")
def test_a_name_that_is_no_text_is_refused_by_name_and_the_others_are_read(tmp_path):
    soundfile.write(tmp_path / "a.wav", tone(), 44_100)
    (tmp_path / "a.wav").rename(tmp_path / os.fsdecode(b"Fl\xf6te.wav"))
    soundfile.write(tmp_path / "new\nline.wav", tone(), 44_100)
    first, second = find_recordings(tmp_path)
    with pytest.raises(DatasetError, match="its name is not text"):
        read(first)
    assert read(second).shape == (48_000, 1)


def test_one_channel_is_left_of_a_stereo_file_with_a_silent_side(tmp_path):
    sound = tone()
    for name, channels in (("left.wav", [sound, 0 * sound]), ("right.wav", [0 * sound + 0.01, sound])):
        soundfile.write(tmp_path / name, np.stack(channels, axis=1), 48_000, subtype="FLOAT")
        assert read(tmp_path / name) == pytest.approx(sound[:, None], abs=1e-7)
        assert read(tmp_path / name, "mono").shape == (len(sound), 1)
    surround = np.zeros((len(sound), 6))
    surround[:, 0] = sound
    soundfile.write(tmp_path / "surround.wav", surround, 48_000)
    assert read(tmp_path / "surround.wav").shape == (len(sound), 2)


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
    assert [(path.name, reason.split()[-3:]) for path, reason in listing.refused] == [
        ("closed", ["open", "this", "folder"])
    ]
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
