"""The ears every model starts with: a network that has heard synthetic sound only, shipped with the program.

It was trained by `scripts/pretrain.py` on tones, noises and clicks computed from a seed, no recording among them. It
knows what spectra are like; what they are about it learns from the person's own recordings.
"""

from importlib.resources import as_file, files

import torch

from engine.model.checkpoint import load_tensors
from engine.model.vae import Vae, VaeShape

BASE_FILE = "base.safetensors"
BASE_SHAPE = VaeShape()


def load_base() -> Vae:
    """Return a fresh copy of the shipped network, on the CPU, ready to be trained.

    Raises:
        ModelError: the installation is damaged.
    """
    vae = Vae(BASE_SHAPE)
    expected = {name: (tuple(tensor.shape), torch.float16) for name, tensor in vae.state_dict().items()}
    with as_file(files("engine.model") / BASE_FILE) as path:
        stored = load_tensors(path, expected)
    vae.load_state_dict({name: tensor.float() for name, tensor in stored.items()})
    return vae
