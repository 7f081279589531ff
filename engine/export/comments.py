"""Vorbis comments, in which FLAC, OGG Vorbis and Opus files keep their tags."""

import base64
import binascii
import struct
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, BinaryIO

from mutagen.flac import FLAC, Picture
from mutagen.flac import error as FlacError
from mutagen.oggopus import OggOpus
from mutagen.oggvorbis import OggVorbis

from engine.export.tags import PLACES, Tags, tags_to_texts, texts_to_tags

FILES: Mapping[str, Any] = {"flac": FLAC, "ogg": OggVorbis, "opus": OggOpus}  # by format
PICTURE_KEY = "METADATA_BLOCK_PICTURE"  # of the cover in OGG; FLAC has a block for it
FRONT_COVER = 3
PNG_SIZE = slice(16, 24)  # where every PNG has its width and height


def save_comments(path: Path, name: str, comments: Mapping[str, str], cover: bytes) -> None:
    """Replace the comments and the cover of a file.

    Args:
        path: The file.
        name: Its format: flac, ogg or opus.
        comments: Texts by key.
        cover: Content of a PNG file, b"" for none.

    Raises:
        MutagenError: the disk is full.
    """
    file = FILES[name](path)
    if file.tags is None:
        file.add_tags()
    file.tags.clear()
    file.tags.update(comments)
    if cover and name == "flac":
        file.add_picture(_cover_to_picture(cover))
    elif cover:
        file.tags[PICTURE_KEY] = base64.b64encode(_cover_to_picture(cover).write()).decode("ascii")
    file.save(padding=lambda _: 0)


def load_comments(file: BinaryIO, name: str) -> tuple[dict[str, list[str]], bytes]:
    """Return the comments of an open file by upper-case key, and its cover; b"" if there is none.

    Raises:
        MutagenError, and any other of Python's errors: the file is damaged.
    """
    opened = FILES[name](file)
    comments = {key.upper(): list(values) for key, values in (opened.tags or {}).items()}
    if name == "flac":
        return comments, bytes(opened.pictures[0].data) if opened.pictures else b""
    return comments, next(map(_comment_to_cover, comments.get(PICTURE_KEY, [])), b"")


def tags_to_comments(tags: Tags) -> dict[str, str]:
    """Return the texts of tags by key."""
    texts = tags_to_texts(tags)
    return {place.comment: texts[place.field] for place in PLACES if place.field in texts}


def comments_to_tags(comments: Mapping[str, Sequence[str]], cover: bytes) -> Tags:
    """Build tags from comments by upper-case key; several values of a key are joined."""
    texts = {place.field: "; ".join(comments[place.comment]) for place in PLACES if place.comment in comments}
    return texts_to_tags(texts, cover)


def _cover_to_picture(cover: bytes) -> Picture:
    """Wrap a PNG as a picture block."""
    picture = Picture()
    picture.type, picture.mime, picture.data, picture.depth = FRONT_COVER, "image/png", cover, 24
    if len(cover) >= PNG_SIZE.stop:
        picture.width, picture.height = struct.unpack(">2I", cover[PNG_SIZE])
    return picture


def _comment_to_cover(comment: str) -> bytes:
    """Return the picture in a comment, b"" if it is damaged."""
    try:
        return bytes(Picture(base64.b64decode(comment)).data)
    except (binascii.Error, FlacError, struct.error, ValueError):
        return b""
