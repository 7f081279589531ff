"""Sounds laid over each other: into a stretch of time that streams by, or around a loop."""

from collections.abc import Iterable, Iterator

import numpy as np
from numpy.typing import NDArray

from engine.units import seconds_to_samples

Floats = NDArray[np.float32]

FADE_IN_SECONDS = 0.002
FADE_OUT_SECONDS = 0.08


def lay_over(sounds: Iterable[tuple[int, Floats]], total: int, channels: int) -> Iterator[Floats]:
    """Add sounds at their starts, yielding what no later sound can change any more.

    Args:
        sounds: First sample and samples (samples, channels) of each, in order of time.
        total: Length of the output in samples; what goes beyond it is cut.
        channels: Of the output.
    """
    pending = np.zeros((0, channels), np.float32)
    done = 0
    for start, sound in sounds:
        ready = min(start, total) - done
        if ready > 0:
            pending = lengthened(pending, ready)
            yield pending[:ready]
            pending, done = pending[ready:], done + ready
        offset = start - done
        heard = sound[: max(0, total - start)]
        pending = lengthened(pending, offset + len(heard))
        pending[offset : offset + len(heard)] += heard
    if total > done:
        yield lengthened(pending, total - done)[: total - done]


def lay_around(sounds: Iterable[tuple[int, Floats]], total: int, channels: int) -> Floats:
    """Add sounds at their starts around a loop: what goes beyond its end goes on at its beginning.

    Args:
        sounds: First sample and samples (samples, channels) of each.
        total: Length of the loop in samples.
        channels: Of the loop.

    Returns:
        Samples (total, channels).
    """
    around = np.zeros((total, channels), np.float32)
    for start, sound in sounds:
        at, rest = start % total, sound
        while len(rest):
            part, rest = rest[: total - at], rest[total - at :]
            around[at : at + len(part)] += part
            at = 0
    return around


def fade(sound: Floats, seconds_in: float = FADE_IN_SECONDS, seconds_out: float = FADE_OUT_SECONDS) -> Floats:
    """Return a sound (samples, channels) that begins and ends at zero.

    The rise takes at most half of the sound, the fall at most a quarter.
    """
    faded = sound.copy()
    rise = min(seconds_to_samples(seconds_in), len(sound) // 2)
    fall = min(seconds_to_samples(seconds_out), len(sound) // 4)
    faded[:rise] *= _half_cosine(rise)[:, None]
    faded[len(sound) - fall :] *= _half_cosine(fall)[::-1, None]
    return faded


def lengthened(samples: Floats, length: int) -> Floats:
    """Return samples with zeros behind them so that there are at least `length`."""
    return samples if len(samples) >= length else np.pad(samples, ((0, length - len(samples)), (0, 0)))


def _half_cosine(length: int) -> Floats:
    """Return a rise from 0 to 1 with flat ends."""
    return (0.5 - 0.5 * np.cos(np.pi * (np.arange(length) + 0.5) / max(1, length))).astype(np.float32)
