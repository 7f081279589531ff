"""Files that a person gave to the program at its start, or at a second one, until the page has taken them."""

import threading
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from engine.audio.files import SUFFIXES
from engine.errors import ParameterError
from engine.library import archive, hrtfs
from engine.library.entries import new_id

Kind = Literal["sound", "model", "hrtf"]
MOST_FILES = 500  # that wait; a data set has no more


@dataclass(frozen=True)
class OpenedFile:
    """A file that waits for the page.

    Attributes:
        id: Of this run of the program.
        path: Where it is.
        kind: What it is by its name: sounds may be recordings, or outputs with a passport.
    """

    id: str
    path: Path
    kind: Kind


class Opened:
    """The files that wait, in the order in which they were given; thread-safe."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._files: dict[str, OpenedFile] = {}

    def add(self, paths: Iterable[Path]) -> list[str]:
        """Let files wait for the page.

        Returns:
            Why some of them do not, a line each.
        """
        refused = []
        for path in paths:
            kind = find_kind(path)
            if not path.is_file():
                refused.append(f"{path}: there is no such file")
            elif kind is None:
                refused.append(f"{path}: is no sound, model (.sda) or HRTF (.sofa); add folders in the page")
            elif not self._keep(path, kind):
                refused.append(f"{path}: {MOST_FILES} files wait already; open it once they are there")
        return refused

    def list(self) -> list[OpenedFile]:
        """Return the files that wait."""
        with self._guard:
            return list(self._files.values())

    def get(self, wanted: str) -> OpenedFile:
        """Return a file that waits.

        Raises:
            ParameterError: none of this id waits, or it is not there any more (`opened_unknown`).
        """
        with self._guard:
            found = self._files.get(wanted)
        if found is None or not found.path.is_file():
            raise ParameterError(f"no file {wanted!r} waits; open it once more", code="opened_unknown")
        return found

    def remove(self, wanted: str) -> None:
        """Take note that the page has a file; one that is not known is gone already."""
        with self._guard:
            self._files.pop(wanted, None)

    def _keep(self, path: Path, kind: Kind) -> bool:
        with self._guard:
            if len(self._files) >= MOST_FILES:
                return False
            file = OpenedFile(new_id(), path, kind)
            self._files[file.id] = file
            return True


def find_kind(path: Path) -> Kind | None:
    """Return what a file is by the ending of its name; None for what the program cannot open."""
    suffix = path.suffix.lower()
    if suffix in SUFFIXES:
        return "sound"
    return "model" if suffix == archive.SUFFIX else "hrtf" if suffix == hrtfs.SUFFIX else None
