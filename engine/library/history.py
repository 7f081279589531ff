"""The history: every output with what made it, listed and searched newest first."""

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from itertools import islice

from engine.errors import ParameterError
from engine.library.history_rows import Row, rows_newest_first
from engine.library.outputs import HistoryEntry, pick_entry, readable_entry, running_number, with_presence
from engine.library.search import simplified_matcher
from engine.library.segments import History

PAGE_SIZE = 50  # entries


@dataclass(frozen=True)
class Page:
    """A part of the history, newest first."""

    entries: tuple[HistoryEntry, ...]
    next: str | None  # id after which the next page begins; None at the end


def list_entries(
    history: History,
    words: str = "",
    *,
    models: Collection[str] = (),
    starred: bool = False,
    deleted: bool = False,
    after: str | None = None,
    count: int = PAGE_SIZE,
) -> Page:
    """Return a page of the history, newest first, and notice which files are missing.

    Args:
        history: Of the person.
        words: Each must occur in file name, model name, kind, note, tags or date.
        models: Ids of the models that made them; none means all.
        starred: Only those with a star.
        deleted: Those in the trash, rather than those that are not.
        after: `next` of the page before.
        count: Most entries on a page, from 1.

    Raises:
        ParameterError: `count` is below 1.
        LibraryError: `after` is no id (`history_unknown`), or the history cannot be read.
    """
    if count < 1:
        raise ParameterError(f"count = {count}: must be a whole number from 1. It is how many entries are shown.")
    fits = simplified_matcher(words)

    def is_wanted(row: Row) -> bool:
        return (
            row.deleted == deleted
            and (not starred or row.starred)
            and (not models or row.model in models)
            and fits(row.text)
        )

    before = None if after is None else running_number(after)
    found = list(islice(_read_entries(history, is_wanted, before), count + 1))
    shown = tuple(map(with_presence, found[:count]))
    return Page(shown, shown[-1].id if len(found) > count else None)


def find_entry(history: History, wanted: str) -> HistoryEntry:
    """Return an entry that is not deleted.

    Args:
        history: Of the person.
        wanted: Its id, or its running number alone.

    Raises:
        LibraryError: there is none (`history_unknown`), it is in the trash (`history_deleted`), or the history cannot
            be read.
    """
    segment = history.holding(running_number(wanted))
    return with_presence(pick_entry(segment.snapshot(), segment, wanted, deleted=False))


def find_output(history: History, fingerprint: str) -> HistoryEntry | None:
    """Return the newest entry with this fingerprint that is not deleted: what made a file that was found somewhere.

    Raises:
        LibraryError: the history cannot be read.
    """

    def is_it(row: Row) -> bool:
        return row.fingerprint == fingerprint and not row.deleted

    found = next(_read_entries(history, is_it), None)
    return found and with_presence(found)


def _read_entries(
    history: History, is_wanted: Callable[[Row], bool], before: int | None = None
) -> Iterator[HistoryEntry]:
    """Yield entries newest first; a record that cannot be read is reported and passed over."""
    for row, segment in rows_newest_first(history, before):
        if is_wanted(row):
            entry = readable_entry(row.document(), segment)
            if entry:
                yield entry
