"""The recordings of a data set, for the front doors: put in, taken out, put back, and found."""

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from engine.audio.files import NOT_LOOKED_INTO, SUFFIXES, refuse_format
from engine.audio.kinds import find_kind
from engine.audio.source import READABLE
from engine.errors import DatasetError
from engine.library import set_changes as changes
from engine.library import set_files as files
from engine.library.set_files import Removed
from engine.studio.models import open_library
from engine.studio.set_contents import recording_id
from engine.studio.sets import find_set, ids_to_names, show_set

__all__ = ["Removed"]


@dataclass(frozen=True)
class Added:
    """A recording that was put into a set.

    Attributes:
        id: Of the recording.
        name: That it got.
        known: The set had it already; nothing was added.
    """

    id: str
    name: str
    known: bool


def add_recording(wanted: str, source: Path, name: str) -> Added:
    """Copy a file into a set that keeps its recordings.

    Args:
        wanted: The set.
        source: Where the bytes are; it stays.
        name: That the file came with; it is made safe, and gets a number if it is taken.

    Raises:
        DatasetError: by its name, or by its first bytes where the name does not tell, it is no recording.
        LibraryError: there is no such set, its recordings are in a folder of the person, or the disk refuses.
    """
    one = find_set(wanted)
    files.refuse_foreign(one)
    refuse_other(name, source)
    added = files.add_file(one, source, name)
    if added.name in one.left_out and not added.known:  # left out was another file of this name
        changes.change_set(open_library(), one.id, left_out=[other for other in one.left_out if other != added.name])
    return Added(recording_id(added.name), added.name, added.known)


def refuse_other(name: str, source: Path) -> None:
    """Raise DatasetError for a file that is no recording, by its name or, where that does not tell, by its content."""
    suffix = Path(name).suffix.strip().lower()
    unread = refuse_format(name)
    by_name = suffix in NOT_LOOKED_INTO
    kind = None if unread or by_name or suffix in SUFFIXES else find_kind(source)
    if suffix in SUFFIXES or (kind and kind.is_sound):
        return
    why = f"by its {'name' if by_name else 'first bytes'} it is no recording; {READABLE} can be read"
    raise DatasetError(f"{name}: {unread or why}.", code="dataset.format")


def remove_recording(wanted: str, recording: str) -> Removed:
    """Take a recording out of a set that keeps its files; `restore_recording` puts it back.

    Raises:
        LibraryError: there is no such set or recording, or it is in a folder of the person.
    """
    contents = show_set(wanted)
    files.refuse_foreign(contents.about)
    (name,) = ids_to_names(contents, [recording])
    return files.remove_file(contents.about, name)


def restore_recording(wanted: str, removed: str) -> str:
    """Put a recording back that was taken out of a set, and return its id.

    Args:
        wanted: The set.
        removed: Id of what was taken out, as `remove_recording` gave it.

    Raises:
        LibraryError: there is no such set, or nothing of this id was taken out of it.
    """
    return recording_id(files.restore_file(find_set(wanted), removed))


def choose_recordings(wanted: str, recordings: Collection[str] = ()) -> list[tuple[Path, Path]]:
    """Return recordings of a set, each with its name: those of some ids, or all that are not left out.

    Raises:
        LibraryError: there is no such set or recording, or a file is not where it was (`recording_unknown`).
        DatasetError: all are left out.
    """
    contents = show_set(wanted)
    chosen = recordings or [one.id for one in contents.recordings if one.included and one.state != "missing"]
    if not chosen:
        raise DatasetError(f"all recordings of {contents.about.name!r} are left out: switch some of them on")
    return [(files.locate_file(contents.about, name), Path(name)) for name in ids_to_names(contents, chosen)]


def find_recording(wanted: str, recording: str) -> Path:
    """Return the file of a recording.

    Raises:
        LibraryError: there is no such set or recording, or the file is not where it was (`recording_unknown`).
    """
    contents = show_set(wanted)
    (name,) = ids_to_names(contents, [recording])
    return files.locate_file(contents.about, name)
