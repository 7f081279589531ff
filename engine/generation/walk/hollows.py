"""Hollows: where a walk passes from one sound to another, the network makes it softer than both of them are.

Half way between two sounds in the latent space lies nearly the mean of their logarithmic spectra, and two sounds with
different partials have little in common there. So a walk that goes on is raised to the level that lies between those of
the recordings it passes.
"""

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter1d

from engine.latent.encode import Decoded
from engine.units import DB_PER_NEPER, LATENT_STRIDE

Doubles = NDArray[np.float64]

DEEPEST_DB = 20.0  # that is filled
HOLLOW_FRAMES = 1.0  # latent frames over which a hollow begins and ends


def fill_hollows(decoded: Decoded, level: Doubles) -> Decoded:
    """Return what the network makes of a walk, nowhere softer than it is to be.

    Args:
        decoded: Of the walk.
        level: That each of its latent frames has at least, (latent frames,), dB.
    """
    power = np.exp(2.0 * decoded.log_mel.astype(np.float64)).sum(1).reshape(-1, LATENT_STRIDE).mean(1)
    depth = np.clip(level - 10.0 * np.log10(power + 1e-20), 0.0, DEEPEST_DB)
    smooth = gaussian_filter1d(depth, HOLLOW_FRAMES, mode="nearest") / DB_PER_NEPER
    middles = np.arange(len(level)) + 0.5
    places = (np.arange(LATENT_STRIDE * len(level)) + 0.5) / LATENT_STRIDE
    return decoded.raised(np.interp(places, middles, smooth).astype(np.float32))
