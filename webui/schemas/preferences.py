"""What the person prefers."""

from typing import Any

from pydantic import Field

from webui.answers import Answer
from webui.bodies import Schema

LONGEST_PATH = 4_096


class PreferencesAnswer(Answer):
    """What the person prefers."""

    export_folder: str
    chosen: bool = Field(description="Whether the folder was chosen, rather than the program's own.")
    page: dict[str, Any]


class PreferencesChange(Schema):
    """What is to be otherwise; what is left out stays."""

    export_folder: str | None = Field(
        None, max_length=LONGEST_PATH, description="A folder that is there; null for the program's own."
    )
    page: dict[str, Any] = Field({}, description="Values of the page by name; null takes one away.")
