"""The sound of an event that another process made: how it gets there and back.

A process that has opened the same models with the same settings writes the same score, so an event is told by its place
in it. Its sound comes back as arrays, byte for byte.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from math import prod
from typing import Any, Generic, Literal, TypeVar

import numpy as np
from numpy.typing import NDArray

from engine.generation.score.composing import Event

Asked = TypeVar("Asked")
Made = TypeVar("Made")
Arrays = Mapping[str, NDArray[Any]]

KINDS = ("<f4", "<f8", "<i8")  # of numbers that are carried


@dataclass(frozen=True)
class Carrying(Generic[Asked, Made]):
    """How the sounds of an output are carried between processes.

    Attributes:
        event: Returns the event of something asked for; of several models, as the first has it.
        is_known: Returns whether it was made lately, so that it takes no work to make it here.
        pack: Returns all that a sound is, as arrays.
        unpack: Returns the sound of what was asked for, and remembers it as if it was made here.
    """

    event: Callable[[Asked], Event]
    is_known: Callable[[Asked], bool]
    pack: Callable[[Made], Arrays]
    unpack: Callable[[Asked, Arrays], Made]


def arrays_to_bytes(arrays: Arrays) -> tuple[list[dict[str, Any]], bytes]:
    """Return a table of named arrays, and their bytes one behind the other.

    The order in memory is kept: sums over an array that lies otherwise are rounded otherwise.
    """
    table, parts = [], []
    for name, array in arrays.items():
        order: Literal["C", "F"] = "F" if array.ndim == 2 and array.strides[0] < array.strides[1] else "C"
        kind = array.dtype.newbyteorder("<").str
        table.append({"name": name, "kind": kind, "shape": list(array.shape), "order": order})
        parts.append(array.astype(kind, copy=False).tobytes(order))
    return table, b"".join(parts)


def bytes_to_arrays(table: Sequence[Mapping[str, Any]], data: bytes) -> dict[str, NDArray[Any]]:
    """Return the arrays of a table.

    Raises:
        ValueError: the bytes are not those of the table.
    """
    arrays, at = {}, 0
    for row in table:
        if row["kind"] not in KINDS or row["order"] not in ("C", "F"):
            raise ValueError(f"arrays of {row['kind']!r} in order {row['order']!r} are not carried")
        kind, shape = np.dtype(row["kind"]), tuple(map(int, row["shape"]))
        flat = np.frombuffer(data, kind, prod(shape), at)
        arrays[str(row["name"])] = flat.reshape(shape, order=row["order"]).copy(order="K")
        at += flat.nbytes
    if at != len(data):
        raise ValueError(f"a table of {at} bytes came with {len(data)}")
    return arrays
