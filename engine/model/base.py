"""The ears every model starts with: a network that has heard synthetic sound only, shipped with the program.

It was trained by `scripts/pretrain.py` on tones, noises and clicks computed from a seed, no recording among them. It
knows what spectra are like; what they are about it learns from the person's own recordings.
"""

from importlib.resources import as_file, files

import torch

from engine.model.shape import VaeShape, expected_weights
from engine.model.tensors import load_arrays
from engine.model.vae import Vae

BASE_FILE = "base.safetensors"
BASE_SHAPE = VaeShape()


def load_base() -> Vae:
    """Return a fresh copy of the shipped network, on the CPU, ready to be trained.

    Raises:
        ModelError: the installation is damaged.
    """
    vae = Vae(BASE_SHAPE)
    with as_file(files("engine.model") / BASE_FILE) as path:
        stored = load_arrays(path, expected_weights(BASE_SHAPE, "float16"))
    vae.load_state_dict({name: torch.from_numpy(array).float() for name, array in stored.items()})
    return vae
