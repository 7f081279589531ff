"""Where the sounds of an output are."""

from pydantic import Field

from webui.bodies import Schema
from webui.schemas.settings_given import GenerateGiven


class SceneAsked(Schema):
    """Of which output, and which stretch of it."""

    settings: GenerateGiven = Field(default_factory=dict)
    start: float = Field(0.0, ge=0.0, le=36_000.0, description="Second of the output.")
    seconds: float = Field(60.0, gt=0.0, le=600.0)
