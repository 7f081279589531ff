"""Messages between the window's process and its workers: frozen, as JSON with raw bytes behind it.

    window ─► Request, Cancel, Credit, Share, Shutdown ─► worker
    window ◄─ Ready, Progress, Head, Samples, Result, Failure ◄─ worker

Nothing is pickled, so that nothing that comes through a pipe can run code. Every message names the version of the
protocol; a worker of another version is refused.
"""

import json
import math
import struct
from collections.abc import Mapping
from dataclasses import dataclass, fields
from dataclasses import field as declared
from typing import Any

PROTOCOL = 1
LONGEST_HEADER = 64 << 20  # bytes
_LENGTH = struct.Struct("<I")


class ProtocolError(Exception):
    """Bytes are no message of this version of the protocol."""


@dataclass(frozen=True)
class Request:
    """Asks a worker for something.

    Attributes:
        id: Of the request; everything that answers it has the same.
        task: By name, see `engine.workers.player` and `engine.workers.trainer`.
        values: What the task needs, as plain JSON values.
    """

    id: int
    task: str
    values: Mapping[str, Any] = declared(default_factory=dict)


@dataclass(frozen=True)
class Cancel:
    """Asks a worker to stop a request as soon as it can; a training keeps what it has learned."""

    id: int


@dataclass(frozen=True)
class Credit:
    """Allows a worker to send so many more bytes of samples: who listens has taken as many."""

    id: int
    size: int


@dataclass(frozen=True)
class Share:
    """Tells a trainer how many cores to leave to others."""

    spared: int


@dataclass(frozen=True)
class Shutdown:
    """Asks a worker to end."""


@dataclass(frozen=True)
class Ready:
    """Says that a worker is warm.

    Attributes:
        kind: player or trainer.
        seconds: It took to start.
    """

    kind: str
    seconds: float


@dataclass(frozen=True)
class Progress:
    """Says how far a request is, as plain values."""

    id: int
    values: Mapping[str, Any]


@dataclass(frozen=True)
class Head:
    """Goes before the samples of a request: channels, first sample, and how many there will be if that is known."""

    id: int
    values: Mapping[str, Any]


@dataclass(frozen=True)
class Samples:
    """Some samples of a request: interleaved 32-bit floats, little endian."""

    id: int
    payload: bytes


@dataclass(frozen=True)
class Result:
    """The end of a request that did what was asked."""

    id: int
    values: Mapping[str, Any] = declared(default_factory=dict)
    payload: bytes = b""


@dataclass(frozen=True)
class Failure:
    """The end of a request that did not.

    Attributes:
        id: Of the request.
        error: Name of the class in `engine.errors`.
        code: Stable, for scripts and the page.
        message: For the person.
        field: The setting that is wrong; None where it is none.
    """

    id: int
    error: str
    code: str
    message: str
    field: str | None = None


Message = Request | Cancel | Credit | Share | Shutdown | Ready | Progress | Head | Samples | Result | Failure
_KINDS: dict[str, type[Message]] = {
    kind.__name__: kind
    for kind in (Request, Cancel, Credit, Share, Shutdown, Ready, Progress, Head, Samples, Result, Failure)
}


def encode(message: Message) -> bytes:
    """Return a message as bytes; what is no JSON value is written as text, NaN and infinity as null."""
    values = {one.name: getattr(message, one.name) for one in fields(message)}
    payload = values.pop("payload", b"")
    described = {"protocol": PROTOCOL, "kind": type(message).__name__, "values": _finite(values)}
    header = json.dumps(described, ensure_ascii=True, allow_nan=False, default=str).encode()
    return b"".join((_LENGTH.pack(len(header)), header, payload))


def decode(data: bytes) -> Message:
    """Return the message in some bytes.

    Raises:
        ProtocolError: they hold none, or one of another version.
    """
    if len(data) < _LENGTH.size or (length := _LENGTH.unpack_from(data)[0]) > min(LONGEST_HEADER, len(data)):
        raise ProtocolError("a message is cut short")
    try:
        described = json.loads(data[_LENGTH.size : _LENGTH.size + length])
        version, kind, values = described["protocol"], described["kind"], dict(described["values"])
    except (ValueError, LookupError, TypeError, RecursionError) as error:
        raise ProtocolError(f"a message cannot be read ({error})") from error
    if version != PROTOCOL:
        raise ProtocolError(f"a message has version {version!r} of the protocol, this program speaks {PROTOCOL}")
    if kind not in _KINDS:
        raise ProtocolError(f"there is no message {kind!r}")
    if "payload" in _KINDS[kind].__dataclass_fields__:
        values["payload"] = data[_LENGTH.size + length :]
    try:
        return _KINDS[kind](**values)
    except TypeError as error:
        raise ProtocolError(f"a message {kind} has other fields ({error})") from error


def _finite(value: Any) -> Any:
    """Return a value without NaN and infinity, for which JSON has no word."""
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, Mapping):
        return {str(key): _finite(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_finite(inner) for inner in value]
    return value
