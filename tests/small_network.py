"""A small seeded network for tests: real in every part, quick, and no particular numbers to rely on."""

import torch

from engine.model.shape import VaeShape
from engine.model.vae import Vae
from engine.units import MEL_BANDS

SMALL = VaeShape(broad=3, regions=2, regional=1, width=24, depth=2, local_width=8, local_depth=1, detail_width=16)


def small_vae(seed: int = 3) -> Vae:
    """Return a network of shape SMALL, ready for use, its buffers set as a trained one's are."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        network = Vae(SMALL)
    network.band_mean.copy_(torch.linspace(-5.0, -8.0, MEL_BANDS))
    network.scale.fill_(2.0)
    return network.eval()
