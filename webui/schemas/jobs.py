"""Jobs: asked for, followed, and answered."""

from typing import Any, Literal

from pydantic import Field

from engine.workers.job import Job, State
from engine.workers.jobs import KINDS
from webui.bodies import Schema
from webui.schemas.settings_given import ExportGiven, GenerateGiven, GrowGiven, PackGiven, TagsGiven, TrainGiven

Kind = Literal[tuple(KINDS)]  # type: ignore[valid-type]


class JobError(Schema):
    """Why a job has no result."""

    code: str
    message: str
    field: str | None = None


class JobShown(Schema):
    """A job as a page follows it; see `engine.workers.job.Job`."""

    id: str
    kind: str
    title: str
    state: State
    created: str
    started: str | None
    ended: str | None
    share: float | None
    stage: str
    words: str
    detail: str
    seconds_left: float | None
    device: dict[str, Any] | None
    log: list[str]
    curve: list[dict[str, Any]]
    sliders: list[dict[str, Any]]
    result: dict[str, Any] | None
    error: JobError | None
    run: str | None
    model: str | None
    heard: dict[str, Any] | None


def show_unchecked(job: Job) -> JobShown:
    """Return a job as a page follows it, unchecked: a page asks several times a second, and a curve may be long."""
    told = job.to_dict()
    error = told.pop("error")
    return JobShown.model_construct(**told, error=error and JobError.model_construct(**error))


class JobsShown(Schema):
    """All jobs of this start of the program, the newest first."""

    jobs: list[JobShown]


class CancelAsked(Schema):
    """How a job is to be stopped."""

    keep: bool = Field(True, description="Of a training: keep what was learned until now.")


class TrainAsked(Schema):
    """A training that begins anew."""

    set: str = Field(max_length=64)
    name: str = Field(max_length=200)
    settings: TrainGiven = Field(default_factory=dict)
    licence: str = Field("", max_length=10_000)


class ExtendAsked(Schema):
    """A training that goes on from a model, with more recordings."""

    model: str = Field(max_length=200)
    set: str = Field(max_length=64)
    settings: GrowGiven = Field(default_factory=dict)


class FeedbackAsked(Schema):
    """A training that goes on from a model, with some of its outputs."""

    model: str = Field(max_length=200)
    outputs: list[str] = Field(min_length=1, max_length=1_000)
    settings: GrowGiven = Field(default_factory=dict)


class ResumeAsked(Schema):
    """A training that was cut off."""

    run: str = Field(max_length=64)


class RenderAsked(Schema):
    """Outputs to be made."""

    model: str = Field(max_length=200)
    settings: GenerateGiven = Field(default_factory=dict)
    count: int = Field(1, ge=1, le=1_000)
    export: ExportGiven = Field(default_factory=dict)
    tags: TagsGiven = Field(default_factory=dict)


class ExportAsked(Schema):
    """An output to be written as another file, into the folder for exports."""

    output: str = Field(max_length=64)
    export: ExportGiven = Field(default_factory=dict)
    tags: TagsGiven = Field(default_factory=dict)
    name: str = Field("", max_length=200)


class PackAsked(Schema):
    """A sample pack."""

    model: str = Field(max_length=200)
    settings: PackGiven = Field(default_factory=dict)
    export: ExportGiven = Field(default_factory=dict)
    tags: TagsGiven = Field(default_factory=dict)


class ModelAsked(Schema):
    """Something to be done with a model."""

    model: str = Field(max_length=200)


class OutputAsked(Schema):
    """Something to be done with an output."""

    output: str = Field(max_length=64)


class ReconstructAsked(Schema):
    """Recordings of a data set, played through a model."""

    model: str = Field(max_length=200)
    set: str = Field(max_length=64)
    recordings: list[str] = Field(
        default_factory=list, max_length=10_000, description="Ids; all that are not left out where none are given."
    )
    settings: GenerateGiven = Field(
        default_factory=dict,
        description="Sliders, novelty, blend, source, keep and seed only; novelty is 0 where it is not given.",
    )
    export: ExportGiven = Field(default_factory=dict)
    tags: TagsGiven = Field(default_factory=dict)


class SoundQuery(Schema):
    """From where on a sound is wanted."""

    first: int = Field(0, ge=0, le=2**40, alias="from", description="Sample.")


class HearQuery(Schema):
    """Which of two is to be heard."""

    side: Literal["model", "original"] = "model"


class RunShown(Schema):
    """A training that was cut off, and can be gone on with."""

    id: str
    name: str
    source: str
    share: float
    started: str
    kind: str


class RunsShown(Schema):
    """All trainings that were cut off, the newest first."""

    runs: list[RunShown]
