"""Tags of a sound file, whatever its format: the fields, and what may be in them."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from engine.errors import ParameterError

LONGEST_TEXT = 2**20  # characters
LARGEST_COVER = 2**23  # bytes; FLAC takes 16 MB at most
DATE = re.compile(r"\d{4}(-\d\d(-\d\d(T\d\d:\d\d(:\d\d)?)?)?)?")
WHOLE_NUMBER = re.compile(r"\d{1,19}")


@dataclass(frozen=True)
class Tags:
    """The tags of a sound file; empty ones are not written.

    Attributes:
        title: Of the sound.
        artist: Who made it.
        album: What it belongs to.
        comment: Anything.
        date: When it was made: 2026, 2026-11, 2026-11-22 or 2026-11-22T10:30:00.
        software: Name and version of the program.
        model: What it was made with.
        seed: Of what is random in it.
        passport: All that is needed to make it again, as JSON.
        cover: A picture, the content of a PNG file.
    """

    title: str = ""
    artist: str = ""
    album: str = ""
    comment: str = ""
    date: str = ""
    software: str = ""
    model: str = ""
    seed: int | None = None
    passport: str = ""
    cover: bytes = b""


@dataclass(frozen=True)
class Place:
    """Where each format keeps one field.

    Attributes:
        field: Of `Tags`.
        comment: Key of the Vorbis comment in FLAC, OGG and Opus.
        frame: Of ID3v2.4 in MP3 and WAV.
        info: Chunk of the RIFF INFO list, "" for fields that have none.
    """

    field: str
    comment: str
    frame: str
    info: str = ""


PLACES = (
    Place("title", "TITLE", "TIT2", "INAM"),
    Place("artist", "ARTIST", "TPE1", "IART"),
    Place("album", "ALBUM", "TALB", "IPRD"),
    Place("comment", "COMMENT", "COMM", "ICMT"),
    Place("date", "DATE", "TDRC", "ICRD"),
    Place("software", "ENCODER", "TSSE", "ISFT"),
    Place("model", "MODEL", "TXXX:MODEL"),
    Place("seed", "SEED", "TXXX:SEED"),
    Place("passport", "PASSPORT", "TXXX:PASSPORT"),
)


def tags_to_texts(tags: Tags) -> dict[str, str]:
    """Return the fields that are not empty as texts by name, without the cover."""
    texts = {place.field: getattr(tags, place.field) for place in PLACES}
    return {name: str(value) for name, value in texts.items() if value not in ("", None)}


def texts_to_tags(texts: Mapping[str, str], cover: bytes = b"") -> Tags:
    """Build tags from texts by name; a seed that is no number is left out."""
    seed = texts.get("seed", "")
    values = {name: text for name, text in texts.items() if name != "seed"}
    return Tags(**values, seed=int(seed) if WHOLE_NUMBER.fullmatch(seed) else None, cover=cover)


def check_tags(tags: Tags) -> None:
    """Refuse what some format could not keep.

    Raises:
        ParameterError: a text is too long or holds characters that no file can, or the date is no date.
    """
    for name, text in tags_to_texts(tags).items():
        if len(text) > LONGEST_TEXT:
            raise ParameterError(f"{name} has {len(text)} characters: up to {LONGEST_TEXT} can be written; shorten it")
        if "\0" in text or any("\ud800" <= letter <= "\udfff" for letter in text):
            raise ParameterError(f"{name} = {text[:40]!r}: holds characters that are no text; take them out")
    if tags.date and not DATE.fullmatch(tags.date):
        raise ParameterError(f"date = {tags.date!r}: must look like 2026, 2026-11, 2026-11-22 or 2026-11-22T10:30:00")
    if len(tags.cover) > LARGEST_COVER:
        raise ParameterError(f"cover has {len(tags.cover)} bytes: up to {LARGEST_COVER} can be written")
