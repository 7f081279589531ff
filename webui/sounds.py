"""Sound in answers: interleaved 32-bit floats, little endian, at SAMPLE_RATE, streamed as it comes."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from flask import Response

from engine.units import SAMPLE_RATE
from engine.workers.stream import Stream
from webui.endpoint import Binary

MEDIA_TYPE = "application/octet-stream"
HEADERS = ("X-Sample-Rate", "X-Channels", "X-First-Sample", "X-Samples")
SOUND = Binary(MEDIA_TYPE, HEADERS)


def answer_sound(
    blocks: Iterable[bytes], *, channels: int, first: int = 0, samples: int | None = None, **headers: Any
) -> Response:
    """Return sound as a response.

    Args:
        blocks: Of bytes, whole samples of all channels together.
        channels: 1 or 2.
        first: Where the first sample is in the whole.
        samples: How many there will be; None where that is not known.
        headers: More of them: `event=2` becomes X-Event.
    """
    response = Response(blocks, content_type=MEDIA_TYPE)
    said: dict[str, Any] = {"Sample-Rate": SAMPLE_RATE, "Channels": channels, "First-Sample": first}
    if samples is not None:
        said["Samples"] = samples
    for name, value in {**said, **headers}.items():
        response.headers[f"X-{name.replace('_', '-').title()}"] = (
            str(value).encode("ascii", "backslashreplace").decode()
        )
    return response


def answer_stream(stream: Stream, **headers: Any) -> Response:
    """Return sound that a worker makes; the worker stops when nobody hears it any more."""
    head: Mapping[str, Any] = stream.head
    response = answer_sound(
        Listened(stream),
        channels=int(head.get("channels", 1)),
        first=int(head.get("first") or 0),
        samples=head.get("samples"),
        **headers,
    )
    response.call_on_close(stream.close)
    return response


class Listened:
    """The blocks of a stream; a server closes it when the client has gone."""

    def __init__(self, stream: Stream) -> None:
        """Take a stream."""
        self._stream = stream

    def __iter__(self) -> Iterator[bytes]:
        """Yield its blocks."""
        return iter(self._stream)

    def close(self) -> None:
        """Let the worker stop."""
        self._stream.close()
