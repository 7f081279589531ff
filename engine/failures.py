"""From an exception to one line and a stable code; a traceback goes to a file, never to the person."""

import errno
import tempfile
import traceback
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from engine.errors import EngineError
from engine.paths import TOO_LONG, data_folder, is_too_long

INTERNAL, SYSTEM, MEMORY = "internal", "system", "memory"

NO_ROOM = {errno.ENOSPC, errno.EDQUOT}
NOT_ALLOWED = {errno.EACCES, errno.EPERM, errno.EROFS}


@dataclass(frozen=True)
class Failure:
    """Why something did not end as asked.

    Attributes:
        code: Stable, for scripts and the page.
        message: One line for the person.
        field: The setting that is wrong, dotted where it stands inside another; None where it is none.
    """

    code: str
    message: str
    field: str | None = None


def describe_failure(error: Exception) -> Failure:
    """Say what an exception means to the person; one that was not foreseen is written to a file first."""
    if isinstance(error, EngineError):
        return Failure(error.code, one_line(error.message), error.field)
    if isinstance(error, OSError):
        return Failure(SYSTEM, describe_system_error(error))
    if isinstance(error, MemoryError):
        return Failure(MEMORY, "the memory of this computer is full: close other programs and try again")
    return Failure(
        INTERNAL,
        f"a fault of this program, not yours: {type(error).__name__}: {one_line(str(error))}. "
        f"Please report it with {write_traceback(error)}",
    )


def describe_system_error(error: OSError) -> str:
    """Say in words what the system refused, with the file it refused it for."""
    where = f"{error.filename}: " if error.filename else ""
    if is_too_long(str(error.filename), error):
        return f"{where}{TOO_LONG}"
    if error.errno in NO_ROOM:
        return f"{where}the disk is full: free some space and try again"
    if error.errno in NOT_ALLOWED:
        return f"{where}the system does not allow it: change the permissions, or choose another folder"
    return f"{where}{error.strerror or one_line(str(error)) or type(error).__name__}"


def write_traceback(error: Exception) -> Path | str:
    """Write a traceback where a bug report finds it, and return that file, or in words why there is none."""
    name = f"error-{datetime.now():%Y%m%d-%H%M%S-%f}.txt"
    text = "".join(traceback.format_exception(error))
    for folder in (data_folder() / "logs", Path(tempfile.gettempdir())):
        try:
            folder.mkdir(parents=True, exist_ok=True)
            (folder / name).write_text(text, "utf-8", errors="backslashreplace")
        except OSError:
            continue
        return folder / name
    return "what you did (the details could not be written: no folder allows it)"


def one_line(text: str) -> str:
    """Return a text with its line breaks made spaces."""
    return " ".join(text.split())
