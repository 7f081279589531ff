"""Head-related transfer functions: what the way from each direction does to a sound at either ear.

The program comes with the KEMAR manikin measured at the MIT Media Lab (Gardner and Martin 1994; see NOTICE), made by
`scripts/build_hrtf.py`, twice: `kemar_48k.sofa` for everybody's tools, and the same numbers as an array file. The
array file is a cache of it: it opens in a hundredth of the time, its checksum shows that it is whole, and a test shows
that the two are equal. Where it is missing or damaged, the SOFA file is read as a person's own would be.
"""

import hashlib
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import as_file, files
from importlib.resources.abc import Traversable
from pathlib import Path

import numpy as np
import scipy  # its parts are loaded where they are used: most outputs need none of them
from numpy.typing import NDArray
from safetensors.numpy import load

from engine.errors import ParameterError
from engine.spatial.direction import Directions
from engine.spatial.minimum_phase import separate
from engine.spatial.sofa import HrtfError, read_sofa
from engine.spatial.sphere import triangulate
from engine.units import SAMPLE_RATE

KEMAR_SOFA = "kemar_48k.sofa"
KEMAR_TITLE = "MIT KEMAR, normal pinna"
KEMAR_ARRAYS = "kemar_48k.safetensors"
KEMAR_SHA256 = "c7d833d512f165b3ff1e0fdcae5b593180955cfb22d6b73a5bed6bec03045dac"
USUAL_METRES = 1.5  # where a file has several distances, those nearest to this are used: far enough to be "far field"
MOST_DIRECTIONS = 2_500  # 4 degrees apart all around; what a file has more is left out
LONGEST_INTERAURAL_SECONDS = 0.0015  # twice that of a large head
SAME_DEGREES = 0.05  # nearer directions are the same


@dataclass(frozen=True)
class Hrtf:
    """Delays and minimum-phase responses of all directions, at SAMPLE_RATE, left ear first.

    Attributes:
        title: Of the set.
        places: Of the sources, no two in the same direction.
        responses: Minimum-phase impulse responses, shape (directions, 2, TAPS).
        delays_samples: To be put before them, not whole numbers, 0 or more, shape (directions, 2).
    """

    title: str
    places: Directions
    responses: NDArray[np.float32]
    delays_samples: NDArray[np.float64]


@lru_cache(maxsize=1)
def load_kemar() -> Hrtf:
    """Return the HRTF that comes with the program.

    Raises:
        ParameterError: the installation is damaged.
    """
    folder = files("engine.spatial")
    try:
        content = (folder / KEMAR_ARRAYS).read_bytes()
    except OSError:
        content = b""
    if hashlib.sha256(content).hexdigest() != KEMAR_SHA256:
        return read_kemar(folder / KEMAR_SOFA)
    arrays = load(content)
    return Hrtf(
        title=KEMAR_TITLE,
        places=Directions(*(arrays[name] for name in ("azimuth_degrees", "elevation_degrees", "distance_metres"))),
        responses=arrays["responses"],
        delays_samples=arrays["delays_samples"],
    )


def read_kemar(sofa: Traversable) -> Hrtf:
    """Return the bundled HRTF from its SOFA file, which holds it ready to use: the same numbers as the array file.

    Raises:
        ParameterError: the installation is damaged.
    """
    try:
        with as_file(sofa) as path:
            measured = read_sofa(path)
    except (HrtfError, OSError):
        raise ParameterError(f"{KEMAR_SOFA} is damaged or missing; install the program again", code="hrtf") from None
    return Hrtf(KEMAR_TITLE, measured.places, measured.responses.astype(np.float32), measured.delays_samples)


def load_hrtf(path: Path) -> Hrtf:
    """Return the HRTF of a SOFA file, at SAMPLE_RATE, its delays found where they are inside the responses.

    Raises:
        HrtfError: the file cannot be used; see `read_sofa`.
    """
    measured = read_sofa(path)
    which = choose_directions(measured.places)
    try:
        triangulate(measured.places.vectors[which])
    except ParameterError as error:
        raise HrtfError(path, error.message) from None
    delays_seconds, responses = separate(measured.responses[which], measured.sample_rate)
    delays_seconds += measured.delays_samples[which] / measured.sample_rate
    interaural = np.abs(delays_seconds[:, 0] - delays_seconds[:, 1]).max()
    if interaural > LONGEST_INTERAURAL_SECONDS:
        raise HrtfError(path, f"its ears hear a sound {interaural * 1000:.1f} ms apart, which no head does")
    delays_samples = (delays_seconds - delays_seconds.min()) * SAMPLE_RATE
    return Hrtf(measured.title, measured.places.chosen(which), responses, delays_samples)


def choose_directions(places: Directions) -> NDArray[np.intp]:
    """Return the indices of directions to use: one distance each, no direction twice, at most MOST_DIRECTIONS."""
    vectors = places.vectors
    nearness = np.argsort(np.abs(np.log(places.distance_metres / USUAL_METRES)), kind="stable")
    kept, seen = [], np.zeros(len(places), bool)
    neighbours = scipy.spatial.cKDTree(vectors).query_ball_point(vectors, np.radians(SAME_DEGREES))
    for index in nearness:
        if not seen[index]:
            kept.append(index)
            seen[neighbours[index]] = True
    chosen = np.sort(np.array(kept, np.intp))
    if len(chosen) > MOST_DIRECTIONS:
        _, nearest = scipy.spatial.cKDTree(vectors[chosen]).query(even_vectors(MOST_DIRECTIONS))
        chosen = chosen[np.unique(nearest)]
    return chosen


def even_vectors(count: int) -> NDArray[np.float64]:
    """Return `count` unit vectors evenly over the sphere, on a Fibonacci spiral, shape (count, 3)."""
    height = 1.0 - (2.0 * np.arange(count) + 1.0) / count
    turn = np.pi * (3.0 - np.sqrt(5.0)) * np.arange(count)
    level = np.sqrt(1.0 - height**2)
    return np.stack([level * np.cos(turn), level * np.sin(turn), height], axis=1)
