"""The chunks of a WAV file, RF64 included: finding, reading and appending them.

A WAV is a list of chunks: four letters, a size of 32 bits, the content, and a zero where the size is odd. RF64 (EBU
Tech 3306) has the same layout; sizes that do not fit stand in its first chunk, ds64, in 64 bits.
"""

import os
import struct
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from engine.errors import ExportError

LARGEST_SIZE = 2**32 - 1  # of what 32 bits can count; in an RF64 it means "see ds64"
MOST_CHUNKS = 1_000  # a damaged file could announce millions
LARGEST_CHUNK = 2**24  # bytes that are read at once: 16 MB
HEADER = 8  # bytes of name and size


@dataclass(frozen=True)
class Chunk:
    """Where one chunk lies.

    Attributes:
        name: Four letters.
        start: Of its content, in bytes from the beginning of the file.
        size: Of its content in bytes, as far as the file goes.
    """

    name: bytes
    start: int
    size: int


def is_wave(start: bytes) -> bool:
    """Return whether the first 12 bytes are those of a WAV or RF64 file."""
    return start[:4] in (b"RIFF", b"RF64") and start[8:12] == b"WAVE"


def list_chunks(file: BinaryIO) -> list[Chunk]:
    """Return the chunks of a WAV file in their order, as far as they make sense; none if it is no WAV file."""
    length = file.seek(0, os.SEEK_END)
    file.seek(0)
    if not is_wave(file.read(12)):
        return []
    chunks: list[Chunk] = []
    data_size = 0
    at = 12
    while at + HEADER <= length and len(chunks) < MOST_CHUNKS:
        file.seek(at)
        name, size = struct.unpack("<4sI", file.read(HEADER))
        if name == b"ds64" and not chunks:
            data_size = struct.unpack("<Q", file.read(16)[8:].ljust(8, b"\0"))[0]
        if name == b"data" and size == LARGEST_SIZE:
            size = data_size
        chunks.append(Chunk(name, at + HEADER, min(size, length - at - HEADER)))
        at += HEADER + size + size % 2
    return chunks


def read_chunk(file: BinaryIO, name: bytes, begins: bytes = b"") -> bytes:
    """Return the content of the first chunk of that name, b"" if there is none; above 16 MB it is not read.

    Args:
        file: A WAV file.
        name: Four letters; whether they are capitals does not matter.
        begins: What the content has to begin with, as chunks of one name can be of several kinds.
    """
    for chunk in list_chunks(file):
        if chunk.name.lower() == name.lower() and chunk.size <= LARGEST_CHUNK:
            file.seek(chunk.start)
            content = file.read(chunk.size)
            if content.startswith(begins):
                return content
    return b""


def append_chunks(path: Path, chunks: Mapping[bytes, bytes]) -> None:
    """Write chunks, content by name, behind those that a WAV file has.

    Raises:
        OSError: the disk is full.
        ExportError: the file is no WAV, or would become larger than its size field can say.
    """
    with path.open("rb+") as file:
        start = file.read(12)
        if not is_wave(start):
            raise ExportError(f"{path.name} is no WAV file and takes no chunks", code="export.chunks")
        length = file.seek(0, os.SEEK_END)
        added = b"\0" * (length % 2)
        for name, content in chunks.items():
            added += struct.pack("<4sI", name, len(content)) + content + b"\0" * (len(content) % 2)
        size = length + len(added) - HEADER
        large = start[:4] == b"RF64"
        if size > LARGEST_SIZE and not large:
            raise ExportError(f"{path.name} has no room for tags; write it as RF64", code="export.too_long")
        file.write(added)
        file.seek(12 + HEADER if large else 4)
        file.write(struct.pack("<Q", size) if large else struct.pack("<I", size))


def forget_time_of_peak(path: Path) -> None:
    """Set the time in the PEAK chunk of a floating-point WAV to zero, so that the same sound gives the same file."""
    with path.open("rb+") as file:
        for chunk in list_chunks(file):
            if chunk.name == b"PEAK":
                file.seek(chunk.start + 4)
                file.write(bytes(4))
