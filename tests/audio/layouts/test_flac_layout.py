import numpy as np
import pytest
from sound_bytes import encode, make_sound

from engine.audio.source import probe, source_blocks

SOUND = make_sound(2.0)


def heard(path) -> np.ndarray:
    return np.concatenate(list(source_blocks(path, 0.3)))[:, 0]


def without_length(stored: bytes) -> bytes:
    """Return a FLAC as an encoder leaves it that writes into a pipe."""
    head = bytearray(stored)
    head[21] &= 0xF0
    head[22:42] = bytes(20)
    return bytes(head)


@pytest.mark.parametrize("tag", [b"", b"ID3\x04\0\0\0\0\x02\0" + bytes(256)], ids=["plain", "behind a tag"])
def test_one_of_unknown_length_is_read_to_its_end_and_nothing_is_said(tmp_path, tag: bytes):
    (tmp_path / "a.flac").write_bytes(tag + without_length(encode(SOUND, "FLAC")))
    info = probe(tmp_path / "a.flac")
    assert (info.samples, info.promised_samples, info.cut_off, info.notes) == (len(SOUND), len(SOUND), False, ())
    assert np.abs(heard(tmp_path / "a.flac") - SOUND).max() < 1e-4


def test_a_cut_one_of_unknown_length_ends_where_it_ends(tmp_path):
    stored = without_length(encode(SOUND, "FLAC"))
    (tmp_path / "a.flac").write_bytes(stored[: len(stored) // 2])
    got = heard(tmp_path / "a.flac")
    assert 0.3 * len(SOUND) < len(got) < 0.7 * len(SOUND)
    assert np.abs(got - SOUND[: len(got)]).max() < 1e-4
    assert probe(tmp_path / "a.flac").samples - len(got) < 8_192


def test_two_in_one_file_are_both_used(tmp_path):
    other = make_sound(1.0, seed=3)
    (tmp_path / "a.flac").write_bytes(encode(SOUND, "FLAC") + encode(other, "FLAC"))
    info = probe(tmp_path / "a.flac")
    assert (info.samples, info.notes) == (3 * 44_100, ("2 recordings one after the other: all are used",))
    assert np.abs(heard(tmp_path / "a.flac") - np.concatenate([SOUND, other])).max() < 1e-4
