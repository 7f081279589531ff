"""The program and the computer that it runs on."""

from typing import Any, Literal

from pydantic import Field

from webui.answers import Answer
from webui.bodies import LONGEST_NAME, Schema


class SystemAnswer(Answer):
    """Facts that the page needs at its start."""

    version: str
    platform: str
    desktop: bool = Field(description="Whether it is the native window, rather than a browser.")
    first_run: bool = Field(description="Whether there is nothing yet: no model, no data set.")
    data_folder: str
    export_folder: str
    outputs_folder: str
    device: dict[str, Any] | None = Field(description="Where sound is computed, and why; null as long as nobody said.")


class RevealGiven(Schema):
    """A thing to be shown in the file manager: one of these."""

    history: str | None = Field(None, max_length=40, description="Id of an output.")
    model: str | None = Field(None, max_length=200, description="Id of a model.")
    folder: Literal["export", "data"] | None = None


class FolderGiven(Schema):
    """A question of the system's dialog."""

    title: str = Field("", max_length=200)


class TargetGiven(Schema):
    """A file that is to be written."""

    title: str = Field("", max_length=200)
    name: str = Field(min_length=1, max_length=LONGEST_NAME, description="That is proposed, with its ending.")


class TargetAnswer(Answer):
    """Where the person wants a file written; null where they did not choose."""

    file: str | None


class CloseGiven(Schema):
    """The fate of the training when the window closes."""

    keep: bool | None = Field(
        None,
        description="True: stop it, keep what it learned, then close. False: close at once; it can be gone on with. "
        "Null: do not close.",
    )


class FolderAnswer(Answer):
    """A folder that the person chose; null where they did not."""

    folder: str | None
