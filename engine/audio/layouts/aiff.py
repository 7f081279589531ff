"""Where the samples of an AIFF lie: also of one with wrong sizes, or several in one file."""

import struct

from engine.audio.content import Content
from engine.audio.layouts.chunks import HEAD, UNKNOWN_BYTES, Chunk, find_next, find_sound_end, read_chunk
from engine.audio.layouts.layout import Layout, Part, join
from engine.audio.layouts.wave import UNFINISHED
from engine.audio.window import Piece

KINDS = (b"AIFF", b"AIFC")
COMMON = 18  # bytes that every COMM chunk has
SAMPLE_BITS = {b"fl32": 32, b"FL32": 32, b"fl64": 64, b"FL64": 64, b"alaw": 8, b"ulaw": 8, b"ALAW": 8, b"ULAW": 8,
               b"in24": 24, b"in32": 32, b"raw ": 8}  # fmt: skip
AS_TOLD = (b"NONE", b"twos", b"sowt")  # in COMM, rounded up to whole bytes
SOUND_HEAD = 8  # bytes of SSND before the samples


def lay_out_aiff(content: Content, start: int = 0) -> Layout:
    """Find the samples of an AIFF, and of others that follow it in the same file.

    Args:
        content: The file.
        start: Where the first one begins.
    """
    found: list[_Aiff] = []
    at = start
    while content[at : at + 4] == b"FORM" and content[at + 8 : at + 12] in KINDS:
        found.append(_Aiff(content, at))
        at = found[-1].stop
    whole = [one for one in found if one.is_understood]
    return join([one.lay_out(alone=len(found) == 1) for one in whole])


class _Aiff:
    """One AIFF: its format, its samples, and where it ends."""

    def __init__(self, content: Content, start: int) -> None:
        self._content = content
        self._kind = content[start + 8 : start + 12]
        self._common = b""
        self._version = b""
        self._samples: tuple[int, int] | None = None  # in the file
        self._lost_bytes = 0
        self._notes: tuple[str, ...] = ()
        self._is_plain = start == 0
        size = struct.unpack(">I", content[start + 4 : start + HEAD])[0]
        self._announced = start + HEAD + size if 0 < size < UNKNOWN_BYTES else len(content) + HEAD
        self.stop = start + 12
        while (chunk := read_chunk(content, self.stop, ">")) and chunk.name != b"FORM":
            self.stop = self._take(chunk)

    @property
    def is_understood(self) -> bool:
        """Return whether there is a format and sound."""
        return len(self._common) >= COMMON and self._samples is not None

    @property
    def _block(self) -> int:
        """Return the bytes of a sample of all channels, 0 where several samples are coded together."""
        if len(self._common) < COMMON:
            return 0
        channels, _, bits = struct.unpack(">hIh", self._common[:8])
        coding = self._common[18:22] if self._kind == b"AIFC" else b"NONE"
        size = SAMPLE_BITS.get(coding, (bits + 7) // 8 * 8 if coding in AS_TOLD else 0)
        return int(max(0, channels) * size // 8)

    @property
    def _rate(self) -> float:
        """Return samples per second, which AIFF writes as a floating-point number of ten bytes."""
        if len(self._common) < COMMON:
            return 0.0
        exponent, mantissa = struct.unpack(">HQ", self._common[8:COMMON])
        return float(mantissa * 2.0 ** min((exponent & 0x7FFF) - 16_446, 0))

    def _take(self, chunk: Chunk) -> int:
        """Take note of a chunk, and return where the next one begins."""
        if chunk.name == b"SSND" and self._samples is None:
            return self._take_samples(chunk)
        if chunk.name == b"COMM":
            self._common = self._content[chunk.start : min(chunk.stop, chunk.start + 4096)]
        elif chunk.name == b"FVER":
            self._version = self._content[chunk.start : chunk.start + 4]
        following = find_next(self._content, chunk)
        self._is_plain = self._is_plain and following == chunk.stop + chunk.size % 2
        return min(following, len(self._content))

    def _take_samples(self, chunk: Chunk) -> int:
        if chunk.size == SOUND_HEAD:  # its size was written when it was empty
            chunk = Chunk(chunk.name, chunk.start, 0)
        end = find_sound_end(self._content, chunk, self._announced, max(1, round(self._rate * self._block)))
        offset = struct.unpack(">I", self._content[chunk.start : chunk.start + 4].ljust(4, b"\0"))[0]
        first = min(chunk.start + SOUND_HEAD + (offset if offset < chunk.size else 0), end.stop)
        self._notes = (UNFINISHED,) if end.unfinished else ()
        self._is_plain = self._is_plain and end.stop == chunk.stop
        self._samples = (first, end.stop)
        self._lost_bytes = end.lost_bytes
        return end.next

    def lay_out(self, *, alone: bool) -> Layout:
        """Return the layout of this AIFF; alone: nothing else is in the file."""
        block = self._block
        first, stop = self._samples or (0, 0)
        count = (stop - first) // block if block else 0
        told = struct.unpack(">I", self._common[2:6])[0]
        plain = not block or (alone and self._is_plain and told == count)
        pieces = () if plain else self._mend(count, (first, first + count * block))
        missing = max(told - count, 0) if self._lost_bytes and block else 0
        return Layout((Part(pieces),), missing, self._lost_bytes > 0, self._notes)

    def _mend(self, count: int, samples: tuple[int, int]) -> tuple[Piece, ...]:
        """Return the AIFF that this one should be."""
        common = self._common[:2] + struct.pack(">I", count) + self._common[6:]
        version = _chunk(b"FVER", self._version) if self._version else b""
        chunks = self._kind + version + _chunk(b"COMM", common)
        size = samples[1] - samples[0] + SOUND_HEAD
        head = b"FORM" + struct.pack(">I", min(len(chunks) + HEAD + size, 0xFFFFFFFF)) + chunks
        return (head + b"SSND" + struct.pack(">I", min(size, 0xFFFFFFFF)) + bytes(SOUND_HEAD), samples)


def _chunk(name: bytes, body: bytes) -> bytes:
    return name + struct.pack(">I", len(body)) + body + b"\0" * (len(body) % 2)
