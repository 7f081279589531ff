"""Files made of chunks, each with a name and a size: WAV and AIFF, with the sizes that recorders really leave."""

import struct
from dataclasses import dataclass
from typing import Literal

from engine.audio.content import Content

HEAD = 8  # bytes: name and size of a chunk
UNKNOWN_BYTES = 0x7FFFFF00  # a program that writes without knowing the length says this or more
COUNTED_HEADER = 44  # bytes: a size that counts the header as sound is this much too large, and nothing is missing
SHORTEST_REST_SECONDS = 0.1  # of sound behind the end that a header tells
KNOWN = frozenset(
    {b"fmt ", b"data", b"fact", b"LIST", b"JUNK", b"bext", b"iXML", b"cue ", b"smpl", b"id3 ", b"ID3 ", b"_PMX",
     b"PAD ", b"PEAK", b"COMM", b"SSND", b"MARK", b"INST", b"NAME", b"APPL"}
)  # fmt: skip
TEXT = frozenset(range(32, 127)) | {9, 10, 13}

Order = Literal["<", ">"]


@dataclass(frozen=True)
class Chunk:
    """One chunk.

    Attributes:
        name: Four characters.
        start: First byte of its content.
        size: Of its content in bytes, as the file says.
    """

    name: bytes
    start: int
    size: int

    @property
    def stop(self) -> int:
        """Return one past the last byte of its content, as the file says."""
        return self.start + self.size


@dataclass(frozen=True)
class SoundEnd:
    """Where the samples of a chunk end, rather than what its size says.

    Attributes:
        stop: One past the last byte.
        next: First byte behind them.
        lost_bytes: How many are missing.
        unfinished: Whether the size was never written, or is from before the recording ended.
    """

    stop: int
    next: int
    lost_bytes: int = 0
    unfinished: bool = False


def read_chunk(content: Content, at: int, order: Order) -> Chunk | None:
    """Return the chunk that begins at a byte of a file, None where none does."""
    if not is_name(content[at : at + 4]) or len(content) - at < HEAD:
        return None
    return Chunk(content[at : at + 4], at + HEAD, struct.unpack(order + "I", content[at + 4 : at + HEAD])[0])


def is_name(four: bytes) -> bool:
    """Return whether four bytes can be the name of a chunk."""
    return len(four) == 4 and all(32 <= byte < 127 for byte in four) and bool(four.strip())


def find_next(content: Content, chunk: Chunk) -> int:
    """Return where the next chunk begins; a byte fills up odd sizes, and some programs leave it out."""
    padded = chunk.stop + chunk.size % 2
    behind, name = content[chunk.stop : chunk.stop + 4], content[padded : padded + 4]
    left_out = is_name(behind) and (not is_name(name) or (behind in KNOWN and name not in KNOWN))
    return chunk.stop if left_out else padded


def find_sound_end(content: Content, chunk: Chunk, announced: int, bytes_per_second: int) -> SoundEnd:
    """Return where the samples of a chunk end.

    Args:
        content: The file.
        chunk: That holds the samples.
        announced: One past the last byte of the file, as its header says.
        bytes_per_second: Of sound.
    """
    length = len(content)
    if chunk.size == 0 and is_name(content[chunk.start : chunk.start + 4]):
        return SoundEnd(chunk.start, chunk.start)
    if chunk.size == 0 or chunk.size >= UNKNOWN_BYTES > length:
        return SoundEnd(length, length, unfinished=chunk.size == 0 and length > chunk.start)
    if chunk.stop > length:
        lost = chunk.stop - length
        ends_here = abs(announced - length) <= 1  # says the header of the whole file
        return SoundEnd(length, length, 0 if ends_here or lost <= COUNTED_HEADER else lost)
    behind = find_next(content, chunk)
    rest = content[behind : behind + 64]
    more = length - behind > SHORTEST_REST_SECONDS * bytes_per_second
    if more and not is_name(rest[:4]) and not TEXT.issuperset(rest):
        return SoundEnd(length, length, unfinished=True)
    return SoundEnd(chunk.stop, behind)
