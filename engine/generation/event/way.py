"""The way of one event before it is sung: walked at its place, longer or elsewhere where sliders ask, and steered."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from engine.curves import value_at
from engine.generation.event.register import SEMITONES, Elsewhere
from engine.generation.renderer import Renderer
from engine.generation.score.composing import Event, latent_seconds, place_at
from engine.generation.score.edges import BY_SCORE, Edges
from engine.generation.score.flow import Passing, haste_of
from engine.generation.sliders.bank import Bank
from engine.generation.sliders.steering import Steered, Way, steer_walks
from engine.generation.walk.hollows import fill_hollows
from engine.generation.walk.walking import move_on_map, natural_frames, walk_along
from engine.latent.encode import decode
from engine.settings import GenerateSettings
from engine.sliders import LIMIT
from engine.units import SAMPLE_RATE

Floats = NDArray[np.float32]

STRETCHED = (0.5, 3.0)  # times as long as by itself, that an event is made elsewhere


@dataclass(frozen=True)
class Walk:
    """The walk of one event, before it is sung.

    Attributes:
        event: From the score.
        track: Latent frames, (frames, latent).
        steered: What sliders make of it.
        unmoved: The same without sliders, where it is not as long; None where it is the same.
        edges: How it comes and goes.
        is_drawn_out: Whether it is longer, or its level evener, than it would be by itself.
    """

    event: Event
    track: Floats
    steered: Steered
    unmoved: Floats | None = None
    edges: Edges | Passing = BY_SCORE
    is_drawn_out: bool = False


def walk_events(
    renderer: Renderer, bank: Bank, settings: GenerateSettings, events: Sequence[Event], stretch: float = 1.0
) -> list[Walk]:
    """Walk and steer some events, so many times as long as they would be by themselves."""
    stillness = [_stillness(bank, event.start / SAMPLE_RATE) for event in events]
    plain = [_walked(renderer, settings, event, stretch) for event in events]
    drawn_out = [
        _walked(renderer, settings, way.event, stretch, still) if still and way.decoded is None else None
        for way, still in zip(plain, stillness, strict=True)
    ]
    ways = [longer or way for longer, way in zip(drawn_out, plain, strict=True)]
    steered = steer_walks(
        renderer.guide, renderer.steerer, bank, ways, settings.seed, keep_notes=settings.keep == "notes"
    )
    edges = [_find_edges(renderer, bank, event) for event in events]
    return [
        Walk(way.event, way.track, one, before.track if longer else None, edge, still > 0.0)
        for way, one, before, longer, edge, still in zip(ways, steered, plain, drawn_out, edges, stillness, strict=True)
    ]


def move_elsewhere(
    renderer: Renderer, settings: GenerateSettings, event: Event, elsewhere: Elsewhere
) -> tuple[Event, float]:
    """Return what is made of an event elsewhere, and how much slower, to last as long once it is transposed."""
    faster = 2.0 ** (elsewhere.semitones / SEMITONES)
    longest, drawn_out = (None if one is None else round(one * faster) for one in (event.longest, event.drawn_out))
    join = event.join and event.join.played(faster)
    longest = join.longest if join and join.goes_on else longest
    moved = replace(event, clip=elsewhere.clip, longest=longest, drawn_out=drawn_out, join=join)
    novelty = float(value_at(settings.novelty, event.start / SAMPLE_RATE))
    wanted, found = (natural_frames(renderer.guide, one, settings.seed, novelty, 0.0) for one in (event, moved))
    return moved, float(np.clip(faster * wanted / found, *STRETCHED))


def walk_home(renderer: Renderer, settings: GenerateSettings, event: Event, stretch: float) -> Walk:
    """Return the walk of an event without sliders."""
    way = _walked(renderer, settings, event, stretch)
    return Walk(event, way.track, Steered(way.track, walked=way.decoded, decoded=way.decoded))


def count_frames(renderer: Renderer, bank: Bank, settings: GenerateSettings, event: Event) -> int:
    """Return how many latent frames an event would last if the score did not end it."""
    begin = event.start / SAMPLE_RATE
    novelty = float(value_at(settings.novelty, begin))
    return natural_frames(renderer.guide, event, settings.seed, novelty, _stillness(bank, begin))


def _find_edges(renderer: Renderer, bank: Bank, event: Event) -> Edges | Passing:
    """Return how an event comes and goes."""
    if event.join is None:
        return BY_SCORE
    edges, attack = renderer.guide.edges.of(event.clip), bank.drive("attack", event.start / SAMPLE_RATE)
    return Passing(event.join, edges.begin == "onset", edges.end == "cut", haste_of(attack))


def _walked(
    renderer: Renderer, settings: GenerateSettings, event: Event, stretch: float, stillness: float = 0.0
) -> Way:
    """Return the walk of an event, at its place on the map."""
    novelty = float(value_at(settings.novelty, event.start / SAMPLE_RATE))
    track, level = walk_along(renderer.guide, event, settings.seed, novelty, stillness, stretch)
    places = place_at(settings, latent_seconds(event.start, len(track)))
    track = track if places is None else move_on_map(renderer.guide, track, places)
    return Way(event, track, None if level is None else fill_hollows(decode(renderer.space.vae, track), level))


def _stillness(bank: Bank, seconds: float) -> float:
    """Return how far sounds are drawn out that would not be by themselves, 0 to 1."""
    return max(0.0, -bank.drive("motion", seconds) / LIMIT)
