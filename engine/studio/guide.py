"""All settings in words and limits, for a page that draws its controls from them and repeats none."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path as FilePath
from types import UnionType
from typing import Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from engine.audio.files import OTHER_AUDIO, SUFFIXES
from engine.checking import field_limits
from engine.curves import Within
from engine.export.formats import AUTO_BIT_DEPTH, FORMATS
from engine.places import EDGE, Path, Place
from engine.settings import (
    LONGEST_LOOP_SECONDS,
    MOST_BLENDED,
    SPACE_SLIDERS,
    ExportSettings,
    GenerateSettings,
    GrowSettings,
    PackSettings,
    TagSettings,
    TrainSettings,
    Unit,
)
from engine.sliders import LIMIT, SLIDERS, Slider

Kind = Literal["number", "whole", "choice", "flag", "text", "curve", "place", "path", "map"]

GROUPS: Mapping[str, type[BaseModel]] = {
    "generate": GenerateSettings,
    "train": TrainSettings,
    "grow": GrowSettings,
    "export": ExportSettings,
    "pack": PackSettings,
    "tags": TagSettings,
}
PLAIN: Mapping[type, Kind] = {bool: "flag", int: "whole", float: "number", str: "text", FilePath: "text"}


@dataclass(frozen=True)
class SettingGuide:
    """One setting.

    Attributes:
        default: What it is when nothing is said.
        minimum: Least value; of a curve at each time, of a map for each name.
        maximum: Greatest value.
        kind: How it is set; a map has a curve for each name.
        choices: What there is to choose from.
        unit: That it is counted in.
        description: In words.
        optional: Whether it may be nothing.
    """

    default: Any
    minimum: float | None
    maximum: float | None
    kind: Kind
    choices: tuple[Any, ...] | None
    unit: str | None
    description: str
    optional: bool


@dataclass(frozen=True)
class FormatGuide:
    """One kind of sound file; see `engine.export.formats.Format`."""

    name: str
    words: str
    suffixes: tuple[str, ...]
    sample_rates: tuple[int, ...]
    bit_depths: tuple[str, ...]
    lossy: bool
    note: str


@dataclass(frozen=True)
class Guide:
    """All settings of all groups, and what else a page draws its controls from.

    Attributes:
        generate: Settings of an output, by name.
        train: Of a training.
        grow: Of a training that goes on from a model.
        export: Of a file.
        pack: Of a sample pack.
        tags: Of what files say about themselves.
        space_sliders: Settings of an output that a person meets as sliders.
        sliders: The bank.
        formats: Kinds of sound files.
        auto_bit_depth: What "auto" is in formats that have bit depths.
        edge: A map goes from -edge to edge.
        limit: A slider goes from -limit to limit.
        most_blended: Models that may be blended with one.
        longest_loop_seconds: Longest output that may be a loop.
        recording_suffixes: Endings of files that can be read as recordings, with their dots.
        other_sound_suffixes: Of sounds that cannot; a reason is given when they are refused.
    """

    generate: Mapping[str, SettingGuide]
    train: Mapping[str, SettingGuide]
    grow: Mapping[str, SettingGuide]
    export: Mapping[str, SettingGuide]
    pack: Mapping[str, SettingGuide]
    tags: Mapping[str, SettingGuide]
    space_sliders: tuple[str, ...]
    sliders: tuple[Slider, ...]
    formats: tuple[FormatGuide, ...]
    auto_bit_depth: str
    edge: float
    limit: float
    most_blended: int
    longest_loop_seconds: float
    recording_suffixes: tuple[str, ...]
    other_sound_suffixes: tuple[str, ...]


def describe_settings() -> Guide:
    """Return all settings in words and limits, taken from where they are declared."""
    return Guide(
        **{name: describe_group(kind) for name, kind in GROUPS.items()},
        space_sliders=SPACE_SLIDERS,
        sliders=tuple(SLIDERS.values()),
        formats=tuple(
            FormatGuide(one.name, one.words, one.suffixes, one.sample_rates, one.bit_depths, one.lossy, one.note)
            for one in FORMATS.values()
        ),
        auto_bit_depth=AUTO_BIT_DEPTH,
        edge=EDGE,
        limit=LIMIT,
        most_blended=MOST_BLENDED,
        longest_loop_seconds=LONGEST_LOOP_SECONDS,
        recording_suffixes=tuple(sorted(SUFFIXES)),
        other_sound_suffixes=tuple(sorted(OTHER_AUDIO)),
    )


def describe_group(kind: type[BaseModel]) -> dict[str, SettingGuide]:
    """Return the settings of a class in words and limits, by name."""
    return {name: describe_setting(kind, name) for name in kind.model_fields}


def describe_setting(kind: type[BaseModel], name: str) -> SettingGuide:
    """Return one setting in words and limits.

    Args:
        kind: Its class.
        name: Of the setting.
    """
    field = kind.model_fields[name]
    inner, optional = _without_none(field.annotation)
    found = _find_kind(field, inner)
    minimum, maximum = field_limits(kind, name)
    if found == "map":
        item = next(one for one in get_args(get_args(inner)[1]) if isinstance(one, Within))
        minimum, maximum = item.ge, item.le
    return SettingGuide(
        default=field.get_default(call_default_factory=True),
        minimum=minimum,
        maximum=maximum,
        kind=found,
        choices=get_args(inner) if found == "choice" else None,
        unit=next((one.name for one in field.metadata if isinstance(one, Unit)), None),
        description=field.description or "",
        optional=optional,
    )


def _without_none(annotation: Any) -> tuple[Any, bool]:
    """Return a type without None, and whether None was in it."""
    if get_origin(annotation) not in (Union, UnionType) or type(None) not in get_args(annotation):
        return annotation, False
    inner = [one for one in get_args(annotation) if one is not type(None)]
    return (inner[0] if len(inner) == 1 else Union[tuple(inner)]), True  # noqa: UP007 - of as many as there are


def _find_kind(field: FieldInfo, inner: Any) -> Kind:
    """Return how a setting of a type is set."""
    if any(isinstance(one, Within) for one in field.metadata):
        return "curve"
    if inner in (Place, Path):
        return "place" if inner == Place else "path"
    if get_origin(inner) is Literal:
        return "choice"
    return PLAIN.get(inner, "map")
