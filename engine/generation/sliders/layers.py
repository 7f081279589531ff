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
from engine.generation.laying import FADE_IN_SECONDS, fade
from engine.generation.score import Event
from engine.generation.sliders.bank import move
from engine.generation.sliders.beating import (
    HOP,
    apply_gain,
    find_hardness,
    frames_of,
    loudest_frames,
    roughness_of,
    softening,
    spectra_of,
)
from engine.generation.timeline import Turn
from engine.latent.chart import Reach
from engine.sliders import LIMIT, NEAR_MIDDLE

Floats = NDArray[np.float32]
Doubles = NDArray[np.float64]
Heard = tuple[Turn, Floats]  # an event where it is heard, and its samples

BEFORE = ROUGHNESS_WINDOW // 2  # samples before an event that its first spectrum sees
BEYOND = ROUGHNESS_WINDOW  # samples behind it that its last ones see
LOUDER_NEPER = 1.0  # by which what is softened is made up for at most


class Smoothing(NamedTuple):
    """The request to events that overlap.

    Attributes:
        reach: What is smooth and rough in the corpus.
        drive: Of the slider of roughness when an event begins; above 0 nothing is softened.
    """

    reach: Reach
    drive: Callable[[Event], float]


def smooth_layers(sounds: Iterable[Heard], asked: Smoothing, begin: int | None = None) -> Iterator[Heard]:
    """Soften events where they beat with those that they overlap, each as soon as all are known that do.

    Args:
        sounds: Turns and their samples (samples, channels), in order of time.
        asked: How smooth they are to be together.
        begin: Sample of the timeline; what has ended before it is not heard, and stays as it is.

    Yields:
        Turn and samples of each, in the same order.
    """
    waiting: deque[Heard] = deque()
    past: list[Heard] = []

    def smoothed() -> Heard:
        turn, sound = waiting[0]
        past[:] = [other for other in past if _end(other) > turn.start - BEFORE]
        drive = asked.drive(turn.event)
        if drive < 0 and (begin is None or _end(waiting[0]) > begin):
            mix = _mix(turn.start, len(sound), [*past, *waiting])
            sound = soften_beside(sound, mix, asked.reach, drive)
        past.append(waiting.popleft())
        return turn, sound

    for one in sounds:
        waiting.append(one)
        while waiting and _end(waiting[0]) + BEYOND <= one[0].following:
            yield smoothed()
    while waiting:
        yield smoothed()


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
    softened = fade(np.stack(channels, axis=1), seconds_out=FADE_IN_SECONDS)
    share = np.float32(min(1.0, -drive / (NEAR_MIDDLE * LIMIT)))
    return share * softened + (1 - share) * sound


def _mix(start: int, samples: int, sounds: list[Heard]) -> Floats:
    """Return all that sounds around an event, from BEFORE its first sample to BEYOND its last, (samples,)."""
    first, last = start - BEFORE, start + samples + BEYOND
    mix = np.zeros(last - first, np.float32)
    for turn, sound in sounds:
        low, high = max(first, turn.start), min(last, turn.start + len(sound))
        if low < high:
            mix[low - first : high - first] += sound[low - turn.start : high - turn.start].mean(1)
    return mix


def _end(heard: Heard) -> int:
    """Return the sample behind an event."""
    turn, sound = heard
    return turn.start + len(sound)


@lru_cache
def _ear() -> Doubles:
    """Return by what magnitudes are to be multiplied to be as BS.1770-4 weights them, (bins,)."""
    gain: Doubles = np.sqrt(weighting_gain(frequencies(ROUGHNESS_WINDOW)))
    return gain
