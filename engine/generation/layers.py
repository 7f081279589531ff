"""Events that sound at once, softened where they beat with each other: what roughness below 0 asks of the layering.

Each event may be as smooth as was wanted, and still beat with those around it. So its partials are softened that are
softer than others near by in all that sounds with it. An event is changed within its own time only: what is struck is
not announced.
"""

import math
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from engine.features.descriptors import ROUGHNESS_WINDOW, frequencies
from engine.features.movement import weighting_gain
from engine.generation.bank import move
from engine.generation.beating import (
    HOP,
    apply_gain,
    find_hardness,
    frames_of,
    loudest_frames,
    roughness_of,
    softening,
    spectra_of,
)
from engine.generation.laying import FADE_IN_SECONDS, fade, lay_around
from engine.generation.score import Event
from engine.latent.chart import Reach

Floats = NDArray[np.float32]
Doubles = NDArray[np.float64]
Sounds = Iterable[tuple[Event, Floats]]
Layer = tuple[Event, Floats, Floats]  # an event, its samples, and all that sounds around it

BEFORE = ROUGHNESS_WINDOW // 2  # samples before an event that its first spectrum sees
BEYOND = ROUGHNESS_WINDOW  # samples behind it that its last ones see
LOUDER_NEPER = 1.0  # by which what is softened is made up for at most


class Smoothing(NamedTuple):
    """What is asked of events that overlap.

    Attributes:
        reach: What is smooth and rough in the corpus.
        drive: Of the slider of roughness when an event begins; above 0 nothing is softened.
        around: Samples of the loop that events are laid around, or None.
    """

    reach: Reach
    drive: Callable[[Event], float]
    around: int | None


def smooth_layers(sounds: Sounds, asked: Smoothing) -> Iterator[tuple[Event, Floats]]:
    """Soften events where they beat with those that they overlap.

    Args:
        sounds: Events and their samples (samples, channels), in order of time.
        asked: How smooth they are to be together.

    Yields:
        Event and samples of each, in the same order.
    """
    for event, sound, mix in _around(list(sounds), asked.around) if asked.around else _along(sounds):
        drive = asked.drive(event)
        yield event, soften_beside(sound, mix, asked.reach, drive) if drive < 0 else sound


def soften_beside(sound: Floats, mix: Floats, reach: Reach, drive: float) -> Floats:
    """Return a sound whose partials are softened that beat with stronger ones of all that sounds with it.

    Args:
        sound: Shape (samples, channels).
        mix: All that sounds, itself included, from BEFORE its first sample to BEYOND its last, (samples,).
        reach: What is smooth and rough in the corpus.
        drive: -LIMIT to 0.
    """
    spectra = frames_of(mix, HOP)
    magnitude = np.abs(spectra)
    loudest = loudest_frames(magnitude)
    together = roughness_of(loudest)
    hardness = find_hardness(loudest, together + move(reach, together, drive))
    if not hardness:
        return sound
    gain = softening(magnitude, hardness)
    loud = magnitude * _ear()
    kept = ((loud * np.exp(gain)) ** 2).sum() / ((loud**2).sum() + 1e-20)
    gain += min(LOUDER_NEPER, -0.5 * math.log(kept + 1e-20))
    channels = [apply_gain(spectra_of(channel, HOP), gain, len(sound)) for channel in sound.T]
    return fade(np.stack(channels, axis=1), seconds_out=FADE_IN_SECONDS)


def _along(sounds: Sounds) -> Iterator[Layer]:
    """Yield events with what sounds with them, each as soon as all are known that begin before it ends."""
    waiting: deque[tuple[Event, Floats]] = deque()
    past: list[tuple[Event, Floats]] = []

    def finish() -> Layer:
        event, sound = waiting[0]
        past[:] = [other for other in past if _end(other) > event.start - BEFORE]
        mix = _mix(event.start, len(sound), [*past, *waiting])
        past.append(waiting.popleft())
        return event, sound, mix

    for one in sounds:
        while waiting and _end(waiting[0]) + BEYOND <= one[0].start:
            yield finish()
        waiting.append(one)
    while waiting:
        yield finish()


def _around(sounds: list[tuple[Event, Floats]], samples: int) -> Iterator[Layer]:
    """Yield events that are laid around a loop, with what sounds with them."""
    mix = lay_around(((event.start, sound.mean(1, keepdims=True)) for event, sound in sounds), samples, 1)[:, 0]
    for event, sound in sounds:
        yield event, sound, mix[np.arange(event.start - BEFORE, event.start + len(sound) + BEYOND) % samples]


def _mix(start: int, samples: int, sounds: list[tuple[Event, Floats]]) -> Floats:
    """Return all that sounds around an event, from BEFORE its first sample to BEYOND its last, (samples,)."""
    first, last = start - BEFORE, start + samples + BEYOND
    mix = np.zeros(last - first, np.float32)
    for event, sound in sounds:
        low, high = max(first, event.start), min(last, event.start + len(sound))
        if low < high:
            mix[low - first : high - first] += sound[low - event.start : high - event.start].mean(1)
    return mix


def _end(sound: tuple[Event, Floats]) -> int:
    return sound[0].start + len(sound[1])


@lru_cache
def _ear() -> Doubles:
    """Return by what magnitudes are to be multiplied to be as BS.1770-4 weights them, (bins,)."""
    gain: Doubles = np.sqrt(weighting_gain(frequencies(ROUGHNESS_WINDOW)))
    return gain
