"""An output in the history: what is kept of it, and how it is read back."""

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Annotated, Any

from pydantic import Field, TypeAdapter, ValidationError
from tinydb import TinyDB
from tinydb.table import Document

from engine.errors import LibraryError
from engine.library.entries import Identifier, Seconds, Version, first_violation
from engine.library.segments import ENTRIES_TABLE
from engine.library.store import Catalogue


@dataclass(frozen=True, kw_only=True)
class Output:
    """A file that was made, and everything that it was made of."""

    file: str  # absolute path
    fingerprint: str  # of its samples or bytes; the same for the same sound
    kind: Annotated[str, Field(pattern=r"^[a-z_]{1,40}$")]  # "generated", "blend" …
    model: Identifier  # the version that made it
    model_name: str  # as it was called then
    version: Version
    settings: Mapping[str, Any]
    seed: Annotated[int, Field(strict=True, ge=0)]
    seconds: Seconds
    novelty: Mapping[str, Any]  # the nearest recording, and how new it is; empty where it was not measured


@dataclass(frozen=True, kw_only=True)
class HistoryEntry(Output):
    """An output in the history."""

    id: Annotated[str, Field(pattern=r"^[1-9]\d{0,11}-[0-9a-f]{6}$")]  # its running number alone means it too
    created: str  # ISO 8601, UTC
    star: bool = False
    note: str = ""
    tags: tuple[str, ...] = ()
    deleted: str | None = None  # ISO 8601, UTC, when it went to the trash
    missing: bool = False  # whether the file is not where it was; found when listing, never stored

    @property
    def number(self) -> int:
        """The running number, 1 for the first output."""
        return int(self.id.partition("-")[0])


_ENTRY = TypeAdapter(HistoryEntry)
_ID = re.compile(r"([1-9]\d{0,11})(-[0-9a-f]{6})?")


def record_to_history(record: Mapping[str, Any]) -> HistoryEntry:
    """Read a record of the history; fields this version does not know are passed over.

    Raises:
        ValueError: a field is missing or has the wrong type; the message is one line.
    """
    try:
        return _ENTRY.validate_python({**record, "missing": False})
    except ValidationError as error:
        raise first_violation(error) from None


def history_to_record(entry: HistoryEntry) -> dict[str, Any]:
    """Return what is stored of an entry."""
    record = asdict(entry)
    del record["missing"]
    return record


def readable_entry(record: Document, segment: Catalogue) -> HistoryEntry | None:
    """Read a record of a segment; None and a report where it is damaged."""
    try:
        return record_to_history(record)
    except ValueError as error:
        segment.report(f"entry {record.doc_id} of the history is damaged ({error}) and is left out.")
        return None


def pick_entry(tables: TinyDB, segment: Catalogue, wanted: str, *, deleted: bool) -> HistoryEntry:
    """Return an entry of a segment whose tables were read already.

    Raises:
        LibraryError: there is none (`history_unknown`), or it is in the trash (`history_deleted`).
    """
    record = tables.table(ENTRIES_TABLE).get(doc_id=running_number(wanted))
    entry = readable_entry(record, segment) if isinstance(record, Document) else None
    if entry is None or ("-" in wanted and entry.id != wanted.strip()):
        raise unknown_entry(wanted)
    if entry.deleted and not deleted:
        raise LibraryError(
            f"output {entry.id} is in the trash. To bring it back: sda history restore {entry.number}",
            code="history_deleted",
        )
    return entry


def running_number(wanted: str) -> int:
    """Return the running number in an id, or in a number as a person writes it.

    Raises:
        LibraryError: it is neither (`history_unknown`).
    """
    found = _ID.fullmatch(wanted.strip())
    if not found:
        raise unknown_entry(wanted)
    return int(found[1])


def unknown_entry(wanted: str) -> LibraryError:
    """Return the error for an output that the history does not hold."""
    return LibraryError(
        f"there is no output {wanted!r} in the history. To see all: sda history list", code="history_unknown"
    )


def with_presence(entry: HistoryEntry) -> HistoryEntry:
    """Return an entry that knows whether its file is where it was."""
    try:
        present = Path(entry.file).is_file()
    except OSError:
        present = False
    return entry if present else replace(entry, missing=True)
