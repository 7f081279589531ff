"""Preferences of the person."""

from typing import Any

from pydantic import Field

from webui.answers import Answer
from webui.bodies import Schema

LONGEST_PATH = 4_096


class PreferencesAnswer(Answer):
    """All preferences."""

    export_folder: str
    chosen: bool = Field(description="Whether the folder was chosen, rather than the program's own.")
    page: dict[str, Any]


class PreferencesChange(Schema):
    """Preferences to be changed; those that are left out stay."""

    export_folder: str | None = Field(
        None, max_length=LONGEST_PATH, description="A folder that is there; null for the program's own."
    )
    page: dict[str, Any] = Field({}, description="Values of the page by name; null takes one away.")
