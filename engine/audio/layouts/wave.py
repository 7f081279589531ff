"""Where the samples of a WAV lie: also of one whose recorder lost power, with wrong sizes, or several in one file."""

import struct

import numpy as np

from engine.audio.content import Content
from engine.audio.layouts.chunks import HEAD, Chunk, find_next, find_sound_end, read_chunk
from engine.audio.layouts.layout import Layout, Part, join
from engine.audio.layouts.mpeg import lay_out_mpeg
from engine.audio.window import Piece, piece_bytes

FORMS = (b"RIFF", b"RF64", b"BW64")
PCM, FLOAT, ALAW, MULAW, MPEG, MP3, EXTENSIBLE = 1, 3, 6, 7, 0x50, 0x55, 0xFFFE
SHORTEST_FORMAT, EXTENSIBLE_FORMAT = 16, 40  # bytes
BLOCKS = (2, 0x11, 0x31)  # ADPCM and GSM: several samples lie in a block
LOOPS = (b"smpl", b"inst", b"acid", b"cue ")  # a wrong one is a reason for libsndfile to read nothing
LARGEST = 0xFFFFFFF0  # bytes that a WAV can say it has
WIDE = 0xFFFFFFFF  # says: look into ds64
LOOKED_AT = 1 << 14  # numbers that tell whole ones from floating-point ones
LOUDEST_FLOAT = 64.0
UNFINISHED = "its recorder did not finish it: read to the end of the file"
HELD_FLOATS = "its header says whole numbers and it holds floating-point ones: read as these"


def lay_out_wave(content: Content, start: int = 0) -> Layout:
    """Find the samples of a WAV, and of others that follow it in the same file.

    Args:
        content: The file.
        start: Where the first one begins.
    """
    found: list[_Wave] = []
    at = start
    while content[at : at + 4] in FORMS and content[at + 8 : at + 12] == b"WAVE":
        found.append(_Wave(content, at))
        at = found[-1].stop
    whole = [one for one in found if one.is_understood]
    return join([one.lay_out(alone=len(found) == 1) for one in whole])


class _Wave:
    """One WAV: its format, its samples, and where it ends."""

    def __init__(self, content: Content, start: int) -> None:
        self._content = content
        self._form = b""
        self._fact = b""
        self._wide: int | None = None  # size of the samples, where 32 bits cannot hold it
        self._pieces: list[Piece] = []
        self._lost_bytes = 0
        self._notes: list[str] = []
        self._is_plain = start == 0  # libsndfile reads it as it is
        size = struct.unpack("<I", content[start + 4 : start + HEAD])[0]
        self._announced = start + HEAD + size if 0 < size < WIDE else len(content) + HEAD
        self.stop = start + 12
        while (chunk := read_chunk(content, self.stop, "<")) and chunk.name not in FORMS:
            self.stop = self._take(chunk)

    @property
    def is_understood(self) -> bool:
        """Return whether there is a format and sound."""
        return len(self._form) >= SHORTEST_FORMAT and bool(self._pieces)

    def _take(self, chunk: Chunk) -> int:
        """Take note of a chunk, and return where the next one begins."""
        body = self._content[chunk.start : min(chunk.stop, chunk.start + 64)]
        if chunk.name == b"data":
            return self._take_samples(chunk)
        if chunk.name == b"fmt " and not self._form:
            self._form = self._content[chunk.start : min(chunk.stop, chunk.start + 4096)]
        elif chunk.name == b"ds64" and len(body) >= 16:
            self._wide = struct.unpack("<Q", body[8:16])[0]
        elif chunk.name == b"fact":
            self._fact = body[:4]
        elif chunk.name in LOOPS:
            self._is_plain = False
        elif chunk.name == b"LIST" and body[:4] == b"wavl":
            self._is_plain = False
            return chunk.start + 4  # the chunks in the list
        following = find_next(self._content, chunk)
        self._is_plain = self._is_plain and following == chunk.stop + chunk.size % 2
        return min(following, len(self._content))

    def _take_samples(self, chunk: Chunk) -> int:
        size = self._wide if self._wide and chunk.size == WIDE else chunk.size
        rate = struct.unpack("<I", self._form[8:12])[0] if len(self._form) >= SHORTEST_FORMAT else 0
        end = find_sound_end(self._content, Chunk(chunk.name, chunk.start, size), self._announced, max(rate, 1))
        if end.unfinished:
            self._notes.append(UNFINISHED)
        self._is_plain = self._is_plain and not self._pieces and end.stop == chunk.start + size
        self._pieces.append((chunk.start, end.stop))
        self._lost_bytes += end.lost_bytes
        return end.next

    def lay_out(self, *, alone: bool) -> Layout:
        """Return the layout of this WAV; alone: nothing else is in the file."""
        tag, channels, _, _, block, bits = struct.unpack("<HHIIHH", self._form[:SHORTEST_FORMAT])
        if tag in (MPEG, MP3) and len(self._pieces) == 1 and not isinstance(self._pieces[0], bytes):
            return lay_out_mpeg(self._content, *self._pieces[0])
        is_short = tag == EXTENSIBLE and len(self._form) < EXTENSIBLE_FORMAT
        holds_floats = tag == PCM and bits == 32 and self._looks_like_floats()
        notes = [*self._notes, HELD_FLOATS] if holds_floats else self._notes
        tag = FLOAT if holds_floats else PCM if is_short else tag
        if tag in (PCM, FLOAT, ALAW, MULAW) and bits % 8 == 0:
            block = channels * bits // 8
        samples = struct.unpack("<H", self._form[18:20])[0] if tag in BLOCKS and len(self._form) >= 20 else 1
        speakers = struct.unpack("<I", self._form[20:24])[0] if tag == EXTENSIBLE else None
        plain = alone and self._is_plain and not is_short and not holds_floats
        pieces = () if plain else self._mend(tag, block)
        lost = self._lost_bytes // max(block, 1) * samples
        return Layout((Part(pieces, speakers),), lost, self._lost_bytes > 0, tuple(dict.fromkeys(notes)))

    def _mend(self, tag: int, block: int) -> tuple[Piece, ...]:
        """Return the WAV that this one should be."""
        size = sum(map(piece_bytes, self._pieces))
        rate = struct.unpack("<I", self._form[4:8])[0]
        form = bytearray(self._form)
        form[:2] = struct.pack("<H", tag)
        if tag in (PCM, FLOAT, ALAW, MULAW):
            form[8:14] = struct.pack("<IH", min(rate * block, WIDE), block)
        if tag != EXTENSIBLE and len(form) > SHORTEST_FORMAT and tag in (PCM, FLOAT):
            form = form[:SHORTEST_FORMAT]
        chunks = _chunk(b"fmt ", bytes(form)) + (_chunk(b"fact", self._fact) if len(self._fact) == 4 else b"")
        if size + len(chunks) < LARGEST:
            head = b"RIFF" + struct.pack("<I", 4 + len(chunks) + HEAD + size) + b"WAVE" + chunks
            return (head + b"data" + struct.pack("<I", size), *self._pieces)
        wide = struct.pack("<QQQI", 4 + 36 + len(chunks) + HEAD + size, size, size // max(block, 1), 0)
        head = b"RF64" + struct.pack("<I", WIDE) + b"WAVE" + _chunk(b"ds64", wide) + chunks
        return (head + b"data" + struct.pack("<I", WIDE), *self._pieces)

    def _looks_like_floats(self) -> bool:
        """Return whether samples of 32 bits are floating-point numbers: whole ones taken for such have no order."""
        first = self._pieces[0]
        if isinstance(first, bytes):
            return False
        stop = first[0] + min(4 * LOOKED_AT, (first[1] - first[0]) // 4 * 4)
        with np.errstate(invalid="ignore"):
            values = np.abs(np.frombuffer(self._content[first[0] : stop], "<f4"))
            sounding = values[values != 0]
            return len(sounding) > 16 and bool(((sounding > 1e-12) & (sounding < LOUDEST_FLOAT)).all())


def _chunk(name: bytes, body: bytes) -> bytes:
    return name + struct.pack("<I", len(body)) + body + b"\0" * (len(body) % 2)
