"""The score of an output: which sound begins when, how long it lasts, and what it is made of.

Every event has its own random numbers, drawn from the seed and its place in the score, so that a score can be read
from anywhere and an hour is written as quickly as a second.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from engine.curves import breakpoints, is_zero, value_at
from engine.dataset.clips import Clip
from engine.errors import ShapeError
from engine.generation.score.flow import MOST_BEYOND_SECONDS, Join, find_close, join_events
from engine.settings import GenerateSettings
from engine.units import LATENT_HOP, SAMPLE_RATE, seconds_to_samples

Floats = NDArray[np.float32]
Doubles = NDArray[np.float64]

GOLDEN = (math.sqrt(5) - 1) / 2  # its multiples fill a range evenly: neighbouring seeds visit the whole corpus
JITTER = 0.35  # of the time between events, either way
LAYERS = 2.0  # events that may sound at once before they are cut short
SPAN = 1.5  # of the time between events that a sustained sound is drawn out to
LONGEST_EVENT_SECONDS = 30.0  # of one event
SHORTEST_EVENT_SECONDS = 0.08
FINE_STEPS = 256  # between two breakpoints of a density, for counting events
NEAR_SHARE = 0.12  # of the clips that are near enough to a place on the map
FEWEST_NEAR = 3


@dataclass(frozen=True)
class Event:
    """One sound of an output.

    Attributes:
        index: Its place in the score.
        start: First sample in the output.
        clip: Index of the clip it begins from.
        longest: Samples after which it must have ended, or None for its natural length.
        drawn_out: Samples that it should last if its sound can be sustained, or None.
        gap_seconds: Until the next event, on average.
        join: How it meets its neighbours; None where each is by itself.
    """

    index: int
    start: int
    clip: int
    longest: int | None
    drawn_out: int | None
    gap_seconds: float = 1.0
    join: Join | None = None


def compose(settings: GenerateSettings, clips: tuple[Clip, ...], places: Floats, begin: int = 0) -> Iterator[Event]:
    """Write the score, in order of time.

    Density is exact: the time in which one event is due holds one, jittered so that no pulse is heard; the first begins
    at the first sample.

    Args:
        settings: Duration, density, seed and place on the map; a one-shot is a single event of natural length.
        clips: The sounds to choose from.
        places: Where each clip lies on the map, (clips, 2).
        begin: Sample from which on the score is read; events that start before it are left out.

    Raises:
        ShapeError: there is not one place for each clip.
    """
    if places.shape != (len(clips), 2):
        raise ShapeError(f"{len(clips)} clips have places ({len(clips)}, 2), not {places.shape}")
    flows = settings.flow is not None and not is_zero(settings.flow)
    if settings.one_shot:
        join = (
            join_events(False, LONGEST_EVENT_SECONDS, LONGEST_EVENT_SECONDS, LONGEST_EVENT_SECONDS, None)
            if flows
            else None
        )
        yield Event(0, 0, choose_clip(settings, 0, 0.0, places), None, None, join=join)
        return
    total = seconds_to_samples(settings.duration)
    pace = _Pace(settings) if flows else None
    for index, now in event_times(settings, begin / SAMPLE_RATE):
        start = seconds_to_samples(now)
        if begin <= start < total:
            gap = 1.0 / float(value_at(settings.density, now))
            room = total if settings.loop else total - start
            longest = seconds_to_samples(_longest_seconds(gap))
            drawn_out = seconds_to_samples(min(LONGEST_EVENT_SECONDS, SPAN * gap))
            clip = choose_clip(settings, index, now, places)
            event = Event(index, start, clip, min(longest, room), min(drawn_out, room), gap)
            yield _joined(event, settings, pace) if pace else event


def _joined(event: Event, settings: GenerateSettings, pace: "_Pace") -> Event:
    """Return an event as it meets its neighbours, which lasts until the next has come in where it goes on."""
    now, following, later = (pace.second(event.index + step) for step in range(3))
    share = float(value_at(settings.flow or 0.0, now))
    if share <= 0.0:
        return event
    goes_on = bool(event_rng(settings.seed, event.index, "flow").uniform() < share)
    close = None if settings.loop else find_close(settings.duration - now, settings.duration)
    join = join_events(goes_on, event.gap_seconds, following - now, later - following, close)
    return replace(event, join=join, longest=join.longest) if goes_on else replace(event, join=join)


class _Pace:
    """When the events of an output begin, and behind the last one where it ends, or of a loop goes on."""

    def __init__(self, settings: GenerateSettings) -> None:
        self._settings = settings
        self._times, self._due = _count_events(settings)
        self._count = max(1, round(round(float(self._due[-1]), 6)))

    def second(self, index: int) -> float:
        turns, place = divmod(index, self._count)
        if turns and not self._settings.loop:
            return self._settings.duration
        due = place + _jitter(self._settings.seed, place)
        return turns * self._settings.duration + float(np.interp(due, self._due, self._times))


def event_times(settings: GenerateSettings, begin_seconds: float = 0.0) -> Iterator[tuple[int, float]]:
    """Yield place in the score and second of each event of an output that is no one-shot.

    The last one may be beyond its end, and the first before where it is begun.

    Args:
        settings: Duration, density and seed.
        begin_seconds: From where on they are wanted.
    """
    due_times, due_events = _count_events(settings)
    count = max(1, round(round(float(due_events[-1]), 6)))  # the sum is exact but for rounding, which halves show
    due_before = float(np.interp(begin_seconds, due_times, due_events)) - JITTER
    for index in range(max(0, math.floor(due_before)), count):
        yield index, float(np.interp(index + _jitter(settings.seed, index), due_events, due_times))


def longest_samples(settings: GenerateSettings) -> int:
    """Return how many samples an event of a score lasts at most; a one-shot has its natural length."""
    rarest = min(density for _, density in breakpoints(settings.density))
    longest = _longest_seconds(1.0 / rarest)
    if settings.flow is not None and not is_zero(settings.flow):
        longest = max(longest, (1.0 + 2 * JITTER + 0.5) / rarest + MOST_BEYOND_SECONDS)  # a count is rounded by half
    return seconds_to_samples(longest)


def _longest_seconds(gap_seconds: float) -> float:
    """Return after how many seconds an event has ended, where so much time is between two of them."""
    return min(LONGEST_EVENT_SECONDS, max(SHORTEST_EVENT_SECONDS, LAYERS * gap_seconds))


def place_at(settings: GenerateSettings, seconds: NDArray[np.floating]) -> Doubles | None:
    """Return where on the map an output is at times (n,), shape (n, 2); None where it is nowhere in particular.

    A path is walked at an even pace from its first place to its last over the duration; of a loop, back to the first.
    """
    if settings.path is None:
        return None if settings.at is None else np.tile(np.array(settings.at), (len(seconds), 1))
    stops = np.array([*settings.path, settings.path[0]] if settings.loop else settings.path)
    lengths = np.concatenate([[0.0], np.cumsum(np.linalg.norm(np.diff(stops, axis=0), axis=1))])
    share = seconds / settings.duration
    walked = (share % 1.0 if settings.loop else np.clip(share, 0.0, 1.0)) * lengths[-1]
    if not lengths[-1]:
        return np.tile(stops[0], (len(seconds), 1))
    return np.stack([np.interp(walked, lengths, column) for column in stops.T], axis=1)


def _jitter(seed: int, index: int) -> float:
    """Return how far an event is from its time, in times between events; the first is where it is."""
    return event_rng(seed, index, "time").uniform(-JITTER, JITTER) if index else 0.0


def _count_events(settings: GenerateSettings) -> tuple[Doubles, Doubles]:
    """Return times from 0 to the duration, and how many events are due by each."""
    points = [seconds for seconds, _ in breakpoints(settings.density) if 0 < seconds < settings.duration]
    edges = [0.0, *points, settings.duration]
    times = np.unique(np.concatenate([np.linspace(a, b, FINE_STEPS) for a, b in pairwise(edges)]))
    density = value_at(settings.density, times)
    due = np.cumsum((density[1:] + density[:-1]) / 2 * np.diff(times))
    return times, np.concatenate([[0.0], due])


def choose_clip(settings: GenerateSettings, index: int, seconds: float, places: Floats) -> int:
    """Choose the clip of an event: one near its place on the map, or where it has none, any.

    Every clip comes once before any comes again, and neighbouring seeds begin evenly all over the corpus.
    """
    place = place_at(settings, np.array([seconds]))
    if place is None:
        return in_turn(settings.seed, index, len(places))
    distance = np.linalg.norm(places - place, axis=1)
    near = np.argsort(distance, kind="stable")[: max(FEWEST_NEAR, round(NEAR_SHARE * len(places)))]
    return int(near[in_turn(settings.seed, index, len(near))])


def in_turn(seed: int, index: int, count: int) -> int:
    """Choose one of so many: evenly over neighbouring seeds, and every one once before any comes again."""
    cycle, place = divmod(index, count)
    order = event_rng(seed, cycle, "order").permutation(count)
    if cycle == 0:
        first = int((seed * GOLDEN) % 1.0 * count)
        order = np.concatenate([[first], order[order != first]])
    return int(order[place])


def latent_seconds(start: int, frames: int) -> Doubles:
    """Return when each latent frame of an event that starts at a sample is heard, (frames,), seconds."""
    seconds: Doubles = start / SAMPLE_RATE + np.arange(frames, dtype=np.float64) * (LATENT_HOP / SAMPLE_RATE)
    return seconds


def event_rng(seed: int, index: int, purpose: str) -> np.random.Generator:
    """Return the random numbers of one purpose of one event."""
    return np.random.default_rng([seed, index, *purpose.encode()])
