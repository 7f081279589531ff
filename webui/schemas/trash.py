"""The trash, and what is removed from it for good."""

from pydantic import Field

from webui.answers import Answer
from webui.bodies import Schema
from webui.schemas.history import Entry
from webui.schemas.models import ModelCard
from webui.schemas.presets import PresetCard


class DeletedSet(Answer):
    """A data set in the trash."""

    id: str
    name: str
    created: str
    deleted: str | None


class DeletedRecording(Answer):
    """A recording that was taken out of a data set."""

    id: str
    name: str
    set: str


class TrashAnswer(Answer):
    """All that is in the trash, or was removed from it for good."""

    models: tuple[ModelCard, ...]
    history: tuple[Entry, ...]
    presets: tuple[PresetCard, ...]
    sets: tuple[DeletedSet, ...]
    recordings: tuple[DeletedRecording, ...]
    size_bytes: int = Field(description="Room on the disk that it takes.")


class PurgeGiven(Schema):
    """Things to be removed for good; everything where nothing is said."""

    models: bool = True
    presets: bool = True
    history: bool = True
    sets: bool = True
    older_than_days: float = Field(0.0, ge=0.0, le=36_500.0)
