"""Changes since a page looked last, counted by noun, so that it fetches anew only what it must."""

import threading
import time
from collections.abc import Iterator
from pathlib import Path

from engine.paths import catalogue_file, history_folder, runs_folder

KEPT = ("models", "presets", "sets", "trash", "preferences")  # in the catalogue
NOUNS = (*KEPT, "history", "jobs", "workers", "opened")


class Changes:
    """Counts changes: those that this process makes are told, those of other programs are seen on the disk."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        start = time.time_ns() // 1_000_000  # a page that outlives a start of the program sees that all is new
        self._version = start
        self._revisions = dict.fromkeys(NOUNS, start)
        self._stamps = _stamps()

    def touch(self, *nouns: str) -> None:
        """Take note that this process has changed something.

        Args:
            nouns: From NOUNS.
        """
        with self._guard:
            self._bump(nouns)
            self._stamps = _stamps()

    def look(self) -> tuple[int, dict[str, int]]:
        """Return the version of everything, and of each noun, changes by other programs included."""
        found = _stamps()
        with self._guard:
            before, self._stamps = self._stamps, found
            if found[:1] != before[:1]:
                self._bump(KEPT)
            if found[1:] != before[1:]:
                self._bump(("history", "jobs", "trash"))
            return self._version, dict(self._revisions)

    def _bump(self, nouns: tuple[str, ...]) -> None:
        self._version += 1
        for noun in nouns:
            self._revisions[noun] += 1


def _stamps() -> tuple[int, ...]:
    """Return when what others may change was changed last."""
    return tuple(_newest([path]) for path in (catalogue_file(),)) + tuple(
        _newest(_and_inside(folder)) for folder in (history_folder(), runs_folder())
    )


def _and_inside(folder: Path) -> Iterator[Path]:
    yield folder
    try:
        yield from folder.iterdir()
    except OSError:
        return


def _newest(paths: "Iterator[Path] | list[Path]") -> int:
    newest = 0
    for path in paths:
        try:
            newest = max(newest, path.stat().st_mtime_ns)
        except OSError:
            continue
    return newest
