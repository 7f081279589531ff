"""Fast Griffin-Lim: few rounds between what a magnitude asks for and what a sound can have.

Perraudin, Balazs, Søndergaard: A Fast Griffin-Lim Algorithm (2013). It refines a phase that is nearly right; from
a random phase it would need hundreds of rounds and still sound smeared.
"""

import torch
from torch import Tensor

from engine.errors import ShapeError
from engine.features.mel import analysis_window, spectrum
from engine.units import N_FFT

MOMENTUM = 0.99  # alpha of the paper, its best value


def spectrum_to_samples(transform: Tensor, hop: int, length_samples: int) -> Tensor:
    """Return the samples whose spectrum is nearest to a given one, the inverse of `engine.features.mel.spectrum`.

    Args:
        transform: Complex, shape (bins, frames).
        hop: Samples between frames, at most N_FFT / 2.
        length_samples: At most frames * hop.

    Returns:
        Shape (samples).

    Raises:
        ShapeError: The frames do not reach as far as `length_samples`.
    """
    if not 0 < length_samples <= transform.shape[-1] * hop:
        raise ShapeError(f"{transform.shape[-1]} frames at hop {hop} cannot make {length_samples} samples")
    window = analysis_window(transform.device)
    return torch.istft(transform * (N_FFT / 4.0), N_FFT, hop, window=window, length=length_samples)


def refine_phase(start: Tensor, hop: int, iterations: int, fixed: Tensor | None = None) -> Tensor:
    """Make a spectrum more like one that a sound can have, keeping its magnitude.

    Args:
        start: Complex, shape (bins, frames).
        hop: Samples between frames.
        iterations: Rounds, 0 or more.
        fixed: True where also the phase is kept, shape (bins, frames).

    Returns:
        Complex, shape (bins, frames), of the same magnitude as `start`.
    """
    magnitude = start.abs()
    length = max(1, (start.shape[-1] - 1) * hop)
    current, before = start, None
    for _ in range(iterations):
        possible = spectrum(spectrum_to_samples(current, hop, length), hop)
        ahead = possible if before is None else possible + MOMENTUM * (possible - before)
        before = possible
        size = ahead.abs()
        current = torch.where(size > 0.0, ahead * (magnitude / size.clamp_min(torch.finfo(size.dtype).tiny)), start)
        if fixed is not None:
            current = torch.where(fixed, start, current)
    return current
