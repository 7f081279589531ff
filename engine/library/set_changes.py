"""Data sets made, changed, deleted to the trash, restored, and removed for good."""

import shutil
from collections.abc import Callable, Iterable
from dataclasses import asdict, replace
from pathlib import Path

from tinydb import TinyDB, where

from engine.errors import LibraryError
from engine.library.checks import checked_name
from engine.library.durable import disk_refusal, replace_durably, write_durably
from engine.library.entries import new_id, now_iso
from engine.library.lineage import free_name
from engine.library.sets import (
    CARD_FILE,
    SETS_TABLE,
    DataSet,
    deleted_sets,
    list_deleted_sets,
    matching_set,
    pick_set,
    present_sets,
    set_to_card,
)
from engine.library.store import Catalogue
from engine.paths import sets_folder

PURGED = ".purged-"  # before the name of a folder that is being removed: hidden folders are not sets


def create_set(
    catalogue: Catalogue,
    name: str,
    *,
    folder: Path | None = None,
    fill: Callable[[Path], object] | None = None,
    numbered: bool = False,
) -> DataSet:
    """Make a set of a folder of the person's, or one that keeps its recordings itself.

    Args:
        catalogue: Of the person.
        name: Unique; case makes no difference.
        folder: Of the person, absolute; nothing is written into it. None: the set keeps its own files.
        fill: Called with the set's own folder of recordings, to put the first ones there.
        numbered: Add a number to a name that is taken, rather than refuse it.

    Raises:
        ParameterError: the name is not allowed.
        LibraryError: another set has the name (`set_exists`), or the disk refuses; nothing is left then.
    """
    wanted = checked_name(name)
    one = DataSet(new_id(), wanted, now_iso(), str(folder) if folder else None)
    try:
        _make_home(one)
        if fill:
            fill(one.recordings_folder)
        with catalogue.transaction() as tables:
            taken = [other.name for other in present_sets(tables, catalogue)]
            named = replace(one, name=free_name(wanted, taken) if numbered else wanted)
            refuse_taken(named, tables, catalogue)
            write_set(named, tables)
    except BaseException:
        shutil.rmtree(one.home, ignore_errors=True)
        raise
    return named


def change_set(
    catalogue: Catalogue, name_or_id: str, *, name: str | None = None, left_out: Iterable[str] | None = None
) -> DataSet:
    """Rename a set, or change which of its recordings are left out; None leaves it as it is.

    Args:
        catalogue: Of the person.
        name_or_id: As for `find_set`.
        name: Unique; case makes no difference.
        left_out: Names of all recordings that are left out from now on.

    Raises:
        ParameterError: the name is not allowed.
        LibraryError: see `find_set`; another set has the name (`set_exists`), or it cannot be written.
    """
    wanted = None if name is None else checked_name(name)
    with catalogue.transaction() as tables:
        one = pick_set(tables, catalogue, name_or_id)
        if wanted is not None:
            one = replace(one, name=wanted)
            refuse_taken(one, tables, catalogue)
        if left_out is not None:
            one = replace(one, left_out=tuple(sorted(set(left_out))))
        write_set(one, tables)
    return one


def delete_set(catalogue: Catalogue, name_or_id: str) -> DataSet:
    """Put a set, found as by `find_set`, into the trash, from where `restore_set` brings it back with all its files.

    Raises:
        LibraryError: see `find_set`; or it cannot be written.
    """
    with catalogue.transaction() as tables:
        gone = replace(pick_set(tables, catalogue, name_or_id), deleted=now_iso())
        write_set(gone, tables)
    return gone


def restore_set(catalogue: Catalogue, name_or_id: str) -> DataSet:
    """Bring a set back from the trash; of several with this name the last deleted.

    It gets a number after its name when another set took the name meanwhile.

    Raises:
        LibraryError: there is no such set in the trash (`set_unknown`), or it cannot be written.
    """
    with catalogue.transaction() as tables:
        found = matching_set(deleted_sets(tables, catalogue), name_or_id)
        if found is None:
            raise LibraryError(
                f"there is no data set {name_or_id!r} in the trash. Choose one that is there.", code="set_unknown"
            )
        taken = [other.name for other in present_sets(tables, catalogue)]
        back = replace(found, name=free_name(found.name, taken), deleted=None)
        write_set(back, tables)
    return back


def purge_sets(catalogue: Catalogue, until: str) -> list[DataSet]:
    """Remove sets for good that were deleted until a time, with the files they keep, and return them.

    Folders of the person are not touched.

    Args:
        catalogue: Of the person.
        until: ISO 8601, UTC.

    Raises:
        LibraryError: a file is in use, or the catalogue cannot be written; the sets before it are gone.
    """
    purged = []
    for listed in list_deleted_sets(catalogue):
        with catalogue.transaction() as tables:
            one = matching_set(deleted_sets(tables, catalogue), listed.id)
            if one and one.deleted and one.deleted <= until:
                _set_aside(one)
                tables.table(SETS_TABLE).remove(where("id") == one.id)
                purged.append(one)
    for remains in sets_folder().glob(f"{PURGED}*"):
        shutil.rmtree(remains, ignore_errors=True)  # what is in use goes the next time
    return purged


def refuse_taken(one: DataSet, tables: TinyDB, catalogue: Catalogue) -> None:
    """Raise LibraryError where another set has the name of this one, in any case."""
    for other in present_sets(tables, catalogue):
        if other.id != one.id and other.name.casefold() == one.name.casefold():
            raise LibraryError(f"data set {other.name!r} exists. Choose another name.", code="set_exists")


def write_set(one: DataSet, tables: TinyDB) -> None:
    """Write a set's card and then its record.

    Raises:
        LibraryError: the disk refuses; the card is as it was.
    """
    _make_home(one)
    try:
        write_durably(one.home / CARD_FILE, set_to_card(one))
    except OSError as error:
        raise disk_refusal(one.home / CARD_FILE, "written", error) from error
    tables.table(SETS_TABLE).upsert(asdict(one), where("id") == one.id)


def _make_home(one: DataSet) -> None:
    """Make a set's own folder, and that of its recordings where it keeps them."""
    folder = one.recordings_folder if one.owns_files else one.home
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise disk_refusal(folder, "made", error) from error


def _set_aside(one: DataSet) -> None:
    """Rename a set's own folder, where there is one, so that it is no set's any more."""
    aside = sets_folder() / f"{PURGED}{new_id()}"
    try:
        if one.home.is_dir():
            replace_durably(one.home, aside)
    except OSError as error:
        raise disk_refusal(one.home, "removed", error) from error
