"""Timbre of decoded spectra: the same properties as on sound, but differentiable."""

import torch
from torch import Tensor

from engine.errors import ShapeError
from engine.features.descriptors import GATE_DB
from engine.properties.describing import PROPERTIES
from engine.sliders import TIMBRE
from engine.units import BINS


def measure_timbre(magnitude: Tensor, names: tuple[str, ...] = TIMBRE) -> Tensor:
    """Measure sounds by their spectra.

    Args:
        magnitude: Shape (..., frames, bins), a full-scale sine reading 1.
        names: Which of TIMBRE to measure.

    Returns:
        Shape (..., names), in their order and units: octaves, dB, power of ten, dB.

    Raises:
        ShapeError: `magnitude` has not BINS bins, or less than two axes.
    """
    if magnitude.dim() < 2 or magnitude.shape[-1] != BINS:
        raise ShapeError(f"timbre is measured on (..., frames, {BINS}), not {tuple(magnitude.shape)}")
    energy = magnitude.square().sum(-1, keepdim=True)
    audible = (energy >= energy.amax(-2, keepdim=True) * 10 ** (-GATE_DB / 10)).to(magnitude)
    heard = magnitude * audible
    measures = [PROPERTIES[name].of_spectra for name in names]
    return torch.stack([measure(heard) for measure in measures if measure], dim=-1)
