"""The rows of the history that lists and searches look at, kept in memory while the files stay as they were.

A file of the history is replaced as a whole, so another time of change, size or number on the disk means that it was
written, whichever program did it. The time is coarse on some disks: a file that was just written is read anew.
"""

import json
import threading
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tinydb.table import Document

from engine.library.search import join_simplified
from engine.library.segments import ENTRIES_TABLE, History
from engine.library.store import Catalogue

MOST_KEPT = 1_000  # segments: a quarter of a million entries in some 300 MB
SETTLED_SECONDS = 2.0  # after a change: the coarsest clock of a disk

Stamp = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class Row:
    """One entry as searches see it."""

    number: int
    deleted: bool
    starred: bool
    model: str
    fingerprint: str
    text: str  # all that is searched, simplified
    record: str  # JSON

    def document(self) -> Document:
        """Return the record as it is stored."""
        return Document(json.loads(self.record), self.number)


_kept: dict[Path, tuple[Stamp, tuple[Row, ...]]] = {}
_guard = threading.Lock()


def rows_newest_first(history: History, before: int | None = None) -> Iterator[tuple[Row, Catalogue]]:
    """Yield all entries with the segments that hold them, newest first.

    Args:
        history: Of the person.
        before: Only running numbers below it; None means all.

    Raises:
        LibraryError: the history cannot be read.
    """
    for number, segment in history.newest_first(before):
        for row in _read_rows(segment, history.file_of(number)):
            if before is None or row.number < before:
                yield row, segment


def _read_rows(segment: Catalogue, file: Path | None) -> tuple[Row, ...]:
    """Return the entries of a segment, newest first."""
    stamp = file and _stamp(file)  # taken before it is read: a change in between is noticed next time
    with _guard:
        kept = _kept.get(file) if file else None
    if kept and kept[0] == stamp:
        return kept[1]
    records = segment.snapshot().table(ENTRIES_TABLE).all()
    rows = tuple(sorted(map(_record_to_row, records), key=lambda row: row.number, reverse=True))
    if file and stamp:
        with _guard:
            _kept.pop(file, None)
            _kept[file] = stamp, rows
            while len(_kept) > MOST_KEPT:
                del _kept[next(iter(_kept))]
    return rows


def _stamp(file: Path) -> Stamp | None:
    """Return what is another after every change; None where that cannot be told."""
    try:
        found = file.stat()
    except OSError:
        return None
    if time.time_ns() - found.st_mtime_ns < SETTLED_SECONDS * 1e9:
        return None
    return found.st_mtime_ns, found.st_size, found.st_ino


def _record_to_row(record: Document) -> Row:
    return Row(
        number=record.doc_id,
        deleted=bool(record.get("deleted")),
        starred=record.get("star") is True,
        model=str(record.get("model")),
        fingerprint=str(record.get("fingerprint")),
        text=join_simplified(_texts(record)),
        record=json.dumps(record, ensure_ascii=False),
    )


def _texts(record: Mapping[str, Any]) -> Iterator[str]:
    yield Path(str(record.get("file", ""))).name
    yield from (str(record.get(key, "")) for key in ("model_name", "kind", "note", "created"))
    yield from map(str, record.get("tags") or ())
