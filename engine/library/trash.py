"""Models in the trash: deleted to it, restored from it, and removed for good when the person asks."""

import errno
import shutil
from dataclasses import replace
from pathlib import Path

from tinydb import TinyDB, where
from tinydb.table import Document

from engine.errors import LibraryError, ModelError
from engine.library.durable import replace_durably
from engine.library.entries import ModelEntry, new_id, now_iso
from engine.library.models import locate_model, match, still_there
from engine.library.shelf import MODELS_TABLE, keep_card, put_entry, read_shelf, shelved
from engine.library.store import Catalogue
from engine.paths import trash_folder

PURGED = ".purged-"  # before the name of a folder that is being removed: hidden folders are not models


def list_deleted_models(catalogue: Catalogue) -> list[ModelEntry]:
    """Return the models in the trash, the last deleted first.

    Raises:
        LibraryError: the catalogue cannot be read.
    """
    deleted = [entry for entry in read_shelf(catalogue) if entry.deleted]
    return sorted(deleted, key=lambda entry: entry.deleted or "", reverse=True)


def delete_model(catalogue: Catalogue, name_or_id: str) -> ModelEntry:
    """Move the folder of one version of a model to the trash, from where `restore_model` brings it back.

    A damaged model whose folder is missing has nothing to keep: only its record is removed.

    Args:
        catalogue: Of the person.
        name_or_id: As for `find_model`: a name means the current version; the one before is current then.

    Raises:
        ModelError: there is no such model.
        LibraryError: the folder is in use, or the catalogue cannot be written.
    """
    located = locate_model(catalogue, name_or_id)
    with catalogue.transaction() as tables:
        found = still_there(located, shelved(tables, catalogue), name_or_id)
        gone = replace(found, deleted=now_iso(), current=False)
        if found.path.is_dir():
            move_folder(found, gone)
            tables.table(MODELS_TABLE).update({"deleted": gone.deleted}, where("id") == found.id)
        else:
            tables.table(MODELS_TABLE).remove(where("id") == found.id)
    return gone


def restore_model(catalogue: Catalogue, name_or_id: str) -> ModelEntry:
    """Bring a model back from the trash; of several with this name the last deleted.

    It gets a number after its name when another model took the name meanwhile.

    Raises:
        ModelError: there is no such model in the trash.
        LibraryError: the folder is in use, or the catalogue cannot be written.
    """
    found = match(list_deleted_models(catalogue), name_or_id, deleted=True)
    if found is None:
        raise ModelError(
            f"there is no model {name_or_id!r} in the trash. To see what is there: sda models list --deleted",
            code="model_unknown",
        )
    back = replace(found, deleted=None)
    with catalogue.transaction() as tables:
        move_folder(found, back)
        named = put_entry(back, tables, shelved(tables, catalogue))
        keep_card(named)
        return named


def purge_models(catalogue: Catalogue, until: str) -> list[ModelEntry]:
    """Remove models for good that were deleted until a time, and return them.

    Args:
        catalogue: Of the person.
        until: ISO 8601, UTC.

    Raises:
        LibraryError: a folder is in use, or the catalogue cannot be written; the models before it are gone.
    """
    purged = []
    for entry in list_deleted_models(catalogue):
        with catalogue.transaction() as tables:
            if _is_due(entry, until, tables):
                move_folder(entry, replace(entry, folder=PURGED + new_id()))
                tables.table(MODELS_TABLE).remove(where("id") == entry.id)
                purged.append(entry)
    for remains in trash_folder().glob(f"{PURGED}*"):
        shutil.rmtree(remains, ignore_errors=True)  # what is in use goes the next time
    return purged


def _is_due(entry: ModelEntry, until: str, tables: TinyDB) -> bool:
    """Say whether a model is to be removed; one of which no time of deletion is recorded gets that of now."""
    record = tables.table(MODELS_TABLE).get(where("id") == entry.id)
    if not isinstance(record, Document) or not entry.path.is_dir():
        return False
    if not record.get("deleted"):
        tables.table(MODELS_TABLE).update({"deleted": entry.deleted}, where("id") == entry.id)
    return entry.deleted is not None and entry.deleted <= until


def move_folder(source: ModelEntry, target: ModelEntry) -> None:
    """Move a model's folder to where its changed entry says.

    Raises:
        LibraryError: a file in it is in use, or the target is taken.
    """
    if target.path.exists():
        raise LibraryError(f"{target.path} is in the way of {source.path}: move one of them elsewhere, then try again.")
    try:
        target.path.parent.mkdir(parents=True, exist_ok=True)
        _move(source.path, target.path)
    except OSError as error:
        raise LibraryError(
            f"{source.path} cannot be moved to {target.path}: {error.strerror or error}. "
            "Close what uses the model, then try again."
        ) from error


def _move(source: Path, target: Path) -> None:
    """Move a folder; a copy only where the target is on another disk.

    Windows refuses to rename a folder with an open file. A copy would succeed there, and removing the source would stop
    half-way: the model would be in both places, and whole in one.
    """
    try:
        replace_durably(source, target)
    except OSError as error:
        if error.errno != errno.EXDEV:
            raise
        shutil.move(source, target)
