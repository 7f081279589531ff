"""Outputs that are computed instead of rendered, by a clock that only they move."""

from collections.abc import Sequence
from types import SimpleNamespace

import numpy as np
import pytest

from engine.generation.calibration import certify as certifying
from engine.generation.calibration import sweep
from engine.generation.calibration.readings import Place, Reading
from engine.generation.calibration.verdict import spans
from engine.latent.chart import NAMES
from engine.latent.ear import plain_ear
from engine.sliders import LIMIT, REGISTER

MOVED = (*NAMES, REGISTER)


class Model:
    """A model whose sliders go as far as they are told, in spans, and move all others `beside` that."""

    def __init__(self, pace: float, throws: dict[str, float], beside: float = 0.0, noise: float = 0.1) -> None:
        self.pace, self.throws, self.beside, self.noise = pace, throws, beside, noise
        self.now = 1_000.0
        self.batches: list[list[Place]] = []
        self.lengths: list[float] = []

    def measure(self, places: Sequence[Place], seconds: float, span: np.ndarray) -> list[Reading]:
        """Take the time that it takes, and return what is measured."""
        self.now += self.pace * seconds * len(places)
        self.batches.append(list(places))
        self.lengths.append(seconds)
        found = [map(float, span * self._spans(place, seconds)) for place in places]
        return [Reading(tuple(values), 1.0, (), register) for *values, register in found]

    def _spans(self, place: Place, seconds: float) -> np.ndarray:
        random = np.random.default_rng([place.seed, *map(ord, place.name), int(place.position + LIMIT)])
        values = 10.0 * np.random.default_rng(place.seed).random() + self.noise / np.sqrt(seconds) * random.normal(
            size=len(MOVED)
        )
        way = place.position / LIMIT / 2
        for at, name in enumerate(MOVED):
            own = self.throws.get(name, 1.0) if name == place.name else 0.0
            values[at] += way * (own if name == place.name else self.beside * (not place.compensated))
        return values


def imitate(patch: pytest.MonkeyPatch, model: Model) -> None:
    """Let sliders be measured on a model, and time be its own."""
    clock = SimpleNamespace(monotonic=lambda: model.now)
    patch.setattr(certifying, "time", clock)
    patch.setattr(sweep, "time", clock)
    patch.setattr(certifying, "learn_ear", lambda *_: plain_ear())
    patch.setattr(certifying, "count_cores", lambda: 4)
    patch.setattr(sweep, "count_cores", lambda: 4)

    def measure(self: sweep.Sweep, places: Sequence[Place], seconds: float) -> list[Reading]:
        begun = model.now
        found = model.measure(
            places, seconds, np.array([*spans(self.renderer.space.chart), self.renderer.guide.notes.reach.span])
        )
        self.spent += model.now - begun
        self.sounded += seconds * len(places)
        return found

    patch.setattr(sweep.Sweep, "_measure", measure)
