"""Tags and loops of sound files: written into a finished file, and read from any, whatever its name."""

from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

from mutagen.id3 import ID3, ID3NoHeaderError

from engine.errors import ExportError
from engine.export.broadcast import info_to_tags, tags_to_bext, tags_to_info
from engine.export.comments import comments_to_tags, load_comments, save_comments, tags_to_comments
from engine.export.formats import FORMATS, Encoding
from engine.export.id3 import id3_to_bytes, id3_to_tags, tags_to_id3
from engine.export.loop import Loop, chunk_to_loop, comments_to_loop, loop_to_chunk, loop_to_comments
from engine.export.measure import Measured
from engine.export.riff import append_chunks, is_wave, read_chunk
from engine.export.tags import Tags
from engine.settings import FormatName

OGG_HEADER = 28  # bytes before the content of an OGG file's first page, which says what is in it
ID3_HEADER = 10


def write_tags(path: Path, encoding: Encoding, tags: Tags, measured: Measured, loop: Loop | None = None) -> None:
    """Write tags, and where the sound repeats, into a file that has none.

    A WAV gets three kinds of tags, so that every program finds some: an ID3 chunk with all fields, a LIST INFO chunk,
    and a `bext` chunk with the loudness. An MP3 cannot say where it repeats.

    Args:
        path: The finished file.
        encoding: How it was written.
        tags: See `check_tags`.
        measured: What was read back from it.
        loop: In samples of the file.

    Raises:
        OSError, MutagenError: the disk is full.
        ExportError: a WAV has no room for them.
    """
    name = encoding.format.name
    id3 = tags_to_id3(tags)
    if name == "wav":
        chunks = {b"bext": tags_to_bext(tags, encoding, measured), b"LIST": tags_to_info(tags)}
        chunks |= {b"smpl": loop_to_chunk(loop, encoding.sample_rate)} if loop else {}
        chunks |= {b"id3 ": id3_to_bytes(id3)} if id3 else {}
        append_chunks(path, chunks)
    elif name == "mp3":
        if id3:  # decoders warn about a tag that holds nothing
            id3.save(path, v1=0, v2_version=4, padding=lambda _: 0)
    else:
        save_comments(path, name, tags_to_comments(tags) | (loop_to_comments(loop) if loop else {}), tags.cover)


def read_tags(path: Path) -> Tags:
    """Return what a sound file says about itself; a file without tags gives empty ones.

    Raises:
        ExportError: the file cannot be opened, is in none of our formats, or its tags are damaged.
    """
    with _opened(path) as (file, name):
        if name == "wav":
            id3 = read_chunk(file, b"id3 ")
            return id3_to_tags(ID3(BytesIO(id3))) if id3 else info_to_tags(read_chunk(file, b"LIST", b"INFO"))
        if name != "mp3":
            return comments_to_tags(*load_comments(file, name))
        try:
            return id3_to_tags(ID3(file))
        except ID3NoHeaderError:
            return Tags()


def read_loop(path: Path) -> Loop | None:
    """Return where a sound file says that it repeats, in its samples; None if it does not say.

    Raises:
        ExportError: see `read_tags`.
    """
    with _opened(path) as (file, name):
        if name == "wav":
            return chunk_to_loop(read_chunk(file, b"smpl"))
        return None if name == "mp3" else comments_to_loop(load_comments(file, name)[0])


@contextmanager
def _opened(path: Path) -> Iterator[tuple[BinaryIO, FormatName]]:
    """Open a file for reading and say what it is; whatever goes wrong inside is told in one line.

    Raises:
        ExportError: the file cannot be opened, is in none of our formats, or is damaged.
    """
    try:
        with path.open("rb") as file:
            name = detect_format(file)
            if name:
                file.seek(0)
                yield file, name
                return
    except OSError as error:
        reason = error.strerror or str(error)
        raise ExportError(f"{path.name} cannot be read: {reason}", code="export.read") from error
    except Exception as error:  # mutagen lets any of Python's errors through when a file is damaged
        raise ExportError(f"the tags of {path.name} are damaged and cannot be read", code="export.damaged") from error
    words = ", ".join(kind.words for kind in FORMATS.values())
    raise ExportError(f"{path.name} is no sound file that holds tags; {words} do", code="export.not_sound")


def detect_format(file: BinaryIO) -> FormatName | None:
    """Return the format of an open file by its content; None if it is none of ours."""
    file.seek(0)
    start = file.read(64)
    if start[:3] == b"ID3" and len(start) >= ID3_HEADER:
        size = sum((byte & 0x7F) << shift for byte, shift in zip(start[6:10], (21, 14, 7, 0), strict=True))
        file.seek(ID3_HEADER + size)
        return "flac" if file.read(4) == b"fLaC" else "mp3"
    if is_wave(start):
        return "wav"
    if start[:4] == b"fLaC":
        return "flac"
    if start[:4] == b"OggS":
        packet = start[OGG_HEADER:]
        return "opus" if packet.startswith(b"OpusHead") else "ogg" if packet.startswith(b"\x01vorbis") else None
    return "mp3" if len(start) > 1 and start[0] == 0xFF and start[1] & 0xE0 == 0xE0 else None
