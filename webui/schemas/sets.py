"""Data sets: made, shown with their recordings, and changed."""

from typing import Literal

from pydantic import Field

from engine.studio.set_contents import State
from webui.answers import Answer
from webui.bodies import Schema

MOST_RECORDINGS = 10_000  # named in one request

Name = Field(None, max_length=200, description="Unique; case makes no difference.")


class SetCard(Answer):
    """A data set as a list shows it."""

    id: str
    name: str
    folder: str | None = Field(description="Of the person; null where the set keeps its recordings itself.")
    created: str
    deleted: str | None
    files: int = Field(description="Recordings that are there and not left out.")
    seconds: float = Field(description="Length of those among them that were found usable.")
    problem: str | None = Field(description="Why nothing can be read at present.")


class SetList(Answer):
    """The data sets, the latest first."""

    sets: tuple[SetCard, ...]


class RecordingShown(Answer):
    """A recording of a set; figures are null where the doctor has none."""

    id: str
    name: str
    state: State
    reason: str | None = Field(description="Why it is skipped.")
    included: bool
    seconds: float | None
    sample_rate: int | None
    channels: int | None
    stereo: bool | None
    peak_db: float | None
    loudness_lufs: float | None
    share: float | None = Field(description="Of what is included; of everything where it is left out.")
    duplicate_of: str | None = Field(description="Name of an earlier recording with the same samples.")
    near_duplicate_of: str | None = Field(description="Name of an earlier recording with the same sound.")
    oddness: float | None
    notes: tuple[str, ...]


class RemovedShown(Answer):
    """A recording that was taken out of a set and can be put back."""

    id: str
    name: str
    size_bytes: int
    removed: str


class ActionShown(Answer):
    """The button that does what an advice says."""

    kind: Literal["leave_out", "mend"]
    label: str
    recordings: tuple[str, ...] = Field(description="Their ids.")


class AdviceShown(Answer):
    """A sentence on what to do about a set."""

    text: str
    action: ActionShown | None


class SetShown(SetCard):
    """A data set with its recordings, and what to do about them."""

    recordings: tuple[RecordingShown, ...]
    removed: tuple[RemovedShown, ...]
    ignored: tuple[str, ...] = Field(description="Names of files that are no sound.")
    verdict: str
    advice: tuple[AdviceShown, ...]
    total_seconds: float
    included_seconds: float
    examined: str | None
    examining: str | None = Field(description="Id of the job that examines it now, or waits to.")


class RecordingAdded(Answer):
    """A recording that was sent."""

    recording: str
    name: str
    known: bool = Field(description="Whether the set had the same bytes already; nothing was added then.")


class SetGiven(Schema):
    """A set to be made: of a folder, or an empty one that recordings are sent to."""

    name: str | None = Name
    folder: str | None = Field(None, min_length=1, max_length=4_096, description="Of the person, as a path.")


class SetChanges(Schema):
    """Changes of a set; a field that is not given stays."""

    name: str | None = Name
    left_out: list[str] | None = Field(
        None, max_length=MOST_RECORDINGS, description="Ids of all recordings that are left out from now on."
    )
    mend: list[str] = Field(
        default_factory=list, max_length=MOST_RECORDINGS, description="Ids of recordings to take the DC offset out of."
    )
    restore: list[str] = Field(
        default_factory=list, max_length=MOST_RECORDINGS, description="Ids of removed recordings to be put back."
    )


class HearQuery(Schema):
    """From where on a recording is heard."""

    start: float = Field(0.0, ge=0.0, le=86_400.0, description="In seconds.")
