"""Where a sound file goes: under a temporary name until it is whole, and in place only then."""

import errno
import os
import re
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import mutagen
import soundfile

from engine.audio.source import is_text
from engine.errors import ExportError
from engine.export.formats import choose_encoding
from engine.library.durable import replace_durably
from engine.library.file_names import find_fault, safe_name
from engine.paths import TOO_LONG, is_too_long
from engine.settings import ExportSettings

DEFAULTS = ExportSettings()
FORBIDDEN = re.compile(r'[<>:"/\\|?*\x00-\x1f]')  # Windows, and most memory sticks, take no file with these in its name
NO_PERMISSION = "you have no permission to write there; choose another folder"
DISK_FULL = "the disk is full; free some space or choose another folder"
REASONS = {
    errno.ENOSPC: DISK_FULL,
    errno.EDQUOT: "your quota on this disk is used up; free some space or choose another folder",
    errno.EFBIG: "the disk holds no file of that size; write it in parts, or choose another disk",
    errno.EACCES: NO_PERMISSION,
    errno.EPERM: NO_PERMISSION,
    errno.EROFS: "the disk is read-only; choose another folder",
    errno.ENOTDIR: "a part of its path is a file, not a folder; choose another folder",
}


def check_target(path: Path, settings: ExportSettings = DEFAULTS, *, force: bool = False) -> None:
    """Refuse what cannot be written, or not there, before any work is done.

    Args:
        path: Where the sound is to go.
        settings: How it is to be written.
        force: Whether a file of that name may be replaced.

    Raises:
        ExportError: the settings do not go together, the file exists and `force` is not set, or the name cannot be
            used.
    """
    choose_encoding(path, settings)
    check_place(path, force=force)


def check_place(path: Path, *, force: bool = False) -> None:
    """Refuse a name that cannot be used, or is in use.

    Raises:
        ExportError: the file exists and `force` is not set, or the name cannot be used.
    """
    if not _is_there(path):
        return
    if path.is_dir():
        raise ExportError(f"{path} is a folder; give a file name inside it", code="export.folder")
    if not force:
        raise ExportError(f"{path} exists already; use --force to replace it, or another name", code="export.exists")


@contextmanager
def placed(path: Path, *, force: bool = False) -> Iterator[Path]:
    """Give a hidden temporary name beside `path`; what is there takes its place when the block ends well.

    When it does not, nothing is left, and a file that was there is untouched. Missing folders are made.

    Args:
        path: Where the sound goes.
        force: Replace a file of that name.

    Yields:
        The temporary name, of an empty file.

    Raises:
        ExportError: see `check_place`; or the folder cannot be written, or the disk is full.
    """
    check_place(path, force=force)
    part = path.with_name(f".{secrets.token_hex(8)}.part")
    try:
        with explained(path):
            path.parent.mkdir(parents=True, exist_ok=True)
            part.touch(exist_ok=False)
        yield part
        check_place(path, force=force)  # another program may have written it in the meantime
        with explained(path):
            with part.open("rb+") as file:
                os.fsync(file.fileno())
            replace_durably(part, path)
    finally:
        with suppress(OSError):
            part.unlink(missing_ok=True)


def check_folder(path: Path, *, force: bool = False) -> None:
    """Refuse a name of a folder that cannot be used, or is that of a file, or of a folder that holds something.

    Raises:
        ExportError: the folder is not empty and `force` is not set, or the name cannot be used.
    """
    if not _is_there(path):
        return
    if not path.is_dir():
        raise ExportError(f"{path} is a file; give the name of a folder", code="export.folder")
    if not force and any(path.iterdir()):
        raise ExportError(f"{path} exists and is not empty; use --force, or another folder", code="export.exists")


@contextmanager
def placed_folder(path: Path, *, force: bool = False) -> Iterator[Path]:
    """Give a hidden temporary folder; its files take their place in `path` when the block ends well.

    When it does not, nothing is left, and a folder that was there is untouched. Missing folders are made.

    Args:
        path: The folder, new or empty.
        force: It may hold something; files of the same names are replaced.

    Yields:
        The temporary folder, on the same disk; where a message names it, the person reads `path`.

    Raises:
        ExportError: see `check_folder`; or the folder cannot be written, or the disk is full.
    """
    with explained(path):
        check_folder(path, force=force)
        part = (path if path.is_dir() else path.parent) / f".{secrets.token_hex(8)}.part"
        part.mkdir(parents=True)
    try:
        with explained(path):
            yield part
            check_folder(path, force=force or path == part.parent)
            if not path.is_dir():
                replace_durably(part, path)
                return
            for file in sorted(part.iterdir()):
                replace_durably(file, path / file.name)
    except ExportError as error:
        raise ExportError(error.message.replace(str(part), str(path)), code=error.code) from error
    finally:
        shutil.rmtree(part, ignore_errors=True)


def _is_there(path: Path) -> bool:
    """Return whether there is something of a name.

    Raises:
        ExportError: not every system takes the name, or this one does not.
    """
    if not is_text(str(path)):
        raise ExportError(
            f"{_shown(path)}: its name, or that of its folder, is not text in this system's encoding; choose another",
            code="export.name",
        )
    found = FORBIDDEN.search(path.name)
    if found:
        raise ExportError(
            f"{_shown(path)}: not every system takes a file with {found[0]!r} in its name; choose another, such as "
            f"{FORBIDDEN.sub('-', path.name)}",
            code="export.name",
        )
    fault = find_fault(path.name)
    if fault:
        raise ExportError(f"{path}: {fault}; choose another, such as {safe_name(path.name)}", code="export.name")
    with explained(path):
        try:
            path.lstat()
        except FileNotFoundError:
            return False
    return True


@contextmanager
def explained(path: Path) -> Iterator[None]:
    """Turn what the system says while `path` is written into one line that says what to do.

    Raises:
        ExportError: in place of OSError, and of the errors of the libraries that write.
    """
    try:
        yield
    except (OSError, soundfile.LibsndfileError, mutagen.MutagenError) as error:
        raise write_error(path, error) from error


def write_error(path: Path, error: Exception | None = None) -> ExportError:
    """Return the error that says why `path` cannot be written.

    Args:
        path: Where the sound was to go.
        error: What the system or a library said; the libraries do not tell a full disk from other failures.
    """
    cause: BaseException | None = error
    while cause and not isinstance(cause, OSError):
        cause = cause.__cause__ or cause.__context__
    reason = "the disk is gone, or limits the size of files; choose another folder"
    if isinstance(cause, OSError):
        known = REASONS.get(cause.errno or 0, cause.strerror or str(cause))
        reason = TOO_LONG if is_too_long(path, cause) else known
    elif _is_full(path.parent):
        reason = DISK_FULL
    return ExportError(f"{_shown(path)} cannot be written: {reason}", code="export.write")


def _is_full(folder: Path) -> bool:
    """Return whether less than a megabyte is left on the disk."""
    with suppress(OSError):
        return shutil.disk_usage(folder).free < 2**20
    return False


def _shown(path: Path) -> str:
    """Return a path for a message, an overlong name shortened."""
    return str(path if len(path.name) <= 80 else path.with_name(f"{path.name[:60]}…{path.suffix}"))
