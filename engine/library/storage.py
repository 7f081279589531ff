"""The catalogue as one JSON file that is never half written, and is not lost when it is found damaged."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NoReturn

from filelock import FileLock, Timeout
from tinydb.storages import Storage

from engine.errors import LibraryError
from engine.library.durable import replace_durably, write_durably

Tables = dict[str, dict[str, Any]]  # table name -> record number -> record
LOCK_TIMEOUT_SECONDS = 10.0


class AtomicJSONStorage(Storage):
    """Three methods on one file: `read`, `write` and `close`, as TinyDB's storages have.

    `library.json` is replaced as a whole; `library.json.bak` is the last good one before it. A damaged file is
    moved to `library.json.corrupt-<time>` and the backup takes its place. Readers need no lock; a writer is
    inside `locked` from its read to its write.
    """

    def __init__(self, path: Path, report: Callable[[str], None]) -> None:
        """Keep the path; nothing is created until something is written.

        Args:
            path: The catalogue.
            report: Called with one line for the person whenever damage was found, saying what was done.
        """
        self.path = path
        self.backup = path.with_name(path.name + ".bak")
        self._report = report
        self._lock = FileLock(path.with_name(path.name + ".lock"), timeout=LOCK_TIMEOUT_SECONDS)

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Exclude all other threads and processes; may be entered again by the thread that holds it.

        Raises:
            LibraryError: another program does not let go, or the folder cannot be written.
        """
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            self._lock.acquire()
        except Timeout:
            raise LibraryError(
                f"{self.path} is being changed by another program since {LOCK_TIMEOUT_SECONDS:g} s. "
                "Close other windows of Small DataSet Audio, or wait, and try again.",
                code="library_busy",
            ) from None
        except (OSError, NotImplementedError) as error:
            self._refuse("locked", error)
        try:
            yield
        finally:
            self._lock.release()

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
        """Replace the catalogue, keeping the one before as backup.

        Raises:
            LibraryError: a value has no place in JSON, or the disk refuses; the catalogue is as it was.
        """
        try:
            content = json.dumps(data, allow_nan=False, ensure_ascii=False, indent=1).encode()
        except (TypeError, ValueError) as error:
            raise LibraryError(f"{self.path} cannot hold this value: {error}. Nothing was changed.") from None
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            if self.path.exists():
                write_durably(self.backup, self.path.read_bytes())
            write_durably(self.path, content)
        except OSError as error:
            self._refuse("written", error)

    def _repair(self) -> Tables | None:
        """Set a damaged catalogue aside and put the backup in its place, unless another program just did."""
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
            self._refuse("repaired", error)
        self._report(f"{self.path} {state}. Its backup is used; the last change may be missing.")
        return found

    def _set_aside(self, path: Path) -> Path:
        """Rename a damaged file so that its name tells when it was found."""
        stamp = datetime.now(UTC).strftime("%Y%m%d-%H%M%S-%f")
        aside = path.with_name(f"{path.name}.corrupt-{stamp}")
        try:
            replace_durably(path, aside)
        except OSError as error:
            self._refuse("set aside though it is damaged", error)
        return aside

    def _refuse(self, action: str, error: Exception) -> NoReturn:
        raise LibraryError(
            f"{self.path} cannot be {action}: {getattr(error, 'strerror', None) or error}. Free space or allow access "
            "to its folder, or choose another folder with SDA_HOME."
        ) from error


def read_tables(path: Path) -> Tables | None:
    """Read a catalogue file as it is; None when there is none.

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
