"""Presets: settings under a name, for one model or for all, kept by what they mean and never by position."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

from pydantic import TypeAdapter, ValidationError
from tinydb import TinyDB

from engine.errors import LibraryError
from engine.library.entries import Identifier, first_violation
from engine.library.search import text_matcher
from engine.library.store import Catalogue

PRESETS_TABLE = "presets"


@dataclass(frozen=True)
class Preset:
    """Settings that shape a sound, to be used again."""

    id: Identifier
    name: str  # unique among the presets for the same model; case makes no difference
    model: Identifier | None  # family of the model it is for, so that it suits each version; None: for all models
    settings: Mapping[str, Any]  # everything that shapes the sound, sliders by their names
    created: str  # ISO 8601, UTC
    note: str = ""
    tags: tuple[str, ...] = ()
    deleted: str | None = None  # ISO 8601, UTC, when it went to the trash


_PRESET = TypeAdapter(Preset)


def list_presets(catalogue: Catalogue, model: str | None = None) -> list[Preset]:
    """Return presets that are not deleted, the last saved first.

    Args:
        catalogue: Of the person.
        model: Family of a model: only the presets for it and those for all.

    Raises:
        LibraryError: the catalogue cannot be read.
    """
    return present_presets(catalogue.snapshot(), catalogue, model)


def list_deleted_presets(catalogue: Catalogue) -> list[Preset]:
    """Return the presets in the trash, the last deleted first.

    Raises:
        LibraryError: the catalogue cannot be read.
    """
    return deleted_presets(catalogue.snapshot(), catalogue)


def search_presets(catalogue: Catalogue, words: str, model: str | None = None) -> list[Preset]:
    """Return the presets of `list_presets` in which every one of the words occurs.

    Looked at are name, note, tags, date, and the names of the sliders that it sets.

    Raises:
        LibraryError: the catalogue cannot be read.
    """
    fits = text_matcher(words)
    return [preset for preset in list_presets(catalogue, model) if fits(_texts(preset))]


def _texts(preset: Preset) -> tuple[str, ...]:
    sliders = preset.settings.get("sliders")
    return (preset.name, preset.note, preset.created, *preset.tags, *(sliders if isinstance(sliders, Mapping) else ()))


def find_preset(catalogue: Catalogue, name_or_id: str, model: str | None = None) -> Preset:
    """Return a preset that is not deleted; of two with one name, that for the model goes before that for all.

    Args:
        catalogue: Of the person.
        name_or_id: Case makes no difference in a name.
        model: Family of the model that it is wanted for; None: any.

    Raises:
        LibraryError: there is none (`preset_unknown`), several models have one of this name and no model is given
            (`preset_ambiguous`), or the catalogue cannot be read.
    """
    return pick_preset(catalogue.snapshot(), catalogue, name_or_id, model)


def pick_preset(tables: TinyDB, catalogue: Catalogue, name_or_id: str, model: str | None) -> Preset:
    """Return the preset that `find_preset` does, from tables that were read already.

    Raises:
        LibraryError: as `find_preset`.
    """
    present = present_presets(tables, catalogue, model)
    found = matching_presets(present, name_or_id)
    if not found:
        raise unknown_preset(present, name_or_id)
    if model is None and len(found) > 1:
        ids = ", ".join(f"{preset.id} ({preset.model or 'all models'})" for preset in found)
        raise LibraryError(
            f"there are {len(found)} presets {name_or_id!r}, of several models: {ids}. Name the model, or give the id.",
            code="preset_ambiguous",
        )
    return min(found, key=lambda preset: preset.model is None)


def matching_presets(presets: Iterable[Preset], name_or_id: str) -> list[Preset]:
    """Return the preset with this id, or those with this name in any case."""
    candidates = list(presets)
    wanted = name_or_id.strip()
    same_id = [preset for preset in candidates if preset.id == wanted]
    return same_id or [preset for preset in candidates if preset.name.casefold() == wanted.casefold()]


def unknown_preset(presets: Iterable[Preset], name_or_id: str) -> LibraryError:
    """Return the error for a name that none of these presets has, with the way on that fits."""
    names = {preset.name.casefold(): preset.name for preset in presets}
    close = [repr(names[name]) for name in get_close_matches(name_or_id.casefold(), names, cutoff=0.5)]
    meant = f" Did you mean {' or '.join(close)}?" if close else ""
    hint = "To see all: sda presets list" if names else "There are none yet. To make one: sda presets save"
    return LibraryError(f"there is no preset {name_or_id!r}.{meant} {hint}", code="preset_unknown")


def present_presets(tables: TinyDB, catalogue: Catalogue, model: str | None = None) -> list[Preset]:
    """Return the presets that are not deleted, the last saved first; only those that suit a model if one is given."""
    return [
        preset
        for preset in reversed(_read(tables, catalogue))
        if not preset.deleted and (model is None or preset.model in (None, model))
    ]


def deleted_presets(tables: TinyDB, catalogue: Catalogue) -> list[Preset]:
    """Return the presets in the trash, the last deleted first."""
    deleted = [preset for preset in reversed(_read(tables, catalogue)) if preset.deleted]
    return sorted(deleted, key=lambda preset: preset.deleted or "", reverse=True)


def _read(tables: TinyDB, catalogue: Catalogue) -> list[Preset]:
    """Return all presets in the order they were saved; a record that cannot be read is reported and passed over."""
    found = []
    for record in tables.table(PRESETS_TABLE).all():
        try:
            found.append(record_to_preset(record))
        except ValueError as error:
            name = record.get("name", record.doc_id)
            catalogue.report(f"the record of preset {name!r} is damaged ({error}) and is left out.")
    return found


def record_to_preset(record: Mapping[str, Any]) -> Preset:
    """Read a record of the catalogue; fields this version does not know are passed over.

    Raises:
        ValueError: a field is missing or has the wrong type; the message is one line.
    """
    try:
        return _PRESET.validate_python(record)
    except ValidationError as error:
        raise first_violation(error) from None
