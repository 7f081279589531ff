"""Coordinates of a sound space: the directions in which a model's own recordings vary, each in standard deviations.

The corpus's latent frames are taken, never random samples of the prior, which would pull the axes towards noise.
"""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from engine.errors import ShapeError
from engine.once import built_once

Floats = NDArray[np.float32]

LEAST_VARIANCE = 0.02  # of the whole that a direction carries
MOST_DIRECTIONS = 24
LEAST_DIRECTIONS = 2  # a map needs two
CLOUD_PERCENTILE = 99.0  # of the corpus's frames that lie inside the cloud
LEAST_DEVIATION = 1e-3  # of a direction in a corpus that does not vary


@dataclass(frozen=True)
class Basis:
    """Principal directions of a corpus.

    Attributes:
        mean: Of the latent frames, (latent,).
        axes: Directions of unit length, ordered by variance, (directions, latent).
        deviations: Standard deviation of the corpus along each, (directions,).
        variances: Share of the whole variance that each carries, (directions,).
        radius: Distance from the mean, in standard deviations, that encloses CLOUD_PERCENTILE of the corpus's frames.
    """

    mean: Floats
    axes: Floats
    deviations: Floats
    variances: Floats
    radius: float

    @property
    def directions(self) -> int:
        """Return how many directions there are."""
        return len(self.axes)

    @built_once
    def steps(self) -> Floats:
        """Return one standard deviation along each direction, (directions, latent)."""
        steps: Floats = self.axes * self.deviations[:, None]
        return steps

    def to_coordinates(self, track: Floats) -> Floats:
        """Return latent frames (..., latent) in standard deviations from the mean, (..., directions).

        In double precision: for five numbers in single precision, OpenBLAS 0.3.31 multiplies what happens to lie
        behind them as well, and NumPy warns of invalid values where there are none.
        """
        along = np.matmul(track - self.mean, self.axes.T, dtype=np.float64)
        coordinates: Floats = (along / self.deviations).astype(np.float32)
        return coordinates

    def to_offset(self, coordinates: Floats) -> Floats:
        """Return what coordinates (..., directions) add to latent frames, (..., latent)."""
        offset: Floats = (coordinates @ self.steps).astype(np.float32)
        return offset


def fit_basis(frames: Floats) -> Basis:
    """Find the principal directions of latent frames.

    Args:
        frames: The corpus's, (frames, latent).

    Raises:
        ShapeError: `frames` does not have two axes, or there is none.
    """
    if frames.ndim != 2 or len(frames) == 0:
        raise ShapeError(f"a basis needs latent frames (frames, latent), not {frames.shape}")
    mean = frames.mean(0, dtype=np.float64)
    centred = np.pad(frames - mean, ((0, max(0, LEAST_DIRECTIONS - len(frames))), (0, 0)))
    _, sizes, axes = np.linalg.svd(centred, full_matrices=False)
    variance = sizes**2 / max(1, len(frames) - 1)
    shares = variance / max(variance.sum(), 1e-30)
    carrying = int((shares >= LEAST_VARIANCE).sum())
    count = min(max(carrying, LEAST_DIRECTIONS), MOST_DIRECTIONS)
    basis = Basis(
        mean=mean.astype(np.float32),
        axes=signed(axes[:count]).astype(np.float32),
        deviations=np.maximum(np.sqrt(variance[:count]), LEAST_DEVIATION).astype(np.float32),
        variances=shares[:count].astype(np.float32),
        radius=0.0,
    )
    distance = np.linalg.norm(basis.to_coordinates(frames), axis=1)
    return replace(basis, radius=float(np.percentile(distance, CLOUD_PERCENTILE)))


def signed(axes: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return axes (axes, entries) whose largest entry is positive: the sign of a direction is otherwise an accident."""
    largest = np.take_along_axis(axes, np.abs(axes).argmax(1)[:, None], axis=1)
    turned: NDArray[np.float64] = axes * np.where(largest < 0, -1.0, 1.0)
    return turned
