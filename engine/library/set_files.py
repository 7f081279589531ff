"""The recordings that a data set keeps itself: put in, taken out, and put back.

A recording that is taken out waits in REMOVED, in a folder of its own that is named after the moment, until it is put
back or the trash is emptied.
"""

import contextlib
import hashlib
import os
import secrets
import time
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath

from engine.errors import LibraryError
from engine.library.durable import disk_refusal, flush_folder, replace_durably
from engine.library.entries import new_id
from engine.library.file_names import free_file_name, safe_name
from engine.library.locking import WriterLock
from engine.library.sets import REMOVED, DataSet, set_folders

INCOMING = "incoming"  # folder of a set: files that are being copied, and are no recordings yet
LOCK_FILE = "files.lock"
LONGEST_COPY_SECONDS = 24 * 3600.0
MOST_FILES = 5_000  # of a set: ten times what the program is made for
MOMENT = "%Y%m%dT%H%M%S"


@dataclass(frozen=True)
class Added:
    """A recording as it lies in its set."""

    name: str
    known: bool  # the set had the same bytes under this name already; nothing was added


@dataclass(frozen=True)
class Removed:
    """A recording that was taken out of its set."""

    id: str
    set: str  # id
    path: Path
    size_bytes: int
    removed: str  # ISO 8601, UTC

    @property
    def name(self) -> str:
        """The name it had in the set."""
        return self.path.name


def files_locked(home: Path) -> AbstractContextManager[None]:
    """Exclude all others that change the files in a set's own folder.

    Raises:
        LibraryError: another program does not let go, or the folder cannot be written.
    """
    return WriterLock(home / LOCK_FILE, home).held()


def add_file(one: DataSet, source: Path, wanted: str) -> Added:
    """Copy a file into a set under a safe name that is free; a crash leaves all of it there or nothing.

    Args:
        one: A set that keeps its files.
        source: Where the bytes are; it stays.
        wanted: The name the file came with. It is not trusted.

    Raises:
        LibraryError: the recordings are in a folder of the person (`set_of_folder`), the set holds MOST_FILES
            (`set_full`), or the disk refuses.
    """
    refuse_foreign(one)
    incoming = one.home / INCOMING / new_id()
    try:
        for folder in (incoming.parent, one.recordings_folder):
            folder.mkdir(parents=True, exist_ok=True)
        _sweep(incoming.parent)
        digest = _copy(source, incoming)
        with files_locked(one.home):
            same = _find_same(one.recordings_folder, incoming.stat().st_size, digest)
            if same:
                return Added(same, known=True)
            taken = _names(one.recordings_folder)
            if len(taken) >= MOST_FILES:
                raise LibraryError(f"data set {one.name!r} is full: it holds {MOST_FILES} recordings.", code="set_full")
            name = free_file_name(safe_name(wanted), taken)
            replace_durably(incoming, one.recordings_folder / name)
            return Added(name, known=False)
    except OSError as error:
        raise disk_refusal(one.recordings_folder / safe_name(wanted), "written", error) from error
    finally:
        incoming.unlink(missing_ok=True)


def remove_file(one: DataSet, name: str) -> Removed:
    """Take a recording out of a set that keeps its files; `restore_file` puts it back.

    Raises:
        LibraryError: the recordings are in a folder of the person (`set_of_folder`), there is none of this name
            (`recording_unknown`), or it is in use.
    """
    refuse_foreign(one)
    path = locate_file(one, name)
    key = f"{datetime.now(UTC).strftime(MOMENT)}-{secrets.token_hex(3)}"
    target = one.home / REMOVED / key / PurePosixPath(name).name
    try:
        with files_locked(one.home):
            locate_file(one, name)
            target.parent.mkdir(parents=True)
            replace_durably(path, target)
            flush_folder(path.parent)
    except OSError as error:
        raise disk_refusal(path, "moved", error) from error
    return _read_removed(one.id, target)


def replace_file(one: DataSet, name: str, source: Path, wanted: str) -> str:
    """Take a recording out of a set and put another one in its place; return the name that got.

    Args:
        one: A set that keeps its files.
        name: Of the recording that goes; `restore_file` puts it back.
        source: Where the bytes of the other one are; it stays.
        wanted: The name that the other one is to have.

    Raises:
        LibraryError: as `remove_file` and `add_file`; the set is as it was.
    """
    removed = remove_file(one, name)
    try:
        return add_file(one, source, wanted).name
    except LibraryError:
        restore_file(one, removed.id)
        raise


def locate_file(one: DataSet, name: str) -> Path:
    """Return the path of a recording of a set; a name never leads out of the set's folder.

    Raises:
        LibraryError: there is none of this name (`recording_unknown`).
    """
    relative = Path(name)
    path = one.recordings_folder / relative
    if relative.anchor or ".." in relative.parts or not path.is_file():
        raise LibraryError(
            f"data set {one.name!r} has no recording {name!r}. Its files have changed: look again.",
            code="recording_unknown",
        )
    return path


def restore_file(one: DataSet, key: str) -> str:
    """Put back what `remove_file` took out, and return its name: with a number if another recording has it now.

    Args:
        one: The set.
        key: Id of the removed recording.

    Raises:
        LibraryError: there is none of this id (`recording_unknown`), or it cannot be moved.
    """
    found = next((removed for removed in list_removed(one) if removed.id == key), None)
    if found is None:
        raise LibraryError(
            f"data set {one.name!r} has no removed recording {key!r}. It was put back, or removed for good.",
            code="recording_unknown",
        )
    try:
        with files_locked(one.home):
            name = free_file_name(found.name, _names(one.recordings_folder))
            replace_durably(found.path, one.recordings_folder / name)
            found.path.parent.rmdir()
    except OSError as error:
        raise disk_refusal(found.path, "moved", error) from error
    return name


def list_removed(one: DataSet) -> list[Removed]:
    """Return the recordings that were taken out of a set, the last first."""
    return _removed_in(one.home)


def list_due_files(until: str) -> list[Removed]:
    """Return the recordings of all sets that were taken out until a time, ISO 8601, UTC."""
    return [removed for home in set_folders() for removed in _removed_in(home) if removed.removed <= until]


def purge_files(until: str) -> list[Removed]:
    """Remove recordings for good that were taken out of their sets until a time, and return them.

    Args:
        until: ISO 8601, UTC.

    Raises:
        LibraryError: one is in use; those before it are gone.
    """
    purged = []
    for removed in list_due_files(until):
        try:
            removed.path.unlink()
            removed.path.parent.rmdir()
        except OSError as error:
            raise disk_refusal(removed.path, "removed", error) from error
        purged.append(removed)
    return purged


def refuse_foreign(one: DataSet) -> None:
    """Raise LibraryError for a set whose recordings are in a folder of the person."""
    if not one.owns_files:
        raise LibraryError(
            f"the recordings of {one.name!r} are in your folder {one.folder}, where the program changes nothing. "
            "Change them there, or leave recordings out.",
            code="set_of_folder",
        )


def _removed_in(home: Path) -> list[Removed]:
    files = [path for path in (home / REMOVED).glob("*/*") if path.is_file()]
    found = [_read_removed(home.name, path) for path in files if _is_key(path.parent.name)]
    return sorted(found, key=lambda removed: removed.id, reverse=True)


def _read_removed(set_id: str, path: Path) -> Removed:
    moment = datetime.strptime(path.parent.name.partition("-")[0], MOMENT).replace(tzinfo=UTC)
    return Removed(path.parent.name, set_id, path, path.stat().st_size, moment.isoformat(timespec="seconds"))


def _is_key(name: str) -> bool:
    """Say whether a folder in REMOVED is one that `remove_file` made."""
    try:
        datetime.strptime(name.partition("-")[0], MOMENT).replace(tzinfo=UTC)
    except ValueError:
        return False
    return True


def _names(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir()]


def _sweep(folder: Path) -> None:
    """Remove what copies left in INCOMING that a crash ended long ago."""
    for remains in folder.iterdir():
        with contextlib.suppress(OSError):  # another upload moved it, or is writing it
            if time.time() - remains.stat().st_mtime > LONGEST_COPY_SECONDS:
                remains.unlink()


def _copy(source: Path, target: Path) -> bytes:
    """Copy a file to the disk, and return the digest of its bytes."""
    digest = hashlib.sha256()
    with source.open("rb") as read, target.open("xb") as written:
        while block := read.read(1 << 20):
            digest.update(block)
            written.write(block)
        written.flush()
        os.fsync(written.fileno())
    return digest.digest()


def _find_same(folder: Path, size_bytes: int, digest: bytes) -> str | None:
    """Return the name of a file with the same bytes, None where there is none."""
    with os.scandir(folder) as entries:
        alike = sorted(entry.name for entry in entries if entry.is_file() and entry.stat().st_size == size_bytes)
    return next((name for name in alike if _digest(folder / name) == digest), None)


def _digest(path: Path) -> bytes:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").digest()
