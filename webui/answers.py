"""Answers of routes: JSON by models, outlines and pictures as bytes; `webui.sounds` answers sound."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from flask import Response
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field

from engine.studio.pictures import HIGH_HZ, LOW_HZ, MOST_COLUMNS, MOST_POINTS, MOST_ROWS
from webui.bodies import Schema

SAMPLE_TYPE = np.dtype("<f4")
OCTETS = "application/octet-stream"


class Answer(BaseModel):
    """Base of what routes return; a number that is none, such as the loudness of silence, is null in JSON."""

    model_config = ConfigDict(frozen=True, ser_json_inf_nan="null")


class Empty(Answer):
    """A body that brings nothing, or an answer that says only that it was done."""

    model_config = ConfigDict(extra="forbid")


@dataclass(frozen=True)
class Binary:
    """An answer that is no JSON: the route returns a `flask.Response`.

    Attributes:
        media_type: Of the answer.
        headers: Names of those that say what the bytes are.
    """

    media_type: str = OCTETS
    headers: tuple[str, ...] = ()


PEAKS = Binary(OCTETS, ("X-Points", "X-Seconds"))
PICTURE = Binary(OCTETS, ("X-Columns", "X-Rows", "X-Seconds", "X-Low-Hz", "X-High-Hz"))


class PeaksQuery(Schema):
    """How an outline is drawn."""

    points: int = Field(1_000, ge=1, le=MOST_POINTS)


class PictureQuery(Schema):
    """How a picture is drawn."""

    columns: int = Field(600, ge=1, le=MOST_COLUMNS)
    rows: int = Field(128, ge=1, le=MOST_ROWS)


def samples_to_bytes(blocks: Iterable[NDArray[np.float32]]) -> Iterable[bytes]:
    """Yield blocks (samples, channels) as interleaved 32-bit floats, little endian."""
    return (np.ascontiguousarray(block, SAMPLE_TYPE).tobytes() for block in blocks)


def answer_peaks(data: bytes, *, points: int, seconds: float) -> Response:
    """Return an outline: 16-bit whole numbers, lowest and highest of each part."""
    return _with(Response(data, content_type=OCTETS), {"X-Points": points, "X-Seconds": seconds})


def answer_picture(data: bytes, *, columns: int, rows: int, seconds: float) -> Response:
    """Return a picture: a byte a cell, the row of the lowest frequency first."""
    sizes = {"X-Columns": columns, "X-Rows": rows, "X-Seconds": seconds}
    return _with(Response(data, content_type=OCTETS), {**sizes, "X-Low-Hz": LOW_HZ, "X-High-Hz": HIGH_HZ})


def _with(response: Response, headers: Mapping[str, Any]) -> Response:
    for name, value in headers.items():
        if value is not None:
            response.headers[name] = str(value)
    return response
