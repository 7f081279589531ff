"""Weights on disk: safetensors and plain numbers, checked against what their settings imply before they are used.

Nothing here can run code from a file: no pickle, no torch.load.
"""

import os
from collections.abc import Mapping
from pathlib import Path

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save_file
from torch import Tensor

from engine.errors import ModelError
from engine.model.vae import PATCH_ROWS, Vae, VaeShape

LIMITS = {
    "broad": (1, 256),
    "regions": (1, 32),
    "regional": (1, 64),
    "width": (8, 2048),
    "depth": (1, 64),
    "local_width": (4, 512),
    "local_depth": (1, 64),
    "detail_width": (8, 2048),
}


def save_tensors(path: Path, tensors: Mapping[str, Tensor]) -> None:
    """Write named tensors so that `path` holds either the old content or all of the new one."""
    partial = path.with_name(path.name + ".partial")
    save_file({name: tensor.detach().cpu().contiguous() for name, tensor in tensors.items()}, partial)
    with partial.open("rb+") as written:
        os.fsync(written.fileno())
    partial.replace(path)


def load_tensors(path: Path, expected: Mapping[str, tuple[tuple[int, ...], torch.dtype]]) -> dict[str, Tensor]:
    """Read named tensors of known shape and type.

    Args:
        path: A safetensors file.
        expected: Shape and type for each name; more, fewer or other ones are refused before anything is read.

    Raises:
        ModelError: the file is missing, damaged, foreign, or holds numbers that are not finite.
    """
    try:
        with safe_open(path, framework="pt") as stored:
            names = set(stored.keys())
            if names != set(expected):
                odd = sorted(names ^ set(expected))[:3]
                raise ModelError(f"{path} does not hold the tensors its settings imply (see {', '.join(odd)})")
            for name, (shape, _) in expected.items():
                found = tuple(stored.get_slice(name).get_shape())
                if found != shape:
                    raise ModelError(f"{path}: tensor {name} has shape {found}, its settings imply {shape}")
            tensors = {name: stored.get_tensor(name) for name in expected}
    except (OSError, SafetensorError) as error:
        raise ModelError(f"{path} cannot be read ({error}); the model is damaged or incomplete") from error
    for name, (_, kind) in expected.items():
        if tensors[name].dtype != kind:
            raise ModelError(f"{path}: tensor {name} has type {tensors[name].dtype}, expected {kind}")
        if kind.is_floating_point and not torch.isfinite(tensors[name]).all():
            raise ModelError(f"{path}: tensor {name} holds numbers that are not finite; the model is damaged")
    return tensors


def shape_from_dict(values: object) -> VaeShape:
    """Build a network's shape from stored numbers.

    Raises:
        ModelError: a number is missing, unknown, no whole number, outside its limits, or does not fit the others.
    """
    if not isinstance(values, dict) or set(values) != set(LIMITS):
        raise ModelError(f"a network is described by {', '.join(LIMITS)}, not by {values!r}")
    for name, (low, high) in LIMITS.items():
        if type(values[name]) is not int or not low <= values[name] <= high:
            raise ModelError(
                f"the network's {name} is {values[name]!r}; it must be a whole number from {low} to {high}"
            )
    if PATCH_ROWS % values["regions"]:
        raise ModelError(f"the network's regions are {values['regions']}; their number must divide {PATCH_ROWS}")
    return VaeShape(**values)


def save_weights(path: Path, vae: Vae) -> None:
    """Write a network's weights."""
    save_tensors(path, vae.state_dict())


def load_weights(path: Path, shape: VaeShape) -> Vae:
    """Read a network's weights into a network of the given shape, ready for use.

    Raises:
        ModelError: see `load_tensors`.
    """
    vae = Vae(shape)
    expected = {name: (tuple(tensor.shape), tensor.dtype) for name, tensor in vae.state_dict().items()}
    vae.load_state_dict(load_tensors(path, expected))
    return vae.eval()
