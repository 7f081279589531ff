"""Fast Griffin-Lim: few rounds between what a magnitude asks for and what a sound can have.

Perraudin, Balazs, Søndergaard: A Fast Griffin-Lim Algorithm (2013). It refines a phase that is nearly right; from
a random phase it would need hundreds of rounds and still sound smeared.
"""

import numpy as np
import torch
from torch import Tensor

from engine.errors import ShapeError
from engine.features.mel import analysis_window
from engine.units import N_FFT

MOMENTUM = 0.99  # alpha of the paper, its best value


def spectrum_to_samples(transform: Tensor, hop: int, length_samples: int) -> Tensor:
    """Return the samples whose spectrum is nearest to a given one, the inverse of `engine.features.mel.spectrum`.

    Args:
        transform: Complex, shape (bins, frames).
        hop: Samples between frames, a divisor of N_FFT.
        length_samples: At most frames * hop.

    Returns:
        Shape (samples).

    Raises:
        ShapeError: The frames do not reach as far as `length_samples`.
    """
    if not 0 < length_samples <= transform.shape[-1] * hop:
        raise ShapeError(f"{transform.shape[-1]} frames at hop {hop} cannot make {length_samples} samples")
    window, frames = analysis_window(transform.device), transform.shape[-1]
    kept = slice(N_FFT // 2, N_FFT // 2 + length_samples)
    samples = _overlap_add(torch.fft.irfft(transform.T, N_FFT) * window, hop)[kept]
    return samples.mul_(N_FFT / 4.0).div_(_overlap_add((window**2).expand(frames, N_FFT), hop)[kept])


def refine_phase(start: Tensor, hop: int, iterations: int, fixed: Tensor | None = None) -> Tensor:
    """Make a spectrum more like one that a sound can have, keeping its magnitude.

    Args:
        start: Complex, shape (bins, frames).
        hop: Samples between frames, a divisor of N_FFT.
        iterations: Rounds, 0 or more.
        fixed: True where also the phase is kept, shape (bins, frames).

    Returns:
        Complex, shape (bins, frames), of the same magnitude as `start`.
    """
    wanted = start.T.contiguous()  # frames in rows: their transforms lie together in memory
    project = _Projection(len(wanted), hop, start.device)
    magnitude, kept = _size(wanted), None if fixed is None else fixed.T
    current, before = wanted, None
    for _ in range(iterations):
        possible = project(current)
        ahead = possible if before is None else _lerp(before, possible)
        before = possible
        size = _size(ahead)
        current = ahead * (magnitude / size.clamp_min(torch.finfo(size.dtype).tiny))
        if kept is not None or size.amin() == 0.0:
            stuck = size == 0.0 if kept is None else kept | (size == 0.0)
            current = torch.where(stuck, wanted, current)
    return current.T


class _Projection:
    """To the nearest spectrum (frames, bins) that a sound can have, which lasts from the first frame to the last."""

    def __init__(self, frames: int, hop: int, device: torch.device) -> None:
        self.hop, self.window = hop, analysis_window(device)
        weight = _overlap_add((self.window**2).expand(frames, N_FFT), hop)
        sounds = torch.zeros_like(weight)
        sounds[N_FFT // 2 : N_FFT // 2 + max(1, (frames - 1) * hop)] = 1.0
        self.gain = sounds / weight.clamp_min(torch.finfo(weight.dtype).tiny)

    def __call__(self, spectra: Tensor) -> Tensor:
        samples = _overlap_add(torch.fft.irfft(spectra, N_FFT) * self.window, self.hop) * self.gain
        return torch.fft.rfft(samples.unfold(0, N_FFT, self.hop) * self.window)


def _overlap_add(windows: Tensor, hop: int) -> Tensor:
    """Add windows (frames, N_FFT) at distances of a hop, (samples,)."""
    frames = len(windows)
    overlap = N_FFT // hop
    pieces = windows.reshape(frames, overlap, hop)
    added = windows.new_zeros(frames + overlap - 1, hop)
    for part in range(overlap):
        added[part : part + frames] += pieces[:, part]
    return added.flatten()


def _lerp(before: Tensor, possible: Tensor) -> Tensor:
    """Return a spectrum beyond the possible one, on the way from the one before; ten times faster on real numbers."""
    ends = torch.view_as_real(before), torch.view_as_real(possible)
    return torch.view_as_complex(torch.lerp(*ends, 1.0 + MOMENTUM))


def _size(spectrum: Tensor) -> Tensor:
    """Return the magnitude of a spectrum; NumPy's is many times faster than `abs` of a tensor."""
    if spectrum.device.type != "cpu":
        return spectrum.abs()
    return torch.from_numpy(np.abs(spectrum.detach().numpy()))
