"""The slider bank of one output: what each slider asks of the engine at any time.

Positions become drives by the model's certificate; a slider that is off there asks nothing. A drive says how far to go
from where the walk is towards where the corpus ends.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.curves import Curve, closed, is_constant, value_at
from engine.latent.certificate import POSITIONS, Certificate
from engine.latent.chart import Chart
from engine.properties.property import Request
from engine.settings import GenerateSettings
from engine.sliders import LIMIT

Floats = NDArray[np.float32]
Doubles = NDArray[np.float64]


@dataclass(frozen=True)
class Bank:
    """The sliders of one output.

    Attributes:
        curves: Positions over time by slider, only of those that do something.
        certificate: Of the model.
        chart: Of the model.
    """

    curves: Mapping[str, Curve]
    certificate: Certificate
    chart: Chart

    @property
    def discovered(self) -> tuple[str, ...]:
        """Return the names of the model's discovered sliders."""
        return self.chart.discovered_names

    def drive(self, name: str, seconds: float) -> float:
        """Return what a slider asks at one time, -LIMIT to LIMIT."""
        return float(self.drives(name, np.array([seconds]))[0])

    def drives(self, name: str, seconds: Doubles) -> Doubles:
        """Return what a slider asks at times, the shape of `seconds`."""
        if name not in self.curves:
            return np.zeros(np.shape(seconds))
        positions = value_at(self.curves[name], seconds)
        measured = self.certificate.sliders.get(name)
        return positions if measured is None else np.interp(positions, POSITIONS, measured.drives)

    def ask(self, name: str) -> Request:
        """Return the request of a slider to the output."""
        return Request(self.chart.reach(name), lambda seconds: self.drives(name, seconds))

    def rests(self, names: tuple[str, ...], first_seconds: float, last_seconds: float) -> bool:
        """Return whether all of some sliders are at 0 between two times."""
        return self.is_still(names, first_seconds, last_seconds) and not any(
            self.drive(name, first_seconds) for name in names
        )

    def is_still(self, names: tuple[str, ...], first_seconds: float, last_seconds: float) -> bool:
        """Return whether none of some sliders moves between two times."""
        moving = (self.curves[name] for name in names if name in self.curves)
        return all(is_constant(curve, first_seconds, last_seconds) for curve in moving)

    def moves(self, names: tuple[str, ...], heard: NDArray[np.floating], seconds: Doubles) -> Doubles:
        """Return how far descriptors are to move at moments, for their own sliders and against what others would do.

        Args:
            names: Which descriptors.
            heard: Their values in the sound as it is, (moments, names).
            seconds: When, (moments,).
        """
        moves = np.zeros(heard.shape)
        for place, name in enumerate(names):
            drives = zip(heard[:, place], self.drives(name, seconds), strict=True)
            reach = self.chart.reach(name)
            moves[:, place] = [reach.move(float(base), float(drive)) for base, drive in drives]
            moves[:, place] += reach.span * self._compensation(name, seconds)
        return moves

    def _compensation(self, descriptor: str, seconds: Doubles) -> Doubles:
        """Return how much more of a descriptor is asked for at times, in spans, the shape of `seconds`."""
        total = np.zeros(np.shape(seconds))
        for name in self.curves:
            measured = self.certificate.sliders.get(name)
            low, high = (end.get(descriptor, 0.0) for end in measured.compensation) if measured else (0.0, 0.0)
            if low or high:
                drives = self.drives(name, seconds) / LIMIT
                total += np.where(drives < 0, -drives * low, drives * high)
        return total


def compile_bank(settings: GenerateSettings, certificate: Certificate, chart: Chart) -> Bank:
    """Make the bank of one output; sliders that stay at 0 or are off in the model are left out."""
    curves = {}
    for name, curve in settings.sliders.items():
        measured = certificate.sliders.get(name)
        is_off = measured is not None and measured.state == "off"
        if not is_off and not (is_constant(curve) and float(value_at(curve, 0.0)) == 0.0):
            curves[name] = closed(curve, settings.duration) if settings.loop else curve
    return Bank(curves, certificate, chart)
