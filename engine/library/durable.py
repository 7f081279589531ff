"""Write a file so that after a crash or a power cut it holds either the old or the new content, whole."""

import contextlib
import os
import time
from collections.abc import Callable
from pathlib import Path

from engine.errors import LibraryError
from engine.paths import TOO_LONG, is_too_long

WINDOWS_SHARING_ERRORS = frozenset({5, 32, 33})  # access denied, sharing violation, lock violation
ATTEMPTS = 8
FIRST_PAUSE_SECONDS = 0.01  # doubled each time: 1.3 s in all, longer than a virus scanner holds a small file


def write_durably(path: Path, content: bytes) -> None:
    """Write `content` to `path`, atomically and flushed to the disk.

    The temporary file has a fixed name beside `path`, so a crash leaves at most one, which the next write takes
    over: writers of the same file must exclude each other.

    Raises:
        OSError: the disk is full, or the folder is missing or cannot be written; `path` is as it was.
    """
    temporary = path.with_name(path.name + ".new")
    try:
        with temporary.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        replace_durably(temporary, path)
    except BaseException:
        with contextlib.suppress(OSError):
            temporary.unlink(missing_ok=True)
        raise


def keep_durably(path: Path, kept: Path) -> None:
    """Let `kept` hold what `path` holds now, also when `path` is replaced afterwards by `write_durably`.

    It becomes a second name of the same file, whose content is on the disk already: half the waiting for the disk
    that a copy takes. Where the file system has no such names, or `path` is on another one, it is copied.

    Raises:
        OSError: `path` is missing, or the folder cannot be written; `kept` is as it was.
    """
    temporary = kept.with_name(kept.name + ".new")
    try:
        temporary.unlink(missing_ok=True)
        os.link(path, temporary)
    except OSError:
        write_durably(kept, path.read_bytes())
        return
    replace_durably(temporary, kept)
    temporary.unlink(missing_ok=True)  # renaming does nothing where both were already names of the same file


def replace_durably(source: Path, target: Path) -> None:
    """Rename a file or a folder to `target`, replacing a file that is there, and flush the folder.

    On Windows another program that has `target` open for a moment makes this fail, so it is tried again.

    Raises:
        OSError: it cannot be renamed.
    """
    _insist(lambda: source.replace(target))
    flush_folder(target.parent)


def remove_durably(path: Path) -> None:
    """Remove a file, which may be missing; on Windows another program may have it open for a moment.

    Raises:
        OSError: it cannot be removed.
    """
    _insist(lambda: path.unlink(missing_ok=True))


def _insist(change: Callable[[], object]) -> None:
    """Change something on the disk; try again while another program holds a file, as a virus scanner does.

    Raises:
        OSError: the system refuses for another reason, or the other program does not let go.
    """
    pause = FIRST_PAUSE_SECONDS
    for attempt in range(ATTEMPTS):
        try:
            change()
            break
        except PermissionError as error:
            if getattr(error, "winerror", None) not in WINDOWS_SHARING_ERRORS or attempt == ATTEMPTS - 1:
                raise
        time.sleep(pause)
        pause *= 2


def flush_folder(folder: Path) -> None:
    """Make renames in `folder` survive a power cut; Windows does so by itself and cannot open a folder."""
    if os.name == "nt":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def disk_refusal(path: Path, action: str, error: Exception) -> LibraryError:
    """Return the error for something that the system did not let be done with a file or a folder of the library.

    Args:
        path: The file or folder.
        action: What could not be done with it: "written", "moved".
        error: What the system said.
    """
    if isinstance(error, OSError) and is_too_long(path, error):
        return LibraryError(f"{path} cannot be {action}: {TOO_LONG}, or move the library with SDA_HOME.")
    return LibraryError(
        f"{path} cannot be {action}: {getattr(error, 'strerror', None) or error}. Free space or allow access "
        "to its folder, or choose another folder with SDA_HOME."
    )
