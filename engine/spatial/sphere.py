"""Between measured directions: the sphere as triangles, and how much each corner has to say inside one."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import scipy  # its parts are loaded where they are used: most outputs need none of them
from numpy.typing import NDArray

from engine.errors import ParameterError, ShapeError

Doubles = NDArray[np.float64]
Indices = NDArray[np.intp]

POLE = 0.99999  # sine of the elevation above which a direction counts as straight up or down: 0.3 degrees off
RING = 0.1  # of the vertical axis: directions this near to the highest or lowest one stand for a missing pole
NEAREST_FACE = 0.2  # distance of a triangle from the middle of the unit sphere: below it spans more than 78 degrees
POINTS = 256  # directions looked up at once


@dataclass(frozen=True)
class Sphere:
    """Directions joined to triangles.

    Few sets reach down to the feet. A pole that was not measured stands for the mean of the directions nearest to it,
    so that every direction lies in a triangle; `extend` adds the poles to a table with one row a direction.

    Attributes:
        corners: Of each triangle, as rows of an extended table, shape (triangles, 3).
        inverses: Matrices that turn a vector into shares of the corners, shape (triangles, 3, 3).
        poles: For each added pole the directions that stand for it.
        areas: Of the sphere around each direction, poles included in their directions; together 4π.
    """

    corners: Indices
    inverses: Doubles
    poles: tuple[Indices, ...]
    areas: Doubles

    def extend(self, table: NDArray[Any]) -> NDArray[Any]:
        """Return a table (directions, …) with a row for each added pole behind it."""
        if len(table) != len(self.areas):
            raise ShapeError(f"a table has {len(self.areas)} rows, one a direction, this one {len(table)}")
        return np.concatenate([table, *(table[ring].mean(0, keepdims=True) for ring in self.poles)])

    def shares(self, vectors: Doubles) -> tuple[Indices, Doubles]:
        """Return which three rows of an extended table lie around each vector, and their shares.

        The shares are barycentric: they are continuous, add to 1, and give a measured direction to itself alone
        (Gamper 2013, "Head-related transfer function interpolation in azimuth, elevation, and distance").

        Args:
            vectors: Unit vectors, shape (points, 3).

        Returns:
            Rows and shares, both (points, 3).
        """
        if vectors.ndim != 2 or vectors.shape[1] != 3:
            raise ShapeError(f"vectors have the shape (points, 3), these {vectors.shape}")
        rows, shares = np.zeros((len(vectors), 3), np.intp), np.zeros((len(vectors), 3))
        for at in range(0, len(vectors), POINTS):
            piece = vectors[at : at + POINTS]
            inside = (self.inverses.reshape(-1, 3) @ piece.T).reshape(-1, 3, len(piece))
            best = inside.min(1).argmax(0)
            found = np.maximum(inside[best, :, np.arange(len(piece))], 0.0)
            rows[at : at + POINTS] = self.corners[best]
            shares[at : at + POINTS] = found / found.sum(1, keepdims=True)
        return rows, shares


def triangulate(vectors: Doubles) -> Sphere:
    """Join directions to triangles.

    Args:
        vectors: Unit vectors, no two the same, shape (directions, 3).

    Raises:
        ShapeError: the shape is another.
        ParameterError: the directions leave so large a part of the sphere empty that nothing can stand for it.
    """
    if vectors.ndim != 2 or vectors.shape[1] != 3:
        raise ShapeError(f"vectors have the shape (directions, 3), these {vectors.shape}")
    added = [(sign, ring) for sign in (-1.0, 1.0) if (ring := _ring_for_pole(vectors, sign)) is not None]
    points = np.concatenate([vectors, *([[0.0, 0.0, sign]] for sign, _ in added)])
    try:
        hull = scipy.spatial.ConvexHull(points)
    except scipy.spatial.QhullError:
        raise ParameterError("the directions lie in one plane or on one side") from None
    if -hull.equations[:, 3].max() < NEAREST_FACE:
        raise ParameterError("the directions leave a large part of the sphere empty")
    triangles = points[hull.simplices]
    poles = tuple(ring for _, ring in added)
    return Sphere(
        corners=hull.simplices.astype(np.intp),
        inverses=np.linalg.inv(triangles.transpose(0, 2, 1)),
        poles=poles,
        areas=_areas(hull.simplices, triangles, len(vectors), poles),
    )


def _ring_for_pole(vectors: Doubles, sign: float) -> Indices | None:
    """Return the directions that stand for the pole above (sign 1) or below (-1), None where it was measured."""
    height = sign * vectors[:, 2]
    return None if height.max() > POLE else np.flatnonzero(height > height.max() - RING)


def _areas(simplices: Indices, triangles: Doubles, directions: int, poles: tuple[Indices, ...]) -> Doubles:
    """Share out each spherical triangle (Van Oosterom and Strackee 1983) among its corners."""
    first, second, third = triangles.transpose(1, 0, 2)
    volume = np.abs(np.linalg.det(triangles))
    cosines = (first * second).sum(1) + (second * third).sum(1) + (third * first).sum(1)
    area = 2.0 * np.arctan2(volume, 1.0 + cosines)
    corners = np.bincount(simplices.reshape(-1), np.repeat(area / 3.0, 3), minlength=directions + len(poles))
    areas = np.asarray(corners[:directions], np.float64)
    for ring, pole in zip(poles, corners[directions:], strict=True):
        areas[ring] += pole / len(ring)
    return areas
