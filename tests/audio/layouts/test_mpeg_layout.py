import numpy as np
import pytest
from sound_bytes import RATE, encode, make_sound, without_first_frame

from engine.audio.layouts.mpeg import are_frames, read_frame
from engine.audio.source import probe, source_blocks

SOUND = make_sound(3.0)
FRAME = 1152


def heard(path) -> np.ndarray:
    return np.concatenate(list(source_blocks(path, 0.3)))[:, 0]


def write(path, stored: bytes):
    path.write_bytes(stored)
    return path


def test_without_a_first_frame_a_variable_rate_is_read_to_its_end(tmp_path):
    sound = np.concatenate([1e-4 * make_sound(10.0), make_sound(10.0, seed=1)])
    stored = encode(sound, "MP3", bitrate_mode="VARIABLE", compression_level=0.2)
    path = write(tmp_path / "a.mp3", without_first_frame(stored))
    assert heard(path)[-RATE:].std() > 0.1
    assert probe(path).samples == len(heard(path)) == pytest.approx(len(sound), abs=3 * FRAME)
    assert not probe(path).cut_off


@pytest.mark.parametrize(
    ("other", "rate"),
    [(make_sound(2.0, seed=2), RATE), (make_sound(2.0, 22_050, seed=2), 22_050), (make_sound(2.0, channels=2), RATE)],
    ids=["of one kind", "of another rate", "of other channels"],
)
def test_two_in_one_file_are_both_used(tmp_path, other, rate: int):
    path = write(tmp_path / "a.mp3", encode(SOUND, "MP3") + encode(other, "MP3", rate=rate))
    info = probe(path)
    assert info.samples == pytest.approx(5 * RATE, abs=3)
    assert info.notes == ("2 recordings one after the other: all are used",)
    blocks = np.concatenate(list(source_blocks(path, 0.3)))
    assert len(blocks) == info.samples
    assert blocks[: 2 * RATE].std() == pytest.approx(SOUND[: 2 * RATE].std(), rel=0.05)
    assert blocks[-RATE:, 0].std() == pytest.approx(float(np.ravel(other)[-rate:].std()), rel=0.2)


@pytest.mark.parametrize(
    "stored",
    [
        bytes(np.random.default_rng(1).integers(0, 255, 5_000, dtype=np.uint8)) + encode(SOUND, "MP3"),
        b"ID3\x03\0\0\0\x20\0\0" + b"\x89" * (0x20 << 14) + encode(SOUND, "MP3"),
        encode(SOUND, "MP3") + b"TAG" + bytes(125),
        encode(SOUND, "MP3") + b"<html>not found</html>",
    ],
    ids=["rubbish before", "large picture", "tag behind", "text behind"],
)
def test_what_lies_around_the_frames_is_no_sound(tmp_path, stored: bytes):
    path = write(tmp_path / "a.mp3", stored)
    assert len(heard(path)) == pytest.approx(len(SOUND), abs=FRAME)
    assert np.corrcoef(heard(path)[: len(SOUND) - FRAME], SOUND[: len(SOUND) - FRAME])[0, 1] > 0.99
    assert probe(path).notes == ()


def test_a_cut_one_says_how_much_is_missing(tmp_path):
    stored = encode(SOUND, "MP3")
    path = write(tmp_path / "a.mp3", stored[: len(stored) // 3])
    info = probe(path)
    assert info.cut_off
    assert info.promised_samples == pytest.approx(len(SOUND), abs=3 * FRAME)
    assert len(heard(path)) == info.samples == pytest.approx(RATE, rel=0.2)


def test_a_hole_leaves_out_a_little_and_goes_on(tmp_path):
    stored = bytearray(encode(SOUND, "MP3"))
    stored[len(stored) // 2 : len(stored) // 2 + 400] = b"\x55" * 400
    path = write(tmp_path / "a.mp3", bytes(stored))
    assert len(heard(path)) > len(SOUND) - 8 * FRAME
    assert heard(path)[-RATE // 2 :].std() == pytest.approx(SOUND[-RATE // 2 :].std(), rel=0.1)


def test_frames_are_told_from_chance():
    assert read_frame(b"\xff\xfb\x90\x64").size == 417
    assert read_frame(b"\xff\xfb\xf0\x64") is None
    assert read_frame(b"\xff\xfb") is None
    assert are_frames(encode(SOUND, "MP3")[:4096])
    assert not are_frames(b"\xff\xfb\x90\x64" + bytes(4_000))
