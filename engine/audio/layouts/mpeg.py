"""Where the frames of an MP3 lie: also between tags and rubbish, or of several MP3 in one file.

A decoder takes the length of an MP3 from its first frame (Xing, Info), or guesses it where there is none. So all frames
are counted here, and each part gets a first frame that is right.
"""

import struct
from dataclasses import dataclass, field
from functools import lru_cache

from engine.audio.content import Content
from engine.audio.layouts.layout import AS_IT_IS, Layout, Part
from engine.audio.window import Piece, piece_bytes

RATES = {3: (44_100, 48_000, 32_000), 2: (22_050, 24_000, 16_000), 0: (11_025, 12_000, 8_000)}  # Hz, by version
KILOBITS = {  # by (version is MPEG-1, layer)
    (True, 1): (32, 64, 96, 128, 160, 192, 224, 256, 288, 320, 352, 384, 416, 448),
    (True, 2): (32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384),
    (True, 3): (32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320),
    (False, 1): (32, 48, 56, 64, 80, 96, 112, 128, 144, 160, 176, 192, 224, 256),
    (False, 2): (8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
    (False, 3): (8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
}
HEAD = 4  # bytes of a frame's header
TABLE_BYTES = 100  # of places in the sound, in a first frame
LAME_DELAYS = 21  # bytes into what LAME adds to a first frame
MADE_KILOBITS = 64  # of a first frame made here: large enough for two numbers, whatever the rate


@dataclass(frozen=True)
class Frame:
    """The header of a frame."""

    version: int
    layer: int
    rate: int
    channels: int
    size: int  # bytes
    samples: int

    @property
    def sort(self) -> tuple[int, int, int, int]:
        """Return what frames of one sound share."""
        return (self.version, self.layer, self.rate, self.channels)

    @property
    def side_bytes(self) -> int:
        """Return the bytes between the header and the first frame's name."""
        return (32 if self.channels == 2 else 17) if self.version == 3 else (17 if self.channels == 2 else 9)


@lru_cache(4096)
def read_frame(head: bytes) -> Frame | None:
    """Return what four bytes say as the header of a frame, None where they are none."""
    if len(head) < HEAD or head[0] != 0xFF or head[1] & 0xE0 != 0xE0:
        return None
    version, layer = head[1] >> 3 & 3, 4 - (head[1] >> 1 & 3)
    index, rate_index, padded = head[2] >> 4, head[2] >> 2 & 3, head[2] >> 1 & 1
    if version == 1 or layer == 4 or not 0 < index < 15 or rate_index == 3 or head[3] & 3 == 2:
        return None
    rate = RATES[version][rate_index]
    bits = 1000 * KILOBITS[version == 3, layer][index - 1]
    samples = 384 if layer == 1 else 576 if layer == 3 and version != 3 else 1152
    size = (12 * bits // rate + padded) * 4 if layer == 1 else samples // 8 * bits // rate + padded
    return Frame(version, layer, rate, 1 if head[3] >> 6 == 3 else 2, size, samples)


@dataclass
class _Run:
    """Frames of one sort, as they are found.

    Attributes:
        frame: The first one's header.
        places: First and one past the last byte of each stretch.
        count: Of frames with sound.
        first: First and one past the last byte of a first frame that tells the length; None where there is none.
        told: How many frames it tells; None where there is none.
    """

    frame: Frame
    places: list[tuple[int, int]] = field(default_factory=list)
    count: int = 0
    first: tuple[int, int] | None = None
    told: int | None = None

    def add(self, at: int) -> None:
        """Take a frame of the same sort at a byte of the file; its size is that of its own header."""
        self.count += 1
        if self.places and self.places[-1][1] == at:
            self.places[-1] = (self.places[-1][0], at)
        else:
            self.places.append((at, at))

    def end(self, stop: int) -> None:
        """Take note of where the last frame ends."""
        self.places[-1] = (self.places[-1][0], stop)


def lay_out_mpeg(content: Content, start: int, stop: int) -> Layout:
    """Find the frames of one MP3 or of several, one after the other.

    Args:
        content: The file.
        start: First byte that may be a frame, behind a tag.
        stop: One past the last.
    """
    stop = _before_tags(content, start, stop)
    if _is_whole(content, start, stop):
        whole = start, stop
        return AS_IT_IS if content[:3] == b"ID3" or start == 0 else Layout((Part((whole,)),))
    runs = [run for run in _find_runs(content, start, stop) if run.count]
    missing = sum(max(0, (run.told or 0) - run.count) * run.frame.samples for run in runs)
    return Layout(tuple(Part(_mend(content, run)) for run in runs), missing, missing > 0)


def are_frames(content: bytes) -> bool:
    """Return whether bytes begin with two frames of one sort."""
    one = read_frame(content[:HEAD])
    other = read_frame(content[one.size : one.size + HEAD]) if one else None
    return bool(one and other and one.sort == other.sort)


def _is_whole(content: Content, start: int, stop: int) -> bool:
    """Return whether a first frame tells the very bytes that there are: then its number of frames is right too."""
    frame = read_frame(content[start : start + HEAD])
    if frame is None:
        return False
    at = start + HEAD + frame.side_bytes
    flags = struct.unpack(">I", content[at + 4 : at + 8])[0] if content[at : at + 4] in (b"Xing", b"Info") else 0
    return flags & 3 == 3 and struct.unpack(">I", content[at + 12 : at + 16])[0] == stop - start


def _find_runs(content: Content, start: int, stop: int) -> list[_Run]:
    runs: list[_Run] = []
    at, follows = start, False
    while at + HEAD <= stop:
        frame = read_frame(content[at : at + HEAD])
        fits = frame is not None and at + frame.size <= stop
        if frame is None or not fits or not (follows or _goes_on(content, at, frame, stop)):
            follows = False
            at = _skip_rubbish(content, at, stop)
            continue
        told = _read_told(content, at, frame)
        if not runs or runs[-1].frame.sort != frame.sort or (told is not None and runs[-1].count):
            runs.append(_Run(frame))
        if told is not None and not runs[-1].count:
            runs[-1].first, runs[-1].told = (at, at + frame.size), told
        else:
            runs[-1].add(at)
            runs[-1].end(at + frame.size)
        at, follows = at + frame.size, True
    return runs


def _goes_on(content: Content, at: int, frame: Frame, stop: int) -> bool:
    """Return whether another frame of the sort, or the end, follows where one ends: chance makes headers as well."""
    behind = at + frame.size
    following = read_frame(content[behind : behind + HEAD])
    return behind == stop or (following is not None and following.sort == frame.sort)


def _skip_rubbish(content: Content, at: int, stop: int) -> int:
    """Return the next byte at which a frame may begin."""
    if content[at : at + 3] == b"ID3" and at + 10 <= stop:
        size = content[at + 6 : at + 10]
        return min(stop, at + 10 + (size[0] << 21 | size[1] << 14 | size[2] << 7 | size[3]))
    found = content.find(b"\xff", at + 1, stop)
    tag = content.find(b"ID3", at + 1, found if found >= 0 else stop)
    return tag if tag >= 0 else found if found >= 0 else stop


def _before_tags(content: Content, start: int, stop: int) -> int:
    """Return where the frames end, without the tags behind them."""
    if stop - start > 128 and content[stop - 128 : stop - 125] == b"TAG":
        stop -= 128
    if stop - start > 32 and content[stop - 32 : stop - 24] == b"APETAGEX":
        size, _, flags = struct.unpack("<III", content[stop - 20 : stop - 8])
        stop = max(start, stop - size - (32 if flags & 0x80000000 else 0))
    return stop


def _read_told(content: Content, at: int, frame: Frame) -> int | None:
    """Return how many frames a first frame tells, 0 where it does not say; None where it is a frame of sound."""
    if frame.layer != 3:
        return None
    name = at + HEAD + frame.side_bytes
    if content[name : name + 4] in (b"Xing", b"Info"):
        flags, told = struct.unpack(">II", content[name + 4 : name + 12])
        return int(told) if flags & 1 else 0
    if content[at + 36 : at + 40] == b"VBRI":
        return int(struct.unpack(">I", content[at + 50 : at + 54])[0])
    return None


def _mend(content: Content, run: _Run) -> tuple[Piece, ...]:
    """Return the MP3 that these frames should be."""
    if run.frame.layer != 3:
        return tuple(run.places)
    size = sum(map(piece_bytes, run.places))
    own = content[run.first[0] : run.first[1]] if run.first else b""
    return (_correct_first(own, run, size) or _make_first(content, run, size), *run.places)


def _correct_first(own: bytes, run: _Run, size: int) -> bytes | None:
    """Return a first frame with the right numbers, and all else as it was; None where it has no place for them."""
    name = HEAD + run.frame.side_bytes
    flags = struct.unpack(">I", own[name + 4 : name + 8])[0] if own[name : name + 4] in (b"Xing", b"Info") else 0
    if flags & 3 != 3:
        return None
    first = bytearray(own)
    first[name + 8 : name + 16] = struct.pack(">II", run.count, size + len(own))
    delays = name + 16 + (TABLE_BYTES if flags & 4 else 0) + (4 if flags & 8 else 0) + LAME_DELAYS
    if run.told != run.count and delays + 3 <= len(first):  # its end is missing, and no silence is to be cut from it
        first[delays + 1] &= 0xF0
        first[delays + 2] = 0
    return bytes(first)


def _make_first(content: Content, run: _Run, size: int) -> bytes:
    """Return a first frame for frames that have none."""
    at = run.places[0][0]
    head = bytearray(content[at : at + HEAD])
    index = KILOBITS[run.frame.version == 3, 3].index(MADE_KILOBITS) + 1
    head[1] |= 1  # no checksum
    head[2] = head[2] & 0x0D | index << 4
    made = read_frame(bytes(head))
    length = made.size if made else 0
    body = bytes(head) + bytes(run.frame.side_bytes) + b"Xing" + struct.pack(">III", 3, run.count, size + length)
    return body.ljust(length, b"\0")
