"""Entries of the catalogue: a model as it is known without opening it, from its own folder where needed."""

import json
import secrets
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

from pydantic import Field, TypeAdapter, ValidationError

from engine.library.checks import is_shallow
from engine.paths import models_folder, trash_folder

MODEL_FILE = "model.json"  # written last into a model's folder: a folder that has it is complete
RECORDINGS_FILE = "corpus.json"  # lists the recordings that the folder keeps

TRAINED, BLEND = "trained", "blend"  # kinds of models: a blend has no weights of its own, and needs its parents

Count = Annotated[int, Field(strict=True, ge=0)]
FolderName = Annotated[str, Field(pattern=r"^[^./\\:\x00][^/\\:\x00]*$")]
Identifier = Annotated[str, Field(pattern=r"^[0-9A-Za-z_-]{1,64}$")]
Seconds = Annotated[float, Field(strict=True, ge=0, allow_inf_nan=False)]
Version = Annotated[int, Field(strict=True, ge=1)]
Weight = Annotated[float, Field(strict=True, ge=0, le=1, allow_inf_nan=False)]


@dataclass(frozen=True)
class Parent:
    """A model from which another one came, and its share in it, 0 to 1."""

    id: Identifier
    weight: Weight = 1.0


@dataclass(frozen=True)
class ModelEntry:
    """One version of a model, as a list of models shows it."""

    id: Identifier
    name: str  # that of all versions of the model
    created: str  # ISO 8601, UTC
    folder: FolderName  # inside `models_folder()`, or `trash_folder()` once deleted
    files: Count  # recordings it learned from
    seconds: Seconds  # of those recordings together, synthetic ones included
    channels: Count  # 1 or 2, of the recordings it kept
    training: Mapping[str, Any]  # how it went, in plain numbers and words
    size_bytes: Count
    recordings: tuple[str, ...] = ()  # their file names
    report: tuple[str, ...] = ()  # lines of the data-set doctor's report
    synthetic_seconds: Seconds = 0.0  # of its own outputs, fed back
    version: Version = 1  # within its family
    family: Identifier | None = None  # id of its family's first version; None: it is the first itself
    parents: tuple[Parent, ...] = ()
    note: str = ""
    tags: tuple[str, ...] = ()
    licence: str = ""  # of the recordings, as the person gave it
    kind: str = TRAINED  # or BLEND
    chosen: Count = 0  # the highest of a family is current, the later version where several are
    deleted: str | None = None  # ISO 8601, UTC, when it went to the trash
    problem: str | None = None  # why it cannot be used; found when listing, never stored
    current: bool = True  # whether its name means this version; found when listing, never stored

    @property
    def path(self) -> Path:
        """The model's folder, where it is now."""
        return (trash_folder() if self.deleted else models_folder()) / self.folder

    @property
    def family_id(self) -> str:
        """The id that all versions of this model share."""
        return self.family or self.id

    @property
    def real_seconds(self) -> float:
        """Length of the recordings that the person made, without outputs that were fed back."""
        return max(0.0, self.seconds - self.synthetic_seconds)


FOUND_WHEN_LISTING = ("problem", "current")
DESCRIBED = (
    "created", "files", "seconds", "channels", "training", "report", "synthetic_seconds", "version", "family",
    "parents", "kind",
)  # fmt: skip
_ENTRY = TypeAdapter(ModelEntry)


def record_to_entry(record: Mapping[str, Any]) -> ModelEntry:
    """Read a record of the catalogue; fields this version does not know are passed over.

    Raises:
        ValueError: a field is missing or has the wrong type; the message is one line.
    """
    try:
        return _ENTRY.validate_python({key: value for key, value in record.items() if key not in FOUND_WHEN_LISTING})
    except ValidationError as error:
        raise first_violation(error) from None


def first_violation(error: ValidationError) -> ValueError:
    """Return what is wrong with a record in one line: the field, and why it is refused."""
    first = error.errors()[0]
    return ValueError(f"{'.'.join(map(str, first['loc']))}: {first['msg']}")


def entry_to_record(entry: ModelEntry) -> dict[str, Any]:
    """Return what the catalogue stores of an entry."""
    return {key: value for key, value in asdict(entry).items() if key not in FOUND_WHEN_LISTING}


def folder_to_entry(folder: Path) -> ModelEntry:
    """Describe a complete model folder that the catalogue does not know, from its MODEL_FILE and RECORDINGS_FILE.

    `id` and `name` must be there; what DESCRIBED lists is taken where it is there and makes sense. Weights and
    settings are not looked at: `engine.model.checkpoint` judges those.

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
    record: dict[str, Any] = {
        "id": described.get("id"),
        "name": described.get("name"),
        "created": seconds_to_iso((folder / MODEL_FILE).stat().st_mtime),
        "folder": folder.name,
        "files": 0,
        "seconds": 0.0,
        "channels": 1,
        "training": {},
        "size_bytes": folder_size_bytes(folder),
        "recordings": recording_names(folder),
    }
    record_to_entry(record)
    hoped = {key: described[key] for key in DESCRIBED if key in described and is_shallow(described[key])}
    return record_to_entry({**record, **{key: value for key, value in hoped.items() if _fits({**record, key: value})}})


def _fits(record: Mapping[str, Any]) -> bool:
    try:
        record_to_entry(record)
    except ValueError:
        return False
    return True


def recording_names(folder: Path, *, synthetic_only: bool = False) -> tuple[str, ...]:
    """Return the file names of the recordings that a model's folder keeps; none where its list cannot be read.

    Args:
        folder: Of the model.
        synthetic_only: Only those that are outputs fed back.
    """
    try:
        listed = json.loads((folder / RECORDINGS_FILE).read_bytes())
        wanted = (row for row in listed["recordings"] if row.get("synthetic") or not synthetic_only)
        return tuple(str(recording["name"]) for recording in wanted)
    except (OSError, ValueError, LookupError, TypeError, AttributeError, RecursionError):
        return ()


def folder_size_bytes(folder: Path) -> int:
    """Add up the sizes of all files in `folder` and below."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def new_id() -> str:
    """Return an identifier that nothing else has: 12 hexadecimal digits."""
    return secrets.token_hex(6)


def now_iso() -> str:
    """Return the time now, ISO 8601 in UTC to the second, as entries hold it."""
    return datetime.now(UTC).isoformat(timespec="seconds")


def seconds_to_iso(seconds: float) -> str:
    """Convert seconds since 1970 to ISO 8601 in UTC."""
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="seconds")
