"""Presets: kept, changed, deleted and brought back, and fitted to a model."""

from typing import Any

from flask import Blueprint

from engine.studio import presets
from webui.context import touch
from webui.endpoint import endpoint
from webui.schemas.presets import (
    PresetApplied,
    PresetCard,
    PresetGiven,
    PresetLabels,
    PresetList,
    PresetsQuery,
    PresetUse,
)

blueprint = Blueprint("presets", __name__)


@endpoint(blueprint, "GET", "/api/presets", query=PresetsQuery, returns=PresetList)
def list_presets(query: PresetsQuery) -> PresetList:
    """List presets, the last saved first."""
    found = presets.list_presets(query.words, model=query.model)
    return PresetList(presets=tuple(map(preset_to_card, found)))


@endpoint(blueprint, "POST", "/api/presets", body=PresetGiven, returns=PresetCard, status=201)
def save(body: PresetGiven) -> PresetCard:
    """Keep settings under a name."""
    given: dict[str, Any] = dict(body)
    preset = presets.save_preset(given.pop("name"), given.pop("settings"), force=given.pop("replace"), **given)
    touch("presets", "trash")
    return preset_to_card(preset)


@endpoint(blueprint, "PATCH", "/api/presets/<preset>", body=PresetLabels, returns=PresetCard)
def label(preset: str, body: PresetLabels) -> PresetCard:
    """Change what is written on a preset."""
    changed = presets.change_preset(preset, **dict(body))
    touch("presets")
    return preset_to_card(changed)


@endpoint(blueprint, "DELETE", "/api/presets/<preset>", returns=PresetCard)
def delete(preset: str) -> PresetCard:
    """Put a preset into the trash."""
    gone = presets.delete_preset(preset)
    touch("presets", "trash")
    return preset_to_card(gone)


@endpoint(blueprint, "POST", "/api/presets/<preset>/restore", returns=PresetCard)
def restore(preset: str) -> PresetCard:
    """Bring a preset back from the trash."""
    back = presets.restore_preset(preset)
    touch("presets", "trash")
    return preset_to_card(back)


@endpoint(blueprint, "POST", "/api/presets/<preset>/apply", body=PresetUse, returns=PresetApplied)
def apply(preset: str, body: PresetUse) -> PresetApplied:
    """Return the settings of a preset for a model; nothing is changed."""
    applied = presets.apply_preset(preset, body.model, body.settings)
    return PresetApplied(settings=applied.settings.model_dump(mode="json"), notes=applied.notes)


def preset_to_card(preset: presets.Preset) -> PresetCard:
    """Return a preset as the page has it."""
    return PresetCard.model_construct(**vars(preset))
