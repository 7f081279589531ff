"""Which events are heard in a passage of an output, and from where on sounds have to be made for it.

An output can be rendered from any sample on. Events that sound there have begun before, and stages remember what they
heard: so a passage begins early enough, and what comes out before its first sample is left out. A loop has no
beginning: its score comes again in every round of an endless timeline, on which samples may also lie before 0.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count, takewhile

import numpy as np
from numpy.typing import NDArray

from engine.dataset.clips import Clip
from engine.errors import ParameterError
from engine.generation.score.composing import Event, compose, longest_samples
from engine.settings import GenerateSettings
from engine.units import SAMPLE_RATE, seconds_to_samples

Floats = NDArray[np.float32]
Starting = tuple[Event, int]  # an event, and its first sample on the timeline


@dataclass(frozen=True)
class Turn:
    """One event where it is heard.

    Attributes:
        event: From the score.
        start: First sample on the timeline; of a loop that of the event, and some rounds.
        following: Sample before which no later turn starts.
    """

    event: Event
    start: int
    following: int


@dataclass(frozen=True)
class Passage:
    """A part of an output that is rendered, in samples of the timeline.

    Attributes:
        first: The first that is heard.
        last: Behind the last that is heard.
        begin: From here on sounds are laid over each other, so that stages know what came before.
        end: Behind the last that is laid.
        until: No event that starts here or later has to be known.
        neighbours: Samples around an event in which others have to be known; 0 where each stands alone.
        ringing: Samples that an event may be heard longer than the score says.
        period: Samples of a loop, None where there is none.
    """

    first: int
    last: int
    begin: int
    end: int
    until: int
    neighbours: int
    ringing: int
    period: int | None


def find_passage(
    settings: GenerateSettings, first: int, lead: int, beyond: int = 0, neighbours: int = 0, ringing: int = 0
) -> Passage:
    """Return the passage from a sample to the end of an output, or once around a loop.

    Args:
        settings: Of the output, which is no one-shot.
        first: First sample that is heard.
        lead: Samples that stages hear before it.
        beyond: Samples of a loop that they hear behind its last.
        neighbours: Samples around an event in which others have to be known.
        ringing: Samples that an event may be heard longer than the score says.

    Raises:
        ParameterError: the output has no such sample.
    """
    total = seconds_to_samples(settings.duration)
    if not 0 <= first < total:
        raise ParameterError(
            f"an output of {settings.duration:g} s cannot be heard from {first / SAMPLE_RATE:g} s on; begin inside it",
            code="passage",
        )
    around = longest_samples(settings) + ringing + neighbours if neighbours else 0
    if settings.loop:
        last, end = first + total, first + total + beyond
        return Passage(first, last, first - lead, end, end + around, neighbours, ringing, total)
    return Passage(first, total, max(0, first - lead), total, total + around, neighbours, ringing, None)


def find_turns(passage: Passage, settings: GenerateSettings, clips: tuple[Clip, ...], places: Floats) -> Iterator[Turn]:
    """Find the events that sound in a passage, and their neighbours, in order of time.

    Args:
        passage: Of the output.
        settings: Of the output.
        clips: The sounds to choose from.
        places: Where each clip lies on the map, (clips, 2).
    """
    longest = longest_samples(settings) + passage.ringing
    since = passage.begin
    if passage.neighbours:
        sounding = (
            one for one in _starting(settings, clips, places, since - longest) if _ends(one) + passage.ringing > since
        )
        since = min(since, next((start for _, start in sounding), since)) - passage.neighbours
    heard = (one for one in _starting(settings, clips, places, since - longest) if _ends(one) + passage.ringing > since)
    inside = takewhile(lambda one: one[1] < passage.until, heard)
    one = next(inside, None)
    while one:
        following = next(inside, None)
        yield Turn(*one, following[1] if following else passage.until)
        one = following


def find_events(
    passage: Passage, settings: GenerateSettings, clips: tuple[Clip, ...], places: Floats
) -> Iterator[Event]:
    """Find the events that `find_turns` does, each once: those of a loop may have several turns."""
    events = (turn.event for turn in find_turns(passage, settings, clips, places))
    if not settings.loop:
        yield from events
        return
    known: set[int] = set()
    for event in events:
        if event.index not in known:
            known.add(event.index)
            yield event


def find_event(settings: GenerateSettings, clips: tuple[Clip, ...], places: Floats, sample: int) -> Event:
    """Find the event that starts last at or before a sample of an output; where none does, the next.

    Args:
        settings: Of the output.
        clips: The sounds to choose from.
        places: Where each clip lies on the map, (clips, 2).
        sample: Of the output; behind its end the last event is found.
    """
    known = min(sample, seconds_to_samples(settings.duration)) - longest_samples(settings)  # two events apart, or more
    score = compose(settings, clips, places, max(0, known))
    found = next(score)
    for event in score:
        if event.start > sample:
            break
        found = event
    return found


def _starting(settings: GenerateSettings, clips: tuple[Clip, ...], places: Floats, begin: int) -> Iterator[Starting]:
    """Yield events with their starts on the timeline, from a sample on; those of a loop without end."""
    if not settings.loop:
        yield from ((event, event.start) for event in compose(settings, clips, places, max(0, begin)))
        return
    period = seconds_to_samples(settings.duration)
    for past in count(begin // period * period, period):
        yield from ((event, past + event.start) for event in compose(settings, clips, places, max(0, begin - past)))


def _ends(starting: Starting) -> int:
    """Return the sample behind an event, as the score says."""
    event, start = starting
    return start + (event.longest or 0)
