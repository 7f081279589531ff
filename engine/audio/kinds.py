"""The kind of a file, by its first bytes rather than by its name."""

import re
import struct
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from engine.audio.layouts.mpeg import are_frames, read_frame

HEAD_BYTES = 4096
CODEC_BYTES = 1 << 18  # at either end of an MP4, where it says how its sound is coded
TAG = b"ID3"
TAG_HEAD = 10
LONGEST_TAGS = 8  # one behind the other


@dataclass(frozen=True)
class Kind:
    """A kind of file.

    Attributes:
        name: By which readers choose: wav, aiff, flac, ogg, mpeg; empty where only the words count.
        words: For a person, after "this is".
        demuxer: The name that ffmpeg has for it; None where it can be read without.
        is_sound: Whether there can be sound in it.
        start: First byte behind tags.
    """

    name: str
    words: str
    demuxer: str | None = None
    is_sound: bool = True
    start: int = 0


MAGIC: tuple[tuple[re.Pattern[bytes], Kind], ...] = tuple(
    (re.compile(pattern, re.DOTALL), kind)
    for pattern, kind in (
        (rb"(?:RIFF|RF64|BW64|RIFX|FFIR)....WAVE", Kind("wav", "WAV")),
        (rb"FORM....AIF[FC]", Kind("aiff", "AIFF")),
        (rb"fLaC", Kind("flac", "FLAC")),
        (rb"OggS.{24}Speex   ", Kind("", "Speex in Ogg, as some recorders of speech write", "ogg")),
        (rb"OggS", Kind("ogg", "Ogg")),
        (rb"riff\x2e\x91\xcf\x11", Kind("w64", "Wave64")),
        (rb"\.snd|dns\.", Kind("au", "AU")),
        (rb"caff", Kind("caf", "CAF", "caf")),
        (rb"FORM....8SVX", Kind("svx", "8SVX")),
        (rb"Creative Voice File", Kind("voc", "VOC")),
        (rb"....(?:ftyp|moov|mdat|wide|pnot|skip)", Kind("mp4", "MP4", "mov")),
        (rb"\x1a\x45\xdf\xa3", Kind("", "WebM or Matroska, as browsers and downloads leave it", "matroska")),
        (rb"\x30\x26\xb2\x75\x8e\x66\xcf\x11", Kind("", "Windows Media (WMA)", "asf")),
        (rb"#!AMR", Kind("", "AMR, as old phones record", "amr")),
        (rb"wvpk", Kind("", "WavPack", "wv")),
        (rb"MAC ", Kind("", "Monkey's Audio (APE)", "ape")),
        (rb"TTA1", Kind("", "True Audio (TTA)", "tta")),
        (rb"DSD ", Kind("", "DSD (DSF)", "dsf")),
        (rb"FRM8.{8}DSD ", Kind("", "DSD (DFF)", "iff")),
        (rb"MPCK", Kind("", "Musepack", "mpc8")),
        (rb"MP\+", Kind("", "Musepack", "mpc")),
        (rb"\x0b\x77", Kind("", "Dolby Digital (AC-3)", "ac3")),
        (rb"RIFF....AVI ", Kind("", "AVI, a video", "avi")),
        (rb"FLV\x01", Kind("", "Flash video", "flv")),
        (rb"MThd", Kind("", "MIDI, which holds notes and no sound", is_sound=False)),
        (rb"PK\x03\x04", Kind("", "a zip archive; unpack it", is_sound=False)),
        (rb"%PDF", Kind("", "a PDF", is_sound=False)),
        (rb"\x89PNG|\xff\xd8\xff|GIF8", Kind("", "a picture", is_sound=False)),
        (rb"(?:RIFF)....sfbk", Kind("", "a SoundFont", is_sound=False)),
    )
)
BRANDS = {b"M4A ": "MP4: a phone's voice memo", b"M4B ": "MP4: an audio book",
          b"qt  ": "a QuickTime file, as iPhones write", b"3gp": "3GP, as old phones record",
          b"3g2": "3GP, as old phones record"}  # fmt: skip
CODECS = {b"alac": "ALAC", b"mp4a": "AAC", b"samr": "AMR", b"sawb": "AMR", b"Opus": "Opus", b"ac-3": "Dolby Digital",
          b"ec-3": "Dolby Digital", b"fLaC": "FLAC"}  # fmt: skip


def find_kind(path: Path) -> Kind | None:
    """Return what a file is, None where its first bytes say nothing.

    Raises:
        OSError: it cannot be read.
    """
    state = path.stat()
    return _find_kind(path, state.st_size, state.st_mtime_ns)


@lru_cache(1 << 14)
def _find_kind(path: Path, size: int, _: int) -> Kind | None:
    with path.open("rb") as file:
        start, head = 0, file.read(HEAD_BYTES)
        for _tag in range(LONGEST_TAGS):
            if not head.startswith(TAG) or len(head) < TAG_HEAD:
                break
            start += TAG_HEAD + tag_bytes(head)
            file.seek(start)
            head = file.read(HEAD_BYTES)
        kind = _match(head) or (Kind("mpeg", "MP3") if start and start < size else None)
        if kind is None:
            return None
        if kind.name == "mp4":
            file.seek(max(0, size - CODEC_BYTES))
            end = file.read(CODEC_BYTES)
            file.seek(0)
            return describe_mp4(file.read(CODEC_BYTES), end)
    return Kind(kind.name, kind.words, kind.demuxer, kind.is_sound, start)


def tag_bytes(head: bytes) -> int:
    """Return the length of an ID3 tag behind its header of 10 bytes."""
    return head[6] << 21 | head[7] << 14 | head[8] << 7 | head[9]


def _match(head: bytes) -> Kind | None:
    """Return the kind whose mark stands at the beginning, or that of frames of MP3 or AAC."""
    found = next((kind for pattern, kind in MAGIC if pattern.match(head)), None)
    if found or len(head) < TAG_HEAD:
        return found
    if are_frames(head):
        frame = read_frame(head[:4])
        return Kind("mpeg", f"MP{frame.layer}" if frame else "MP3")
    if _is_adts(head):
        return Kind("", "AAC, as downloads and radio streams leave it", "aac")
    return None


def _is_adts(head: bytes) -> bool:
    """Return whether two frames of AAC stand at the beginning."""
    at = 0
    for _ in range(2):
        if len(head) < at + 7 or head[at] != 0xFF or head[at + 1] & 0xF6 != 0xF0:
            return False
        at += (struct.unpack(">I", head[at + 3 : at + 7])[0] >> 13) & 0x1FFF
    return True


def describe_mp4(start: bytes, end: bytes) -> Kind:
    """Return what an MP4 or one of its relatives is, from its first and last bytes."""
    brand = start[8:12] if start[4:8] == b"ftyp" else b"qt  "
    container = BRANDS.get(brand) or BRANDS.get(brand[:3]) or "MP4: a phone's recording or a video"
    codec = next((words for mark, words in CODECS.items() if mark in start or mark in end), "sound")
    article = "" if container.startswith(("a ", "3GP")) else "an "
    return Kind("mp4", f"{codec} in {article}{container}", "mov")
