"""Presets saved, changed, deleted to the trash and restored."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, replace
from typing import Any

from tinydb import TinyDB, where

from engine.errors import LibraryError, ParameterError
from engine.library.checks import checked_labels, checked_settings
from engine.library.entries import new_id, now_iso
from engine.library.lineage import free_name
from engine.library.presets import (
    PRESETS_TABLE,
    Preset,
    deleted_presets,
    matching_presets,
    pick_preset,
    present_presets,
    record_to_preset,
)
from engine.library.store import Catalogue


def save_preset(
    catalogue: Catalogue,
    name: str,
    settings: Mapping[str, Any],
    *,
    model: str | None = None,
    note: str = "",
    tags: Iterable[str] = (),
    force: bool = False,
) -> Preset:
    """Keep settings under a name.

    Args:
        catalogue: Of the person.
        name: Unique among the presets for the same model; case makes no difference.
        settings: Plain JSON values by name, as `GenerateSettings` holds them.
        model: Family of the model that it is for; None: for all.
        note: Of any number of lines.
        tags: To find it by.
        force: Let it take the place of one of this name, which goes to the trash.

    Raises:
        ParameterError: a name, note, tag or id is not allowed, or a setting cannot be kept.
        LibraryError: there is one of this name and no `force` (`preset_exists`), or the catalogue cannot be written.
    """
    labels = checked_labels(name=name, note=note, tags=tags)
    record = {"id": new_id(), "model": model, "settings": checked_settings(settings), "created": now_iso(), **labels}
    try:
        preset = record_to_preset(record)
    except ValueError as error:
        raise ParameterError(f"{error}. Give the id of a model, or none for all models.") from None
    with catalogue.transaction() as tables:
        rivals = _rivals(preset, tables, catalogue)
        if not force:
            refuse_taken(rivals)
        for rival in rivals:
            _write(replace(rival, deleted=preset.created), tables)
        _write(preset, tables)
    return preset


def change_preset(
    catalogue: Catalogue,
    name_or_id: str,
    *,
    model: str | None = None,
    name: str | None = None,
    note: str | None = None,
    tags: Iterable[str] | None = None,
) -> Preset:
    """Change what is written on a preset; what is None stays as it is.

    Args:
        catalogue: Of the person.
        name_or_id: As for `find_preset`.
        model: As for `find_preset`.
        name: Unique among the presets for the same model.
        note: Of any number of lines; "" removes it.
        tags: All tags that it is to have.

    Raises:
        ParameterError: a name, note or tag is not allowed.
        LibraryError: see `find_preset`; another preset has the name (`preset_exists`), or it cannot be written.
    """
    changes = checked_labels(name=name, note=note, tags=tags)
    with catalogue.transaction() as tables:
        preset = replace(pick_preset(tables, catalogue, name_or_id, model), **changes)
        refuse_taken(_rivals(preset, tables, catalogue))
        _write(preset, tables)
    return preset


def delete_preset(catalogue: Catalogue, name_or_id: str, model: str | None = None) -> Preset:
    """Put a preset, found as by `find_preset`, into the trash, from where `restore_preset` brings it back.

    Raises:
        LibraryError: see `find_preset`; or it cannot be written.
    """
    with catalogue.transaction() as tables:
        gone = replace(pick_preset(tables, catalogue, name_or_id, model), deleted=now_iso())
        _write(gone, tables)
    return gone


def restore_preset(catalogue: Catalogue, name_or_id: str) -> Preset:
    """Bring a preset back from the trash; of several with this name the last deleted.

    It gets a number after its name when another preset took the name meanwhile.

    Raises:
        LibraryError: there is no such preset in the trash (`preset_unknown`), or it cannot be written.
    """
    with catalogue.transaction() as tables:
        found = matching_presets(deleted_presets(tables, catalogue), name_or_id)
        if not found:
            raise LibraryError(
                f"there is no preset {name_or_id!r} in the trash. To see what is there: sda presets list --deleted",
                code="preset_unknown",
            )
        taken = [other.name for other in present_presets(tables, catalogue) if other.model == found[0].model]
        back = replace(found[0], name=free_name(found[0].name, taken), deleted=None)
        _write(back, tables)
    return back


def purge_presets(catalogue: Catalogue, until: str) -> list[Preset]:
    """Remove presets for good that were deleted until a time, and return them.

    Args:
        catalogue: Of the person.
        until: ISO 8601, UTC.

    Raises:
        LibraryError: the catalogue cannot be written.
    """
    with catalogue.transaction() as tables:
        due = [preset for preset in deleted_presets(tables, catalogue) if preset.deleted and preset.deleted <= until]
        for preset in due:
            tables.table(PRESETS_TABLE).remove(where("id") == preset.id)
    return due


def refuse_taken(rivals: list[Preset]) -> None:
    """Raise LibraryError where presets already have the name."""
    if rivals:
        raise LibraryError(
            f"preset {rivals[0].name!r} exists. Choose another name, or replace it with --force.", code="preset_exists"
        )


def _rivals(preset: Preset, tables: TinyDB, catalogue: Catalogue) -> list[Preset]:
    """Return the other presets with the name and the model of this one; there is at most one."""
    named = [other for other in present_presets(tables, catalogue) if other.name.casefold() == preset.name.casefold()]
    return [other for other in named if other.model == preset.model and other.id != preset.id]


def _write(preset: Preset, tables: TinyDB) -> None:
    tables.table(PRESETS_TABLE).upsert(asdict(preset), where("id") == preset.id)
