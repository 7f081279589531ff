"""The history of outputs, for the front doors."""

from collections.abc import Iterable
from pathlib import Path

from engine.audio.source import RecordingError
from engine.errors import LibraryError, ParameterError
from engine.library import history as kept
from engine.library import history_changes as changes
from engine.library.history import PAGE_SIZE, Page
from engine.library.outputs import HistoryEntry
from engine.library.segments import History, open_history
from engine.library.versions import list_versions
from engine.studio.models import open_library, report_to_person

__all__ = ["HistoryEntry", "Page"]


def open_outputs() -> History:
    """Open the history; what it has to say is kept for `engine.studio.models.library_notices`."""
    return open_history(report_to_person)


def list_outputs(
    words: str = "",
    *,
    model: str | None = None,
    starred: bool = False,
    deleted: bool = False,
    after: str | None = None,
    count: int = PAGE_SIZE,
) -> Page:
    """Return a page of the history, newest first.

    Args:
        words: Each must occur in file name, model name, kind, note, tags or date.
        model: Name or id of a model: only what its versions made.
        starred: Only those with a star.
        deleted: Those in the trash.
        after: `next` of the page before.
        count: Most entries on a page.

    Raises:
        ModelError: there is no such model.
        LibraryError, ParameterError: see `engine.library.history.list_entries`.
    """
    models = [entry.id for entry in list_versions(open_library(), model)] if model else []
    return kept.list_entries(
        open_outputs(), words, models=models, starred=starred, deleted=deleted, after=after, count=count
    )


def find_output(wanted: str) -> HistoryEntry:
    """Return an output of the history by its id or running number.

    Raises:
        LibraryError: there is none, or it is in the trash.
    """
    return kept.find_entry(open_outputs(), wanted)


def star_output(wanted: str, star: bool = True) -> HistoryEntry:
    """Give an output a star, or take it away."""
    return changes.star_entry(open_outputs(), wanted, star)


def label_output(wanted: str, *, note: str | None = None, tags: Iterable[str] | None = None) -> HistoryEntry:
    """Write a note or tags on an output; what is None stays as it is."""
    return changes.label_entry(open_outputs(), wanted, note=note, tags=tags)


def change_output(
    wanted: str, *, star: bool | None = None, note: str | None = None, tags: Iterable[str] | None = None
) -> HistoryEntry:
    """Change what is written on an output; what is None stays as it is.

    Raises:
        ParameterError: a note or tag is not allowed; then nothing is changed.
        LibraryError: there is no such output, or it cannot be written.
    """
    entry = label_output(wanted, note=note, tags=tags)
    return entry if star is None else star_output(wanted, star)


def existing_file(entry: HistoryEntry) -> Path:
    """Return the file of an output.

    Raises:
        LibraryError: it is not where it was (`history_missing`).
    """
    if entry.missing:
        raise LibraryError(
            f"{entry.file} is missing. To make it again: sda history replay {entry.number}; if you moved it: "
            f"sda history locate {entry.number} FILE",
            code="history_missing",
        )
    return Path(entry.file)


def locate_output(wanted: str, file: Path) -> HistoryEntry:
    """Say where the file of an output is now; it must hold the same samples.

    Raises:
        LibraryError: it holds another sound, or cannot be read.
    """
    from engine.export.measure import read_fingerprint  # loads numpy, which lists do without

    try:
        fingerprint = read_fingerprint(file)
    except RecordingError as error:
        raise LibraryError(f"{file} cannot be read: {error.reason}", code="history_other_file") from error
    return changes.relink_entry(open_outputs(), wanted, file, fingerprint)


def relink_output(wanted: str, file: Path, fingerprint: str) -> HistoryEntry:
    """Say where the file of an output is now, once its samples are known.

    Args:
        wanted: Id or running number.
        file: Where it is.
        fingerprint: Of its samples.

    Raises:
        LibraryError: it holds another sound (`history_other_file`), or there is no such output.
    """
    return changes.relink_entry(open_outputs(), wanted, file, fingerprint)


def checked_location(wanted: str, given: str) -> Path:
    """Return a file in which an output may be found, before anybody opens it.

    Args:
        wanted: Id or running number of the output.
        given: Where the person says it is.

    Raises:
        LibraryError: there is no such output.
        ParameterError: there is no such file, or the place is not named whole.
    """
    find_output(wanted)
    file = Path(given)
    try:
        found = file.is_absolute() and file.is_file()
    except (OSError, ValueError):  # a name that no file can have
        found = False
    if not found:
        raise ParameterError(f"file = {given[:80]!r}: there is no such file; give it with its folder", field="file")
    return file


def delete_output(wanted: str) -> HistoryEntry:
    """Put an output into the trash; its file stays where it is."""
    return changes.delete_entry(open_outputs(), wanted)


def restore_output(wanted: str) -> HistoryEntry:
    """Bring an output back from the trash."""
    return changes.restore_entry(open_outputs(), wanted)
