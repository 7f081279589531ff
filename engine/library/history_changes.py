"""The history changed: outputs added, starred, described, found again, deleted to the trash and restored."""

import secrets
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from tinydb import TinyDB
from tinydb.table import Document

from engine.errors import LibraryError, ParameterError
from engine.library.checks import checked_labels, checked_settings
from engine.library.entries import now_iso
from engine.library.history import find_entry
from engine.library.outputs import (
    HistoryEntry,
    Output,
    history_to_record,
    pick_entry,
    readable_entry,
    record_to_history,
    running_number,
    with_presence,
)
from engine.library.segments import ENTRIES_TABLE, History
from engine.library.store import Catalogue


def add_entry(history: History, output: Output, *, note: str = "", tags: Iterable[str] = ()) -> HistoryEntry:
    """Keep what made an output; it is on the disk when this returns.

    Args:
        history: Of the person.
        output: What was made. A relative path is meant from the working folder.
        note: Of any number of lines.
        tags: To find it by.

    Raises:
        ParameterError: a value of the output is not allowed, or has no place in JSON.
        LibraryError: the history cannot be written.
    """
    described = {
        **vars(output),
        "file": str(Path(output.file).absolute()),
        "settings": checked_settings(output.settings),
        "novelty": checked_settings(output.novelty),
        "created": now_iso(),
        **checked_labels(note=note, tags=tags),
    }
    with history.appending() as (tables, number):
        try:
            entry = record_to_history({**described, "id": f"{number}-{secrets.token_hex(3)}"})
        except ValueError as error:
            raise ParameterError(f"{error}; this output cannot be kept in the history.") from None
        tables.table(ENTRIES_TABLE).insert(Document(history_to_record(entry), number))
    return entry


def star_entry(history: History, wanted: str, star: bool = True) -> HistoryEntry:
    """Give an output a star, or take it away.

    Raises:
        LibraryError: see `find_entry`; or it cannot be written.
    """
    return _change(history, wanted, {"star": star})


def label_entry(
    history: History, wanted: str, *, note: str | None = None, tags: Iterable[str] | None = None
) -> HistoryEntry:
    """Change what is written on an output; what is None stays as it is.

    Raises:
        ParameterError: a note or tag is not allowed.
        LibraryError: see `find_entry`; or it cannot be written.
    """
    changes = checked_labels(note=note, tags=tags)
    return _change(history, wanted, changes)


def relink_entry(history: History, wanted: str, file: Path, fingerprint: str) -> HistoryEntry:
    """Say where the file of an output is now.

    Args:
        history: Of the person.
        wanted: Id or running number.
        file: Where it is. A relative path is meant from the working folder.
        fingerprint: Taken of that file as it was of the output.

    Raises:
        LibraryError: see `find_entry`; it is not the same sound (`history_other_file`); or it cannot be written.
    """
    entry = find_entry(history, wanted)
    if fingerprint != entry.fingerprint:
        raise LibraryError(
            f"{file} is not output {entry.id}: it holds another sound than {Path(entry.file).name} did. "
            "Choose the file that was moved.",
            code="history_other_file",
        )
    return _change(history, wanted, {"file": str(file.absolute())})


def delete_entry(history: History, wanted: str) -> HistoryEntry:
    """Put an entry into the trash, from where `restore_entry` brings it back; its file stays where it is.

    Raises:
        LibraryError: see `find_entry`; or it cannot be written.
    """
    return _change(history, wanted, {"deleted": now_iso()})


def restore_entry(history: History, wanted: str) -> HistoryEntry:
    """Bring an entry back from the trash.

    Raises:
        LibraryError: there is no such entry (`history_unknown`), or it cannot be written.
    """
    return _change(history, wanted, {"deleted": None}, deleted=True)


def list_due_entries(history: History, until: str) -> list[HistoryEntry]:
    """Return the entries that `purge_entries` would remove.

    Raises:
        LibraryError: the history cannot be read.
    """
    return [entry for _, segment in history.newest_first() for entry in _due(segment, segment.snapshot(), until)]


def purge_entries(history: History, until: str) -> list[HistoryEntry]:
    """Remove entries for good that were deleted until a time, and return them; their files stay where they are.

    Args:
        history: Of the person.
        until: ISO 8601, UTC.

    Raises:
        LibraryError: the history cannot be written.
    """
    purged: list[HistoryEntry] = []
    for _, segment in history.newest_first():
        if _due(segment, segment.snapshot(), until):
            with segment.transaction() as tables:
                due = _due(segment, tables, until)
                tables.table(ENTRIES_TABLE).remove(doc_ids=[entry.number for entry in due])
            purged += due
    return purged


def _due(segment: Catalogue, tables: TinyDB, until: str) -> list[HistoryEntry]:
    entries = (readable_entry(record, segment) for record in tables.table(ENTRIES_TABLE).all())
    return [entry for entry in entries if entry and entry.deleted and entry.deleted <= until]


def _change(history: History, wanted: str, changes: Mapping[str, Any], *, deleted: bool = False) -> HistoryEntry:
    """Change fields of an entry within one transaction, and return it as it is then.

    Args:
        history: Of the person.
        wanted: Id or running number.
        changes: The fields.
        deleted: Whether an entry in the trash may be changed.

    Raises:
        LibraryError: see `pick_entry`; or it cannot be written.
    """
    segment = history.holding(running_number(wanted))
    with segment.transaction() as tables:
        changed = replace(pick_entry(tables, segment, wanted, deleted=deleted), **changes)
        tables.table(ENTRIES_TABLE).update(history_to_record(changed), doc_ids=[changed.number])
    return with_presence(changed)
