"""Outputs of one model: what each of its events is, and what sliders ask of them together."""

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.curves import Curve, closed, is_zero, value_at
from engine.generation.event.sound import (
    Sound,
    arrays_to_sound,
    recall,
    remember,
    sound_event,
    sound_to_arrays,
)
from engine.generation.mix.ahead import never
from engine.generation.mix.carrying import Arrays, Carrying
from engine.generation.mix.harmony import Harmony
from engine.generation.mix.output import Choose, Output, close_space, open_places, play
from engine.generation.renderer import Renderer
from engine.generation.score.composing import Event, compose
from engine.generation.score.flow import share_going_on
from engine.generation.sliders.bank import Bank, compile_bank
from engine.generation.walk.walking import expect_chroma
from engine.latent.checks import Check
from engine.settings import GenerateSettings
from engine.sliders import CHARTED, LIMIT, NEAR_MIDDLE, TIMBRE
from engine.units import SAMPLE_RATE

Floats = NDArray[np.float32]
Doubles = NDArray[np.float64]
Fit = Callable[[Sound], tuple[Event, Floats]]

FULL_HOLD = 2.0  # drive of a slider of timbre from which on tension is held where it would be without
DENSITY_POINTS = 64  # at which a density that changes is averaged


def render(
    renderer: Renderer,
    settings: GenerateSettings,
    on_sound: Callable[[Sound], None] | None = None,
    *,
    first: int = 0,
    one_core: bool = False,
    should_stop: Callable[[], bool] = never,
) -> Iterator[Floats]:
    """Render an output block by block, before the limiter; see `play`.

    Args:
        renderer: The sound space, prepared.
        settings: What to make.
        on_sound: Told of each event as it sounds by itself, in the order of time.
        first: Sample to begin with.
        one_core: Whether to leave the other cores to others.
        should_stop: Whether nobody listens any more.

    Yields:
        Samples (block, channels); together exactly the duration, or the natural length of a one-shot, less those before
        the first. Of a loop always once around.
    """
    output = open_output(renderer, settings, on_sound)
    yield from play(output, first, one_core=one_core, should_stop=should_stop)


def open_output(
    renderer: Renderer, settings: GenerateSettings, on_sound: Callable[[Sound], None] | None = None
) -> Output[Event, Sound]:
    """Make settings ready for an output of one model.

    Args:
        renderer: The sound space, prepared.
        settings: What to make.
        on_sound: Told of each event as it sounds by itself, in the order of time.
    """
    flow = renderer.flow if settings.flow is None else settings.flow
    settings = let_flow(close_space(settings), flow, renderer)
    bank = compile_bank(settings, renderer.certificate, renderer.space.chart)
    places = open_places(settings, renderer.space.corpus.channels)
    level = find_level(renderer, settings)

    def score(choose: Choose) -> Iterator[Event]:
        return choose(renderer.space.clips, renderer.guide.places)

    def make(event: Event, check: Check) -> Sound:
        return sound_event(renderer, bank, settings, event, check=check)

    return Output(
        settings,
        renderer,
        places.channels,
        score,
        make,
        lambda: in_harmony(renderer, bank, settings, on_sound),
        lambda event, samples: level_of(renderer, event, level) * places.put(event, samples),
        renderer.name_recording,
        _carry(renderer, bank, settings),
        {name: bank.ask(name) for name in CHARTED if name in bank.curves},
        places.ringing,
    )


def _carry(renderer: Renderer, bank: Bank, settings: GenerateSettings) -> Carrying[Event, Sound]:
    """Return how the sounds of an output are carried between processes."""

    def unpack(event: Event, arrays: Arrays) -> Sound:
        sound = arrays_to_sound(event, arrays)
        remember(renderer, bank, settings, sound)
        return sound

    return Carrying(
        lambda event: event,
        lambda event: recall(renderer, bank, settings, event) is not None,
        sound_to_arrays,
        unpack,
    )


def let_flow(settings: GenerateSettings, flow: Curve, renderer: Renderer) -> GenerateSettings:
    """Return settings as the score reads them: with the share of events that go on instead of the flow.

    Args:
        settings: Of the output.
        flow: That is wanted.
        renderer: The model; of several, the first.
    """
    closed_flow = closed(flow, settings.duration) if settings.loop else flow
    sounding = 1.0 if is_zero(flow) else 1.0 - renderer.guide.onward.silent_share
    return settings.model_copy(update={"flow": share_going_on(closed_flow, sounding)})


@dataclass(frozen=True)
class Demand:
    """A harmony's task with an event; see `Harmony.fit`.

    Attributes:
        tension: Drive of the slider.
        expected: Chroma that the event would have unsteered, (12,), as shares of its energy.
        hold: How far what other sliders do to the tension is undone, 0 to 1.
        emphasis: How far pitch classes are brought out or evened, 0 not at all to 1.
    """

    tension: float
    expected: Doubles
    hold: float
    emphasis: float


def ask_harmony(renderer: Renderer, bank: Bank, settings: GenerateSettings, event: Event) -> Demand:
    """Return what the sliders of its time ask of the harmony of an event."""
    begin = event.start / SAMPLE_RATE
    tension = bank.drive("tension", begin)
    expected = expect_chroma(renderer.guide, event, settings.seed, float(value_at(settings.novelty, begin)))
    strongest = max(abs(bank.drive(name, begin)) for name in TIMBRE)
    if settings.keep == "notes" and strongest and renderer.guide.notes.is_pitched(event.clip):
        strongest = 0.0  # an event that keeps its note is not transposed against other sliders
    emphasis = min(1.0, abs(tension) / (NEAR_MIDDLE * LIMIT))
    return Demand(tension, expected, min(1.0, strongest / FULL_HOLD), emphasis)


def in_harmony(
    renderer: Renderer, bank: Bank, settings: GenerateSettings, on_sound: Callable[[Sound], None] | None = None
) -> Fit:
    """Return what fits sounds to those before them, in order of time, at the loudness that each would have unsteered.

    It returns event and samples (samples, channels) of each.
    """
    harmony = Harmony(bank.chart.reach("tension"), renderer.spans) if bank.curves else None

    def fit(sound: Sound) -> tuple[Event, Floats]:
        event, samples = sound.event, sound.samples
        if on_sound:
            on_sound(sound)
        if harmony:
            asked, longest = ask_harmony(renderer, bank, settings, event), event.longest
            tension = (asked.tension, asked.expected, asked.hold)
            samples = harmony.fit(samples, *tension, emphasis=asked.emphasis, longest=longest)
        return event, samples

    return fit


def find_level(renderer: Renderer, settings: GenerateSettings) -> float:
    """Return the gain of events that end by themselves: those that sound at once are together as loud as one."""
    return renderer.gain / math.sqrt(max(1.0, count_layers(renderer, settings)))


def level_of(renderer: Renderer, event: Event, level: float) -> float:
    """Return the gain of an event: one that goes on gives way to the next, so it is by itself as loud as all.

    Args:
        renderer: The model.
        event: From the score.
        level: Of events that end by themselves; see `find_level`.
    """
    return renderer.gain if event.join and event.join.goes_on else level


def count_layers(renderer: Renderer, settings: GenerateSettings) -> float:
    """Return how many events sound at once on average where each ends by itself."""
    if settings.one_shot:
        return 1.0
    typical = float(np.median([clip.seconds for clip in renderer.space.clips]))
    density = float(np.mean(value_at(settings.density, np.linspace(0.0, settings.duration, DENSITY_POINTS))))
    ending = settings.model_copy(update={"flow": None})
    longest = next(compose(ending, renderer.space.clips, renderer.guide.places)).longest
    return density * (typical if longest is None else min(typical, longest / SAMPLE_RATE))
