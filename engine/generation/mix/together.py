"""Events together: each is changed by those that sound with it, then all of them by what changes the mix."""

from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from engine.audio.stage import pass_through
from engine.generation.score.timeline import Turn
from engine.properties.describing import PROPERTIES
from engine.properties.property import Beside, Request
from engine.units import SAMPLE_RATE

Floats = NDArray[np.float32]
Heard = tuple[Turn, Floats]  # an event where it is heard, and its samples
Requests = Mapping[str, Request]  # by the name of the slider


class Around(NamedTuple):
    """The samples around a passage that have to be known for it to sound as it does in the whole output.

    Attributes:
        lead: Before it.
        beyond: Of a loop, behind it.
        neighbours: Around an event.
    """

    lead: int
    beyond: int
    neighbours: int


def look_around(requests: Requests) -> Around:
    """Return what requests have to know around a passage."""
    mixing = [one.mix for name in requests if (one := PROPERTIES[name]).mix]
    beside = [one.beside for name in requests if (one := PROPERTIES[name]).beside]
    return Around(sum(one.lead for one in mixing), sum(one.beyond for one in mixing), sum(one.beyond for one in beside))


def change_events(sounds: Iterable[Heard], requests: Requests, begin: int | None = None) -> Iterable[Heard]:
    """Change events by those that sound with them; see `change_beside`."""
    for name, request in requests.items():
        if beside := PROPERTIES[name].beside:
            sounds = change_beside(sounds, beside, request, begin)
    return sounds


def change_mix(
    blocks: Iterable[Floats], requests: Requests, first: int = 0, period: int | None = None
) -> Iterable[Floats]:
    """Change the mix.

    Args:
        blocks: Shape (samples, channels) each.
        requests: Of the output.
        first: Sample of the output with which it begins.
        period: Samples of a loop, None where there is none.
    """
    for name, request in requests.items():
        if mixing := PROPERTIES[name].mix:
            blocks = pass_through(blocks, mixing.open(request, first, period))
    return blocks


def change_beside(
    sounds: Iterable[Heard], beside: Beside, request: Request, begin: int | None = None
) -> Iterator[Heard]:
    """Change events by those that they overlap.

    Args:
        sounds: Turns and their samples (samples, channels), in order of time.
        beside: The change.
        request: Of its slider.
        begin: Sample of the timeline; what has ended before it is not heard, and stays as it is.

    Yields:
        Turn and samples of each, in the same order.
    """
    waiting: deque[Heard] = deque()
    past: list[Heard] = []

    def changed() -> Heard:
        turn, sound = waiting[0]
        past[:] = [other for other in past if _end(other) > turn.start - beside.before]
        if begin is None or _end(waiting[0]) > begin:
            span = turn.start - beside.before, turn.start + len(sound) + beside.beyond
            seconds = turn.event.start / SAMPLE_RATE
            sound = beside.change(sound, seconds, request, lambda: _mix(*span, [*past, *waiting]))
        past.append(waiting.popleft())
        return turn, sound

    for one in sounds:
        waiting.append(one)
        while waiting and _end(waiting[0]) + beside.beyond <= one[0].following:
            yield changed()
    while waiting:
        yield changed()


def _mix(first: int, last: int, sounds: list[Heard]) -> Floats:
    """Return the middle of all that sounds between two samples, (samples,)."""
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
