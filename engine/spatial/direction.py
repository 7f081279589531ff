"""Where a sound comes from: the one convention of this program, and the only way into and out of that of SOFA.

Azimuth turns to the right as a clock does, seen from above: -90 left, 0 front, 90 right, ±180 behind. Elevation goes
from -90, below, to 90, above. Distance is in metres from the middle of the head. Vectors are (front, right, up).

SOFA (AES69) turns the other way, 0 to 360, so that 90 is left, and its vectors are (front, left, up).
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from engine.errors import ParameterError, ShapeError

Doubles = NDArray[np.float64]
ROUNDING_DEGREES = 0.01  # beyond straight up or down: files have single precision


@dataclass(frozen=True)
class Directions:
    """Places around the listener, or one place at consecutive moments.

    Attributes:
        azimuth_degrees: -180 to 180, right is positive, shape (directions,).
        elevation_degrees: -90 to 90, shape (directions,).
        distance_metres: Above 0, shape (directions,).
    """

    azimuth_degrees: Doubles
    elevation_degrees: Doubles
    distance_metres: Doubles

    def __len__(self) -> int:
        """Return the number of directions."""
        return len(self.azimuth_degrees)

    @property
    def vectors(self) -> Doubles:
        """Return unit vectors (front, right, up), shape (directions, 3)."""
        azimuth, elevation = np.radians(self.azimuth_degrees), np.radians(self.elevation_degrees)
        level = np.cos(elevation)
        return np.stack([level * np.cos(azimuth), level * np.sin(azimuth), np.sin(elevation)], axis=-1)

    def chosen(self, which: NDArray[np.intp]) -> "Directions":
        """Return the directions with the given indices."""
        return Directions(self.azimuth_degrees[which], self.elevation_degrees[which], self.distance_metres[which])


def directions(azimuth_degrees: ArrayLike, elevation_degrees: ArrayLike, distance_metres: ArrayLike) -> Directions:
    """Make directions from numbers or arrays; single numbers hold for all, azimuths are wrapped into ±180.

    Raises:
        ShapeError: the arrays have several axes or different lengths.
        ParameterError: a value is not finite, an elevation exceeds ±90 by more than a rounding, or a distance is not
            above 0.
    """
    given = [np.atleast_1d(np.asarray(part, np.float64)) for part in (azimuth_degrees, elevation_degrees)]
    given.append(np.atleast_1d(np.asarray(distance_metres, np.float64)))
    lengths = {len(part) for part in given} - {1}
    if any(part.ndim != 1 for part in given) or len(lengths) > 1:
        shapes = ", ".join(str(part.shape) for part in given)
        raise ShapeError(f"azimuth, elevation and distance have one axis and one length, not {shapes}")
    given[1] = np.where(np.abs(given[1]) <= 90.0 + ROUNDING_DEGREES, np.clip(given[1], -90.0, 90.0), given[1])
    azimuth, elevation, distance = (np.broadcast_to(part, (max(lengths, default=1),)) for part in given)
    refuse_untrue(azimuth, elevation, distance)
    return Directions((azimuth + 180.0) % 360.0 - 180.0, elevation, distance)


def refuse_untrue(azimuth: Doubles, elevation: Doubles, distance: Doubles) -> None:
    """Raise ParameterError, naming the value, where numbers (directions,) are no directions."""
    unknown = ~(np.isfinite(azimuth) & np.isfinite(elevation) & np.isfinite(distance))
    if unknown.any():
        raise ParameterError(f"{unknown.sum()} of its {len(unknown)} directions hold something that is no number")
    farthest = elevation[np.abs(elevation).argmax()] if len(elevation) else 0.0
    if abs(farthest) > 90.0:
        raise ParameterError(f"an elevation of {farthest:g} degrees is beyond straight up or down, which is ±90")
    if (distance <= 0.0).any():
        raise ParameterError(f"a source at a distance of {distance.min():g} m would be inside the head")


def vectors_to_directions(vectors: Doubles) -> Directions:
    """Convert vectors (front, right, up) of any length above 0, shape (directions, 3)."""
    if vectors.ndim != 2 or vectors.shape[1] != 3:
        raise ShapeError(f"vectors have the shape (directions, 3), these {vectors.shape}")
    return directions(*_angles(vectors), np.linalg.norm(vectors, axis=1))


def sofa_to_directions(positions: Doubles, kind: str) -> Directions:
    """Convert positions as SOFA has them, shape (directions, 3).

    Args:
        positions: Azimuth, elevation in degrees and metres, or front, left and up in metres.
        kind: "spherical" or "cartesian".

    Raises:
        ShapeError: the shape is another.
        ParameterError: the kind is another, or a position is impossible.
    """
    if positions.ndim != 2 or positions.shape[1] != 3:
        raise ShapeError(f"positions have the shape (directions, 3), these {positions.shape}")
    if kind == "spherical":
        return directions(-positions[:, 0], positions[:, 1], positions[:, 2])
    if kind == "cartesian":
        return vectors_to_directions(positions * (1.0, -1.0, 1.0))
    raise ParameterError(f"positions are spherical or cartesian, not {kind!r}")


def directions_to_sofa(places: Directions) -> Doubles:
    """Return spherical positions as SOFA has them: azimuth 0 to 360 to the left, elevation, metres; (directions, 3)."""
    return np.stack([-places.azimuth_degrees % 360.0, places.elevation_degrees, places.distance_metres], axis=1)


def stretch_sideways(places: Directions, factors: ArrayLike) -> Directions:
    """Move directions away from the middle (factor above 1) or towards it; 0 leaves front, above and behind only.

    The part of the unit vector that points to the side is multiplied; the distance stays.

    Args:
        places: One place, or several.
        factors: One for all places, or one for each; several for a single place move it.
    """
    front, right, up = places.vectors.T
    vectors = np.stack(np.broadcast_arrays(front, np.asarray(factors, np.float64) * right, up), axis=1)
    return directions(*_angles(vectors), places.distance_metres)


def _angles(vectors: Doubles) -> tuple[Doubles, Doubles]:
    """Return azimuth and elevation in degrees of vectors (directions, 3) of any length."""
    front, right, up = vectors.T
    return np.degrees(np.arctan2(right, front)), np.degrees(np.arctan2(up, np.hypot(front, right)))
