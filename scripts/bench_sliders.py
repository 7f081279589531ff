#!/usr/bin/env python3
"""Measure what the sliders of a model do: python scripts/bench_sliders.py MODEL [--seeds 8] [--extremes 200].

Each slider is swept over five positions for some seeds, rendered and measured, as its certificate is, but with more and
longer outputs. Then outputs with all sliders at random ends are compared with the same seeds unsteered.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable

import numpy as np
from scipy.stats import spearmanr

from engine.audio.loudness import loudness_lufs
from engine.device import set_threads
from engine.features.fundamental import Note, find_loudest_note
from engine.generation.event.sound import Sound
from engine.generation.render import render
from engine.generation.renderer import Renderer, prepare
from engine.latent.certificate import POSITIONS
from engine.latent.space import load_space
from engine.properties.describing import describe
from engine.properties.register import measure_register
from engine.settings import GenerateSettings
from engine.sliders import CHARTED, LIMIT, REGISTER, SLIDERS
from engine.studio.models import find_model


def main() -> int:
    """Measure the model that is named."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("model", help="name or id of a model in the library")
    parser.add_argument("--seeds", type=int, default=8, help="outputs at each position (default 8; 0 leaves this out)")
    parser.add_argument(
        "--extremes", type=int, default=200, help="outputs with all sliders at random ends (default 200)"
    )
    parser.add_argument("--seconds", type=float, default=4.0, help="length of each output (default 4)")
    arguments = parser.parse_args()
    set_threads(1)
    renderer = prepare(load_space(find_model(arguments.model).path))
    if arguments.seeds:
        sweep(renderer, arguments.seeds, arguments.seconds)
    if arguments.extremes:
        go_to_extremes(renderer, arguments.extremes, arguments.seconds)
    return 0


def made(
    renderer: Renderer,
    seed: int,
    seconds: float,
    sliders: dict[str, float],
    on_sound: Callable[[Sound], None] | None = None,
) -> np.ndarray:
    """Return an output, (samples, channels)."""
    settings = GenerateSettings(duration=seconds, seed=seed, sliders=sliders)
    return np.concatenate(list(render(renderer, settings, on_sound)))


def measured(renderer: Renderer, seed: int, seconds: float, sliders: dict[str, float]) -> dict[str, float]:
    """Return the descriptors of an output, and its register."""
    notes: list[tuple[Note, float]] = []

    def hear(sound: Sound) -> None:
        mono = sound.samples.mean(1)
        notes.append((find_loudest_note(mono), float(mono @ mono)))

    found = describe(made(renderer, seed, seconds, sliders, hear).mean(1))
    return {**found, REGISTER: measure_register(notes)}


def sweep(renderer: Renderer, seeds: int, seconds: float) -> None:
    """Print what each slider moves, how steadily, and what moves with it."""
    spans, register = {name: renderer.space.chart.reach(name).span for name in CHARTED}, renderer.guide.notes.reach
    if register:
        spans[REGISTER] = register.span
    print(f"{'slider':12}{'rho':>6}{'p10':>6}{'throw':>7}{'own share':>11}  others that move, in spans")
    plain = [measured(renderer, seed, seconds, {}) for seed in range(seeds)]
    for name in spans:
        rows = [
            [measured(renderer, seed, seconds, {name: position}) if position else plain[seed] for position in POSITIONS]
            for seed in range(seeds)
        ]
        rho = [spearmanr(POSITIONS, [found[name] for found in row]).statistic for row in rows]
        effects = {other: np.mean([row[-1][other] - row[0][other] for row in rows]) / spans[other] for other in spans}
        share = abs(effects[name]) / sum(map(abs, effects.values()))
        others = ", ".join(f"{other} {effects[other]:+.2f}" for other in spans if other != name)
        steady, least = np.nanmedian(rho), np.nanpercentile(rho, 10)
        print(f"{name:12}{steady:6.2f}{least:6.2f}{effects[name]:7.2f}{share:11.2f}  {others}")


def go_to_extremes(renderer: Renderer, count: int, seconds: float) -> None:
    """Print how outputs fare with all sliders at random ends."""
    broken = silent = 0
    louder = []
    for seed in range(count):
        ends = np.random.default_rng(seed).choice([-LIMIT, LIMIT], len(SLIDERS))
        sound = made(renderer, seed, seconds, dict(zip(SLIDERS, map(float, ends), strict=True)))
        broken += not np.isfinite(sound).all()
        silent += not np.abs(sound).max() > 1e-3
        louder.append(loudness_lufs(sound) - loudness_lufs(made(renderer, seed, seconds, {})))
    apart = np.abs(louder)
    print(f"all sliders at random ends, {count} outputs: {broken} not finite, {silent} silent")
    print(f"loudness against unsteered: {min(louder):+.1f} to {max(louder):+.1f} LU, {(apart > 6).sum()} beyond 6 LU")


if __name__ == "__main__":
    sys.exit(main())
