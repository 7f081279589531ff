"""Which models there are: the catalogue's records and the folders on disk, brought together.

Where a model's folder lies decides, not what its record says: in `models_folder()` it can be used, in
`trash_folder()` it is deleted, in neither it is damaged. So a crash between moving a folder and writing the
record cannot make them contradict each other, and a folder without a record is given one.
"""

import os
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from tinydb import TinyDB, where

from engine.errors import LibraryError
from engine.library.card import CARD_FILE, entry_to_card, load_card, save_card, with_card
from engine.library.entries import MODEL_FILE, ModelEntry, entry_to_record, folder_to_entry, now_iso, record_to_entry
from engine.library.lineage import family_of, fitting_name, free_version, mark_current
from engine.library.store import Catalogue
from engine.paths import models_folder, trash_folder

MODELS_TABLE = "models"


def read_shelf(catalogue: Catalogue) -> list[ModelEntry]:
    """Return all models, usable, deleted and damaged, newest first, after adopting folders without a record.

    Raises:
        LibraryError: the catalogue cannot be read.
    """
    entries = read_entries(catalogue.snapshot(), catalogue)
    orphans = find_orphans(entries, catalogue)
    if orphans:
        orphans = adopt(orphans, catalogue)
    placed = mark_current(place([*entries, *orphans]))
    return sorted(placed, key=lambda entry: (entry.created, entry.name), reverse=True)


def read_entries(tables: TinyDB, catalogue: Catalogue) -> list[ModelEntry]:
    """Return the catalogue's models as recorded; a record that cannot be read is reported and passed over."""
    entries = []
    for record in tables.table(MODELS_TABLE).all():
        try:
            entries.append(record_to_entry(record))
        except ValueError as error:
            name = record.get("name", record.doc_id)
            catalogue.report(f"the record of model {name!r} is damaged ({error}) and is left out.")
    return entries


def find_orphans(entries: Iterable[ModelEntry], catalogue: Catalogue) -> list[ModelEntry]:
    """Return complete model folders that no entry names; those that cannot be used are reported.

    A folder without MODEL_FILE is still being written, or never was finished, and is nobody's model.
    """
    known = {entry.folder: entry for entry in entries}
    names = {entry.id: entry.name for entry in known.values()}
    orphans = []
    for folder in (*model_folders(models_folder()), *model_folders(trash_folder())):
        if folder.name in known or not (folder / MODEL_FILE).is_file():
            continue
        orphan = read_folder(folder, catalogue)
        if orphan and orphan.id in names:
            catalogue.report(f"{folder} is a copy of model {names[orphan.id]!r} (same id) and is left out.")
        elif orphan:
            names[orphan.id] = orphan.name
            orphans.append(orphan)
    return orphans


def read_folder(folder: Path, catalogue: Catalogue) -> ModelEntry | None:
    """Describe a model's folder, with what the person wrote on it; None and a report where it is no model's.

    When it was deleted is not written in a folder: one in the trash counts as deleted now.
    """
    try:
        entry = folder_to_entry(folder)
    except (ValueError, OSError) as error:
        catalogue.report(f"{folder} is not a model that can be used: {MODEL_FILE}: {error}. It is left out.")
        return None
    try:
        entry = with_card(entry, load_card(folder))
    except (ValueError, OSError) as error:
        catalogue.report(
            f"{folder / CARD_FILE} cannot be used: {error}. What was written on {entry.name!r} is left out."
        )
    return replace(entry, deleted=now_iso() if folder.parent == trash_folder() else None)


def adopt(orphans: Iterable[ModelEntry], catalogue: Catalogue) -> list[ModelEntry]:
    """Give each orphan a record, and a free name; where the catalogue cannot be written, say so and go on."""
    try:
        with catalogue.transaction() as tables:
            shelf = shelved(tables, catalogue)
            adopted = [put_entry(orphan, tables, shelf) for orphan in orphans]
            for entry in adopted:
                keep_card(entry)
            return adopted
    except LibraryError as error:
        catalogue.report(error.message)
        return list(orphans)


def shelved(tables: TinyDB, catalogue: Catalogue) -> dict[str, ModelEntry]:
    """Return the models of a transaction as their folders show them, by id."""
    return {entry.id: entry for entry in place(read_entries(tables, catalogue))}


def put_entry(entry: ModelEntry, tables: TinyDB, shelf: dict[str, ModelEntry]) -> ModelEntry:
    """Write an entry over the one with its id, or as a new one, and return it as it is listed from then on.

    It takes the name of its family, or one that no other family has, and a number that no other version of its family
    has.

    Args:
        entry: What to write.
        tables: Those of the transaction.
        shelf: From `shelved`; the entry is added.
    """
    others = list(shelf.values())
    named = replace(entry, name=fitting_name(entry, others), version=free_version(entry, others))
    shelf[named.id] = named
    tables.table(MODELS_TABLE).upsert(entry_to_record(named), where("id") == entry.id)
    return mark_current([named, *family_of(named, others)])[0]


def keep_card(entry: ModelEntry) -> None:
    """Write the card of an entry, unless its folder says the same of it already.

    A card that cannot be read is left as it is, until the person writes something on the model.

    Raises:
        LibraryError: the disk refuses.
    """
    try:
        said = entry_to_card(with_card(folder_to_entry(entry.path), load_card(entry.path)))
    except (ValueError, OSError):
        return
    if said != entry_to_card(entry):
        save_card(entry)


def place(entries: Iterable[ModelEntry]) -> list[ModelEntry]:
    """Return entries as their folders show them: usable, deleted, or with a problem."""
    models, trash = models_folder(), trash_folder()
    return [_placed(entry, models / entry.folder, trash / entry.folder) for entry in entries]


def _placed(entry: ModelEntry, folder: Path, deleted: Path) -> ModelEntry:
    if (folder / MODEL_FILE).is_file():
        return replace(entry, deleted=None) if entry.deleted else entry
    if deleted.is_dir():
        return entry if entry.deleted else replace(entry, deleted=now_iso())
    problem = f"{folder} has no {MODEL_FILE}" if folder.is_dir() else f"{folder} is missing"
    return replace(entry, deleted=None, problem=problem)


def model_folders(parent: Path) -> list[Path]:
    """Return the folders directly in `parent` by name; hidden ones are not models. None when it does not exist."""
    if not parent.is_dir():
        return []
    with os.scandir(parent) as found:
        names = sorted(item.name for item in found if not item.name.startswith(".") and item.is_dir())
    return [parent / name for name in names]
