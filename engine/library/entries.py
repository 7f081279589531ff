"""What the catalogue knows of a model without opening it, and the same read from a model's own folder."""

import json
import secrets
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

from pydantic import Field, TypeAdapter, ValidationError

from engine.errors import ParameterError
from engine.paths import models_folder, trash_folder

MODEL_FILE = "model.json"  # written last into a model's folder: a folder that has it is complete
NAME_LENGTH = 80  # characters, the longest name a model may have

Count = Annotated[int, Field(strict=True, ge=0)]
FolderName = Annotated[str, Field(pattern=r"^[^./\\:\x00][^/\\:\x00]*$")]
Identifier = Annotated[str, Field(pattern=r"^[0-9A-Za-z_-]{1,64}$")]


@dataclass(frozen=True)
class ModelEntry:
    """One model, as a list of models shows it."""

    id: Identifier
    name: str
    created: str  # ISO 8601, UTC
    folder: FolderName  # inside `models_folder()`, or `trash_folder()` once deleted
    files: Count  # recordings it learned from
    seconds: Annotated[float, Field(strict=True, ge=0, allow_inf_nan=False)]  # of those recordings together
    channels: Count  # 1 or 2, of the recordings it kept
    training: Mapping[str, Any]  # how it went, in plain numbers and words
    size_bytes: Count
    deleted: str | None = None  # ISO 8601, UTC, when it went to the trash
    problem: str | None = None  # why it cannot be used; found when listing, never stored

    @property
    def path(self) -> Path:
        """The model's folder, where it is now."""
        return (trash_folder() if self.deleted else models_folder()) / self.folder


_ENTRY = TypeAdapter(ModelEntry)


def record_to_entry(record: Mapping[str, Any]) -> ModelEntry:
    """Read a record of the catalogue; fields this version does not know are passed over.

    Raises:
        ValueError: a field is missing or has the wrong type; the message is one line.
    """
    try:
        return _ENTRY.validate_python({**record, "problem": None})
    except ValidationError as error:
        first = error.errors()[0]
        raise ValueError(f"{'.'.join(map(str, first['loc']))}: {first['msg']}") from None


def entry_to_record(entry: ModelEntry) -> dict[str, Any]:
    """Return what the catalogue stores of an entry."""
    record = asdict(entry)
    del record["problem"]
    return record


def folder_to_entry(folder: Path) -> ModelEntry:
    """Describe a complete model folder that the catalogue does not know, from its MODEL_FILE.

    `id` and `name` must be there; `created`, `files`, `seconds`, `channels` and `training` are taken where they
    are there and make sense. Weights and settings are not looked at: `engine.model.checkpoint` judges those.

    Raises:
        ValueError: MODEL_FILE is damaged, or is not a model's.
        OSError: MODEL_FILE cannot be read.
    """
    try:
        described = json.loads((folder / MODEL_FILE).read_bytes())
    except RecursionError:
        raise ValueError("nested too deep") from None
    if not isinstance(described, dict) or not isinstance(described.get("format"), int):
        raise ValueError("it has no format number")
    certain: dict[str, Any] = {
        "id": described.get("id"),
        "name": described.get("name"),
        "created": seconds_to_iso((folder / MODEL_FILE).stat().st_mtime),
        "folder": folder.name,
        "files": 0,
        "seconds": 0.0,
        "channels": 1,
        "training": {},
        "size_bytes": folder_size_bytes(folder),
    }
    hoped = {key: described[key] for key in ("created", "files", "seconds", "channels", "training") if key in described}
    try:
        return record_to_entry({**certain, **hoped})
    except ValueError:
        return record_to_entry(certain)


def folder_size_bytes(folder: Path) -> int:
    """Add up the sizes of all files in `folder` and below."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def new_model_id() -> str:
    """Return an identifier no other model has: 12 hexadecimal digits."""
    return secrets.token_hex(6)


def now_iso() -> str:
    """Return the time now, ISO 8601 in UTC to the second, as entries hold it."""
    return datetime.now(UTC).isoformat(timespec="seconds")


def seconds_to_iso(seconds: float) -> str:
    """Convert seconds since 1970 to ISO 8601 in UTC."""
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="seconds")


def checked_name(name: str) -> str:
    """Return a model name without blanks around it.

    Raises:
        ParameterError: it is empty, longer than NAME_LENGTH, or holds control characters.
    """
    found = name.strip()
    if not found or len(found) > NAME_LENGTH or not found.isprintable():
        raise ParameterError(f"name = {name!r}: must be 1 to {NAME_LENGTH} printable characters, for example 'sax'.")
    return found
