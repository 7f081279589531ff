"""The versions of a model: which there are, and which of them its name means."""

from dataclasses import replace

from engine.library.entries import ModelEntry
from engine.library.labelling import write_label
from engine.library.lineage import family_of
from engine.library.models import find_model, list_models, locate_model, still_there
from engine.library.shelf import shelved
from engine.library.store import Catalogue


def list_versions(catalogue: Catalogue, name_or_id: str) -> list[ModelEntry]:
    """Return all versions of a model that are not deleted, the latest first.

    Raises:
        ModelError: there is no such model.
        LibraryError: the catalogue cannot be read.
    """
    family = locate_model(catalogue, name_or_id).family_id
    versions = [entry for entry in list_models(catalogue, all_versions=True) if entry.family_id == family]
    return sorted(versions, key=lambda entry: entry.version, reverse=True)


def next_version(catalogue: Catalogue, name_or_id: str) -> int:
    """Return the number that the next version of a model has, after all it had, those in the trash too.

    Raises:
        ModelError: there is no such model.
        LibraryError: the catalogue cannot be read.
    """
    found = locate_model(catalogue, name_or_id)
    with_deleted = shelved(catalogue.snapshot(), catalogue).values()
    return 1 + max(entry.version for entry in [found, *family_of(found, with_deleted)])


def make_current(catalogue: Catalogue, name_or_id: str) -> ModelEntry:
    """Let a model's name mean this version from now on, until another is chosen or added.

    Args:
        catalogue: Of the person.
        name_or_id: Of the version: its id, or "sax@2".

    Raises:
        ModelError: there is no such version, or it is damaged.
        LibraryError: the catalogue, or the card in the model's folder, cannot be written.
    """
    found = find_model(catalogue, name_or_id)
    with catalogue.transaction() as tables:
        shelf = shelved(tables, catalogue)
        entry = still_there(found, shelf, name_or_id)
        highest = max((other.chosen for other in family_of(entry, shelf.values())), default=0)
        chosen = replace(entry, chosen=max(entry.chosen, highest + 1), current=True)
        write_label(chosen, tables)
    return chosen
