"""Previews: sound that is heard and not kept."""

from typing import Any, Literal

from pydantic import Field

from webui.bodies import Schema
from webui.schemas.settings_given import GenerateGiven


class PreviewAsked(Schema):
    """A question for sound, and whose it is: a later one of the same page overtakes an earlier one."""

    page: str = Field(min_length=1, max_length=64, pattern=r"^[0-9A-Za-z_-]+$")
    number: int = Field(ge=0, le=2**53)
    model: str = Field(max_length=200)
    settings: GenerateGiven = Field(default_factory=dict)
    what: Literal["event", "from", "whole"] = "from"
    at: float = Field(0.0, ge=0.0, le=36_000.0, description="Second of the output.")


class PreviewShown(Schema):
    """All that is known of a preview once it has been heard."""

    state: Literal["running", "done", "failed"]
    novelty: dict[str, Any] | None
    notices: list[str]
    event: dict[str, Any] | None
