"""Data sets, for the front doors: made, examined, left out of, and handed to a training."""

from collections.abc import Callable, Collection
from pathlib import Path

from engine.audio.source import READABLE
from engine.dataset.report import HealthReport
from engine.errors import DatasetError, LibraryError
from engine.library import set_changes as changes
from engine.library import sets as kept
from engine.library.checks import NAME_LENGTH
from engine.library.entries import now_iso
from engine.library.set_files import MOST_FILES
from engine.library.set_reports import Examination, read_stamp, save_examination
from engine.library.sets import DataSet
from engine.studio.models import open_library
from engine.studio.set_contents import SetContents
from engine.studio.set_findings import list_files, look_into, open_folder

__all__ = ["DataSet", "SetContents"]

DEMO_NAME = "Demo"
NEW_NAME = "Recordings"
LONGEST_NAME = NAME_LENGTH - 5  # after a folder: a number may follow
LOOKS_FILE = "looks.safetensors"  # in a set's own folder: what was measured, so that it is not measured again

Progress = Callable[[int, int, str], None]


def list_sets(*, deleted: bool = False) -> list[SetContents]:
    """Return the sets with what is in them, the latest first; or those in the trash, the last deleted first.

    Raises:
        LibraryError: the catalogue cannot be read.
    """
    catalogue = open_library()
    found = kept.list_deleted_sets(catalogue) if deleted else kept.list_sets(catalogue)
    return [look_into(one, catalogue) for one in found]


def find_set(wanted: str) -> DataSet:
    """Return a set by id or name.

    Raises:
        LibraryError: there is none, or it is in the trash.
    """
    return kept.find_set(open_library(), wanted)


def show_set(wanted: str) -> SetContents:
    """Return a set with what is in it; no recording is opened.

    Raises:
        LibraryError: there is no such set, or it is in the trash.
    """
    catalogue = open_library()
    return look_into(kept.find_set(catalogue, wanted), catalogue)


def create_set(name: str | None = None, folder: Path | None = None) -> DataSet:
    """Make a set of a folder, or an empty one that recordings can be put into.

    A folder that is a set already is opened again when no name is given.

    Args:
        name: Unique. None: that of the folder, with a number if it is taken.
        folder: Of the person; looked through with the folders inside it. Nothing is written into it.

    Raises:
        ParameterError: the name is not allowed.
        DatasetError: the folder cannot be opened, or holds no recordings.
        LibraryError: another set has the name, or the disk refuses.
    """
    catalogue = open_library()
    if folder is None:
        return changes.create_set(catalogue, name or NEW_NAME, numbered=name is None)
    path = expand_folder(folder)
    refuse_unfit(path)
    same = [one for one in kept.list_sets(catalogue) if one.folder == str(path)]
    if same and name is None:
        return same[0]
    return changes.create_set(catalogue, name or name_after(path), folder=path, numbered=name is None)


def expand_folder(folder: Path) -> Path:
    """Return the absolute path of a folder as a person wrote it, with ~ for their own."""
    try:
        return folder.expanduser().absolute()
    except RuntimeError:  # there is no such user
        return folder.absolute()


def name_after(folder: Path) -> str:
    """Return the name of a folder as that of a set: what cannot be shown becomes a blank, and it is cut."""
    shown = "".join(character if character.isprintable() else " " for character in folder.name)
    return " ".join(shown.split())[:LONGEST_NAME].strip() or NEW_NAME


def refuse_unfit(folder: Path) -> None:
    """Raise DatasetError for a folder that cannot be opened, or holds no recordings or far too many."""
    chosen = open_folder(folder)
    if not chosen.recordings and not chosen.skipped:
        raise DatasetError(f"{folder} holds no recordings; put {READABLE} files into it", code="dataset.no_recordings")
    if len(chosen.recordings) > MOST_FILES:
        raise DatasetError(
            f"{folder} holds {len(chosen.recordings)} recordings, and a data set up to {MOST_FILES}. Choose a folder "
            "inside it.",
            code="dataset.too_many",
        )


def create_demo_set() -> DataSet:
    """Make a set of twelve recordings that are computed here, to try the program without any of one's own.

    Raises:
        DatasetError, LibraryError: the disk refuses.
    """
    from engine.dataset.synthesis import write_demo_recordings

    return changes.create_set(open_library(), DEMO_NAME, fill=write_demo_recordings, numbered=True)


def change_set(wanted: str, *, name: str | None = None, left_out: Collection[str] | None = None) -> DataSet:
    """Rename a set, or say which of its recordings are left out; None leaves it as it is.

    Args:
        wanted: The set.
        name: Unique.
        left_out: Ids of all recordings of the set that are left out from now on.

    Raises:
        ParameterError: the name is not allowed.
        LibraryError: there is no such set or recording, another set has the name, or it cannot be written.
    """
    contents = show_set(wanted)
    names = None if left_out is None else [*_unseen_left_out(contents), *ids_to_names(contents, left_out)]
    return changes.change_set(open_library(), contents.about.id, name=name, left_out=names)


def _unseen_left_out(contents: SetContents) -> list[str]:
    """Return left out names of recordings that are not listed now: they were removed, or their disk is not there."""
    listed = {one.name for one in contents.recordings}
    return [name for name in contents.about.left_out if name not in listed]


def ids_to_names(contents: SetContents, ids: Collection[str]) -> list[str]:
    """Return the names of recordings of a set.

    Raises:
        LibraryError: it has none of one of the ids (`recording_unknown`).
    """
    names = {one.id: one.name for one in contents.recordings}
    for wanted in ids:
        if wanted not in names:
            raise LibraryError(
                f"data set {contents.about.name!r} has no recording {wanted!r}. Its files have changed: look again.",
                code="recording_unknown",
            )
    return [names[wanted] for wanted in ids]


def delete_set(wanted: str) -> DataSet:
    """Put a set into the trash, with all the files that it keeps."""
    return changes.delete_set(open_library(), wanted)


def restore_set(wanted: str) -> DataSet:
    """Bring a set back from the trash."""
    return changes.restore_set(open_library(), wanted)


def set_to_training(wanted: str) -> tuple[Path, tuple[str, ...]]:
    """Return the folder of a set, and the names of files in it that a training leaves out.

    Raises:
        LibraryError: there is no such set, or it is in the trash.
        DatasetError: its folder is not there.
    """
    one = find_set(wanted)
    chosen, problem = list_files(one)
    if problem:
        raise DatasetError(problem, code="dataset.folder_missing")
    there = {name for name, _ in chosen.recordings} | {skipped.file for skipped in chosen.skipped}
    return one.recordings_folder, tuple(name for name in one.left_out if name in there)


def examine(
    wanted: str, on_progress: Progress | None = None, should_stop: Callable[[], bool] | None = None
) -> HealthReport:
    """Let the doctor look at all recordings of a set, also those that are left out, and keep what he finds.

    Only recordings that are new or changed since the last time are read.

    Args:
        wanted: The set.
        on_progress: Called before each file with files done, files in all and its name.
        should_stop: Asked before every file.

    Raises:
        LibraryError: there is no such set, or the disk refuses.
        DatasetError: its folder cannot be opened.
        Cancelled: the person stopped it; the report is as it was.
    """
    from engine.dataset.health import examine_files, make_report
    from engine.dataset.recall import load_looks, save_looks

    one = find_set(wanted)
    folder = one.recordings_folder
    chosen = open_folder(folder)
    stamps = {name: read_stamp(path) for name, path in chosen.recordings}  # a change from here on is noticed
    states = {name: f"{stamp.size_bytes} {stamp.changed_ns} {name}" for name, stamp in stamps.items()}
    looks = load_looks(one.home / LOOKS_FILE, folder)
    examined, skipped = examine_files(chosen, on_progress, should_stop, lambda name: looks.get(states[name]))
    report = make_report(folder, chosen, examined, skipped)
    save_examination(one, Examination(now_iso(), stamps, report.to_dict()))
    save_looks(one.home / LOOKS_FILE, {states[found.usable.name]: found for found in examined})
    return report
