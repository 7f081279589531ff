"""Files that a person gave to the program, and a second start that hands over its own."""

from pydantic import Field

from webui.answers import Answer
from webui.bodies import Schema
from webui.opened import MOST_FILES, Kind

LONGEST_PATH = 4_096


class OpenedShown(Answer):
    """A file that waits for the page."""

    id: str
    name: str
    kind: Kind = Field(description="By its name; a sound may be a recording, or an output with a passport.")


class OpenedList(Answer):
    """All files that wait, in the order in which they were given."""

    opened: tuple[OpenedShown, ...]


class Forwarded(Schema):
    """Files that a second start of the program was given."""

    files: list[str] = Field([], max_length=MOST_FILES, description="Whole paths of files.")


class ForwardedAnswer(Answer):
    """Its outcome."""

    refused: tuple[str, ...] = Field(description="Why some files were not taken, a line each.")
