import struct
from pathlib import Path

import pytest

from engine.export.broadcast import BEXT, info_to_tags, tags_to_bext, tags_to_info
from engine.export.formats import choose_encoding
from engine.export.measure import Measured
from engine.export.tags import Tags
from engine.settings import ExportSettings

TAGS = Tags("Dämmerung", "Ärtist", "Album", "two\nlines", "2026-11-22T10:30", "Program 1.0", "sax", 7, "{}")
MEASURED = Measured(48_000, 44_100, 2, -14.03, -1.02)


def bext(tags=TAGS, measured=MEASURED, **settings):
    return tags_to_bext(tags, choose_encoding(Path("a.wav"), ExportSettings(sample_rate=44_100, **settings)), measured)


def test_the_info_list_has_all_that_has_a_place_in_it():
    assert info_to_tags(tags_to_info(TAGS)) == Tags(
        "Dämmerung", "Ärtist", "Album", "two\nlines", "2026-11-22T10:30", "Program 1.0"
    )


@pytest.mark.parametrize(
    "content", [b"", b"INFO", b"adtl1234", b"INFOINAM", b"INFOINAM\xff\xff\xff\xff", b"INFOXXXX\0\0\0\0"]
)
def test_a_foreign_or_damaged_list_gives_what_makes_sense(content):
    assert info_to_tags(content) == Tags()


def test_an_info_list_in_another_alphabet_is_read_as_far_as_it_can_be():
    assert info_to_tags(b"INFO" + struct.pack("<4sI", b"INAM", 4) + b"D\xe4m\0").title == "D\N{REPLACEMENT CHARACTER}m"


def test_the_broadcast_chunk_has_the_fields_of_ebu_tech_3285():
    content = bext()
    assert BEXT.size == 602
    assert content[:256].rstrip(b"\0") == b"D?mmerung"
    assert content[256:288].rstrip(b"\0") == b"Program 1.0"
    assert content[320:338] == b"2026-11-2210:30:00"
    assert struct.unpack_from("<H", content, 346)[0] == 2  # version
    assert struct.unpack_from("<5h", content, 412) == (-1403, 0x7FFF, -102, 0x7FFF, 0x7FFF)
    assert content[602:] == b"A=PCM,F=44100,W=24,M=stereo,T=Program 1.0\r\n"


def test_what_is_not_known_is_left_empty():
    content = bext(Tags(date="2026", artist="Artist"), Measured(10, 44_100, 1, -200.0, -200.0), bit_depth="32f")
    assert content[320:338] == bytes(18)
    assert content[256:288].rstrip(b"\0") == b"Artist"
    assert struct.unpack_from("<h", content, 412)[0] == 0x7FFF
    assert content[602:] == b"A=PCM,F=44100,W=32,M=mono,T=\r\n"


def test_long_titles_are_cut_and_nothing_moves():
    assert bext(Tags(title="t" * 1_000))[:257] == b"t" * 256 + b"\0"
