"""Putting the sounds of an output into space: the one door through which generation comes.

An output opens its `Space` once, calls `place` for each sound, from several threads if it likes, lays the results over
each other, and sends the mix through one `Distance`.
"""

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from engine.errors import ShapeError
from engine.settings import SpaceSettings
from engine.spatial.binaural import Listener, open_listener, render_binaural
from engine.spatial.direction import Directions, directions, stretch_sideways
from engine.spatial.hrtf import load_hrtf, load_kemar
from engine.spatial.motion import HOP, trace
from engine.spatial.stereo import pan, split, widen
from engine.units import samples_to_seconds

Floats = NDArray[np.float32]

MOST_STRETCH = 8.0  # of the sideways part of a direction at width 10: 30 degrees become 78
LOUDSPEAKER_DEGREES = 30.0  # to either side of its place, where the channels of a stereo sound are heard binaurally


@dataclass(frozen=True)
class Space:
    """Settings made ready.

    Attributes:
        settings: Motion, width and what else there is to say.
        listener: The ears of a binaural output, None for stereo.
    """

    settings: SpaceSettings
    listener: Listener | None


def open_space(settings: SpaceSettings, channels: Literal["stereo", "binaural"]) -> Space:
    """Make settings ready for an output.

    Raises:
        ParameterError: the HRTF of the settings cannot be used.
    """
    if channels == "stereo":
        return Space(settings, None)
    own = settings.hrtf
    return Space(settings, _open_ears(own, own.stat().st_mtime_ns if own and own.is_file() else 0))


def place(space: Space, sound: Floats, start: int, index: int, seed: int) -> Floats:
    """Put one sound of an output where it belongs.

    The same seed and index give the same place, and with it the same samples.

    Args:
        space: See `open_space`.
        sound: A whole sound, mono or stereo, shape (samples, 1 or 2).
        start: First sample of the sound in the output.
        index: Its place in the score, 0 or more.
        seed: Of the output, 0 or more.

    Returns:
        Left and right, shape (samples and a little more, 2).

    Raises:
        ShapeError: the sound has another shape.
    """
    if sound.ndim != 2 or sound.shape[1] not in (1, 2):
        raise ShapeError(f"a sound has the shape (samples, 1 or 2), this one {sound.shape}")
    path = trace(space.settings, index, seed, samples_to_seconds(start), len(sound))
    if space.listener is not None:
        return _place_around(space.listener, space.settings.width, sound, path)
    return _place_between(space.settings, sound, path, np.random.default_rng([seed, index, *b"width"]))


@lru_cache(maxsize=2)
def _open_ears(own: Path | None, changed_nanoseconds: int) -> Listener:  # noqa: ARG001  a changed file is read again
    """Return the bundled HRTF or that of a person's own file, ready; it takes a quarter of a second, or several."""
    return open_listener(load_hrtf(own) if own else load_kemar())


def _place_around(listener: Listener, width: float, sound: Floats, path: Directions) -> Floats:
    """Place a sound around a listener; the channels of stereo are two loudspeakers that move with it."""
    factor = sideways_factor(width)
    if sound.shape[1] == 1:
        return render_binaural(listener, sound[:, 0], stretch_sideways(path, factor))
    heard = [
        render_binaural(listener, channel, stretch_sideways(_turned(path, degrees), factor))
        for channel, degrees in zip(sound.T, (-LOUDSPEAKER_DEGREES, LOUDSPEAKER_DEGREES), strict=True)
    ]
    return (heard[0] + heard[1]) * np.float32(0.5**0.5)


def _place_between(settings: SpaceSettings, sound: Floats, path: Directions, rng: np.random.Generator) -> Floats:
    """Place a sound between two loudspeakers; what is stereo and keeps still has its places already."""
    at = np.arange(len(sound)) / HOP
    levels = np.interp(at, np.arange(len(path)), 1.0 / path.distance_metres).astype(np.float32)
    sides = np.sin(np.radians(path.azimuth_degrees))
    if sound.shape[1] == 1:
        return widen(pan(levels * sound[:, 0], sides), settings.width, rng)
    if settings.movement == "still":
        return widen(sound, settings.width, rng)
    middle, side = split(levels[:, None] * sound)
    moved = pan(middle, sides)
    moved[: len(sound)] += np.stack([-side, side], axis=1)
    return widen(moved, settings.width, rng)


def sideways_factor(width: float) -> float:
    """Return by what the sideways part of directions is multiplied: 0 at width -10, 1 at 0, MOST_STRETCH at 10."""
    return (1.0 + width / 10.0) ** 2 if width < 0.0 else MOST_STRETCH ** (width / 10.0)


def _turned(path: Directions, degrees: float) -> Directions:
    """Return a path turned to the right."""
    return directions(path.azimuth_degrees + degrees, path.elevation_degrees, path.distance_metres)
