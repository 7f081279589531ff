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

from engine.curves import value_at
from engine.errors import ShapeError
from engine.settings import SpaceSettings
from engine.spatial.binaural import Listener, open_listener, render_binaural
from engine.spatial.direction import Directions, directions, stretch_sideways
from engine.spatial.hrtf import load_hrtf, load_kemar
from engine.spatial.motion import HOP, point_times, trace
from engine.spatial.stereo import pan, split, widen
from engine.units import samples_to_seconds

Floats = NDArray[np.float32]
Doubles = NDArray[np.float64]

MOST_STRETCH = 8.0  # of the sideways part of a direction at width 10: 30 degrees become 78
LOUDSPEAKER_DEGREES = 30.0  # to either side of its place, where the channels of a stereo sound are heard binaurally


@dataclass(frozen=True)
class Space:
    """Settings made ready.

    Attributes:
        settings: Motion, width and what else there is to say.
        listener: The ears of a binaural output, None for stereo.
        period_seconds: Of a loop, after which curves begin again.
    """

    settings: SpaceSettings
    listener: Listener | None
    period_seconds: float | None


def open_space(
    settings: SpaceSettings, channels: Literal["stereo", "binaural"], period_seconds: float | None = None
) -> Space:
    """Make settings ready for an output.

    Args:
        settings: Motion, width and what else there is to say; curves of a loop are closed.
        channels: Of the output.
        period_seconds: Length of a loop.

    Raises:
        ParameterError: the HRTF of the settings cannot be used.
    """
    if channels == "stereo":
        return Space(settings, None, period_seconds)
    own = settings.hrtf
    ears = _open_ears(own, own.stat().st_mtime_ns if own and own.is_file() else 0)
    return Space(settings, ears, period_seconds)


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
    begin = samples_to_seconds(start)
    path, widths = trace(space.settings, index, seed, begin, len(sound)), _widths(space, begin, len(sound))
    if space.listener is not None:
        return _place_around(space.listener, widths, sound, path)
    between = sound if _has_its_place(space.settings, sound) else _place_between(sound, path)
    return widen(between, widths, np.random.default_rng([seed, index, *b"width"]))


def _widths(space: Space, begin_seconds: float, samples: int) -> Doubles:
    """Return the width at each point of a path along a sound, or a single one where it is the same throughout."""
    times = point_times(begin_seconds, samples)
    widths = value_at(space.settings.width, times % space.period_seconds if space.period_seconds else times)
    return widths[:1] if (widths == widths[0]).all() else widths


@lru_cache(maxsize=2)
def _open_ears(own: Path | None, changed_nanoseconds: int) -> Listener:  # noqa: ARG001  a changed file is read again
    """Return the bundled HRTF or that of a person's own file, ready; it takes a quarter of a second, or several."""
    return open_listener(load_hrtf(own) if own else load_kemar())


def _place_around(listener: Listener, widths: Doubles, sound: Floats, path: Directions) -> Floats:
    """Place a sound around a listener; the channels of stereo are two loudspeakers that move with it."""
    factors = sideways_factors(widths)
    if sound.shape[1] == 1:
        return render_binaural(listener, sound[:, 0], stretch_sideways(path, factors))
    heard = [
        render_binaural(listener, channel, stretch_sideways(_turned(path, degrees), factors))
        for channel, degrees in zip(sound.T, (-LOUDSPEAKER_DEGREES, LOUDSPEAKER_DEGREES), strict=True)
    ]
    return (heard[0] + heard[1]) * np.float32(0.5**0.5)


def _has_its_place(settings: SpaceSettings, sound: Floats) -> bool:
    """Return whether a sound was recorded in stereo and keeps still."""
    return sound.shape[1] == 2 and settings.movement == "still"


def _place_between(sound: Floats, path: Directions) -> Floats:
    """Place a sound between two loudspeakers."""
    at = np.arange(len(sound)) / HOP
    levels = np.interp(at, np.arange(len(path)), 1.0 / path.distance_metres).astype(np.float32)
    sides = np.sin(np.radians(path.azimuth_degrees))
    if sound.shape[1] == 1:
        return pan(levels * sound[:, 0], sides)
    middle, side = split(levels[:, None] * sound)
    moved = pan(middle, sides)
    moved[: len(sound)] += np.stack([-side, side], axis=1)
    return moved


def sideways_factors(widths: Doubles) -> Doubles:
    """Return by what the sideways part of directions is multiplied: 0 at width -10, 1 at 0, MOST_STRETCH at 10."""
    return np.where(widths < 0.0, (1.0 + widths / 10.0) ** 2, MOST_STRETCH ** (widths / 10.0))


def _turned(path: Directions, degrees: float) -> Directions:
    """Return a path turned to the right."""
    return directions(path.azimuth_degrees + degrees, path.elevation_degrees, path.distance_metres)
