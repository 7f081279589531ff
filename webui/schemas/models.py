"""Models: cards, what is written on them, their sliders, and their recordings."""

import os
from collections.abc import Iterable, Mapping
from typing import Annotated, Any

from pydantic import Field

from engine.paths import models_folder, trash_folder
from engine.studio.certificates import read_states
from engine.studio.models import ModelEntry
from engine.studio.sliders import SliderReport
from webui.answers import Answer
from webui.bodies import Schema

SECONDS_A_MINUTE = 60.0

Words = Annotated[str, Field(max_length=400, description="Each must occur somewhere.")]


class ModelsQuery(Schema):
    """Which models are listed."""

    words: Words = ""
    all_versions: bool = Field(False, description="Every version of each model, rather than the current one.")


class ParentCard(Answer):
    """A model from which another one came, and its share in it."""

    id: str
    weight: float


class ModelCard(Answer):
    """A model as a list shows it."""

    id: str
    name: str
    created: str
    files: int
    seconds: float
    synthetic_seconds: float
    channels: int
    kind: str
    version: int
    family: str
    current: bool
    tags: tuple[str, ...]
    note: str
    licence: str
    problem: str | None
    size_bytes: int
    minutes: float | None
    sliders: dict[str, str]
    parents: tuple[ParentCard, ...]
    deleted: str | None


class ModelList(Answer):
    """The models of the library, newest first."""

    models: tuple[ModelCard, ...]


class ModelChanged(Answer):
    """A model after a change, and what the person should know of it."""

    model: ModelCard
    notes: tuple[str, ...] = ()


class ModelDetail(ModelCard):
    """Everything that is known of a model without opening it."""

    recordings: tuple[str, ...]
    fed_back: tuple[str, ...]
    folder: str
    reasons: dict[str, str] = Field(description="Why a slider is not certified, by its name.")
    versions: tuple[dict[str, Any], ...] = Field(description="Of the same model, the latest first.")
    described: dict[str, Any] = Field(description="What its folder says: settings, training, report, source …")


class ModelLabels(Schema):
    """Words written on a model; those that are left out stay."""

    name: str | None = None
    note: str | None = None
    tags: list[str] | None = None
    licence: str | None = None


class SlidersAnswer(Answer):
    """The sliders of a model and what they do, the discovered ones last."""

    model: str
    name: str
    sliders: tuple[SliderReport, ...]
    seeds: int
    seconds: float


class MomentQuery(Schema):
    """How much is heard of a moment."""

    seconds: float = Field(1.0, ge=0.0, le=60.0)


class StretchQuery(Schema):
    """Which stretch of a recording is heard."""

    start: float = Field(0.0, ge=0.0, le=3_600.0)
    seconds: float = Field(3_600.0, ge=0.0, le=3_600.0)


class RecordingCard(Answer):
    """A recording that a model keeps."""

    index: int
    name: str
    seconds: float
    synthetic: bool


class RecordingList(Answer):
    """The recordings that a model keeps."""

    recordings: tuple[RecordingCard, ...]


def model_to_card(entry: ModelEntry) -> ModelCard:
    """Return the card of a model of the library, or of the trash."""
    return models_to_cards([entry])[0]


def models_to_cards(entries: Iterable[ModelEntry]) -> tuple[ModelCard, ...]:
    """Return the cards of models; quick, as a library may have a thousand."""
    models, trash = str(models_folder()), str(trash_folder())
    return tuple(_to_card(one, os.path.join(trash if one.deleted else models, one.folder)) for one in entries)  # noqa: PTH118


def _to_card(entry: ModelEntry, folder: str) -> ModelCard:
    seconds = entry.training.get("seconds")
    taken = isinstance(seconds, int | float) and not isinstance(seconds, bool)
    return ModelCard.model_construct(
        **{name: getattr(entry, name) for name in COPIED},
        family=entry.family_id,
        minutes=float(seconds) / SECONDS_A_MINUTE if taken and seconds is not None else None,
        sliders={name: found.state for name, found in read_states(folder).items()},
        parents=tuple(ParentCard(id=parent.id, weight=parent.weight) for parent in entry.parents),
    )


COPIED = (
    "id", "name", "created", "files", "seconds", "synthetic_seconds", "channels", "kind", "version", "current", "tags",
    "note", "licence", "problem", "size_bytes", "deleted",
)  # fmt: skip
SHOWN_APART = {*ModelCard.model_fields, *ModelDetail.model_fields}  # what a detail says by itself


def show_to_detail(entry: ModelEntry, shown: Mapping[str, Any]) -> ModelDetail:
    """Return everything that is known of a model.

    Args:
        entry: Of the library.
        shown: From `engine.studio.models.show_model`.
    """
    card = model_to_card(entry)
    return ModelDetail(
        **dict(card),
        recordings=shown["recordings"],
        fed_back=shown["fed_back"],
        folder=shown["folder"],
        reasons={name: found["reason"] for name, found in shown["sliders"].items() if found["reason"]},
        versions=shown["family"],
        described={name: value for name, value in shown.items() if name not in SHOWN_APART},
    )
