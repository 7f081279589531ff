"""An output heard while it is made: the sound of each event, all of them laid over each other, as they sound together.

    score ─► sounds ─► harmony ─► change beside others ─► place ─► lay over ─► change the mix ─► room

It is made block by block: what has been heard is forgotten, so an hour needs no more memory than a minute. It can be
heard from any sample on, and events can be heard by themselves.
"""

from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from typing import Generic, NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray

from engine.audio.stage import cut, pass_through
from engine.curves import closed, is_zero
from engine.dataset.clips import Clip
from engine.dataset.corpus import with_channels
from engine.generation.mix.ahead import ahead, check_with, never
from engine.generation.mix.carrying import Carrying
from engine.generation.mix.laying import lay_over
from engine.generation.mix.together import Requests, change_events, change_mix, look_around
from engine.generation.renderer import Renderer
from engine.generation.score.composing import Event, compose
from engine.generation.score.timeline import Passage, Turn, find_event, find_events, find_passage, find_turns
from engine.latent.checks import Check
from engine.settings import SPACE_SLIDERS, GenerateSettings
from engine.spatial.distance import Distance, lead_samples
from engine.spatial.place import open_space, place
from engine.units import seconds_to_samples

Floats = NDArray[np.float32]
Asked = TypeVar("Asked")
Made = TypeVar("Made")
Choose = Callable[[tuple[Clip, ...], Floats], Iterator[Event]]  # the events of a model, from its clips and their places

SPACE_RINGING = seconds_to_samples(0.05)  # of ears, of the way between loudspeakers, of width


@dataclass(frozen=True)
class Output(Generic[Asked, Made]):
    """Settings made ready: how the events of an output are made, and what becomes of them together.

    Attributes:
        settings: Of the output; width and distance of a loop are closed.
        renderer: Of the first model, which says when events begin.
        channels: Of the output.
        score: Writes what is to be made for each event that is chosen.
        make: Makes the sound of one by itself, on any core.
        listen: Begins in silence, and returns what fits the next sound to those before it.
        put: Puts an event where it belongs, at its level.
        name: Names the recording that an event begins from.
        carrying: How sounds that other processes made get here.
        requests: Of the sliders that are moved and measure any sound.
        ringing: Samples that an event may be heard longer than the score says.
        elsewhere: Makes the same sound as `make`, perhaps in another process; None where there is none.
    """

    settings: GenerateSettings
    renderer: Renderer
    channels: int
    score: Callable[[Choose], Iterable[Asked]]
    make: Callable[[Asked, Check], Made]
    listen: Callable[[], Callable[[Made], tuple[Event, Floats]]]
    put: Callable[[Event, Floats], Floats]
    name: Callable[[Asked], str]
    carrying: Carrying[Asked, Made]
    requests: Requests
    ringing: int = 0
    elsewhere: Callable[[Asked, Check], Made] | None = None


@dataclass(frozen=True)
class Alone:
    """One event of an output by itself.

    Attributes:
        event: From the score, as the first model has it.
        recording: Name of the one that it begins from.
        samples: Shape (samples, channels), with its tail in the room.
    """

    event: Event
    recording: str
    samples: Floats


def play(
    output: Output[Asked, Made],
    first: int = 0,
    *,
    one_core: bool = False,
    should_stop: Callable[[], bool] = never,
) -> Generator[Floats, None, None]:
    """Play an output block by block, before the limiter.

    From any sample on the same comes out as where the whole is played, but for rounding, and for tension: which events
    were transposed how is remembered from event to event, and here it begins in silence. A loop is heard once around,
    and goes on where it began.

    Args:
        output: Made ready.
        first: Sample to begin with.
        one_core: Whether to leave the other cores to others.
        should_stop: Whether nobody listens any more; asked often, from several threads.

    Returns:
        Samples (block, channels), made while they are taken. Who closes the iterator waits for nothing.

    Raises:
        ParameterError: the output has no such sample.
        Cancelled: while samples are taken: it was time to stop.
    """
    if output.settings.one_shot:
        return _play_one_shot(output, first, should_stop)
    return _play_passage(output, _find_passage(output, first), one_core, should_stop)


def _play_one_shot(
    output: Output[Asked, Made], first: int, should_stop: Callable[[], bool]
) -> Generator[Floats, None, None]:
    anywhere = replace(output, make=output.elsewhere or output.make)
    yield play_event(anywhere, 0, should_stop=should_stop).samples[first:]


def _play_passage(
    output: Output[Asked, Made], passage: Passage, one_core: bool, should_stop: Callable[[], bool]
) -> Generator[Floats, None, None]:
    settings, check = output.settings, check_with(should_stop)
    asked = output.score(lambda clips, places: find_events(passage, settings, clips, places))
    make = output.elsewhere or output.make
    made = (output.make(one, check) for one in asked) if one_core else ahead(asked, make, should_stop)
    with closing(made):
        fitted = map(output.listen(), made)
        turns = find_turns(passage, settings, output.renderer.space.clips, output.renderer.guide.places)
        heard = _in_turn(turns, fitted, passage)
        changed = change_events(heard, output.requests, passage.begin - passage.ringing)
        sounds = _announced((turn, output.put(turn.event, samples)) for turn, samples in changed)
        yield from lay_out(sounds, passage, settings, output.channels, output.requests)


def play_event(output: Output[Asked, Made], sample: int, *, should_stop: Callable[[], bool] = never) -> Alone:
    """Play the event that sounds at a sample of an output: the last that has begun by then.

    It sounds as it does in the output, in its place, at its time, in its room, without those around it.

    Args:
        output: Made ready.
        sample: Of the output.
        should_stop: Whether nobody listens any more; asked often.

    Raises:
        Cancelled: it was time to stop.
    """
    space, guide = output.renderer.space, output.renderer.guide
    event = find_event(output.settings, space.clips, guide.places, sample)

    def choose(clips: tuple[Clip, ...], places: Floats) -> Iterator[Event]:
        yield find_event(output.settings, clips, places, event.start)

    (asked,) = output.score(choose)
    _, samples = output.listen()(output.make(asked, check_with(should_stop)))
    turn = Turn(event, event.start, event.start)
    ((_, samples),) = change_events([(turn, samples)], output.requests)
    blocks: Iterable[Floats] = [output.put(event, samples)]
    period = seconds_to_samples(output.settings.duration) if output.settings.loop else None
    if not output.settings.one_shot:
        blocks = change_mix(blocks, output.requests, event.start, period)
    return Alone(event, output.name(asked), np.concatenate(list(in_room(blocks, output.settings, event.start, period))))


def make_numbered(output: Output[Asked, Made], index: int, start: int, check: Check) -> Made:
    """Make the sound of the event at a place in the score, which begins at a sample, by itself."""

    def choose(clips: tuple[Clip, ...], places: Floats) -> Iterator[Event]:
        score = compose(output.settings, clips, places, start)
        yield next(event for event in score if event.index == index)

    (asked,) = output.score(choose)
    return output.make(asked, check)


def lay_out(
    sounds: Iterable[tuple[int, Floats]],
    passage: Passage,
    settings: GenerateSettings,
    channels: int,
    requests: Requests,
) -> Iterator[Floats]:
    """Lay sounds over each other, change the mix, and bring it into its room.

    Args:
        sounds: First sample and samples (samples, channels) of each, in order of time; see `lay_over`.
        passage: Of the output.
        settings: Of the output.
        channels: Of the output.
        requests: Of the sliders.
    """
    laid = lay_over(sounds, passage.end, channels, passage.begin)
    mix = change_mix(laid, requests, passage.begin, passage.period)
    near_or_far = in_room(mix, settings, passage.begin, passage.period)
    yield from cut(near_or_far, passage.first - passage.begin, passage.last - passage.first)


def in_room(
    blocks: Iterable[Floats], settings: GenerateSettings, first: int = 0, period: int | None = None
) -> Iterable[Floats]:
    """Bring a sound, whose first sample is at `first` in the output, as near or far as the settings say."""
    return blocks if is_zero(settings.distance) else pass_through(blocks, Distance(settings, first, period))


class Places(NamedTuple):
    """Where the events of an output belong.

    Attributes:
        put: Puts the sound of an event there.
        channels: That it has there.
        ringing: Samples that it may be heard longer there.
    """

    put: Callable[[Event, Floats], Floats]
    channels: int
    ringing: int


def open_places(settings: GenerateSettings, recorded: int) -> Places:
    """Return where the events of an output belong.

    Stereo that is asked for is a panorama, also where the recordings are mono and nothing else is said of space.

    Args:
        settings: Of the output.
        recorded: Channels of the corpus.

    Raises:
        ParameterError: the HRTF of the settings cannot be used.
    """
    if settings.is_spacious or (settings.channels == "stereo" and recorded == 1):
        period = settings.duration if settings.loop else None
        space = open_space(settings, "binaural" if settings.channels == "binaural" else "stereo", period)
        return Places(
            lambda event, samples: place(space, samples, event.start, event.index, settings.seed), 2, SPACE_RINGING
        )
    channels = {"mono": 1, "stereo": 2}.get(settings.channels, recorded)
    return Places(lambda _, samples: with_channels(samples, channels), channels, 0)


def close_space(settings: GenerateSettings) -> GenerateSettings:
    """Return the settings of a loop with width and distance where they began when it ends; others as they are."""
    if not settings.loop:
        return settings
    return settings.model_copy(
        update={name: closed(getattr(settings, name), settings.duration) for name in SPACE_SLIDERS}
    )


def _find_passage(output: Output[Asked, Made], first: int) -> Passage:
    """Return the passage from a sample on, begun so early that all stages know what they would of the whole."""
    settings = output.settings
    lead, beyond, neighbours = look_around(output.requests)
    return find_passage(settings, first, lead + lead_samples(settings), beyond, neighbours, output.ringing)


def _in_turn(
    turns: Iterable[Turn], sounds: Iterator[tuple[Event, Floats]], passage: Passage
) -> Iterator[tuple[Turn, Floats]]:
    """Give each turn its sound; an event that comes again in a loop sounds as it did before."""
    kept: dict[int, Floats] = {}
    for turn in turns:
        index = turn.event.index
        samples = kept[index] if index in kept else next(sounds)[1]
        if passage.period and turn.start + passage.period < passage.until:
            kept[index] = samples
        yield turn, samples


def _announced(sounds: Iterable[tuple[Turn, Floats]]) -> Iterator[tuple[int, Floats]]:
    """Yield where sounds start, and with each before which sample no later one does: so nobody waits for that one."""
    for turn, samples in sounds:
        yield turn.start, samples
        yield turn.following, samples[:0]
