"""The person's own HRTFs."""

from pydantic import Field

from webui.answers import Answer


class HrtfCard(Answer):
    """An HRTF of the person's own; the setting `hrtf` of a request is its id."""

    id: str
    name: str
    positions: int = Field(description="Directions that it holds.")


class HrtfList(Answer):
    """The HRTFs that are kept, the last added first."""

    hrtfs: tuple[HrtfCard, ...]
