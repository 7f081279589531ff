import struct

import numpy as np
import pytest
from sound_bytes import encode, make_aiff, make_chunk, make_sound

from engine.audio.layouts.wave import UNFINISHED
from engine.audio.source import probe, source_blocks

SOUND = make_sound()
ODD = make_chunk(b"NAME", b"abc", pad=False, order=">")


def heard(path) -> np.ndarray:
    return np.concatenate(list(source_blocks(path, 0.3)))[:, 0]


@pytest.mark.parametrize(
    ("stored", "notes"),
    [
        (make_aiff(SOUND), ()),
        (make_aiff(SOUND, before=ODD), ()),
        (make_aiff(SOUND, frames=0), ()),
        (make_aiff(SOUND, frames=len(SOUND) + 22), ()),
        (make_aiff(SOUND, size=0, frames=0), (UNFINISHED,)),
        (make_aiff(SOUND, size=8, frames=0), (UNFINISHED,)),
        (b"ID3\x03\0\0\0\0\x02\0" + bytes(256) + make_aiff(SOUND), ()),
    ],
    ids=["whole", "odd chunk", "no count", "count too large", "size 0", "size when it was empty", "tag before"],
)
def test_all_of_the_sound_is_read(tmp_path, stored: bytes, notes):
    (tmp_path / "a.aif").write_bytes(stored)
    info = probe(tmp_path / "a.aif")
    assert (info.samples, info.promised_samples, info.cut_off, info.notes) == (len(SOUND), len(SOUND), False, notes)
    assert np.abs(heard(tmp_path / "a.aif") - SOUND).max() < 1e-4


@pytest.mark.parametrize(
    "settings", [{"subtype": "FLOAT"}, {"subtype": "PCM_16", "endian": "LITTLE"}, {"subtype": "ULAW"}]
)
def test_other_codings_are_read_whole_cut_and_twice(tmp_path, settings):
    stored = encode(SOUND, "AIFF", **settings)
    (tmp_path / "a.aifc").write_bytes(stored)
    assert probe(tmp_path / "a.aifc").samples == len(SOUND)
    whole = heard(tmp_path / "a.aifc")
    (tmp_path / "cut.aifc").write_bytes(stored[: len(stored) // 2])
    info = probe(tmp_path / "cut.aifc")
    assert info.cut_off
    assert info.promised_samples == pytest.approx(len(SOUND), abs=1)
    assert np.array_equal(heard(tmp_path / "cut.aifc"), whole[: info.samples])
    (tmp_path / "twice.aifc").write_bytes(stored + stored)
    assert probe(tmp_path / "twice.aifc").samples == 2 * len(SOUND)
    assert np.array_equal(heard(tmp_path / "twice.aifc"), np.tile(whole, 2))


def test_without_a_format_it_is_damaged(tmp_path):
    stored = make_aiff(SOUND)
    body = stored[12 + 26 :]
    (tmp_path / "a.aif").write_bytes(b"FORM" + struct.pack(">I", len(body) + 4) + b"AIFF" + body)
    with pytest.raises(Exception, match="damaged"):
        probe(tmp_path / "a.aif")
