import struct

import numpy as np
import pytest
from sound_bytes import RATE, encode, make_sound

from engine.audio.layouts.ogg import LOST
from engine.audio.source import probe, source_blocks

SOUND, OTHER = make_sound(2.0), make_sound(1.5, seed=2)


def heard(path) -> np.ndarray:
    return np.concatenate(list(source_blocks(path, 0.3)))[:, 0]


def write(path, stored: bytes):
    path.write_bytes(stored)
    return path


def pages(stored: bytes) -> list[bytes]:
    found, at = [], 0
    while at < len(stored):
        count = stored[at + 26]
        stop = at + 27 + count + sum(stored[at + 27 : at + 27 + count])
        found.append(stored[at:stop])
        at = stop
    return found


def make_page(serial: int, number: int, flags: int, samples: int, body: bytes) -> bytes:
    """Return an Ogg page; nobody looks at its checksum here."""
    table = bytes([255] * (len(body) // 255) + [len(body) % 255])
    return b"OggS\0" + struct.pack("<BqIII", flags, samples, serial, number, 0) + bytes([len(table)]) + table + body


def make_ogg_flac(sound: np.ndarray) -> bytes:
    """Return FLAC in Ogg, as some download tools leave it, its length not told."""
    stored = encode(sound, "FLAC")
    head = bytearray(stored[:42])
    head[21] &= 0xF0
    head[22:42] = bytes(20)
    first = b"\x7fFLAC\x01\0\0\x01" + bytes(head)
    rest = stored[42:]
    size = 40_000
    bodies = [rest[at : at + size] for at in range(0, len(rest), size)]
    made = make_page(7, 0, 2, 0, first)
    for number, body in enumerate(bodies, 1):
        last = number == len(bodies)
        made += make_page(7, number, 4 if last else 0, len(sound) if last else -1, body)
    return made


@pytest.mark.parametrize(("codec", "rate"), [("VORBIS", RATE), ("OPUS", 48_000)])
def test_streams_one_after_the_other_are_all_used(tmp_path, codec: str, rate: int):
    one, other = make_sound(2.0, rate), make_sound(1.5, rate, seed=2)
    stored = [encode(sound, "OGG", rate=rate, subtype=codec) for sound in (one, other)]
    path = write(tmp_path / "a.ogg", stored[0] + stored[1])
    info = probe(path)
    assert info.samples == len(heard(path)) == len(one) + len(other)
    assert (info.notes, info.cut_off) == (("2 recordings one after the other: all are used",), False)
    assert np.corrcoef(heard(path)[len(one) :], other)[0, 1] > 0.98


def test_a_whole_stream_is_read_as_it_is(tmp_path):
    path = write(tmp_path / "a.ogg", encode(SOUND, "OGG", subtype="VORBIS"))
    assert (probe(path).samples, probe(path).cut_off, probe(path).notes) == (len(SOUND), False, ())


def test_a_page_that_is_missing_is_said(tmp_path):
    stored = pages(encode(make_sound(8.0), "OGG", subtype="VORBIS"))
    assert len(stored) > 5
    path = write(tmp_path / "a.ogg", b"".join(stored[:4] + stored[5:]))
    assert LOST in probe(path).notes
    assert 0 < len(heard(path)) <= 8 * RATE


def test_a_cut_stream_is_known_to_be_cut(tmp_path):
    stored = encode(make_sound(8.0), "OGG", subtype="VORBIS")
    assert probe(write(tmp_path / "a.ogg", stored[: len(stored) // 2])).cut_off


def test_flac_in_ogg_is_read_and_not_damaged(tmp_path):
    path = write(tmp_path / "a.ogg", make_ogg_flac(SOUND))
    info = probe(path)
    assert (info.samples, info.cut_off, info.notes) == (len(SOUND), False, ())
    assert np.abs(heard(path) - SOUND).max() < 1e-4
