"""Which models there are: the catalogue's records and the folders on disk, brought together.

Where a model's folder lies decides, not what its record says: in `models_folder()` it can be used, in
`trash_folder()` it is deleted, in neither it is damaged. So a crash between moving a folder and writing the
record cannot make them contradict each other, and a folder without a record is given one.
"""

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from tinydb import TinyDB, where

from engine.errors import LibraryError
from engine.library.entries import MODEL_FILE, ModelEntry, entry_to_record, folder_to_entry, record_to_entry
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
    placed = [place(entry) for entry in [*entries, *orphans]]
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
    folders = {entry.folder for entry in entries}
    names = {entry.id: entry.name for entry in entries}
    orphans = []
    for folder in [*model_folders(models_folder()), *model_folders(trash_folder())]:
        if folder.name in folders or not (folder / MODEL_FILE).is_file():
            continue
        try:
            orphan = folder_to_entry(folder)
        except (ValueError, OSError) as error:
            catalogue.report(f"{folder} is not a model that can be used: {MODEL_FILE}: {error}. It is left out.")
            continue
        if orphan.id in names:
            catalogue.report(f"{folder} is a copy of model {names[orphan.id]!r} (same id) and is left out.")
            continue
        names[orphan.id] = orphan.name
        orphans.append(orphan)
    return orphans


def adopt(orphans: Iterable[ModelEntry], catalogue: Catalogue) -> list[ModelEntry]:
    """Give each orphan a record, and a free name; where the catalogue cannot be written, say so and go on."""
    try:
        with catalogue.transaction() as tables:
            taken = names_in_use(tables, catalogue)
            return [put_entry(orphan, tables, taken) for orphan in orphans]
    except LibraryError as error:
        catalogue.report(error.message)
        return list(orphans)


def names_in_use(tables: TinyDB, catalogue: Catalogue) -> dict[str, str]:
    """Return the name of each model that is not deleted, by id."""
    placed = map(place, read_entries(tables, catalogue))
    return {entry.id: entry.name for entry in placed if not entry.deleted}


def put_entry(entry: ModelEntry, tables: TinyDB, taken: dict[str, str]) -> ModelEntry:
    """Write an entry over the one with its id, or as a new one, under a name that no other model has.

    Args:
        entry: What to write.
        tables: Those of the transaction.
        taken: From `names_in_use`; the name that was given is added.
    """
    named = replace(entry, name=free_name(entry.name, [name for key, name in taken.items() if key != entry.id]))
    taken[named.id] = named.name
    tables.table(MODELS_TABLE).upsert(entry_to_record(named), where("id") == entry.id)
    return named


def free_name(wanted: str, taken: Iterable[str]) -> str:
    """Return `wanted`, or with the first free number after it: "sax", "sax 2", "sax 3"; case does not count."""
    folded = {name.casefold() for name in taken}
    number = 1
    name = wanted
    while name.casefold() in folded:
        number += 1
        name = f"{wanted} {number}"
    return name


def place(entry: ModelEntry) -> ModelEntry:
    """Return the entry as its folder shows it: usable, deleted, or with a problem."""
    if (models_folder() / entry.folder / MODEL_FILE).is_file():
        return replace(entry, deleted=None)
    if (trash_folder() / entry.folder).is_dir():
        return replace(entry, deleted=entry.deleted or entry.created)
    folder = models_folder() / entry.folder
    problem = f"{folder} has no {MODEL_FILE}" if folder.is_dir() else f"{folder} is missing"
    return replace(entry, deleted=None, problem=problem)


def model_folders(parent: Path) -> list[Path]:
    """Return the folders directly in `parent` by name; hidden ones are not models. None when it does not exist."""
    if not parent.is_dir():
        return []
    return sorted(folder for folder in parent.iterdir() if folder.is_dir() and not folder.name.startswith("."))
