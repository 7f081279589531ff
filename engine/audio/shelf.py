"""Files made for a while, in a folder that goes with the program."""

import atexit
import contextlib
import shutil
import tempfile
import threading
from collections import OrderedDict
from collections.abc import Hashable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

KEPT_FILES = 3
KEPT_BYTES = 4 << 30  # all together; the last one may be larger


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
        if self._folder is None or not self._folder.is_dir():
            self._folder = Path(tempfile.mkdtemp(prefix="sda-converted-"))
            atexit.register(shutil.rmtree, self._folder, ignore_errors=True)
        self._made += 1
        return self._folder / f"{self._made}.wav"

    def _make_room(self) -> None:
        """Remove the files that were used longest ago, until few enough are left."""
        for key, slot in list(self._slots.items())[:-1]:
            size = sum(one.path.stat().st_size for one in self._slots.values() if one.path.is_file())
            if len(self._slots) <= KEPT_FILES and size <= KEPT_BYTES:
                return
            if not slot.users:
                slot.path.unlink(missing_ok=True)
                del self._slots[key]
