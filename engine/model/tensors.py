"""Named arrays on disk, as safetensors: checked against what is expected before they are used. Needs no torch.

Nothing here can run code from a file: no pickle, no torch.load.
"""

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import DTypeLike, NDArray
from safetensors import SafetensorError, safe_open
from safetensors.numpy import save_file

from engine.errors import ModelError
from engine.library.durable import replace_durably

Arrays = dict[str, NDArray[Any]]
Expected = Mapping[str, tuple[tuple[int, ...], DTypeLike]]

HEADER_BYTES = 8  # that say how long a file's table is
TYPES = {  # what a file calls them, of those that are read here
    "F64": "float64",
    "F32": "float32",
    "F16": "float16",
    "I64": "int64",
    "I32": "int32",
    "U8": "uint8",
    "BOOL": "bool",
}


def save_arrays(path: Path, arrays: Mapping[str, NDArray[Any]]) -> None:
    """Write named arrays so that `path` holds either the old content or all of the new one."""
    partial = path.with_name(path.name + ".partial")
    save_file({name: np.asarray(array, order="C") for name, array in arrays.items()}, partial)
    with partial.open("rb+") as written:
        os.fsync(written.fileno())
    replace_durably(partial, path)


def load_arrays(path: Path, expected: Expected) -> Arrays:
    """Read named arrays of known shape and type.

    Args:
        path: A safetensors file.
        expected: Shape and type for each name; more, fewer or other ones are refused before anything is read.

    Raises:
        ModelError: the file is missing, damaged, foreign, or holds numbers that are not finite.
    """
    try:
        with safe_open(path, framework="np") as stored:
            _check_table(path, stored, expected)
            arrays: Arrays = {name: stored.get_tensor(name) for name in expected}
    except (OSError, SafetensorError) as error:
        raise ModelError(f"{path} cannot be read ({error}); the model is damaged or incomplete") from error
    for name, array in arrays.items():
        if np.issubdtype(array.dtype, np.floating) and not np.isfinite(array).all():
            raise ModelError(f"{path}: tensor {name} holds numbers that are not finite; the model is damaged")
    return arrays


def load_array(path: Path, name: str, shape: tuple[int, ...], kind: DTypeLike) -> NDArray[Any]:
    """Read one named array of known shape and type, whatever else the file holds.

    Raises:
        ModelError: the file is missing or damaged, or does not hold it so.
    """
    try:
        with safe_open(path, framework="np") as stored:
            if name not in stored.keys():  # noqa: SIM118 - it is no mapping
                raise ModelError(f"{path} does not hold {name}; the model is damaged")
            _check_tensor(path, stored, name, shape, kind)
            found: NDArray[Any] = stored.get_tensor(name)
    except (OSError, SafetensorError) as error:
        raise ModelError(f"{path} cannot be read ({error}); the model is damaged or incomplete") from error
    return found


def map_array(path: Path, name: str) -> NDArray[Any]:
    """Map one named array of a file that `load_arrays` has checked: processes that map it share its memory.

    Raises:
        ModelError: the file cannot be read.
    """
    try:
        with path.open("rb") as file:
            length = int.from_bytes(file.read(HEADER_BYTES), "little")
            row = json.loads(file.read(length))[name]
        offset = HEADER_BYTES + length + row["data_offsets"][0]
        return np.memmap(path, TYPES[row["dtype"]], "r", offset, tuple(row["shape"]))
    except (OSError, ValueError, LookupError, TypeError) as error:
        raise ModelError(f"{path} cannot be read ({error}); the model is damaged or incomplete") from error


def _check_table(path: Path, stored: Any, expected: Expected) -> None:
    """Compare what an open file says it holds with what it is to hold.

    Raises:
        ModelError: names, shapes or types are others.
    """
    names = set(stored.keys())
    if names != set(expected):
        odd = sorted(names ^ set(expected))[:3]
        raise ModelError(f"{path} does not hold the tensors its settings imply (see {', '.join(odd)})")
    for name, (shape, kind) in expected.items():
        _check_tensor(path, stored, name, shape, kind)


def _check_tensor(path: Path, stored: Any, name: str, shape: tuple[int, ...], kind: DTypeLike) -> None:
    """Compare what an open file says of a tensor with what it is to be.

    Raises:
        ModelError: its shape or type is another.
    """
    tensor = stored.get_slice(name)
    found, found_kind = tuple(tensor.get_shape()), tensor.get_dtype()
    if found != shape:
        raise ModelError(f"{path}: tensor {name} has shape {found}, its settings imply {shape}")
    if TYPES.get(found_kind) != np.dtype(kind).name:
        raise ModelError(
            f"{path}: tensor {name} has type {TYPES.get(found_kind, found_kind)}, expected {np.dtype(kind).name}"
        )
