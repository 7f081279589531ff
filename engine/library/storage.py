"""Tables of records as one JSON file that is never half written, and is not lost when it is found damaged."""

import json
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NoReturn

from tinydb.storages import Storage

from engine.errors import LibraryError
from engine.library.durable import disk_refusal, keep_durably, replace_durably, write_durably
from engine.library.locking import WriterLock

Tables = dict[str, dict[str, Any]]  # table name -> record number -> record
_to_text = json.JSONEncoder(allow_nan=False, ensure_ascii=False).encode


class AtomicJSONStorage(Storage):
    """Three methods on one file: `read`, `write` and `close`, as TinyDB's storages have.

    `library.json` is replaced as a whole; `library.json.bak` is the last good one before it. A damaged file is
    moved to `library.json.corrupt-<time>` and the backup takes its place. Readers need no lock; a writer is
    inside `locked` from its read to its write.
    """

    def __init__(self, path: Path, report: Callable[[str], None], lock: WriterLock | None = None) -> None:
        """Keep the path; nothing is created until something is written.

        Args:
            path: The file.
            report: Called with one line for the person whenever damage was found, saying what was done.
            lock: What excludes other writers, where files share one; a lock of its own otherwise.
        """
        self.path = path
        self.backup = path.with_name(path.name + ".bak")
        self._report = report
        self._lock = lock or WriterLock(path.with_name(path.name + ".lock"), path)

    def locked(self) -> AbstractContextManager[None]:
        """Exclude all other threads and processes; may be entered again by the thread that holds it.

        Raises:
            LibraryError: another program does not let go, or the folder cannot be written.
        """
        return self._lock.held()

    def read(self) -> Tables | None:
        """Return all tables, or None when nothing was written yet; damage is repaired from the backup.

        Raises:
            LibraryError: the file exists but the system does not let it be read, or repaired.
        """
        try:
            found = read_tables(self.path)
        except ValueError:
            found = None
        if found is None and (self.path.exists() or self.backup.exists()):
            with self.locked():
                return self._repair()
        return found

    def write(self, data: Tables) -> None:
        """Replace the file, keeping the one before as backup.

        Raises:
            LibraryError: a value has no place in JSON, or the disk refuses; the file is as it was.
        """
        try:
            content = tables_to_text(data).encode(errors="surrogatepass")  # file names need not be text everywhere
        except (TypeError, ValueError) as error:
            raise LibraryError(f"{self.path} cannot hold this value: {error}. Nothing was changed.") from None
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            if self.path.exists():
                keep_durably(self.path, self.backup)
            write_durably(self.path, content)
        except OSError as error:
            raise disk_refusal(self.path, "written", error) from error

    def keep(self, name: str) -> Path:
        """Keep the file as it is now under its name and `name`, replacing one kept so before; return the path.

        Raises:
            LibraryError: the disk refuses.
        """
        kept = self.path.with_name(f"{self.path.name}.{name}")
        try:
            keep_durably(self.path, kept)
        except OSError as error:
            raise disk_refusal(kept, "written", error) from error
        return kept

    def _repair(self) -> Tables | None:
        """Set a damaged file aside and put the backup in its place, unless another program just did."""
        try:
            found = read_tables(self.path)
            if found is not None:
                return found
            state = "is missing"
        except ValueError as error:
            state = f"was damaged ({error}) and is kept as {self._set_aside(self.path).name}"
        try:
            found = read_tables(self.backup)
        except ValueError:
            found = None
            self._set_aside(self.backup)
        if found is None:
            self._report(f"{self.path} {state}. It has no good backup: a new one is begun.")
            return None
        try:
            write_durably(self.path, self.backup.read_bytes())
        except OSError as error:
            raise disk_refusal(self.path, "repaired", error) from error
        self._report(f"{self.path} {state}. Its backup is used; the last change may be missing.")
        return found

    def _set_aside(self, path: Path) -> Path:
        """Rename a damaged file so that its name tells when it was found."""
        stamp = datetime.now(UTC).strftime("%Y%m%d-%H%M%S-%f")
        aside = path.with_name(f"{path.name}.corrupt-{stamp}")
        try:
            replace_durably(path, aside)
        except OSError as error:
            raise disk_refusal(path, "set aside though it is damaged", error) from error
        return aside


def tables_to_text(tables: Tables) -> str:
    """Write tables as JSON with one record a line: quick to write, and to compare by eye.

    Raises:
        TypeError, ValueError: a value has no place in JSON.
    """
    return "{\n" + ",\n".join(f"{_to_text(name)}: {_table_to_text(table)}" for name, table in tables.items()) + "\n}"


def _table_to_text(table: dict[str, Any]) -> str:
    return "{\n" + ",\n".join(f"{_to_text(number)}: {_to_text(record)}" for number, record in table.items()) + "\n}"


def read_tables(path: Path) -> Tables | None:
    """Read a file of tables as it is; None when there is none.

    Raises:
        ValueError: it is cut off, is not JSON, or does not hold tables of records.
        LibraryError: the system does not let it be read.
    """
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise LibraryError(f"{path} cannot be read: {error.strerror or error}. Allow access to it.") from error
    try:
        found = json.loads(content, parse_constant=_refuse_constant)
    except UnicodeDecodeError:
        raise ValueError("not text") from None
    except RecursionError:
        raise ValueError("nested too deep") from None
    if not isinstance(found, dict) or not all(map(_is_table, found.values())):
        raise ValueError("not tables of records")
    return found


def _is_table(value: object) -> bool:
    return isinstance(value, dict) and all(
        key.isdecimal() and isinstance(record, dict) for key, record in value.items()
    )


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not a number")
