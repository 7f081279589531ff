"""Where the history is kept: in files of a few hundred entries, so that an addition rewrites only the newest one.

Every entry has a running number, which says in which file it is: each file is a catalogue of its own, with its backup
and its schema number, and one lock for all of them makes the next number unique.
"""

import re
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path

from tinydb import TinyDB

from engine.library.locking import WriterLock
from engine.library.storage import AtomicJSONStorage
from engine.library.store import Catalogue
from engine.paths import history_folder

ENTRIES_TABLE = "entries"
SEGMENT_SIZE = 250  # entries: a file of some 200 kB
_FILE_NAME = re.compile(r"(\d{6,})\.json(\.bak)?")


@dataclass(frozen=True)
class History:
    """The entries of one person.

    Attributes:
        open_segment: Returns the catalogue of a segment, which need not exist yet.
        find_segments: Returns the numbers of the segments that exist, ascending.
        locked: Makes the context in which nobody else writes to any segment.
        file_of: Returns the file of a segment, or None where it is kept elsewhere.
    """

    open_segment: Callable[[int], Catalogue]
    find_segments: Callable[[], list[int]]
    locked: Callable[[], AbstractContextManager[None]]
    file_of: Callable[[int], Path | None] = lambda _: None

    def newest_first(self, before: int | None = None) -> Iterator[tuple[int, Catalogue]]:
        """Yield the segments that exist, one at a time; only those with running numbers below `before`, if given."""
        for segment in reversed(self.find_segments()):
            if before is None or segment * SEGMENT_SIZE < before:
                yield segment, self.open_segment(segment)

    def holding(self, number: int) -> Catalogue:
        """Return the segment for the entry with this running number, whether it is there or not."""
        return self.open_segment(number // SEGMENT_SIZE)

    @contextmanager
    def appending(self) -> Iterator[tuple[TinyDB, int]]:
        """Open a transaction for one more entry: yield the tables it goes to, and its running number.

        Raises:
            LibraryError: another program holds the history, a newer version wrote it, or it cannot be written.
        """
        with self.locked():
            newest = max(self.find_segments(), default=0)
            with self.open_segment(newest).transaction() as tables:  # refused where a newer version wrote it
                number = next_number(tables, newest)
            with self.holding(number).transaction() as tables:
                yield tables, number


def open_history(report: Callable[[str], None]) -> History:
    """Return the history of this person, in the folder that `engine.paths` names.

    Args:
        report: Called with one line for the person about anything found damaged or left out.
    """
    folder = history_folder()
    lock = WriterLock(folder / "history.lock", folder)
    opened: dict[int, Catalogue] = {}

    def file_of(segment: int) -> Path:
        return folder / f"{segment:06}.json"

    def open_segment(segment: int) -> Catalogue:
        if segment not in opened:
            storage = AtomicJSONStorage(file_of(segment), report, lock)
            opened[segment] = Catalogue(storage, storage.locked, report, storage.keep)
        return opened[segment]

    return History(open_segment, lambda: find_segments(folder), lock.held, file_of)


def find_segments(folder: Path) -> list[int]:
    """Return the numbers of the segments in a folder, ascending; one of which only the backup is left is among them."""
    if not folder.is_dir():
        return []
    names = (_FILE_NAME.fullmatch(path.name) for path in folder.iterdir())
    return sorted({int(name[1]) for name in names if name})


def next_number(tables: TinyDB, segment: int) -> int:
    """Return the running number after the last one in a segment; that of the next segment's first when it is full."""
    last = max((record.doc_id for record in tables.table(ENTRIES_TABLE)), default=segment * SEGMENT_SIZE - 1)
    return max(1, last + 1)
