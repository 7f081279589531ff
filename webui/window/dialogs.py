"""Native dialogs: a folder, files, and where a file is written. One at a time."""

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from engine.audio.files import SUFFIXES
from engine.errors import ParameterError
from engine.library import archive, hrtfs

FILES = f"Sounds and models (*{';*'.join(sorted(SUFFIXES | {archive.SUFFIX, hrtfs.SUFFIX}))})"
TITLES = ("linux.openFolder", "linux.openFile", "linux.openFiles", "global.saveFile")  # pywebview's names for them


class Dialogs:
    """The dialogs of a window of pywebview; called in any thread but the window's own."""

    def __init__(self, window: Any) -> None:
        self._window = window
        self._open = threading.Lock()

    def choose_folder(self, title: str) -> Path | None:
        """Let the person choose a folder; None where they did not."""
        from webview import FileDialog

        with self._titled(title):
            return _first(self._window.create_file_dialog(FileDialog.FOLDER))

    def choose_files(self, title: str) -> list[Path]:
        """Let the person choose files that the program can open; none where they did not."""
        from webview import FileDialog

        with self._titled(title):
            found = self._window.create_file_dialog(FileDialog.OPEN, allow_multiple=True, file_types=(FILES,))
        return [Path(one) for one in found or ()]

    def choose_target(self, title: str, name: str) -> Path | None:
        """Let the person choose where a file is written; None where they did not.

        A name without an ending gets that of `name`; where that makes it another file that is there, the person is
        asked, since the dialog could not.
        """
        from webview import FileDialog

        with self._titled(title):
            while chosen := _first(self._window.create_file_dialog(FileDialog.SAVE, save_filename=name)):
                target = with_ending(chosen, Path(name).suffix)
                if target == chosen or not target.exists() or self._replaces(target):
                    return target
        return None

    def _replaces(self, target: Path) -> bool:
        question = f"There is a file {target.name} already. Replace it?"
        return bool(self._window.create_confirmation_dialog("Replace", question))

    @contextmanager
    def _titled(self, title: str) -> Iterator[None]:
        """Give the dialog inside a block its title.

        Raises:
            ParameterError: another dialog is open (`busy`).
        """
        if not self._open.acquire(blocking=False):
            raise ParameterError("a dialog is open already; answer it first", code="busy")
        usual = {name: self._window.localization[name] for name in TITLES}
        try:
            if title:
                self._window.localization.update(dict.fromkeys(TITLES, title))
            yield
        finally:
            self._window.localization.update(usual)
            self._open.release()


def with_ending(path: Path, suffix: str) -> Path:
    """Return a path with an ending, where it has none."""
    return path if path.suffix else path.with_name(path.name + suffix)


def _first(found: Sequence[str] | None) -> Path | None:
    return Path(found[0]) if found and found[0] else None
