"""Samples from magnitude alone: phase gradient heap integration, then a few rounds of fast Griffin-Lim.

Used where no recording lends its phase. The model's frames are HOP apart; phase is integrated on frames FINE_HOP apart
(redundancy 8), because listeners hear the error of the gradients at redundancy 4. Long sounds are made in blocks that
begin on the last phases of the block before, so that memory is bounded and both blocks agree where they are joined.
"""

import numpy as np
import torch
from torch import Tensor

from engine.errors import ParameterError, ShapeError
from engine.units import BINS, HOP, N_FFT
from engine.vocoder.griffin_lim import refine_phase, spectrum_to_samples
from engine.vocoder.phase_gradient import phase_steps
from engine.vocoder.phase_tree import integrate

TOLERANCE = 1e-6  # of the largest magnitude; what is below has no phase worth following
ITERATIONS = 5  # rounds of Griffin-Lim: ten gain about 1 dB more
FINE_HOP = HOP // 2
WINDOW_FRAMES = N_FFT // HOP  # frames that a window overlaps
BLOCK_FRAMES = 375  # 4 s
OVERLAP_FRAMES = 2 * WINDOW_FRAMES + 1  # the first half keeps its phase in the next block, the second is discarded
KNOWN_FINE_FRAMES = 2 * WINDOW_FRAMES + 2
JOIN_SAMPLES = N_FFT // 2 + FINE_HOP  # into a block: all windows that reach this sample have known phases


def phase_from_magnitude(
    magnitude: Tensor,
    hop: int,
    known_phase: Tensor | None = None,
    known: Tensor | None = None,
    seed: int = 0,
) -> Tensor:
    """Find a phase under which a magnitude is that of a sound.

    Only ratios of magnitudes matter. Integration starts from what is known, and at phase zero from the loudest bin of
    each island that nothing known touches. Bins below TOLERANCE of the largest magnitude get a random phase.

    Args:
        magnitude: As of `engine.features.mel.spectrum`, shape (bins, frames).
        hop: Samples between frames, 1 to N_FFT / 4.
        known_phase: Radians where `known`, shape (bins, frames).
        known: True where the phase is known and stays, shape (bins, frames).
        seed: Of the random phases, 0 or more.

    Returns:
        Radians between -π and π, shape (bins, frames), on the CPU.

    Raises:
        ShapeError: An array has the wrong shape.
        ParameterError: `hop` is outside its range, or only one of `known_phase` and `known` is given.
    """
    check_magnitude(magnitude)
    if not 1 <= hop <= N_FFT // 4:
        raise ParameterError(f"hop = {hop}: must be 1 to {N_FFT // 4} samples")
    linear = magnitude.detach().cpu().float().numpy()
    followed = linear > TOLERANCE * linear.max()
    start = np.zeros(linear.shape, np.float32)
    if not followed.all():
        start[~followed] = np.random.default_rng(seed).uniform(-np.pi, np.pi, np.count_nonzero(~followed))
    fixed = np.zeros(linear.shape, bool)
    if known is not None or known_phase is not None:
        if known is None or known_phase is None:
            raise ParameterError("known and known_phase belong together: give both or neither")
        if not known.shape == known_phase.shape == magnitude.shape:
            raise ShapeError(f"known and known_phase must have the magnitude's shape, {tuple(magnitude.shape)}")
        fixed = known.cpu().numpy().astype(bool)
        start = np.where(fixed, known_phase.detach().cpu().float().numpy(), start)
    level = np.log(np.maximum(linear, np.finfo(np.float32).tiny))
    bin_steps, frame_steps = phase_steps(level, hop)
    phase = integrate(np.where(followed | fixed, level, np.float32(-np.inf)), bin_steps, frame_steps, start, fixed)
    return torch.from_numpy((phase - 2.0 * np.pi * np.rint(phase / (2.0 * np.pi))).astype(np.float32))


def magnitude_to_samples(magnitude: Tensor, length_samples: int, iterations: int = ITERATIONS, seed: int = 0) -> Tensor:
    """Make a sound that has a given magnitude.

    Args:
        magnitude: As of `engine.features.mel.spectrum` at HOP, shape (bins, frames).
        length_samples: 1 to frames * HOP.
        iterations: Rounds of Griffin-Lim, 0 or more.
        seed: Of what no magnitude tells; the same seed gives the same samples.

    Returns:
        Shape (samples), on the CPU.

    Raises:
        ShapeError: `magnitude` has not the shape (bins, frames), or has too few frames for `length_samples`.
    """
    check_magnitude(magnitude)
    frames = magnitude.shape[1]
    if not 1 <= length_samples <= frames * HOP:
        raise ShapeError(f"{frames} frames can make 1 to {frames * HOP} samples, not {length_samples}")
    output = torch.empty(length_samples)
    before = None
    for first in range(0, max(frames - OVERLAP_FRAMES, 1), BLOCK_FRAMES - OVERLAP_FRAMES):
        last = min(first + BLOCK_FRAMES, frames)
        transform = block_spectrum(interpolate(magnitude, first, last), before, iterations, seed + first)
        samples = spectrum_to_samples(transform, FINE_HOP, (last - first) * HOP)
        skipped = JOIN_SAMPLES if first else 0
        room = output[first * HOP + skipped : last * HOP]
        room.copy_(samples[skipped : skipped + room.shape[0]])
        before = transform[:, -2 * OVERLAP_FRAMES :][:, :KNOWN_FINE_FRAMES]
    return output


def check_magnitude(magnitude: Tensor) -> None:
    """Refuse an array that is no magnitude."""
    if magnitude.ndim != 2 or magnitude.shape[0] != BINS or magnitude.shape[1] == 0:
        raise ShapeError(f"a magnitude has the shape ({BINS} bins, 1 or more frames), not {tuple(magnitude.shape)}")


def interpolate(magnitude: Tensor, first: int, last: int) -> Tensor:
    """Double the frames from `first` to `last`: shape (bins, 2 * (last - first)), FINE_HOP apart.

    Cubic, of the square root: an impulse passes a Hann window as cos², so its root is a cosine. On drums and noise
    this leaves 1 to 2 dB less error than a line between logarithms.
    """
    wanted = torch.arange(first - 1, last + 2, device=magnitude.device).clamp(0, magnitude.shape[1] - 1)
    root = magnitude.detach()[:, wanted].cpu().float().clamp_min(0.0).sqrt()
    here = root[:, 1:-2]
    between = (9.0 * (here + root[:, 2:-1]) - root[:, :-3] - root[:, 3:]) / 16.0
    return torch.stack([here, between.clamp_min(0.0)], -1).flatten(1).square()


def block_spectrum(fine: Tensor, before: Tensor | None, iterations: int, seed: int) -> Tensor:
    """Give a magnitude (bins, frames) FINE_HOP apart its phase, beginning with the frames `before` if there are any."""
    if before is None:
        return refine_phase(_polar(fine, phase_from_magnitude(fine, FINE_HOP, seed=seed)), FINE_HOP, iterations)
    known = torch.zeros(fine.shape, dtype=torch.bool)
    known[:, : before.shape[1]] = True
    given = torch.zeros(fine.shape, dtype=before.dtype)
    given[:, : before.shape[1]] = before
    phase = phase_from_magnitude(fine, FINE_HOP, given.angle(), known, seed)
    return refine_phase(torch.where(known, given, _polar(fine, phase)), FINE_HOP, iterations, known)


def _polar(magnitude: Tensor, phase: Tensor) -> Tensor:
    """Return the spectrum of a magnitude and a phase; several times faster than `torch.polar`."""
    spectrum, size, angle = np.empty(tuple(phase.shape), np.complex64), magnitude.numpy(), phase.numpy()
    np.multiply(size, np.cos(angle), out=spectrum.real)
    np.multiply(size, np.sin(angle), out=spectrum.imag)
    return torch.from_numpy(spectrum)
