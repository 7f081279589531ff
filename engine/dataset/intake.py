"""The files of a folder that are opened: recordings by name, without those that the person leaves out."""

import os
import unicodedata
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path, PurePath

from engine.audio.files import Listing, list_folder
from engine.errors import ParameterError
from engine.library.file_names import RESERVED

ON_WINDOWS = os.name == "nt"
DEVICE = "Windows keeps this name for a device; rename the file"


@dataclass(frozen=True)
class Skipped:
    """A file that is left out, by its name relative to the folder, and why."""

    file: str
    reason: str


@dataclass(frozen=True)
class Chosen:
    """The files of a folder by their names relative to it, without those that the person leaves out.

    Attributes:
        recordings: Names and paths of the files that are to be opened, sorted.
        skipped: Not opened, with reasons.
        ignored: Names of files that are no sound.
        left_out: Names of files that the person leaves out.
    """

    recordings: tuple[tuple[str, Path], ...]
    skipped: tuple[Skipped, ...]
    ignored: tuple[str, ...]
    left_out: tuple[str, ...]


def choose_files(folder: Path, leave_out: Collection[str] = ()) -> Chosen:
    """Sort what lies in a folder without opening any file.

    Args:
        folder: Looked through with the folders inside it.
        leave_out: Names relative to the folder; neither the form of accents nor that of slashes matters.

    Raises:
        DatasetError: the folder cannot be opened.
        ParameterError: the folder has no file of a name that is to be left out.
    """
    listing = list_folder(folder)
    recordings = [(relative_name(folder, path), path) for path in listing.recordings if not is_device(path)]
    skipped = skipped_by_name(folder, listing)
    names = [*(name for name, _ in recordings), *(one.file for one in skipped)]
    left_out = find_left_out(folder, names, leave_out) if leave_out else ()
    return Chosen(
        recordings=tuple((name, path) for name, path in recordings if name not in left_out),
        skipped=tuple(one for one in skipped if one.file not in left_out),
        ignored=tuple(relative_name(folder, path) for path in listing.ignored),
        left_out=left_out,
    )


def is_device(path: Path) -> bool:
    """Say whether Windows opens one of its devices, and may wait for ever, where a file of this name is asked for."""
    return ON_WINDOWS and RESERVED.fullmatch(path.name) is not None


def find_left_out(folder: Path, names: Iterable[str], leave_out: Collection[str]) -> tuple[str, ...]:
    """Return those of a folder's file names that are to be left out, sorted.

    Raises:
        ParameterError: one that is to be left out is not among them.
    """
    exact = set(names)
    alike = {comparable_name(name): name for name in exact}
    found = set()
    for wanted in leave_out:
        name = wanted if wanted in exact else alike.get(comparable_name(wanted))
        if name is None:
            close = get_close_matches(comparable_name(wanted), alike, n=1, cutoff=0.5)
            meant = f" Did you mean {alike[close[0]]!r}?" if close else ""
            raise ParameterError(
                f"leave_out = {wanted!r}: {folder} has no recording of this name.{meant} "
                f"To see the names: sda inspect {folder}",
                code="dataset.leave_out",
            )
        found.add(name)
    return tuple(sorted(found))


def comparable_name(name: str) -> str:
    """Return what two ways of writing the name of one file share."""
    return PurePath(unicodedata.normalize("NFC", name)).as_posix()


def relative_name(folder: Path, path: Path) -> str:
    """Return how a file inside a folder is called in reports."""
    return path.relative_to(folder).as_posix()


def skipped_by_name(folder: Path, listing: Listing) -> list[Skipped]:
    """Return what is left out without being opened: pipes, devices, and folders that are not entered."""
    devices = [Skipped(relative_name(folder, path), DEVICE) for path in listing.recordings if is_device(path)]
    return [*devices, *(Skipped(relative_name(folder, path), reason) for path, reason in listing.refused)]
