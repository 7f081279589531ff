"""Settings that may change over time: a number, or a list of breakpoints (seconds, value) joined by straight lines.

Before the first breakpoint a curve has its first value, after the last one its last.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from pydantic import Field, GetCoreSchemaHandler
from pydantic_core import CoreSchema, core_schema

MOST_BREAKPOINTS = 1_000

Breakpoint = tuple[Annotated[float, Field(ge=0.0)], float]
Curve = float | Annotated[tuple[Breakpoint, ...], Field(min_length=1, max_length=MOST_BREAKPOINTS)]


@dataclass(frozen=True)
class Within:
    """Limits of a curve's values, as pydantic reads them from an annotation; breakpoints must go forward in time."""

    ge: float
    le: float

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        """Check the limits after the type."""
        return core_schema.no_info_after_validator_function(self.check, handler(source))

    def check(self, curve: Curve) -> Curve:
        """Return the curve.

        Raises:
            ValueError: a value is outside the limits, or a breakpoint does not come after the one before it.
        """
        points = breakpoints(curve)
        if not all(self.ge <= value <= self.le for _, value in points):
            raise ValueError("outside its limits")
        if any(later <= earlier for (earlier, _), (later, _) in zip(points, points[1:], strict=False)):
            raise ValueError("the times of breakpoints must rise")
        return curve


def breakpoints(curve: Curve) -> tuple[Breakpoint, ...]:
    """Return a curve as breakpoints; a number is a single one at the start."""
    return curve if isinstance(curve, tuple) else ((0.0, float(curve)),)


def value_at(curve: Curve, seconds: ArrayLike) -> NDArray[np.float64]:
    """Return a curve's values at times, the shape of `seconds`."""
    times, values = zip(*breakpoints(curve), strict=True)
    return np.interp(np.asarray(seconds, np.float64), times, values)


def is_constant(curve: Curve, first_seconds: float = 0.0, last_seconds: float = np.inf) -> bool:
    """Return whether a curve has one value between two times."""
    inside = [value for seconds, value in breakpoints(curve) if first_seconds < seconds < last_seconds]
    return len({*inside, *value_at(curve, [first_seconds, last_seconds]).tolist()}) == 1


def closed(curve: Curve, seconds: float) -> Curve:
    """Return a curve that is at `seconds` where it began, so that a loop has no step in it."""
    if not isinstance(curve, tuple) or is_constant(curve):
        return curve
    first = curve[0][1]
    return (*(point for point in curve if point[0] < seconds), (seconds, first))


def parse_curve(text: str) -> float | list[list[float]]:
    """Read a curve as people write it: "5", or "0:-5,4:8,10:0" (seconds:value).

    Raises:
        ValueError: a part is no number; the message says which.
    """
    if ":" not in text:
        return _number(text)
    return [_pair(part) for part in text.split(",")]


def show_curve(curve: Curve) -> str:
    """Write a curve as `parse_curve` reads it."""
    if not isinstance(curve, tuple):
        return f"{curve:g}"
    return ",".join(f"{seconds:g}:{value:g}" for seconds, value in curve)


def _pair(text: str) -> list[float]:
    parts: Sequence[str] = text.split(":")
    if len(parts) != 2:
        raise ValueError(f"{text.strip()!r} is no breakpoint such as 4:8 (seconds:value)")
    return [_number(part) for part in parts]


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        raise ValueError(f"{text.strip()!r} is no number") from None
