"""Which sounds a sample pack holds: rows of one sound each, changed step by step along one slider."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from engine.settings import GenerateSettings, later_seed
from engine.sliders import LIMIT, SLIDERS
from engine.studio.certificates import USABLE, read_states

ROW = 8  # samples
PLAIN_AXES = {"novelty": (0.0, 1.0), "source": (1.0, 0.0)}  # what every model can do


@dataclass(frozen=True)
class Variation:
    """One sample of a pack.

    Attributes:
        name: What is special about it: "novelty 0.50".
        settings: Of GenerateSettings.
    """

    name: str
    settings: dict[str, Any]


def plan_variations(count: int, seed: int, sliders: tuple[str, ...] = ()) -> list[Variation]:
    """Return what each sample of a pack is made with.

    Each row of ROW samples begins with a seed of its own, which makes another sound, and takes the next slider.

    Args:
        count: How many.
        seed: Of the first row.
        sliders: Names of the sliders that do something in the model, besides those that every model has.
    """
    axes: list[tuple[str, tuple[float, float]]] = [*PLAIN_AXES.items(), *((name, (-LIMIT, LIMIT)) for name in sliders)]
    found: list[Variation] = []
    for row, first in enumerate(range(0, count, ROW)):
        name, (low, high) = axes[row % len(axes)]
        for value in np.linspace(low, high, min(ROW, count - first)).round(2).tolist():
            setting = {name: value} if name in PLAIN_AXES else {"sliders": {name: value}}
            shown = f"{value:.2f}" if name in PLAIN_AXES else f"{value:+.1f}"
            found.append(Variation(f"{name} {shown}", {"one_shot": True, "seed": later_seed(seed, row), **setting}))
    return found


def usable_sliders(folder: Path) -> tuple[str, ...]:
    """Return the sliders that do something in a model, as its certificate has them; none where it has no certificate.

    Args:
        folder: Of the model.
    """
    if "sliders" not in GenerateSettings.model_fields:
        return ()
    states = read_states(folder)
    return tuple(name for name in SLIDERS if name in states and states[name].state in USABLE)
