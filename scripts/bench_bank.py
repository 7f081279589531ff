#!/usr/bin/env python3
"""Measure what sliders cost: python scripts/bench_bank.py MODEL [MODEL ...] [--seconds 30].

Milliseconds an event on one core, of events not heard before: an output without sliders; what it costs to find, in the
latent space, the walk that goes where a slider says; and the whole output, with the shaping of what steering left and
the sound without sliders that it is compared with. Then how many times faster than real time all cores make it. Each
figure is the median of REPEATS outputs, one of each kind after the other.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable, Iterable
from itertools import takewhile

import numpy as np

from engine.device import set_threads
from engine.generation.event.way import walk_events
from engine.generation.render import render
from engine.generation.renderer import Renderer, prepare
from engine.generation.score.composing import compose
from engine.generation.sliders.bank import compile_bank
from engine.latent.encode import decode
from engine.latent.space import load_space
from engine.settings import GenerateSettings
from engine.sliders import LIMIT, SLIDERS
from engine.studio.models import find_model
from engine.units import seconds_to_samples

FIRST_SEED = 100
REPEATS = 3


def main() -> int:
    """Measure the models that are named."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("models", nargs="+", help="names or ids of models in the library")
    parser.add_argument("--seconds", type=float, default=30.0, help="length of each output (default 30)")
    arguments = parser.parse_args()
    set_threads(1)
    for name in arguments.models:
        print_costs(name, prepare(load_space(find_model(name).path)), arguments.seconds)
    return 0


def print_costs(name: str, renderer: Renderer, seconds: float) -> None:
    """Print a row for each slider, and one for all of them at random places."""
    warm_up = GenerateSettings(duration=5.0, seed=1, sliders={"brightness": LIMIT / 2})
    exhaust(render(renderer, warm_up))
    places = np.random.default_rng(0).uniform(-LIMIT, LIMIT, len(SLIDERS))
    rows = {slider: {slider: 0.7 * LIMIT * (-1) ** place} for place, slider in enumerate(SLIDERS)}
    rows |= {"all, at random": dict(zip(SLIDERS, map(float, places), strict=True))}
    print(f"\n{name}")
    print(f"{'slider':16}{'plain':>8}{'steering':>10}{'of plain':>10}{'whole':>8}{'of plain':>10}{'× real time':>13}")
    for place, (label, sliders) in enumerate(rows.items()):
        found = np.median([time_once(renderer, sliders, seconds, 4 * (place * REPEATS + i)) for i in range(REPEATS)], 0)
        plain, steering, whole, speed = found
        print(
            f"{label:16}{1e3 * plain:8.1f}{1e3 * steering:10.1f}{steering / plain:10.2f}{1e3 * whole:8.1f}"
            f"{whole / plain:10.1f}{speed:13.1f}",
            flush=True,
        )


def time_once(renderer: Renderer, sliders: dict[str, float], seconds: float, first: int) -> tuple[float, ...]:
    """Return seconds an event of an output without sliders, of steering, and of a whole output, and its speed."""
    plain, steered, asked, spread = (
        GenerateSettings(duration=seconds, seed=FIRST_SEED + first + place, sliders=some)
        for place, some in enumerate(({}, sliders, sliders, sliders))
    )
    steering, events = time_steering(renderer, steered)
    outputs = (measured(lambda made=made: exhaust(render(renderer, made, one_core=True))) for made in (plain, asked))
    without, whole = (spent / events for spent in outputs)
    return without, steering, whole, seconds / measured(lambda: exhaust(render(renderer, spread)))


def time_steering(renderer: Renderer, settings: GenerateSettings) -> tuple[float, int]:
    """Return the seconds an event that steering takes, less what singing need not decode again, and all events."""
    composed = compose(settings, renderer.space.clips, renderer.guide.places)
    last = seconds_to_samples(settings.duration)
    events = list(takewhile(lambda event: event.start < last, composed))
    plain = settings.model_copy(update={"sliders": {}})
    spent = 0.0
    for event in events:
        for sign, asked in ((1, settings), (-1, plain)):
            bank = compile_bank(asked, renderer.certificate, renderer.space.chart)
            begun = time.perf_counter()
            walks = walk_events(renderer, bank, asked, [event])
            spent += sign * (time.perf_counter() - begun)
            if sign == 1:
                again = [part for walk in walks if walk.steered.decoded for part in (walk.track, walk.steered.track)]
        spent -= measured(lambda tracks=again: [decode(renderer.space.vae, track) for track in tracks])
    return spent / len(events), len(events)


def measured(work: Callable[[], object]) -> float:
    """Return the seconds that some work takes."""
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def exhaust(blocks: Iterable[object]) -> None:
    """Render all of an output."""
    for _ in blocks:
        pass


if __name__ == "__main__":
    sys.exit(main())
