"""Labels that the person writes on a model: its name, a note, tags, and the licence of its recordings."""

from collections.abc import Iterable
from dataclasses import replace

from tinydb import TinyDB, where

from engine.errors import LibraryError
from engine.library.card import save_card
from engine.library.checks import checked_labels
from engine.library.entries import ModelEntry, entry_to_record
from engine.library.lineage import family_of
from engine.library.models import find_model, still_there
from engine.library.shelf import MODELS_TABLE, shelved
from engine.library.store import Catalogue


def label_model(
    catalogue: Catalogue,
    name_or_id: str,
    *,
    name: str | None = None,
    note: str | None = None,
    tags: Iterable[str] | None = None,
    licence: str | None = None,
) -> ModelEntry:
    """Change what is written on a version of a model; what is None stays as it is.

    It is written into the model's folder and then into the catalogue.

    Args:
        catalogue: Of the person.
        name_or_id: As for `find_model`.
        name: For all versions of the model.
        note: Of any number of lines; "" removes it.
        tags: All tags that the model is to have.
        licence: Of the recordings, in the person's words; "" removes it.

    Raises:
        ModelError: there is no such model, or it is damaged.
        ParameterError: a name, note or tag is too long, empty, or not printable.
        LibraryError: another model has the name (`model_name_taken`), or the disk refuses.
    """
    changes = checked_labels(name=name, note=note, tags=tags, licence=licence)
    found = find_model(catalogue, name_or_id)
    with catalogue.transaction() as tables:
        shelf = shelved(tables, catalogue)
        entry = still_there(found, shelf, name_or_id)
        if name is not None:
            refuse_taken(changes["name"], entry, shelf.values())
            for version in family_of(entry, shelf.values()):
                write_label(replace(version, name=changes["name"]), tables)
        changed = replace(entry, **changes, current=found.current)
        write_label(changed, tables)
    return changed


def write_label(entry: ModelEntry, tables: TinyDB) -> None:
    """Write what is written on an entry into its folder, and the entry over its record.

    Raises:
        LibraryError: the disk refuses.
    """
    if not entry.problem:
        save_card(entry)
    tables.table(MODELS_TABLE).update(entry_to_record(entry), where("id") == entry.id)


def refuse_taken(name: str, entry: ModelEntry, shelf: Iterable[ModelEntry]) -> None:
    """Raise LibraryError where another model has this name, in any case."""
    for other in shelf:
        if not other.deleted and other.family_id != entry.family_id and other.name.casefold() == name.casefold():
            raise LibraryError(
                f"name = {name!r}: model {other.id} has it already. Choose another name, or rename that one first.",
                code="model_name_taken",
            )
