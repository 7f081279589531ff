"""Blends that are kept as models."""

from pydantic import Field

from webui.bodies import Schema


class BlendGiven(Schema):
    """Models and their shares."""

    name: str
    model: str = Field(description="Id of the model that has what the others leave.")
    blend: dict[str, float] = Field(description="The share of each of the others by id, 0 to 1.")
