"""Presets, for the front doors: kept, found, and applied to a model by what they mean."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from engine.checking import checked
from engine.errors import LibraryError
from engine.library import preset_changes as changes
from engine.library import presets as kept
from engine.library.entries import ModelEntry
from engine.library.presets import Preset
from engine.settings import SPACE_SLIDERS, GenerateSettings, as_kept, newly_kept
from engine.studio.certificates import OFF, read_states
from engine.studio.history import find_output
from engine.studio.models import find_family, find_model, open_library

__all__ = ["Preset"]

OF_ONE_OUTPUT = ("seed", "device", "export", "hrtf_fingerprint")  # what a preset leaves to each output


@dataclass(frozen=True)
class Applied:
    """A preset as it is for one model.

    Attributes:
        settings: To generate with.
        notes: What of the preset does not work there, and why.
    """

    settings: GenerateSettings
    notes: tuple[str, ...]


def list_presets(words: str = "", *, model: str | None = None, deleted: bool = False) -> list[Preset]:
    """Return presets, the last saved first.

    Args:
        words: Each must occur in name, note, tags, date or the names of sliders.
        model: Name or id: only those for it and those for all models.
        deleted: Those in the trash; words and model do not matter then.

    Raises:
        ModelError: there is no such model.
    """
    if deleted:
        return kept.list_deleted_presets(open_library())
    return kept.search_presets(open_library(), words, _family(model))


def find_preset(name: str, model: str | None = None) -> Preset:
    """Return a preset by name or id.

    Raises:
        LibraryError: there is none, or several models have one of this name and none is given.
        ModelError: there is no such model.
    """
    return kept.find_preset(open_library(), name, _family(model))


def save_preset(
    name: str,
    settings: Mapping[str, Any],
    *,
    output: str | None = None,
    model: str | None = None,
    note: str = "",
    tags: Iterable[str] = (),
    force: bool = False,
) -> Preset:
    """Keep settings under a name.

    Args:
        name: Of the preset.
        settings: Of GenerateSettings, those that it is to set.
        output: Id of an output of the history whose settings it begins with.
        model: Name or id of the model that it is for; None: for all.
        note: Of any number of lines.
        tags: To find it by.
        force: Let it take the place of one of this name.

    Raises:
        ParameterError: a setting is outside its limits, or there is nothing to keep.
        LibraryError: there is one of this name, or no such output.
        ModelError: there is no such model.
    """
    begun = as_kept(find_output(output).settings) if output else {}
    wanted = {key: value for key, value in {**begun, **settings}.items() if key not in OF_ONE_OUTPUT}
    if not wanted:
        raise LibraryError(
            "there is nothing to keep: give settings, for example --set density=8, or --from an output of sda history",
            code="preset_empty",
        )
    checked(GenerateSettings, {key: value for key, value in wanted.items() if key in GenerateSettings.model_fields})
    wanted = newly_kept(wanted)
    if "blend" in wanted:
        wanted["blend"] = {find_model(other).id: share for other, share in dict(wanted["blend"]).items()}
    return changes.save_preset(open_library(), name, wanted, model=_family(model), note=note, tags=tags, force=force)


def apply_preset(name: str, model: str, values: Mapping[str, Any]) -> Applied:
    """Return the settings of a preset for a model.

    A preset of another model may be used: it says what is to be heard, and each model does that in its own way.

    Args:
        name: Name or id of the preset.
        model: Name or id of the model.
        values: Settings that go before those of the preset.

    Raises:
        LibraryError: there is no such preset.
        ModelError: there is no such model.
        ParameterError: a value is outside its limits.
    """
    entry = find_model(model)
    preset, notes = _fitting_preset(name, entry)
    known = {key: value for key, value in as_kept(preset.settings).items() if key in GenerateSettings.model_fields}
    unknown = sorted(set(preset.settings) - set(known))
    if unknown:
        notes.append(
            f"preset {preset.name!r} sets {', '.join(unknown)}, which this version of the program does not know"
        )
    sliders = preset.settings.get("sliders")
    notes += _off_sliders(entry, preset, sliders if isinstance(sliders, Mapping) else {})
    moved = set(SPACE_SLIDERS) & set(dict(values.get("sliders") or {}))  # settings of their own in a preset
    kept_settings = {key: value for key, value in known.items() if key not in moved}
    return Applied(checked(GenerateSettings, {**kept_settings, **values}), tuple(notes))


def _fitting_preset(name: str, entry: ModelEntry) -> tuple[Preset, list[str]]:
    """Return the preset for a model, or else that of another one, which is said."""
    try:
        return kept.find_preset(open_library(), name, entry.family_id), []
    except LibraryError as error:
        if error.code != "preset_unknown":
            raise
    preset = kept.find_preset(open_library(), name)
    return preset, [f"preset {preset.name!r} was made for another model; its settings mean the same here"]


def _off_sliders(entry: ModelEntry, preset: Preset, sliders: Mapping[str, Any]) -> Iterator[str]:
    """Say which sliders of a preset do nothing in a model, as its certificate has them."""
    for name, found in read_states(entry.path).items():
        if name in sliders and found.state == OFF:
            reason = f": {found.reason}" if found.reason else ""
            yield f"preset {preset.name!r} sets {name}, which is off in model {entry.name!r}{reason}"


def change_preset(
    name_or_id: str, *, name: str | None = None, note: str | None = None, tags: Iterable[str] | None = None
) -> Preset:
    """Change what is written on a preset; what is None stays as it is."""
    return changes.change_preset(open_library(), name_or_id, name=name, note=note, tags=tags)


def delete_preset(name: str, model: str | None = None) -> Preset:
    """Put a preset into the trash."""
    return changes.delete_preset(open_library(), name, _family(model))


def restore_preset(name: str) -> Preset:
    """Bring a preset back from the trash."""
    return changes.restore_preset(open_library(), name)


def _family(model: str | None) -> str | None:
    return find_family(model) if model else None
