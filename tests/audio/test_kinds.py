import struct

import pytest
from sound_bytes import encode, make_aiff, make_sound, make_wav

from engine.audio.kinds import describe_mp4, find_kind

SOUND = make_sound(0.5)


def kind_of(path, stored: bytes):
    path.write_bytes(stored)
    return find_kind(path)


@pytest.mark.parametrize(
    ("stored", "name", "words"),
    [
        (make_wav(SOUND), "wav", "WAV"),
        (encode(SOUND, "RF64"), "wav", "WAV"),
        (make_aiff(SOUND), "aiff", "AIFF"),
        (encode(SOUND, "FLAC"), "flac", "FLAC"),
        (encode(SOUND, "OGG"), "ogg", "Ogg"),
        (encode(SOUND, "MP3"), "mpeg", "MP3"),
        (encode(SOUND, "CAF"), "caf", "CAF"),
        (encode(SOUND, "AU"), "au", "AU"),
        (encode(SOUND, "W64"), "w64", "Wave64"),
        (b"OggS" + bytes(24) + b"Speex   1.2" + bytes(60), "", "Speex in Ogg, as some recorders of speech write"),
        (b"\x1a\x45\xdf\xa3" + bytes(60), "", "WebM or Matroska, as browsers and downloads leave it"),
        (b"#!AMR\n" + bytes(60), "", "AMR, as old phones record"),
    ],
)
def test_the_first_bytes_tell_the_kind_whatever_the_name(tmp_path, stored: bytes, name: str, words: str):
    found = kind_of(tmp_path / "a.txt", stored)
    assert (found.name, found.words, found.is_sound, found.start) == (name, words, True, 0)


def test_a_kind_is_found_behind_tags(tmp_path):
    tag = b"ID3\x03\0\0\0\0\x02\0" + bytes(256)
    assert kind_of(tmp_path / "a", tag + encode(SOUND, "FLAC")).start == len(tag)
    found = kind_of(tmp_path / "b", tag + tag + encode(SOUND, "MP3"))
    assert (found.name, found.start) == ("mpeg", 2 * len(tag))


@pytest.mark.parametrize("stored", [b"MThd" + bytes(90), b"PK\x03\x04" + bytes(90), b"%PDF-1.7" + bytes(90)])
def test_what_is_no_sound_is_known_too(tmp_path, stored: bytes):
    assert not kind_of(tmp_path / "a", stored).is_sound


@pytest.mark.parametrize("stored", [b"", b"RI", b"no sound at all, only words", bytes(5_000), b"ID3\x03\0\0\0\0\x02\0"])
def test_nothing_is_made_of_what_says_nothing(tmp_path, stored: bytes):
    assert kind_of(tmp_path / "a", stored) is None


@pytest.mark.parametrize(
    ("brand", "codec", "words"),
    [
        (b"M4A ", b"mp4a", "AAC in an MP4: a phone's voice memo"),
        (b"M4A ", b"alac", "ALAC in an MP4: a phone's voice memo"),
        (b"qt  ", b"mp4a", "AAC in a QuickTime file, as iPhones write"),
        (b"3gp4", b"samr", "AMR in 3GP, as old phones record"),
        (b"isom", b"....", "sound in an MP4: a phone's recording or a video"),
    ],
)
def test_an_mp4_says_what_is_in_it(brand: bytes, codec: bytes, words: str):
    start = struct.pack(">I", 20) + b"ftyp" + brand + bytes(40) + codec
    assert describe_mp4(start, b"").words == words
    assert describe_mp4(start[:48], codec).words == words


def test_aac_by_itself_is_told_from_mp3(tmp_path):
    size = 200
    head = bytes([0xFF, 0xF1, 0x50, 0x80 | size >> 11, size >> 3 & 0xFF, (size & 7) << 5 | 0x1F, 0xFC])
    found = kind_of(tmp_path / "really aac.mp3", (head + bytes(size - 7)) * 3)
    assert (found.demuxer, found.words.split(",")[0]) == ("aac", "AAC")
