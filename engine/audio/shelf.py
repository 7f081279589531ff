"""Files made for a while, in a folder that goes with the program.

It lies in the data folder: one for temporary files may lie in memory. A program that is killed leaves its folder, which
the next one removes.
"""

import contextlib
import os
import shutil
import threading
from collections import OrderedDict
from collections.abc import Hashable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from engine.paths import converted_folder
from engine.programs import do_at_the_end

KEPT_FILES = 3
KEPT_BYTES = 4 << 30  # all together; the last one may be larger


def own_folder() -> Path:
    """Return the folder of this process, which may not be there."""
    return converted_folder() / str(os.getpid())


def discard_own_files() -> None:
    """Remove what this process made."""
    shutil.rmtree(own_folder(), ignore_errors=True)


def _remove_leftovers() -> None:
    """Remove the folders of processes that are gone, and of an earlier one with this number."""
    discard_own_files()
    for folder in converted_folder().glob("*"):
        if folder.name.isdecimal() and not psutil.pid_exists(int(folder.name)):
            shutil.rmtree(folder, ignore_errors=True)


@dataclass
class Slot:
    """The place of one file.

    Attributes:
        path: Where it is, once somebody has made it.
        lock: Held by whoever makes it.
        users: How many use it.
    """

    path: Path
    lock: threading.Lock = field(default_factory=threading.Lock)
    users: int = 0


class Shelf:
    """Places for files by a key; the last few files are kept, and those in use stay."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._folder: Path | None = None
        self._slots: OrderedDict[Hashable, Slot] = OrderedDict()
        self._made = 0

    @contextlib.contextmanager
    def use(self, key: Hashable) -> Iterator[Slot]:
        """Give the place of a file, which stays there inside the block once it is made."""
        with self._guard:
            slot = self._slots.get(key) or Slot(self._new_place())
            self._slots[key] = slot
            self._slots.move_to_end(key)
            slot.users += 1
        try:
            yield slot
        finally:
            with self._guard:
                slot.users -= 1
                self._make_room()

    def _new_place(self) -> Path:
        folder = own_folder()
        if folder != self._folder:
            _remove_leftovers()
            folder.mkdir(parents=True)
            do_at_the_end(discard_own_files)
            self._folder = folder
        self._made += 1
        return folder / f"{self._made}.wav"

    def _make_room(self) -> None:
        """Remove the files that were used longest ago, until few enough are left."""
        for key, slot in list(self._slots.items())[:-1]:
            size = sum(one.path.stat().st_size for one in self._slots.values() if one.path.is_file())
            if len(self._slots) <= KEPT_FILES and size <= KEPT_BYTES:
                return
            if not slot.users:
                slot.path.unlink(missing_ok=True)
                del self._slots[key]
