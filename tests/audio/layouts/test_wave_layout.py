import struct

import numpy as np
import pytest
from sound_bytes import RATE, encode, make_chunk, make_format, make_riff, make_sound, make_wav, to_pcm16

from engine.audio.layouts.wave import HELD_FLOATS, UNFINISHED
from engine.audio.source import probe, source_blocks

SOUND = make_sound()
STORED = to_pcm16(SOUND)
FORM = make_chunk(b"fmt ", make_format())
DATA = make_chunk(b"data", STORED)
HALF = len(STORED) // 4 * 2
PEAKS = struct.pack("<4sI", b"\x93\xff\xffN", 50_466_568)  # what a Zoom R8 writes before its sound


def heard(path) -> np.ndarray:
    return np.concatenate(list(source_blocks(path, 0.3)))[:, 0]


WHOLE = {
    "as it should be": make_riff(FORM, DATA),
    "told by a pipe": make_wav(SOUND, size=0xFFFFFFFF, riff_size=0xFFFFFFFF),
    "size of the file too small": make_wav(SOUND, riff_size=1_000),
    "odd chunk without its byte": make_riff(FORM, make_chunk(b"LIST", b"INFOISFT\x05\0\0\0abcde", pad=False), DATA),
    "odd chunk without its byte first": make_riff(make_chunk(b"bext", b"x" * 603, pad=False), FORM, DATA),
    "padding of a recorder": make_riff(FORM, make_chunk(b"LIST", (b"adtl" + PEAKS).ljust(39_316, b"\xff")), DATA),
    "size that counts the header": make_wav(SOUND, size=len(STORED) + 44),
    "tag before it": b"ID3\x03\0\0\0\0\x02\0" + bytes(256) + make_riff(FORM, DATA),
    "two pieces of data": make_riff(FORM, make_chunk(b"data", STORED[:HALF]), make_chunk(b"data", STORED[HALF:])),
    "list of data": make_riff(FORM, make_chunk(b"LIST", b"wavl" + DATA)),
    "loop and tag": make_riff(FORM, DATA, make_chunk(b"smpl", bytes(60)), make_chunk(b"id3 ", b"ID3" + bytes(7))),
    "loop that is none": make_riff(make_chunk(b"smpl", b"\xff" * 28), FORM, DATA),
    "odd chunk before one that seems padded": make_riff(
        make_chunk(b"iXML", b"x" * 37, pad=False), make_chunk(b"JUNK", bytes(0x46)), FORM, DATA
    ),
    "half a sample too much": make_riff(FORM, make_chunk(b"data", STORED + b"\1")),
    "short format that says it is long": make_riff(make_chunk(b"fmt ", make_format(tag=0xFFFE)), DATA),
    "wrong block": make_riff(make_chunk(b"fmt ", struct.pack("<HHIIHH", 1, 1, RATE, RATE, 1, 16)), DATA),
    "text behind": make_riff(FORM, DATA) + b"\n<html>",
}  # fmt: skip


@pytest.mark.parametrize("name", WHOLE)
def test_all_of_the_sound_is_read_and_nothing_is_said(tmp_path, name: str):
    (tmp_path / "a.wav").write_bytes(WHOLE[name])
    info = probe(tmp_path / "a.wav")
    assert (info.samples, info.promised_samples, info.cut_off, info.notes) == (len(SOUND), len(SOUND), False, ())
    assert np.abs(heard(tmp_path / "a.wav") - SOUND).max() < 1e-4


@pytest.mark.parametrize(
    "stored",
    [
        make_wav(SOUND, size=0, riff_size=0),
        make_riff(make_chunk(b"JUNK", bytes(4_060)), FORM, make_chunk(b"data", STORED, size=0), size=4_088),
        make_wav(SOUND, size=1_000, riff_size=1_036),
    ],
    ids=["sizes 0", "size 0 behind padding", "sizes from long before the end"],
)
def test_a_recorder_that_lost_power_is_read_to_the_end_with_a_note(tmp_path, stored: bytes):
    (tmp_path / "a.wav").write_bytes(stored)
    info = probe(tmp_path / "a.wav")
    assert (info.samples, info.cut_off, info.notes) == (len(SOUND), False, (UNFINISHED,))
    assert np.abs(heard(tmp_path / "a.wav") - SOUND).max() < 1e-4


def test_several_wavs_in_one_file_are_all_used(tmp_path):
    (tmp_path / "a.wav").write_bytes(make_wav(SOUND) + make_wav(SOUND[:20_000]))
    info = probe(tmp_path / "a.wav")
    assert (info.samples, info.notes) == (len(SOUND) + 20_000, ("2 recordings one after the other: all are used",))
    assert np.abs(heard(tmp_path / "a.wav") - np.concatenate([SOUND, SOUND[:20_000]])).max() < 1e-4


def test_floats_that_are_called_whole_numbers_are_read_as_floats(tmp_path):
    form = make_chunk(b"fmt ", make_format(bits=32))
    (tmp_path / "a.wav").write_bytes(make_riff(form, make_chunk(b"data", SOUND.astype("<f4").tobytes())))
    assert probe(tmp_path / "a.wav").notes == (HELD_FLOATS,)
    assert heard(tmp_path / "a.wav") == pytest.approx(SOUND)
    whole = np.round(SOUND * 2**31 * 0.9).astype("<i4")
    (tmp_path / "b.wav").write_bytes(make_riff(form, make_chunk(b"data", whole.tobytes())))
    assert probe(tmp_path / "b.wav").notes == ()
    assert heard(tmp_path / "b.wav") == pytest.approx(0.9 * SOUND, abs=1e-6)


def test_an_mp3_inside_a_wav_is_read(tmp_path):
    form = struct.pack("<HHIIHHHHIHHH", 0x55, 1, RATE, 16_000, 1, 0, 12, 1, 2, 418, 1, 1_393)
    (tmp_path / "a.wav").write_bytes(make_riff(make_chunk(b"fmt ", form), make_chunk(b"data", encode(SOUND, "MP3"))))
    assert np.corrcoef(heard(tmp_path / "a.wav"), SOUND)[0, 1] > 0.99


def test_a_cut_file_lacks_what_is_missing_and_says_how_much(tmp_path):
    (tmp_path / "a.wav").write_bytes(make_wav(SOUND)[: 44 + len(STORED) // 2])
    info = probe(tmp_path / "a.wav")
    assert (info.samples, info.promised_samples, info.cut_off) == (len(SOUND) // 2, len(SOUND), True)
    stereo = make_wav(np.stack([SOUND, SOUND], axis=1))
    (tmp_path / "a.wav").write_bytes(stereo[: 44 + len(STORED)])
    assert probe(tmp_path / "a.wav").promised_samples == len(SOUND)


def test_the_loudspeakers_of_an_extended_format_are_known(tmp_path):
    stored = encode(make_sound(channels=4), "WAVEX", subtype="PCM_24")
    at = stored.index(b"fmt ") + 8 + 20
    (tmp_path / "a.wav").write_bytes(stored[:at] + struct.pack("<I", 0x107) + stored[at + 4 :])
    assert probe(tmp_path / "a.wav").speakers == ("FL", "FR", "FC", "BC")
    assert probe(tmp_path / "a.wav").has_speakers
