"""Tags as ID3v2.4, for MP3 and for a chunk of WAV."""

from io import BytesIO

from mutagen.id3 import APIC, COMM, ID3, TXXX, Encoding, Frames, PictureType

from engine.export.tags import PLACES, Tags, tags_to_texts, texts_to_tags

LANGUAGE = "und"  # of comments: not said


def tags_to_id3(tags: Tags) -> ID3:
    """Return an ID3 tag."""
    texts = tags_to_texts(tags)
    id3 = ID3()
    for place in PLACES:
        if place.field not in texts:
            continue
        frame, _, description = place.frame.partition(":")
        text = texts[place.field]
        if frame == "TXXX":
            id3.add(TXXX(encoding=Encoding.UTF8, desc=description, text=text))
        elif frame == "COMM":
            id3.add(COMM(encoding=Encoding.UTF8, lang=LANGUAGE, desc="", text=text))
        else:
            id3.add(Frames[frame](encoding=Encoding.UTF8, text=text))
    if tags.cover:
        id3.add(APIC(encoding=Encoding.UTF8, mime="image/png", type=PictureType.COVER_FRONT, desc="", data=tags.cover))
    return id3


def id3_to_tags(id3: ID3) -> Tags:
    """Build tags from an ID3 tag; several values of a frame are joined."""
    texts = {}
    for place in PLACES:
        frames = id3.getall(place.frame)
        if frames:
            texts[place.field] = "; ".join(map(str, frames[0].text))
    if "date" in texts:
        texts["date"] = texts["date"].replace(" ", "T")  # mutagen's way to write a time
    covers = id3.getall("APIC")
    return texts_to_tags(texts, bytes(covers[0].data) if covers else b"")


def id3_to_bytes(id3: ID3) -> bytes:
    """Return the tag as it stands in a file."""
    written = BytesIO()
    id3.save(written, v1=0, v2_version=4, padding=lambda _: 0)
    return written.getvalue()
