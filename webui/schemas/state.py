"""State that a page asks for again and again: changes, and how the work stands."""

from typing import Any

from pydantic import Field

from webui.answers import Answer
from webui.bodies import Schema
from webui.schemas.jobs import JobShown


class StateQuery(Schema):
    """The point up to which the page knows already."""

    since: int = Field(0, ge=0, le=2**53, description="`version` of the answer before.")


class State(Answer):
    """How everything stands; all but the version is null where nothing has changed."""

    version: int
    revisions: dict[str, int] | None = Field(None, description="Of each noun: fetch anew what has another one.")
    jobs: tuple[JobShown, ...] | None = None
    workers: dict[str, dict[str, Any] | None] | None = None
    closing: bool | None = Field(
        None, description="Whether the window was asked to close: ask the person, then POST /api/system/close."
    )
    notices: tuple[str, ...] | None = Field(None, description="What the person should know, each line once.")
