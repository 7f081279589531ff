"""Two outputs side by side."""

from typing import Any

from pydantic import Field

from webui.answers import Answer
from webui.bodies import Schema


class PairGiven(Schema):
    """Which two outputs."""

    a: str = Field(max_length=40)
    b: str = Field(max_length=40)


class SideAnswer(Answer):
    """One of two outputs; `gain_db` makes the louder one as loud as the other."""

    id: str
    file: str
    model_name: str
    loudness_lufs: float | None
    gain_db: float | None
    path: str | None


class SettingPair(Answer):
    """A setting that differs; null where one output does not have it."""

    a: Any
    b: Any


class DescriptorPair(Answer):
    """Measures of both."""

    a: float | None
    b: float | None
    difference: float | None
    unit: str


class ComparisonAnswer(Answer):
    """Two outputs side by side."""

    a: SideAnswer
    b: SideAnswer
    settings: dict[str, SettingPair]
    descriptors: dict[str, DescriptorPair]
