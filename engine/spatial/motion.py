"""Where each sound of an output is, and how it moves.

A place is a function of seed, place in the score and time alone: it can be asked from anywhere, an hour takes no longer
than a second, and a sound rendered in two parts goes on where it was.
"""

import math

import numpy as np
from numpy.typing import NDArray

from engine.settings import SpaceSettings
from engine.spatial.direction import Directions, directions
from engine.units import SAMPLE_RATE

Doubles = NDArray[np.float64]

HOP = 256  # samples between the points at which a place is asked for, 5.3 ms: one turn a second moves 2 degrees in it
STEPS = np.array([(math.sqrt(5.0) - 1.0) / 2.0, math.sqrt(2.0) - 1.0, math.sqrt(3.0) - 1.0])  # side, behind, height
LOWEST_DEGREES, HIGHEST_DEGREES = -15.0, 35.0  # of elevation: sounds from below the feet tire
USUAL_METRES = 1.0  # at which a sound is as loud as it was recorded
DRIFT_DEGREES = (60.0, 15.0)  # of azimuth and elevation that a sound wanders from its place, at most
DRIFT_RATIO = 1.4  # of distance, nearer or farther: 3 dB
DRIFT_WAVES = 3
DRIFT_HZ = (0.03, 0.12)  # slowest and fastest wave: eight seconds to half a minute


def count_points(samples: int) -> int:
    """Return how many points a path along so many samples has: one every HOP samples, the last at or after the end."""
    return -(-samples // HOP) + 1


def point_times(start_seconds: float, samples: int) -> Doubles:
    """Return when the points of a path are, in seconds, shape (`count_points(samples)`,)."""
    return start_seconds + np.arange(count_points(samples), dtype=np.float64) * (HOP / SAMPLE_RATE)


def trace(settings: SpaceSettings, index: int, seed: int, start_seconds: float, samples: int) -> Directions:
    """Return the path of a sound through the room.

    Args:
        settings: The motion.
        index: The sound's place in the score, 0 or more.
        seed: Of the output, 0 or more.
        start_seconds: When the sound begins in the output.
        samples: Length of the sound.

    Returns:
        `count_points(samples)` directions, or a single one if the sound keeps still.
    """
    times_seconds = point_times(start_seconds, samples)
    azimuth, elevation = home(index, seed)
    if settings.movement == "still":
        return directions(azimuth, elevation, USUAL_METRES)
    if settings.movement == "orbit":
        return directions(azimuth + 360.0 * times_seconds / settings.orbit_seconds, elevation, USUAL_METRES)
    around, up, away = wander(index, seed, times_seconds)
    return directions(
        azimuth + DRIFT_DEGREES[0] * around, elevation + DRIFT_DEGREES[1] * up, USUAL_METRES * DRIFT_RATIO**away
    )


def home(index: int, seed: int) -> tuple[float, float]:
    """Return azimuth and elevation in degrees of a sound's own place.

    From left to right the places of consecutive sounds are spread evenly, whatever their number (multiples of the
    golden ratio; the side is the sine of the azimuth); half of them are in front and half behind.
    """
    start = np.random.default_rng([seed, *b"places"]).random(3)
    side, behind, height = (start + index * STEPS) % 1.0
    azimuth = float(np.degrees(np.arcsin(2.0 * side - 1.0)))
    elevation = LOWEST_DEGREES + (HIGHEST_DEGREES - LOWEST_DEGREES) * float(height)
    return (180.0 - azimuth if behind < 0.5 else azimuth), elevation


def wander(index: int, seed: int, times_seconds: Doubles) -> Doubles:
    """Return three smooth random curves between -1 and 1, shape (3, times)."""
    rng = np.random.default_rng([seed, index, *b"drift"])
    shape = (3, DRIFT_WAVES, 1)
    frequency_hz, phase = rng.uniform(*DRIFT_HZ, shape), rng.uniform(0.0, 2.0 * np.pi, shape)
    return np.sin(2.0 * np.pi * frequency_hz * times_seconds + phase).mean(axis=1)
