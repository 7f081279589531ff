"""An output: its score, the sound of each event, fitted to each other in harmony and laid over each other.

    score ─► sounds ─► harmony ─► place ─► lay over ─► soften ─► room

It is made block by block: what has been written is forgotten, so an hour needs no more memory than a minute.
"""

import math
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from itertools import chain, islice
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from engine.audio.stage import cut, pass_through
from engine.curves import closed, is_zero, value_at
from engine.dataset.corpus import with_channels
from engine.device import count_cores
from engine.generation.bank import Bank, compile_bank
from engine.generation.harmony import Harmony
from engine.generation.layers import Smoothing, smooth_layers
from engine.generation.laying import lay_around, lay_over
from engine.generation.renderer import Renderer
from engine.generation.rises import SlowRises, Softening, slow_rises_around
from engine.generation.score import Event, compose
from engine.generation.sound import Account, Sound, Walk, make_sound, walk_events
from engine.generation.walk import expect_chroma
from engine.settings import SPACE_SLIDERS, GenerateSettings
from engine.sliders import TIMBRE
from engine.spatial.distance import Distance
from engine.spatial.place import open_space, place
from engine.units import SAMPLE_RATE, seconds_to_samples

Floats = NDArray[np.float32]
Doubles = NDArray[np.float64]
Asked = TypeVar("Asked")
Made = TypeVar("Made")

FULL_HOLD = 2.0  # drive of a slider of timbre from which on tension is held where it would be without
WALKED = (4, 16)  # events that are walked and steered at once: few at first, so that no core waits long
DENSITY_POINTS = 64  # at which a density that changes is averaged


def render(
    renderer: Renderer,
    settings: GenerateSettings,
    on_account: Callable[[Account], None] | None = None,
    *,
    one_core: bool = False,
) -> Iterator[Floats]:
    """Render an output block by block, before the limiter.

    Args:
        renderer: The sound space, prepared.
        settings: What to make.
        on_account: Told how the timbre of each steered event came about.
        one_core: Whether to leave the other cores to others.

    Yields:
        Samples (block, channels); together exactly the duration, or the natural length of a one-shot.
    """
    settings, space = close_space(settings), renderer.space
    bank = compile_bank(settings, renderer.certificate, space.chart)
    put, channels = open_places(settings, space.corpus.channels)
    events = compose(settings, space.clips, renderer.guide.places)

    def walk(some: Sequence[Event]) -> list[Walk]:
        return walk_events(renderer, bank, settings, some)

    def make(one: Walk) -> Sound:
        return make_sound(renderer, bank, settings, one)

    groups = grouped(events)
    walked = chain.from_iterable(map(walk, groups) if one_core else ahead(groups, walk))
    made = map(make, walked) if one_core else ahead(walked, make)
    if on_account:
        made = _told(made, on_account)
    gain = find_level(renderer, settings)
    fitted = in_harmony(made, renderer, bank, settings)
    if "roughness" in bank.curves:
        fitted = smooth_layers(fitted, ask_smoothing(bank, settings))
    softening = ask_softening(bank) if "attack" in bank.curves else None
    placed = ((event.start, gain * put(event, samples)) for event, samples in fitted)
    yield from lay_out(placed, settings, channels, softening)


def lay_out(
    sounds: Iterable[tuple[int, Floats]], settings: GenerateSettings, channels: int, softening: Softening | None = None
) -> Iterator[Floats]:
    """Lay sounds over each other, soften the sum, and bring it into its room.

    Args:
        sounds: First sample and samples (samples, channels) of each, in order of time.
        settings: Of the output.
        channels: Of the output.
        softening: What is asked of its rises, if anything.
    """
    total = seconds_to_samples(settings.duration)
    if settings.one_shot:
        yield from in_room((samples for _, samples in sounds), settings)
    elif settings.loop:
        around = lay_around(sounds, total, channels)
        around = slow_rises_around(around, softening) if softening else around
        lead = [] if is_zero(settings.distance) else [around]  # the room has heard the end when the loop begins
        skipped = total * len(lead)
        yield from cut(in_room([*lead, around], settings, -skipped), skipped, total)
    else:
        mix: Iterable[Floats] = lay_over(sounds, total, channels)
        mix = pass_through(mix, SlowRises(softening)) if softening else mix
        yield from cut(in_room(mix, settings), 0, total)


def open_places(settings: GenerateSettings, recorded: int) -> tuple[Callable[[Event, Floats], Floats], int]:
    """Return what puts the sound of an event where it belongs, and how many channels that has.

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
        return lambda event, samples: place(space, samples, event.start, event.index, settings.seed), 2
    channels = {"mono": 1, "stereo": 2}.get(settings.channels, recorded)
    return lambda _, samples: with_channels(samples, channels), channels


def in_room(blocks: Iterable[Floats], settings: GenerateSettings, first: int = 0) -> Iterable[Floats]:
    """Bring a sound, whose first sample is at `first` in the output, as near or far as the settings say."""
    return blocks if is_zero(settings.distance) else pass_through(blocks, Distance(settings, first))


def close_space(settings: GenerateSettings) -> GenerateSettings:
    """Return the settings of a loop with width and distance where they began when it ends; others as they are."""
    if not settings.loop:
        return settings
    return settings.model_copy(
        update={name: closed(getattr(settings, name), settings.duration) for name in SPACE_SLIDERS}
    )


@dataclass(frozen=True)
class Demand:
    """What harmony is to make of an event; see `Harmony.fit`.

    Attributes:
        tension: Drive of the slider.
        expected: Chroma that the event would have unsteered, (12,), as shares of its energy.
        hold: How far what other sliders do to the tension is undone, 0 to 1.
        plain: Whether the event is only transposed.
    """

    tension: float
    expected: Doubles
    hold: float
    plain: bool


def ask_harmony(renderer: Renderer, bank: Bank, settings: GenerateSettings, event: Event) -> Demand:
    """Return what the sliders of its time ask of the harmony of an event."""
    begin = event.start / SAMPLE_RATE
    tension = bank.drive("tension", begin)
    expected = expect_chroma(renderer.guide, event, settings.seed, float(value_at(settings.novelty, begin)))
    strongest = max(abs(bank.drive(name, begin)) for name in TIMBRE)
    return Demand(tension, expected, min(1.0, strongest / FULL_HOLD), plain=tension == 0.0)


def in_harmony(
    sounds: Iterable[Sound], renderer: Renderer, bank: Bank, settings: GenerateSettings
) -> Iterator[tuple[Event, Floats]]:
    """Fit sounds to those before them, in order of time, at the loudness that each would have unsteered.

    Yields:
        Event and samples (samples, channels) of each.
    """
    if not bank.curves:
        yield from ((sound.event, sound.samples) for sound in sounds)
        return
    harmony = Harmony(bank.chart.reach("tension"), renderer.spans)
    for sound in sounds:
        asked = ask_harmony(renderer, bank, settings, sound.event)
        longest = sound.event.longest
        yield (
            sound.event,
            harmony.fit(sound.samples, asked.tension, asked.expected, asked.hold, plain=asked.plain, longest=longest),
        )


def ask_smoothing(bank: Bank, settings: GenerateSettings) -> Smoothing:
    """Return what roughness below 0 asks of events that overlap."""
    around = seconds_to_samples(settings.duration) if settings.loop else None
    return Smoothing(
        bank.chart.reach("roughness"), lambda event: bank.drive("roughness", event.start / SAMPLE_RATE), around
    )


def ask_softening(bank: Bank) -> Softening:
    """Return what attack below 0 asks of all that sounds together."""
    return Softening(lambda seconds: bank.drives("attack", seconds), bank.chart.reach("attack").high)


def find_level(renderer: Renderer, settings: GenerateSettings) -> float:
    """Return the gain of every event, so that those that sound at once are together as loud as one."""
    return renderer.gain / math.sqrt(max(1.0, count_layers(renderer, settings)))


def count_layers(renderer: Renderer, settings: GenerateSettings) -> float:
    """Return how many events sound at once on average."""
    if settings.one_shot:
        return 1.0
    typical = float(np.median([clip.seconds for clip in renderer.space.clips]))
    density = float(np.mean(value_at(settings.density, np.linspace(0.0, settings.duration, DENSITY_POINTS))))
    longest = next(compose(settings, renderer.space.clips, renderer.guide.places)).longest
    return density * (typical if longest is None else min(typical, longest / SAMPLE_RATE))


def ahead(events: Iterable[Asked], make: Callable[[Asked], Made]) -> Iterator[Made]:
    """Make the sounds of events in order, a few at once: each needs only one core, and none needs another."""
    workers = count_cores()
    with ThreadPoolExecutor(workers) as pool:
        waiting: deque[Future[Made]] = deque()
        for event in events:
            waiting.append(pool.submit(make, event))
            if len(waiting) > workers:
                yield waiting.popleft().result()
        for sound in waiting:
            yield sound.result()


def grouped(events: Iterable[Event]) -> Iterator[list[Event]]:
    """Yield events in order, WALKED at a time: each group is twice as large as the one before, up to the largest."""
    waiting, (size, largest) = iter(events), WALKED
    while group := list(islice(waiting, size)):
        yield group
        size = min(2 * size, largest)


def _told(sounds: Iterable[Sound], on_account: Callable[[Account], None]) -> Iterator[Sound]:
    for sound in sounds:
        if sound.account:
            on_account(sound.account)
        yield sound
