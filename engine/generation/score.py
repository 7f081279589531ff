"""The score of an output: which sound begins when, how long it lasts, and what it is made of.

Every event has its own random numbers, drawn from the seed and its place in the score, so that a score can be read
from anywhere and an hour is written as quickly as a second.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from engine.dataset.clips import Clip
from engine.settings import GenerateSettings
from engine.units import SAMPLE_RATE, seconds_to_samples

GOLDEN = (math.sqrt(5) - 1) / 2  # its multiples fill a range evenly: neighbouring seeds visit the whole corpus
JITTER = 0.35  # of the time between events, either way
LAYERS = 2.0  # events that may sound at once before they are cut short
SPAN = 1.5  # of the time between events that a sustained sound is drawn out to
LONGEST_SECONDS = 30.0  # of one event
SHORTEST_SECONDS = 0.08


@dataclass(frozen=True)
class Event:
    """One sound of an output.

    Attributes:
        index: Its place in the score.
        start: First sample in the output.
        clip: Index of the clip it begins from.
        longest: Samples after which it must have ended, or None for its natural length.
        drawn_out: Samples that it should last if its sound can be sustained, or None.
    """

    index: int
    start: int
    clip: int
    longest: int | None
    drawn_out: int | None


def compose(settings: GenerateSettings, clips: tuple[Clip, ...]) -> Iterator[Event]:
    """Write the score, in order of time.

    Density is exact: of each stretch of 1 / density seconds one event begins inside it, jittered so that no pulse is
    heard; the first begins at the first sample.

    Args:
        settings: Duration, density and seed; a one-shot is a single event of natural length.
        clips: The sounds to choose from.
    """
    if settings.one_shot:
        yield Event(0, 0, choose_clip(settings.seed, 0, len(clips)), None, None)
        return
    gap = SAMPLE_RATE / settings.density
    longest = seconds_to_samples(min(LONGEST_SECONDS, max(SHORTEST_SECONDS, LAYERS / settings.density)))
    drawn_out = min(seconds_to_samples(LONGEST_SECONDS), round(gap * SPAN))
    total = seconds_to_samples(settings.duration)
    for index in range(max(1, round(settings.duration * settings.density))):
        shift = event_rng(settings.seed, index, "time").uniform(-JITTER, JITTER) if index else 0.0
        start = round((index + shift) * gap)
        if start < total:
            clip = choose_clip(settings.seed, index, len(clips))
            yield Event(index, start, clip, min(longest, total - start), min(drawn_out, total - start))


def choose_clip(seed: int, index: int, count: int) -> int:
    """Choose the clip of an event: evenly over neighbouring seeds, and every clip once before any comes again."""
    cycle, place = divmod(index, count)
    order = event_rng(seed, cycle, "order").permutation(count)
    if cycle == 0:
        first = int((seed * GOLDEN) % 1.0 * count)
        order = np.concatenate([[first], order[order != first]])
    return int(order[place])


def event_rng(seed: int, index: int, purpose: str) -> np.random.Generator:
    """Return the random numbers of one purpose of one event."""
    return np.random.default_rng([seed, index, *purpose.encode()])
