"""Settings that may change over time: a number, or a list of breakpoints (seconds, value) joined by straight lines.

Before the first breakpoint a curve has its first value, after the last one its last. People write one as "5", or as
"0:-5,4:8,10:0" (seconds:value); JSON also as 5, or as [[0, -5], [4, 8], [10, 0]].
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import Field, GetCoreSchemaHandler
from pydantic_core import CoreSchema, core_schema

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import ArrayLike, NDArray

MOST_BREAKPOINTS = 1_000
AUTO = "auto"  # as people write that a model is to say a value
RETURN_SHARE = 0.1  # of a loop, at its end, in which a curve goes back to where it began

Breakpoint = tuple[Annotated[float, Field(ge=0.0)], float]
Curve = float | Annotated[tuple[Breakpoint, ...], Field(min_length=1, max_length=MOST_BREAKPOINTS)]


@dataclass(frozen=True)
class Within:
    """Limits of a curve's values, as pydantic reads them from an annotation; it also reads a curve that is written.

    Attributes:
        ge: Least value.
        le: Greatest value.
        or_auto: Whether None, written "auto", is allowed as well: the model then says the value.
    """

    ge: float
    le: float
    or_auto: bool = False

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        """Read and check a curve before pydantic sees it, so that what is wrong with it is said in one line."""
        return core_schema.no_info_before_validator_function(self.read, handler(source))

    def read(self, given: Any) -> Curve | None:
        """Return a curve from a number, text, or a list of pairs; None where the model is to say it.

        Raises:
            ValueError: it is no curve, or a value is outside the limits; the message says what is wrong.
        """
        if self.or_auto and (given is None or given == AUTO):
            return None
        curve = parse_curve(given) if isinstance(given, str) else given
        if isinstance(curve, list | tuple):
            points = tuple(map(_read_point, curve))
            self._check(points)
            return points
        value = read_number(curve, otherwise=math.nan)
        if not self.ge <= value <= self.le:
            raise ValueError(f"must be {self}")
        return value

    def __str__(self) -> str:
        """Say which numbers are within: "a number from 0 to 1"."""
        return f"a number from {show_number(self.ge)} to {show_number(self.le)}{' or auto' if self.or_auto else ''}"

    def _check(self, points: tuple[Breakpoint, ...]) -> None:
        if not 1 <= len(points) <= MOST_BREAKPOINTS:
            raise ValueError(f"it has {len(points)} breakpoints; a curve has 1 to {MOST_BREAKPOINTS}")
        for seconds, value in points:
            if not 0.0 <= seconds < math.inf:
                raise ValueError(f"it has a breakpoint at {show_number(seconds)} s; times begin at 0")
            if not self.ge <= value <= self.le:
                raise ValueError(f"it is {show_number(value)} at {show_number(seconds)} s, and must be {self}")
        for (earlier, _), (later, _) in pairwise(points):
            if later <= earlier:
                raise ValueError(f"it goes from {show_number(earlier)} s to {show_number(later)} s; times must rise")


def breakpoints(curve: Curve) -> tuple[Breakpoint, ...]:
    """Return a curve as breakpoints; a number is a single one at the start."""
    return curve if isinstance(curve, tuple) else ((0.0, float(curve)),)


def value_at(curve: Curve, seconds: "ArrayLike") -> "NDArray[np.float64]":
    """Return a curve's values at times, the shape of `seconds`."""
    import numpy as np  # here, so that the command line shows its help without it

    times, values = zip(*breakpoints(curve), strict=True)
    return np.interp(np.asarray(seconds, np.float64), times, values)


def is_constant(curve: Curve, first_seconds: float = 0.0, last_seconds: float = math.inf) -> bool:
    """Return whether a curve has one value between two times."""
    inside = [value for seconds, value in breakpoints(curve) if first_seconds < seconds < last_seconds]
    return len({*inside, *value_at(curve, [first_seconds, last_seconds]).tolist()}) == 1


def is_zero(curve: Curve) -> bool:
    """Return whether a curve is 0 from beginning to end."""
    return not any(value for _, value in breakpoints(curve))


def closed(curve: Curve, seconds: float) -> Curve:
    """Return a curve that is at `seconds` where it began, so that a loop has no step in it.

    One that is not there by itself goes there within the last RETURN_SHARE of the time.
    """
    if not isinstance(curve, tuple) or is_constant(curve):
        return curve
    first, last = value_at(curve, [0.0, seconds]).tolist()
    if first == last:
        return curve
    turn = seconds * (1.0 - RETURN_SHARE)
    kept = tuple(point for point in curve if point[0] < turn)
    return (*kept, (turn, float(value_at(curve, turn))), (seconds, first))


def add_curves(terms: Sequence[tuple[float, Curve]], constant: float = 0.0) -> Curve:
    """Return the sum of curves, each times a factor, and a constant: a number where all are numbers."""
    times = sorted({seconds for _, curve in terms for seconds, _ in breakpoints(curve)})
    values = [constant + sum(factor * float(value_at(curve, time)) for factor, curve in terms) for time in times]
    if not any(isinstance(curve, tuple) for _, curve in terms):
        return values[0] if values else constant
    return tuple(zip(times, values, strict=True))


def parse_curve(text: str) -> float | list[list[float]]:
    """Read a curve as people write it: "5", or "0:-5,4:8,10:0" (seconds:value).

    Raises:
        ValueError: a part is no number; the message says which.
    """
    if ":" not in text:
        return read_number(text)
    return [_parse_point(part) for part in text.split(",")]


def show_curve(curve: Curve) -> str:
    """Write a curve as `parse_curve` reads it, without loss."""
    if not isinstance(curve, tuple):
        return show_number(curve)
    return ",".join(f"{show_number(seconds)}:{show_number(value)}" for seconds, value in curve)


def read_number(given: Any, otherwise: float | None = None) -> float:
    """Return a number from a number or text.

    Args:
        given: What was given.
        otherwise: What to return when it is no number.

    Raises:
        ValueError: it is no number, and there is nothing to return instead.
    """
    try:
        if isinstance(given, int | float | str) and not isinstance(given, bool):
            return float(given)
    except (ValueError, OverflowError):
        pass
    if otherwise is not None:
        return otherwise
    raise ValueError(f"{given.strip() if isinstance(given, str) else given!r} is no number")


def show_number(number: float) -> str:
    """Write a number as `float` reads it, without loss: whole ones without a fraction, "0.1" and not "1e-1"."""
    return f"{number:.0f}" if abs(number) < 1e15 and number == int(number) else repr(float(number))


def _parse_point(text: str) -> list[float]:
    parts = text.split(":")
    if len(parts) != 2:
        raise ValueError(f"{text.strip()!r} is no breakpoint such as 4:8 (seconds:value)")
    return [read_number(part) for part in parts]


def _read_point(given: Any) -> Breakpoint:
    if not isinstance(given, Iterable) or isinstance(given, str | dict) or len(pair := list(given)) != 2:
        raise ValueError(f"{given!r} is no breakpoint such as [4, 8] (seconds, value)")
    return read_number(pair[0]), read_number(pair[1])
