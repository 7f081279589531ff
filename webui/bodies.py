"""Bodies of requests: JSON, a query, or a file; read with limits, checked, and refused in one line."""

import json
import tempfile
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn, TypeVar

from flask import request
from pydantic import BaseModel, ConfigDict, ValidationError
from werkzeug.exceptions import BadRequest, RequestEntityTooLarge, UnsupportedMediaType

from engine.errors import ParameterError
from engine.library.checks import is_shallow

JSON_LIMIT_BYTES = 1 << 20
BODY_LIMIT_BYTES = 1 << 30
BLOCK_BYTES = 1 << 18
LONGEST_NAME = 255  # characters of a file's name
LONGEST_SUFFIX = 8
CONTROLS = ("Cc", "Cs")  # of Unicode; other blanks, and what joins emoji, are parts of names
FORMS = ("multipart/form-data", "application/x-www-form-urlencoded")

Kind = TypeVar("Kind", bound=BaseModel)


class Schema(BaseModel):
    """Base of what requests bring: unknown names and numbers that are none are refused."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


@dataclass(frozen=True)
class Upload:
    """A body that is a file: its bytes as they are, its name in the query as `name`.

    Attributes:
        limit_bytes: Largest size.
    """

    limit_bytes: int = BODY_LIMIT_BYTES


@dataclass(frozen=True)
class Uploaded:
    """A file that came with a request; removed when the request ends, unless it was moved away.

    Attributes:
        path: Where it is, under a name of ours.
        name: What the person calls it, without folders; never part of a path.
        size: In bytes.
    """

    path: Path
    name: str
    size: int


def read_json(kind: type[Kind]) -> Kind:
    """Return the body of the request.

    Raises:
        UnsupportedMediaType, RequestEntityTooLarge, BadRequest: it is no JSON, or too large.
        ParameterError: a value is missing, unknown, of another type, or outside its limits.
    """
    if request.mimetype != "application/json":
        raise UnsupportedMediaType("the body must be application/json")
    data = request.stream.read(JSON_LIMIT_BYTES + 1)
    if len(data) > JSON_LIMIT_BYTES:
        raise RequestEntityTooLarge(f"a JSON body has up to {JSON_LIMIT_BYTES} bytes")
    return validate(kind, parse_json(data), strict=True)


def parse_json(data: bytes) -> Any:
    """Return plain values from JSON.

    Raises:
        BadRequest: it is none, is nested too deep, or holds what is no number or no text.
    """
    try:
        found = json.loads(data, parse_constant=_refuse_constant)
        if not is_shallow(found):
            raise ValueError("it is nested too deep")
        json.dumps(found, ensure_ascii=False, allow_nan=False).encode()
    except RecursionError:
        raise BadRequest("the body is no JSON that can be read: it is nested too deep") from None
    except ValueError as error:
        raise BadRequest(f"the body is no JSON that can be read: {error}") from None
    return found


def read_query(kind: type[Kind], *, apart: str | None = None) -> Kind:
    """Return the query of the request.

    Args:
        kind: What it holds.
        apart: A name in it that is read elsewhere.

    Raises:
        ParameterError: as `read_json`.
    """
    given = {name: value for name, value in request.args.items() if name != apart}
    return validate(kind, given, strict=False)


def validate(kind: type[Kind], values: Any, *, strict: bool) -> Kind:
    """Build what was given from plain values.

    Args:
        kind: What it is.
        values: Plain JSON values, or the texts of a query.
        strict: Whether "5" is no number.

    Raises:
        ParameterError: the first violation, with its field.
    """
    try:
        return kind.model_validate(values, strict=strict)
    except ValidationError as error:
        first = error.errors(include_url=False, include_context=False)[0]
        field = ".".join(map(str, first["loc"])) or None
        raise ParameterError(f"{field or 'the body'}: {first['msg']}", field=field) from None


@contextmanager
def receive_file(upload: Upload) -> Iterator[Uploaded]:
    """Keep the body of the request as a file for as long as the block lasts.

    Raises:
        UnsupportedMediaType: it is a form.
        RequestEntityTooLarge: it is larger than allowed.
        ParameterError: it has no name that can be used.
    """
    if request.mimetype in FORMS:
        raise UnsupportedMediaType("send the bytes of the file themselves, not a form")
    name = checked_file_name(request.args.get("name", ""))
    if (request.content_length or 0) > upload.limit_bytes:
        raise _too_large(upload)
    with tempfile.TemporaryDirectory(prefix="sda-upload-", ignore_cleanup_errors=True) as folder:
        path = Path(folder) / f"upload{safe_suffix(name)}"
        size = 0
        with path.open("wb") as file:
            while block := request.stream.read(BLOCK_BYTES):
                size += len(block)
                if size > upload.limit_bytes:
                    raise _too_large(upload)
                file.write(block)
        yield Uploaded(path, name, size)


def checked_file_name(given: str) -> str:
    """Return the last part of a file's name as a person gave it.

    Raises:
        ParameterError: it is empty, too long, or holds control characters.
    """
    name = given.replace("\\", "/").rpartition("/")[2].strip()
    if not name.strip(".") or len(name) > LONGEST_NAME or any(unicodedata.category(one) in CONTROLS for one in name):
        raise ParameterError(
            f"name = {given[:40]!r}: must be the name of the file, 1 to {LONGEST_NAME} characters, none of control",
            field="name",
        )
    return name


def safe_suffix(name: str) -> str:
    """Return the ending of a file's name where it is plain, such as ".wav"; else ""."""
    suffix = Path(name).suffix.lower()
    plain = suffix[1:].isascii() and suffix[1:].isalnum() and len(suffix) <= LONGEST_SUFFIX
    return suffix if plain else ""


def _too_large(upload: Upload) -> RequestEntityTooLarge:
    return RequestEntityTooLarge(f"a file here has up to {upload.limit_bytes} bytes")


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not a number")
