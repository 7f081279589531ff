"""The seam between what is kept and where: all or nothing changes to tables of records.

TinyDB keeps record numbers and query results in memory, which is wrong as soon as another program writes. So
every snapshot and every transaction is a new TinyDB on what was just read, and a transaction is written once.
"""

import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext

from tinydb import TinyDB
from tinydb.storages import Storage

from engine.errors import LibraryError
from engine.library.storage import AtomicJSONStorage, Tables
from engine.paths import catalogue_file

SCHEMA = 1
SCHEMA_TABLE = "schema"


class Catalogue:
    """Tables of records in a storage, read as snapshots and changed in transactions."""

    def __init__(
        self,
        storage: Storage,
        locked: Callable[[], AbstractContextManager[None]] = nullcontext,
        report: Callable[[str], None] | None = None,
    ) -> None:
        """Keep where the tables are; nothing is read or created here.

        Args:
            storage: Anything with TinyDB's `read`, `write` and `close`; what it returns belongs to the caller.
            locked: Makes the context in which nobody else writes to this storage.
            report: Called with one line for the person about anything found damaged or left out.
        """
        self._report = report
        self._reported: set[str] = set()
        self._storage = storage
        self._locked = locked
        self._in_transaction = threading.local()

    def report(self, line: str) -> None:
        """Tell the person a line about something found damaged or left out, once."""
        if self._report and line not in self._reported:
            self._reported.add(line)
            self._report(line)

    def snapshot(self) -> TinyDB:
        """Return what is there now, for reading; changes to it go nowhere.

        Raises:
            LibraryError: it cannot be read.
        """
        return TinyDB(storage=lambda: _Buffer(self._storage.read() or {}))

    @contextmanager
    def transaction(self) -> Iterator[TinyDB]:
        """Change tables: all of it is kept when the block ends, and none of it when the block raises.

        Raises:
            LibraryError: another program holds the catalogue, a newer version wrote it, or it cannot be written.
        """
        assert not getattr(self._in_transaction, "open", False), "a transaction inside a transaction loses changes"
        with self._locked():
            tables = self._storage.read() or {}
            refuse_newer(tables)
            buffer = _Buffer(tables)
            self._in_transaction.open = True
            try:
                yield TinyDB(storage=lambda: buffer)
            finally:
                self._in_transaction.open = False
            if buffer.changed:
                buffer.tables[SCHEMA_TABLE] = {"1": {"number": SCHEMA}}
                self._storage.write(buffer.tables)


class _Buffer(Storage):
    """Tables of one snapshot or transaction, and whether they were written to."""

    def __init__(self, tables: Tables) -> None:
        self.tables = tables
        self.changed = False

    def read(self) -> Tables:
        return self.tables

    def write(self, data: Tables) -> None:
        self.tables = data
        self.changed = True


def refuse_newer(tables: Tables) -> None:
    """Raise LibraryError when a newer version of the program wrote these tables: they can be read, not changed."""
    number = tables.get(SCHEMA_TABLE, {}).get("1", {}).get("number", SCHEMA)
    if not isinstance(number, int) or number > SCHEMA:
        raise LibraryError(
            f"the library was written by a newer version of the program (schema {number}, this one knows {SCHEMA}): "
            "it can be read but not changed. Update Small DataSet Audio.",
            code="library_newer",
        )


def open_catalogue(report: Callable[[str], None]) -> Catalogue:
    """Return the catalogue of this person, in the folder that `engine.paths` names.

    Args:
        report: Called with one line for the person about anything found damaged or left out.
    """
    storage = AtomicJSONStorage(catalogue_file(), report)
    return Catalogue(storage, storage.locked, report)
