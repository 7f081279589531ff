"""Tags in the chunks that WAV has for them: LIST INFO, and `bext` of the Broadcast Wave Format (EBU Tech 3285)."""

import struct

from engine.export.formats import Encoding
from engine.export.measure import Measured
from engine.export.tags import PLACES, Tags, tags_to_texts, texts_to_tags

# description, originator, reference, date, time, time reference, version, UMID, loudness (5 values), reserved
BEXT = struct.Struct("<256s32s32s10s8sQH64s5h180s")
VERSION = 2  # has the loudness
NOT_MEASURED = 0x7FFF


def tags_to_info(tags: Tags) -> bytes:
    """Return the content of a LIST chunk; the passport and the like have no place in it."""
    texts = tags_to_texts(tags)
    parts = [b"INFO"]
    for place in PLACES:
        if place.info and place.field in texts:
            text = texts[place.field].encode() + b"\0"
            parts.append(struct.pack("<4sI", place.info.encode("ascii"), len(text)) + text + b"\0" * (len(text) % 2))
    return b"".join(parts)


def info_to_tags(content: bytes) -> Tags:
    """Build tags from the content of a LIST chunk, as far as it makes sense."""
    fields = {place.info.encode("ascii"): place.field for place in PLACES if place.info}
    texts = {}
    at = 4 if content.startswith(b"INFO") else len(content)
    while at + 8 <= len(content):
        name, size = struct.unpack_from("<4sI", content, at)
        if name in fields:
            texts[fields[name]] = content[at + 8 : at + 8 + size].split(b"\0")[0].decode(errors="replace")
        at += 8 + size + size % 2
    return texts_to_tags(texts)


def tags_to_bext(tags: Tags, encoding: Encoding, measured: Measured) -> bytes:
    """Return the content of a `bext` chunk: title, program, date, loudness, and how the samples are coded.

    It takes ASCII only; other letters become question marks. The full texts stand in the ID3 chunk.
    """
    date, _, time = tags.date.partition("T")
    channels = "mono" if measured.channels == 1 else "stereo"
    words = f"A=PCM,F={encoding.sample_rate},W={encoding.bit_depth.rstrip('f')},M={channels},T={tags.software}\r\n"
    return BEXT.pack(
        _ascii(tags.title),
        _ascii(tags.software or tags.artist),
        b"",
        _ascii(date if len(date) == 10 else ""),
        _ascii(f"{time}:00" if len(time) == 5 else time),
        0,
        VERSION,
        b"",
        _hundredths(measured.loudness_lufs),
        NOT_MEASURED,
        _hundredths(measured.true_peak_db),
        NOT_MEASURED,
        NOT_MEASURED,
        b"",
    ) + _ascii(words)


def _ascii(text: str) -> bytes:
    """Return a text as ASCII."""
    return text.encode("ascii", "replace")


def _hundredths(level: float) -> int:
    """Return a level as bext keeps it, which ends at ±99.99."""
    return round(100.0 * level) if abs(level) < 100.0 else NOT_MEASURED
