"""Places on a model's map: two coordinates, each from -1 to 1.

People write a place as "0.2,-0.5" and a path as "0,0;1,1"; JSON also as [0.2, -0.5] and [[0, 0], [1, 1]].
"""

from collections.abc import Sequence
from typing import Annotated, Any

from pydantic import BeforeValidator, Field

from engine.curves import read_number, show_number

EDGE = 1.0  # a map goes from -EDGE to EDGE each way
MOST_PLACES = 1_000
A_PLACE = "two numbers, each from -1 to 1"

Coordinate = Annotated[float, Field(ge=-EDGE, le=EDGE)]


def read_place(given: Any) -> tuple[float, float]:
    """Return a place from text or from two numbers.

    Raises:
        ValueError: it is not two numbers on the map; the message says what is allowed.
    """
    found = given.split(",") if isinstance(given, str) else given
    if isinstance(found, Sequence) and len(found) == 2:
        x, y = (read_number(one, otherwise=2 * EDGE) for one in found)
        if abs(x) <= EDGE and abs(y) <= EDGE:
            return x, y
    raise ValueError(f"must be {A_PLACE}")


def read_path(given: Any) -> tuple[tuple[float, float], ...]:
    """Return places from text, or from a list of pairs.

    Raises:
        ValueError: one of them is no place, or there are none or too many.
    """
    found = given.strip().strip(";").split(";") if isinstance(given, str) else given
    if not isinstance(found, Sequence) or not 1 <= len(found) <= MOST_PLACES:
        raise ValueError(f"must be 1 to {MOST_PLACES} places on the map")
    return tuple(map(_read_stop, found))


def show_place(place: Sequence[float]) -> str:
    """Write a place as `read_place` reads it."""
    return ",".join(map(show_number, place))


def _read_stop(given: Any) -> tuple[float, float]:
    try:
        return read_place(given)
    except ValueError:
        written = repr(given.strip() if isinstance(given, str) else given)
        raise ValueError(f"{written} is no place on the map, which is {A_PLACE}") from None


Place = Annotated[tuple[Coordinate, Coordinate], BeforeValidator(read_place)]
Path = Annotated[tuple[tuple[Coordinate, Coordinate], ...], BeforeValidator(read_path)]
