import os
import sys

import numpy as np
import pytest
import soundfile

from engine.audio.source import RecordingError, probe, source_blocks


def tone(seconds=1.0, rate=44_100, channels=1):
    sine = 0.3 * np.sin(2 * np.pi * 440 * np.arange(round(seconds * rate)) / rate)
    noise = 0.02 * np.random.default_rng(0).normal(size=len(sine))
    return np.repeat((sine + noise)[:, None], channels, axis=1).astype(np.float32)


def cut(path, share):
    path.write_bytes(path.read_bytes()[: round(path.stat().st_size * share)])
    return path


def samples_in(path):
    return sum(len(block) for block in source_blocks(path, 0.5))


@pytest.mark.parametrize(
    ("name", "container", "subtype"),
    [
        ("a.wav", "WAV", "PCM_U8"),
        ("a.wav", "WAV", "FLOAT"),
        ("a.aiff", "AIFF", "PCM_24"),
        ("a.flac", "FLAC", "PCM_16"),
        ("a.ogg", "OGG", "VORBIS"),
        ("a.opus", "OGG", "OPUS"),
        ("a.mp3", "MP3", "MPEG_LAYER_III"),
    ],
)
def test_every_format_is_read_to_its_last_sample(tmp_path, name, container, subtype):
    sound = tone(rate=48_000, channels=2)
    soundfile.write(tmp_path / name, sound, 48_000, format=container, subtype=subtype)
    info = probe(tmp_path / name)
    assert (info.sample_rate, info.channels, info.seconds, info.cut_off) == (48_000, 2, 1.0, False)
    read = np.concatenate(list(source_blocks(tmp_path / name, 0.3)))
    assert read.shape == sound.shape
    assert np.corrcoef(read[:, 0], sound[:, 0])[0, 1] > 0.99


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "dataset.empty"),
        (b"this is a text\n" * 50, "dataset.not_audio"),
        (b"RIFF\x10\x00\x00\x00WAVE", "dataset.not_audio"),
    ],
)
def test_what_is_no_recording_is_refused_with_its_name(tmp_path, content, code):
    path = tmp_path / "strange.wav"
    path.write_bytes(content)
    with pytest.raises(RecordingError, match=r"^strange\.wav: ") as caught:
        probe(path)
    assert caught.value.code == code
    assert "strange" not in caught.value.reason


def test_a_header_without_samples_is_refused(tmp_path):
    soundfile.write(tmp_path / "a.wav", np.zeros((0, 1), np.float32), 48_000)
    with pytest.raises(RecordingError, match="no samples"):
        probe(tmp_path / "a.wav")


@pytest.mark.parametrize(("rate", "channels"), [(500, 1), (2_000_000, 1), (48_000, 65)])
def test_an_absurd_header_is_refused_with_the_limits(tmp_path, rate, channels):
    soundfile.write(tmp_path / "a.wav", np.ones((10, channels), np.float32), rate)
    with pytest.raises(RecordingError, match=r"1000 to 768000 Hz and up to 64 channels"):
        probe(tmp_path / "a.wav")


def test_a_missing_file_and_a_folder_are_refused(tmp_path):
    (tmp_path / "folder.wav").mkdir()
    for name in ("folder.wav", "nothing.wav"):
        with pytest.raises(RecordingError, match="cannot be opened"):
            probe(tmp_path / name)


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="this user may read everything")
def test_a_locked_file_is_refused(tmp_path):
    soundfile.write(tmp_path / "a.wav", tone(), 44_100)
    (tmp_path / "a.wav").chmod(0)
    with pytest.raises(RecordingError, match="permission"):
        probe(tmp_path / "a.wav")


@pytest.mark.parametrize("name", ["a.wav", "a.aiff"])
def test_a_cut_file_says_what_it_promised(tmp_path, name):
    soundfile.write(tmp_path / name, tone(), 44_100)
    info = probe(cut(tmp_path / name, 0.4))
    assert info.cut_off
    assert info.promised_samples == pytest.approx(44_100, abs=60)
    assert samples_in(tmp_path / name) == info.samples == pytest.approx(0.4 * 44_100, abs=60)


def test_a_cut_flac_is_read_as_far_as_it_goes(tmp_path):
    soundfile.write(tmp_path / "a.flac", tone(2.0), 44_100)
    whole = np.concatenate(list(source_blocks(tmp_path / "a.flac", 0.5)))
    blocks = np.concatenate(list(source_blocks(cut(tmp_path / "a.flac", 0.5), 60.0)))
    assert 0.35 * len(whole) < len(blocks) < 0.55 * len(whole)
    assert np.array_equal(blocks, whole[: len(blocks)])


def test_a_cut_ogg_is_known_to_be_cut(tmp_path):
    soundfile.write(tmp_path / "a.ogg", tone(2.0), 44_100, format="OGG", subtype="VORBIS")
    assert probe(cut(tmp_path / "a.ogg", 0.5)).cut_off


def test_an_mp3_without_a_header_that_tells_its_length_is_read_to_its_end(tmp_path):
    sound = np.concatenate([0.001 * tone(6.0), tone(6.0)])
    soundfile.write(tmp_path / "a.mp3", sound, 44_100, format="MP3", bitrate_mode="VARIABLE", compression_level=0.3)
    stored = (tmp_path / "a.mp3").read_bytes()
    (tmp_path / "bare.mp3").write_bytes(stored.replace(b"Xing", b"\0\0\0\0").replace(b"Info", b"\0\0\0\0"))
    info = probe(tmp_path / "bare.mp3")
    assert (info.cut_off, info.promised_samples) == (False, info.samples)
    assert samples_in(tmp_path / "bare.mp3") == info.samples == pytest.approx(len(sound), abs=3 * 1152)


def test_many_channels_do_not_take_much_memory_at_once(tmp_path):
    soundfile.write(tmp_path / "a.wav", np.ones((200_000, 64), np.float32) * 0.5, 48_000)
    blocks = list(source_blocks(tmp_path / "a.wav", 60.0))
    assert max(map(len, blocks)) <= 2**22 // 64
    assert sum(map(len, blocks)) == 200_000


def test_a_header_that_promises_days_is_refused_before_anything_is_read(tmp_path):
    path = tmp_path / "a.flac"
    soundfile.write(path, 0.3 * np.sin(np.arange(48_000) / 9), 48_000)
    content = bytearray(path.read_bytes())
    content[21:26] = bytes([content[21] | 0x0F, 0xFF, 0xFF, 0xFF, 0xFF])  # the 36 bits of the number of samples
    path.write_bytes(content)
    with pytest.raises(RecordingError, match="lasts 398 hours; up to 24 can be read") as caught:
        probe(path)
    assert caught.value.code == "dataset.too_long"


@pytest.mark.skipif(sys.platform != "linux", reason="names are text on other systems")
def test_a_name_that_is_no_text_is_refused_with_the_way_out(tmp_path):
    path = tmp_path / "raw\udcff.wav"
    with path.open("wb") as file:
        soundfile.write(file, 0.3 * np.sin(np.arange(48_000) / 9), 48_000, format="WAV")
    with pytest.raises(RecordingError, match="its name is not text") as caught:
        probe(path)
    assert caught.value.code == "dataset.name"
