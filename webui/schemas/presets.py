"""Presets: kept settings, and how they fit a model."""

from typing import Any

from pydantic import Field

from webui.answers import Answer
from webui.bodies import Schema
from webui.schemas.models import Words


class PresetsQuery(Schema):
    """Which presets are listed."""

    words: Words = ""
    model: str | None = Field(None, max_length=200, description="Only those for this model and those for all.")


class PresetCard(Answer):
    """Settings under a name."""

    id: str
    name: str
    model: str | None = Field(description="Family of the model that it is for; null: for all.")
    settings: dict[str, Any]
    created: str
    note: str
    tags: tuple[str, ...]
    deleted: str | None


class PresetList(Answer):
    """Presets, the last saved first."""

    presets: tuple[PresetCard, ...]


class PresetGiven(Schema):
    """Settings to be kept."""

    name: str
    settings: dict[str, Any] = Field({})
    output: str | None = Field(None, description="Id of an output whose settings it begins with.")
    model: str | None = Field(None, description="Id of the model that it is for; left out: for all.")
    note: str = ""
    tags: list[str] = Field([])
    replace: bool = Field(False, description="Let it take the place of one of this name, which goes to the trash.")


class PresetLabels(Schema):
    """Words written on a preset; those that are left out stay."""

    name: str | None = None
    note: str | None = None
    tags: list[str] | None = None


class PresetUse(Schema):
    """The model that a preset is to be used with."""

    model: str
    settings: dict[str, Any] = Field({}, description="Settings that go before those of the preset.")


class PresetApplied(Answer):
    """A preset as it is for one model."""

    settings: dict[str, Any]
    notes: tuple[str, ...] = Field(description="What of it does not work there, and why.")
