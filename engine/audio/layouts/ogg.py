"""Where the sound of an Ogg lies: of several streams one after the other, beside pictures, or FLAC in Ogg pages."""

import struct
from dataclasses import dataclass, field

from engine.audio.content import Content
from engine.audio.layouts.flac import MARK, read_count, with_count
from engine.audio.layouts.layout import AS_IT_IS, Layout, Part
from engine.audio.window import Piece

PAGE = b"OggS"
PAGE_HEAD = 27  # bytes before the table of segments
BEGINS, ENDS = 2, 4  # flags of a page
CODECS = (b"\x01vorbis", b"OpusHead", b"\x7fFLAC", b"Speex   ")
NATIVE_AT = 9  # byte of the first packet of FLAC in Ogg at which plain FLAC begins
LOST = "a part in its middle is missing: what comes before and after is used"


@dataclass
class _Stream:
    """One stream of sound.

    Attributes:
        serial: Of its pages.
        codec: First bytes of its first packet.
        pages: First byte, first byte of the content and one past the last of each.
        number: Of the last page.
        samples: That have come with it, as it says.
        ended: Whether its last page is there.
        lost: Whether pages are missing between.
    """

    serial: int
    codec: bytes
    pages: list[tuple[int, int, int]] = field(default_factory=list)
    number: int = -1
    samples: int = 0
    ended: bool = False
    lost: bool = False

    def add(self, at: int, body: int, stop: int, head: bytes) -> None:
        """Take the next page.

        Args:
            at: Its first byte.
            body: First byte of its content.
            stop: One past its last.
            head: Its header.
        """
        samples, number = struct.unpack("<q4xI", head[6:22])
        self.lost = self.lost or number > self.number + 1
        self.number, self.samples = number, max(self.samples, samples)
        self.ended = bool(head[5] & ENDS)
        self.pages.append((at, body, stop))


def lay_out_ogg(content: Content, start: int = 0) -> Layout:
    """Find the streams of sound in an Ogg, the first of those that come at the same time.

    Args:
        content: The file.
        start: Where its first page begins.
    """
    streams, is_cut = _find_streams(content, start)
    if not streams:
        return Layout()
    cut_off = is_cut or not streams[-1].ended
    notes = (LOST,) if any(one.lost for one in streams) else ()
    only = streams[0]
    if len(streams) == 1 and not only.codec.startswith(b"\x7fFLAC") and _covers(only, start, len(content)):
        return Layout(AS_IT_IS.parts, cut_off=cut_off, notes=notes)
    return Layout(tuple(Part(_to_pieces(content, one)) for one in streams), cut_off=cut_off, notes=notes)


def _find_streams(content: Content, start: int) -> tuple[list[_Stream], bool]:
    """Return the streams, and whether the last page is not whole."""
    streams: list[_Stream] = []
    at, beginning = start, True  # beginning: only first pages have come since the last stream
    while (at := content.find(PAGE, at)) >= 0:
        head = content[at : at + PAGE_HEAD]
        body = at + PAGE_HEAD + (head[26] if len(head) == PAGE_HEAD else 0)
        stop = body + sum(content[at + PAGE_HEAD : body])
        if len(head) < PAGE_HEAD or stop > len(content):
            return streams, True
        if head[4]:  # no version that there is: chance made the mark
            at += 1
            continue
        serial = struct.unpack("<I", head[14:18])[0]
        if head[5] & BEGINS:
            codec = content[body : body + 16]
            if codec.startswith(CODECS) and not (beginning and streams):
                streams.append(_Stream(serial, codec))
            beginning = True
        else:
            beginning = False
        if streams and serial == streams[-1].serial:
            streams[-1].add(at, body, stop, head)
        at = stop
    return streams, False


def _covers(stream: _Stream, start: int, stop: int) -> bool:
    """Return whether a stream's pages are all there is in a file, without a gap."""
    firsts, lasts = [page[0] for page in stream.pages], [page[2] for page in stream.pages]
    return firsts == [start, *lasts[:-1]] and lasts[-1] == stop and start == 0


def _to_pieces(content: Content, stream: _Stream) -> tuple[Piece, ...]:
    """Return the pages of a stream; of FLAC, their contents, which are a plain FLAC."""
    if not stream.codec.startswith(b"\x7fFLAC"):
        return tuple((at, stop) for at, _, stop in stream.pages)
    (_, first, end), *others = stream.pages
    head = content[first + NATIVE_AT : end]
    if head.startswith(MARK) and read_count(head) == 0:
        head = with_count(head, stream.samples)
    return (head, *((body, stop) for _, body, stop in others))
