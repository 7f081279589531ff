"""A file shown in the system's file manager."""

import shutil
import subprocess
import sys
from pathlib import Path

from engine.errors import LibraryError
from engine.programs import outer_environment


def show_in_folder(path: Path) -> None:
    """Let the system's file manager show a file in its folder, or a folder.

    Args:
        path: That is there.

    Raises:
        LibraryError: it is not there, or there is no file manager (`no_file_manager`).
    """
    if not path.exists():
        raise LibraryError(f"{path} is not there any more", code="file_unknown")
    command = find_command(path)
    if command is None:
        raise LibraryError(
            f"this system has no file manager that can be asked; the file is {path}", code="no_file_manager"
        )
    subprocess.Popen(command, env=outer_environment(), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def find_command(path: Path) -> list[str] | None:
    """Return the command that shows a path; None where there is none."""
    if sys.platform == "win32":
        return ["explorer", str(path)] if path.is_dir() else ["explorer", "/select,", str(path)]
    if sys.platform == "darwin":
        return ["open", str(path)] if path.is_dir() else ["open", "-R", str(path)]
    opener = shutil.which("xdg-open")
    return [opener, str(path if path.is_dir() else path.parent)] if opener else None
