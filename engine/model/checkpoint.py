"""Weights on disk: the checked arrays of `engine.model.tensors`, as torch takes them."""

from collections.abc import Mapping
from pathlib import Path

import torch
from torch import Tensor

from engine.model.shape import VaeShape, expected_weights
from engine.model.tensors import load_arrays, save_arrays
from engine.model.vae import Vae


def save_tensors(path: Path, tensors: Mapping[str, Tensor]) -> None:
    """Write named tensors so that `path` holds either the old content or all of the new one."""
    save_arrays(path, {name: tensor.detach().cpu().numpy() for name, tensor in tensors.items()})


def load_tensors(path: Path, expected: Mapping[str, tuple[tuple[int, ...], torch.dtype]]) -> dict[str, Tensor]:
    """Read named tensors of known shape and type.

    Args:
        path: A safetensors file.
        expected: Shape and type for each name; more, fewer or other ones are refused before anything is read.

    Raises:
        ModelError: see `load_arrays`.
    """
    kinds = {name: (shape, torch.empty(0, dtype=kind).numpy().dtype) for name, (shape, kind) in expected.items()}
    return {name: torch.from_numpy(array) for name, array in load_arrays(path, kinds).items()}


def save_weights(path: Path, vae: Vae) -> None:
    """Write a network's weights."""
    save_tensors(path, vae.state_dict())


def load_weights(path: Path, shape: VaeShape) -> Vae:
    """Read a network's weights into a network of the given shape, ready for use.

    Raises:
        ModelError: see `load_arrays`.
    """
    stored = load_arrays(path, expected_weights(shape))
    vae = Vae(shape)
    vae.load_state_dict({name: torch.from_numpy(array) for name, array in stored.items()})
    return vae.eval()
