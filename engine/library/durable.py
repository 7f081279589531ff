"""Write a file so that after a crash or a power cut it holds either the old or the new content, whole."""

import contextlib
import os
import time
from pathlib import Path

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


def replace_durably(source: Path, target: Path) -> None:
    """Rename `source` to `target`, replacing it, and flush the folder.

    On Windows another program that has `target` open for a moment makes this fail, so it is tried again.

    Raises:
        OSError: it cannot be renamed.
    """
    pause = FIRST_PAUSE_SECONDS
    for attempt in range(ATTEMPTS):
        try:
            source.replace(target)
            break
        except PermissionError as error:
            if getattr(error, "winerror", None) not in WINDOWS_SHARING_ERRORS or attempt == ATTEMPTS - 1:
                raise
        time.sleep(pause)
        pause *= 2
    flush_folder(target.parent)


def flush_folder(folder: Path) -> None:
    """Make renames in `folder` survive a power cut; Windows does so by itself and cannot open a folder."""
    if os.name == "nt":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
