#!/usr/bin/env python3
"""Measure what lies between two models: python scripts/bench_blend.py MODEL OTHER [--seeds 8].

Outputs with the same seeds are made at five shares of the other model, and each descriptor and the loudness are
averaged over the seeds. What is half way should lie between the two models on all of them.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Sequence

import numpy as np

from engine.audio.loudness import loudness_lufs
from engine.device import set_threads
from engine.generation.blending.blend import render_blend
from engine.generation.renderer import Renderer, prepare
from engine.latent.space import load_space
from engine.properties.describing import describe
from engine.settings import GenerateSettings
from engine.sliders import CHARTED
from engine.studio.models import find_model

SHARES = (0.0, 0.25, 0.5, 0.75, 1.0)
LOUDNESS = "loudness"
ALIKE = 0.1  # of a corpus's span: two models that are this near to each other have nothing between them


def main() -> int:
    """Measure the two models that are named."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("model", help="name or id of a model in the library")
    parser.add_argument("other", help="another one")
    parser.add_argument("--seeds", type=int, default=8, help="outputs at each share (default 8)")
    parser.add_argument("--seconds", type=float, default=4.0, help="length of each output (default 4)")
    arguments = parser.parse_args()
    set_threads(1)
    renderers = [prepare(load_space(find_model(name).path)) for name in (arguments.model, arguments.other)]
    begun = time.monotonic()
    rows = np.array(
        [
            [measure(renderers, share, seed, arguments.seconds) for seed in range(1, arguments.seeds + 1)]
            for share in SHARES
        ]
    ).mean(1)
    made = len(SHARES) * arguments.seeds * arguments.seconds
    tell(rows, [renderer.space.chart.reach(name).span for name in CHARTED for renderer in renderers])
    print(f"{made / (time.monotonic() - begun):.1f} times real time, measuring included")
    return 0


def measure(renderers: Sequence[Renderer], share: float, seed: int, seconds: float) -> list[float]:
    """Return the descriptors and the loudness of one output."""
    settings = GenerateSettings(duration=seconds, seed=seed)
    sound = np.concatenate(list(render_blend(renderers, [1.0 - share, share], settings)))
    found = describe(sound.mean(1))
    return [*(found[name] for name in CHARTED), loudness_lufs(sound)]


def tell(rows: np.ndarray, spans: Sequence[float]) -> None:
    """Print what was measured (shares, descriptors and loudness), and whether half way lies between the ends."""
    print(f"{'':12}" + "".join(f"{share:>9.2f}" for share in SHARES) + "   half way")
    for place, name in enumerate([*CHARTED, LOUDNESS]):
        values = rows[:, place]
        span = 1.0 if name == LOUDNESS else max(spans[2 * place : 2 * place + 2])
        print(f"{name:12}" + "".join(f"{value:9.3f}" for value in values) + f"   {describe_middle(values, span)}")


def describe_middle(values: np.ndarray, span: float) -> str:
    """Say where the middle of some values lies between the first and the last, or how far outside."""
    low, high = min(values[0], values[-1]), max(values[0], values[-1])
    middle = values[len(values) // 2]
    outside = max(low - middle, middle - high, 0.0)
    if outside:
        alike = ", the models being alike" if high - low < ALIKE * span else ""
        return f"{outside / span:.2f} spans outside{alike}"
    return f"between, {(middle - values[0]) / (values[-1] - values[0]):.0%} of the way"


if __name__ == "__main__":
    sys.exit(main())
