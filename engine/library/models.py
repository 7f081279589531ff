"""The person's models: listed, found by name or id, added, deleted to the trash and restored."""

import shutil
from collections.abc import Iterable
from dataclasses import replace
from difflib import get_close_matches

from tinydb import where

from engine.errors import LibraryError, ModelError
from engine.library.entries import MODEL_FILE, ModelEntry, checked_name, now_iso
from engine.library.shelf import MODELS_TABLE, names_in_use, put_entry, read_shelf
from engine.library.store import Catalogue


def list_models(catalogue: Catalogue) -> list[ModelEntry]:
    """Return the models that are not deleted, newest first; one with a `problem` is damaged.

    Raises:
        LibraryError: the catalogue cannot be read.
    """
    return [entry for entry in read_shelf(catalogue) if not entry.deleted]


def list_deleted_models(catalogue: Catalogue) -> list[ModelEntry]:
    """Return the models in the trash, the last deleted first.

    Raises:
        LibraryError: the catalogue cannot be read.
    """
    deleted = [entry for entry in read_shelf(catalogue) if entry.deleted]
    return sorted(deleted, key=lambda entry: entry.deleted or "", reverse=True)


def find_model(catalogue: Catalogue, name_or_id: str) -> ModelEntry:
    """Return the usable model with this id or name; case decides only between two that differ in nothing else.

    Raises:
        ModelError: there is none (`model_unknown`), it is in the trash (`model_deleted`), or it is damaged
            (`model_damaged`).
        LibraryError: the catalogue cannot be read.
    """
    shelf = read_shelf(catalogue)
    found = match(shelf, name_or_id, deleted=False)
    if found is None:
        raise unknown_model(shelf, name_or_id)
    if found.problem:
        raise ModelError(
            f"model {found.name!r} is damaged: {found.problem}. Put the folder back from a backup, or remove the "
            f'model with: sda models delete "{found.name}"',
            code="model_damaged",
        )
    return found


def add_model(catalogue: Catalogue, entry: ModelEntry) -> ModelEntry:
    """Make a complete model folder known, and return its entry with the name it got.

    A name that another model has gets a number: "sax", "sax 2". An entry with the same id is replaced.

    Raises:
        ModelError: the folder is not complete.
        ParameterError: the name is empty or too long.
        LibraryError: the catalogue cannot be written; the folder is found and adopted when models are next listed.
    """
    usable = replace(entry, name=checked_name(entry.name), deleted=None, problem=None)
    if not (usable.path / MODEL_FILE).is_file():
        raise ModelError(
            f"{usable.path} has no {MODEL_FILE}: the model was not saved to its end.", code="model_damaged"
        )
    with catalogue.transaction() as tables:
        return put_entry(usable, tables, names_in_use(tables, catalogue))


def delete_model(catalogue: Catalogue, name_or_id: str) -> ModelEntry:
    """Move a model's folder to the trash, from where `restore_model` brings it back.

    A damaged model whose folder is missing has nothing to keep: only its record is removed.

    Raises:
        ModelError: there is no such model.
        LibraryError: the folder is in use, or the catalogue cannot be written.
    """
    shelf = read_shelf(catalogue)
    found = match(shelf, name_or_id, deleted=False)
    if found is None:
        raise unknown_model(shelf, name_or_id)
    gone = replace(found, deleted=now_iso())
    with catalogue.transaction() as tables:
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
        return put_entry(back, tables, names_in_use(tables, catalogue))


def match(entries: Iterable[ModelEntry], name_or_id: str, *, deleted: bool) -> ModelEntry | None:
    """Return the first entry with this id, else with this name, else with this name in another case."""
    candidates = [entry for entry in entries if bool(entry.deleted) == deleted]
    wanted = name_or_id.strip()
    for fits in (
        lambda entry: entry.id == wanted,
        lambda entry: entry.name == wanted,
        lambda entry: entry.name.casefold() == wanted.casefold(),
    ):
        found = next(filter(fits, candidates), None)
        if found is not None:
            return found
    return None


def unknown_model(shelf: list[ModelEntry], name_or_id: str) -> ModelError:
    """Return the error for a name that no model has, with the way on that fits what there is."""
    if match(shelf, name_or_id, deleted=True):
        return ModelError(
            f'model {name_or_id!r} is in the trash. To bring it back: sda models restore "{name_or_id}"',
            code="model_deleted",
        )
    names = {entry.name.casefold(): entry.name for entry in shelf if not entry.deleted}
    close = [repr(names[name]) for name in get_close_matches(name_or_id.casefold(), names, cutoff=0.5)]
    hint = "To see all: sda models list" if names else "There are none yet. To make one: sda train FOLDER --name NAME"
    meant = f" Did you mean {' or '.join(close)}?" if close else ""
    return ModelError(f"there is no model {name_or_id!r}.{meant} {hint}", code="model_unknown")


def move_folder(source: ModelEntry, target: ModelEntry) -> None:
    """Move a model's folder to where its changed entry says.

    Raises:
        LibraryError: a file in it is in use, or the target is taken.
    """
    if target.path.exists():
        raise LibraryError(f"{target.path} is in the way of {source.path}: move one of them elsewhere, then try again.")
    try:
        target.path.parent.mkdir(parents=True, exist_ok=True)
        shutil.move(source.path, target.path)
    except OSError as error:
        raise LibraryError(
            f"{source.path} cannot be moved to {target.path}: {error.strerror or error}. "
            "Close what uses the model, then try again."
        ) from error
