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
from engine.library.migrations import find_schema, is_older, migrate, refuse_newer, with_schema
from engine.library.storage import AtomicJSONStorage, Tables
from engine.paths import catalogue_file


class Catalogue:
    """Tables of records in a storage, read as snapshots and changed in transactions."""

    def __init__(
        self,
        storage: Storage,
        locked: Callable[[], AbstractContextManager[None]] = nullcontext,
        report: Callable[[str], None] | None = None,
        keep: Callable[[str], object] | None = None,
    ) -> None:
        """Keep where the tables are; nothing is read or created here.

        Args:
            storage: Anything with TinyDB's `read`, `write` and `close`; what it returns belongs to the caller.
            locked: Makes the context in which nobody else writes to this storage.
            report: Called with one line for the person about anything found damaged or left out.
            keep: Keeps a copy of what is stored, under a name such as "schema-1", before a migration.
        """
        self._report = report
        self._reported: set[str] = set()
        self._storage = storage
        self._locked = locked
        self._keep = keep
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
        tables = self._storage.read() or {}
        if is_older(tables):
            tables = self._migrated(tables)
        return TinyDB(storage=lambda: _Buffer(tables))

    @contextmanager
    def transaction(self) -> Iterator[TinyDB]:
        """Change tables: all of it is kept when the block ends, and none of it when the block raises.

        Raises:
            LibraryError: another program holds the catalogue, a newer version wrote it, or it cannot be written.
            RuntimeError: this thread is inside a transaction already.
        """
        if getattr(self._in_transaction, "open", False):
            raise RuntimeError("a transaction inside a transaction would lose changes: use the tables of the outer one")
        with self._locked():
            buffer = _Buffer(self._read_current())
            self._in_transaction.open = True
            try:
                yield TinyDB(storage=lambda: buffer)
            finally:
                self._in_transaction.open = False
            if buffer.changed:
                self._storage.write(with_schema(buffer.tables))

    def _migrated(self, older: Tables) -> Tables:
        """Migrate what is stored once and for all; where it cannot be written, only what this reader sees."""
        try:
            with self._locked():
                return self._read_current()
        except LibraryError as error:
            self.report(error.message)
            return migrate(older)

    def _read_current(self) -> Tables:
        """Return what is stored in this program's schema, migrating it first; inside the lock."""
        tables = self._storage.read() or {}
        refuse_newer(tables)
        if is_older(tables):
            if self._keep:
                self._keep(f"schema-{find_schema(tables)}")
            tables = migrate(tables)
            self._storage.write(tables)
        return tables


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


def open_catalogue(report: Callable[[str], None]) -> Catalogue:
    """Return the catalogue of this person, in the folder that `engine.paths` names.

    Args:
        report: Called with one line for the person about anything found damaged or left out.
    """
    storage = AtomicJSONStorage(catalogue_file(), report)
    return Catalogue(storage, storage.locked, report, storage.keep)
