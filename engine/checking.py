"""Settings from plain values, and the words in which a value is refused."""

from pathlib import Path
from typing import Any, Literal, TypeVar, get_args, get_origin

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from engine.curves import show_number
from engine.errors import ParameterError
from engine.sliders import SLIDERS

Settings = TypeVar("Settings", bound=BaseModel)

LONGEST_SHOWN = 60  # characters of a value in a message


def checked(kind: type[Settings], values: dict[str, Any]) -> Settings:
    """Build settings from plain values, turning the first violation into one line a musician can act on.

    Raises:
        ParameterError: a name is unknown, or a value has the wrong type or is outside its limits.
    """
    try:
        return kind(**values)
    except ValidationError as error:
        first = error.errors()[0]
        field = ".".join(map(str, first["loc"])) or None
        raise ParameterError(_describe_violation(kind, first), field=field) from None


def _describe_violation(kind: type[BaseModel], violation: ErrorDetails) -> str:
    """Say what is wrong with which setting, and what would be right: "density = 0: must be a number from …"."""
    name, *inside = map(str, violation["loc"] or [""])
    value = violation.get("input")
    if violation["type"] != "value_error":
        return f"{name} = {_shown(repr(value))}: {describe_limits(kind, name)}."
    reason = str(violation["ctx"]["error"])
    if name in ("", "sliders", "blend") and not inside:
        return f"{reason}."
    written = isinstance(value, str) and value.strip()
    shown = _shown(written or repr(value))
    if inside:
        words = kind.model_fields[name].description if name == "blend" else f"{_describe_slider(inside[0])}."
        return f"{inside[0]} = {shown}: {reason}. {words}"
    return f"{name} = {shown}: {reason}. {kind.model_fields[name].description}"


def _describe_slider(name: str) -> str:
    """Say what the ends of a slider stand for, and that it may move."""
    slider = SLIDERS.get(name)
    words = f"{slider.low} to {slider.high}" if slider else "one end of this direction to the other"
    return f"From {words}; or a curve over time, such as 0:-5,4:8 (seconds:value)"


def _shown(text: str) -> str:
    """Shorten what was given, so that a message stays one line."""
    return text if len(text) <= LONGEST_SHOWN else f"{text[: LONGEST_SHOWN - 1]}…"


def describe_limits(kind: type[BaseModel], name: str) -> str:
    """Say in words which values the field `name` of `kind` takes."""
    if name not in kind.model_fields:
        own_first = sorted(kind.model_fields, key=lambda known: known not in kind.__annotations__)
        return f"there is no such setting; known are {', '.join(own_first)}"
    field = kind.model_fields[name]
    low, high = field_limits(kind, name)
    if low is not None and high is not None:
        number = "a whole number" if field.annotation in (int, int | None) else "a number"
        values = f"must be {number} from {show_number(low)} to {show_number(high)}. "
    elif field.annotation is bool:
        values = "must be true or false. "
    elif get_origin(field.annotation) is Literal:
        values = f"must be one of {', '.join(map(str, get_args(field.annotation)))}. "
    elif Path in get_args(field.annotation):
        values = "must be the name of a file. "
    else:
        values = ""
    return f"{values}{field.description}".rstrip(".")


def field_limits(kind: type[BaseModel], name: str) -> tuple[float | None, float | None]:
    """Return the least and the greatest value of a field, None where it has no limit."""
    metadata = kind.model_fields[name].metadata
    low = next((limit.ge for limit in metadata if hasattr(limit, "ge")), None)
    high = next((limit.le for limit in metadata if hasattr(limit, "le")), None)
    return low, high
