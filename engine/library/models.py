"""The person's models: listed, found by name, id or words, and added."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from difflib import get_close_matches

from engine.errors import ModelError
from engine.library.checks import checked_name
from engine.library.entries import MODEL_FILE, ModelEntry, recording_names
from engine.library.lineage import family_of
from engine.library.search import text_matcher
from engine.library.shelf import keep_card, put_entry, read_shelf, shelved
from engine.library.store import Catalogue


def list_models(catalogue: Catalogue, *, all_versions: bool = False) -> list[ModelEntry]:
    """Return the models that are not deleted, newest first; one with a `problem` is damaged.

    Args:
        catalogue: Of the person.
        all_versions: Every version of each model, rather than the current one.

    Raises:
        LibraryError: the catalogue cannot be read.
    """
    return [entry for entry in read_shelf(catalogue) if not entry.deleted and (all_versions or entry.current)]


def search_models(catalogue: Catalogue, words: str, *, all_versions: bool = False) -> list[ModelEntry]:
    """Return the models, newest first, in which every one of the words occurs.

    Looked at are name, tags, note, licence, file names of recordings, date, and the data-set doctor's report.

    Raises:
        LibraryError: the catalogue cannot be read.
    """
    fits = text_matcher(words)
    return [entry for entry in list_models(catalogue, all_versions=all_versions) if fits(_texts(entry))]


def _texts(entry: ModelEntry) -> tuple[str, ...]:
    written = (entry.name, entry.note, entry.licence, entry.created)
    return (*written, *entry.tags, *entry.recordings, *entry.report)


def find_model(catalogue: Catalogue, name_or_id: str) -> ModelEntry:
    """Return a usable model; case decides only between two names that differ in nothing else.

    Args:
        catalogue: Of the person.
        name_or_id: A name means the current version; "sax@2" means the second; an id means that version.

    Raises:
        ModelError: there is none (`model_unknown`), it is in the trash (`model_deleted`), or it is damaged
            (`model_damaged`).
        LibraryError: the catalogue cannot be read.
    """
    found = locate_model(catalogue, name_or_id)
    if found.problem:
        raise ModelError(
            f"model {found.name!r} is damaged: {found.problem}. Put the folder back from a backup, or remove the "
            f'model with: sda models delete "{found.name}"',
            code="model_damaged",
        )
    return found


def locate_model(catalogue: Catalogue, name_or_id: str) -> ModelEntry:
    """Return a model as `find_model` does, damaged or not.

    Raises:
        ModelError: there is none (`model_unknown`), or it is in the trash (`model_deleted`).
        LibraryError: the catalogue cannot be read.
    """
    shelf = read_shelf(catalogue)
    found = match(shelf, name_or_id, deleted=False)
    if found is None:
        raise unknown_model(shelf, name_or_id)
    return found


def still_there(found: ModelEntry, shelf: Mapping[str, ModelEntry], name_or_id: str) -> ModelEntry:
    """Return a model that was found as it is now, inside a transaction.

    Raises:
        ModelError: another program deleted it meanwhile.
    """
    now = shelf.get(found.id)
    if now is None or now.deleted:
        raise unknown_model([now] if now else [], name_or_id)
    return now


def add_model(catalogue: Catalogue, entry: ModelEntry) -> ModelEntry:
    """Make a complete model folder known, and return its entry with the name it got.

    A name that another model has gets a number: "sax", "sax 2". A version of a model that is there takes its name and
    is current from then on. An entry with the same id is replaced.

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
        shelf = shelved(tables, catalogue)
        chosen = max((other.chosen for other in family_of(usable, shelf.values())), default=0)
        recordings = usable.recordings or recording_names(usable.path)
        added = put_entry(replace(usable, chosen=chosen, recordings=recordings), tables, shelf)
        keep_card(added)
        return added


def match(entries: Iterable[ModelEntry], name_or_id: str, *, deleted: bool) -> ModelEntry | None:
    """Return the first entry with this id, else with this name, else with this name in another case or "sax@2"."""
    candidates = [entry for entry in entries if bool(entry.deleted) == deleted]
    candidates.sort(key=lambda entry: not entry.current)
    wanted = name_or_id.strip()
    for fits in (
        lambda entry: entry.id == wanted,
        lambda entry: entry.name == wanted,
        lambda entry: entry.name.casefold() == wanted.casefold(),
        lambda entry: f"{entry.name}@{entry.version}".casefold() == wanted.casefold(),
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
