"""Where the sound of a FLAC lies: also of one whose length nobody wrote, or of several in one file."""

import struct

from engine.audio.content import Content
from engine.audio.layouts.layout import AS_IT_IS, Layout, Part
from engine.audio.window import Piece

MARK = b"fLaC"
STARTS = (MARK + b"\x00\x00\x00\x22", MARK + b"\x80\x00\x00\x22")  # the first block tells rate and length
HEAD = 42  # bytes: the mark and that block
COUNT_AT = 21  # byte whose lower half begins the number of samples, 36 bits
SEARCHED_BYTES = 1 << 20  # from the end, for the last frame
LONGEST_HEADER = 16
BLOCK_CODES = {1: 192, **{code: 576 << code - 2 for code in range(2, 6)}, **{c: 256 << c - 8 for c in range(8, 16)}}
EIGHT_BITS, SIXTEEN_BITS = 6, 7  # codes of a block size that stands behind the number


def lay_out_flac(content: Content, start: int) -> Layout:
    """Find the FLACs in a file.

    Args:
        content: The file.
        start: Where the first one begins, behind a tag.
    """
    starts = [start]
    while (found := min((at for mark in STARTS if (at := content.find(mark, starts[-1] + HEAD)) >= 0), default=-1)) > 0:
        starts.append(found)
    ends = [*starts[1:], len(content)]
    unknown = [read_count(content[at : at + HEAD]) == 0 for at in starts]
    if len(starts) == 1 and not unknown[0]:
        return AS_IT_IS
    parts = []
    for at, stop, is_unknown in zip(starts, ends, unknown, strict=True):
        count = find_count(content, at, stop) if is_unknown else None
        pieces: tuple[Piece, ...] = ((at, stop),)
        if count:
            pieces = (with_count(content[at : at + HEAD], count), (at + HEAD, stop))
        parts.append(Part(pieces))
    return Layout(tuple(parts))


def read_count(head: bytes) -> int:
    """Return the number of samples in the first bytes of a FLAC, 0 where it is not known."""
    return (head[COUNT_AT] & 0x0F) << 32 | int(struct.unpack(">I", head[COUNT_AT + 1 : COUNT_AT + 5])[0])


def with_count(head: bytes, count: int) -> bytes:
    """Return the first bytes of a FLAC with another number of samples."""
    high = head[COUNT_AT] & 0xF0 | count >> 32 & 0x0F
    return head[:COUNT_AT] + bytes([high]) + struct.pack(">I", count & 0xFFFFFFFF) + head[COUNT_AT + 5 :]


def find_count(content: Content, start: int, stop: int) -> int:
    """Return one past the last sample of a FLAC, from its last frame; 0 where none is found."""
    longest = struct.unpack(">H", content[start + 10 : start + 12])[0]
    ends: dict[int, int] = {}  # one past its last sample, by the first sample of each frame
    at = stop
    while (at := content.rfind(b"\xff", max(start + HEAD, stop - SEARCHED_BYTES), at)) >= 0:
        frame = _read_frame(content[at : at + LONGEST_HEADER], longest)
        if frame:
            first, last = frame
            if last in ends or first == 0:  # one follows another: no chance
                return max(ends.values(), default=last)
            ends[first] = last
    return max(ends.values(), default=0)


def _read_frame(head: bytes, longest: int) -> tuple[int, int] | None:
    """Return the first sample of a frame and one past its last, None where no frame begins.

    Args:
        head: Its first LONGEST_HEADER bytes.
        longest: Samples in a block of the file.
    """
    if len(head) < LONGEST_HEADER or head[0] != 0xFF or head[1] not in (0xF8, 0xF9) or head[3] & 1:
        return None
    extra = max(0, 7 - (head[4] ^ 0xFF).bit_length() - 1) if head[4] & 0x80 else 0
    lead = head[4] & (0xFF >> extra + 2) if extra else head[4]
    number = lead
    for byte in head[5 : 5 + extra]:
        number = number << 6 | byte & 0x3F
    code, at = head[2] >> 4, 5 + extra
    size = BLOCK_CODES.get(code, 0)
    if code == EIGHT_BITS:
        size, at = head[at] + 1, at + 1
    elif code == SIXTEEN_BITS:
        size, at = struct.unpack(">H", head[at : at + 2])[0] + 1, at + 2
    at += {12: 1, 13: 2, 14: 2}.get(head[2] & 0x0F, 0)
    if not size or at >= len(head) or _checksum(head[:at]) != head[at]:
        return None
    first = number if head[1] & 1 else number * longest
    return first, first + size


def _checksum(content: bytes) -> int:
    """Return the CRC-8 of a frame's header, of the polynomial x^8 + x^2 + x + 1."""
    value = 0
    for byte in content:
        value ^= byte
        for _ in range(8):
            value = (value << 1 ^ 0x07) & 0xFF if value & 0x80 else value << 1
    return value
