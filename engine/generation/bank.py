"""The slider bank of one output: what each slider asks of the engine at any time.

Positions become drives by the model's certificate; a slider that is off there asks nothing. A drive says how far to go
from where the walk is towards where the corpus ends.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.curves import Curve, closed, is_constant, value_at
from engine.features.timbre import TIMBRE
from engine.latent.certificate import POSITIONS, Certificate
from engine.latent.chart import Chart, Reach
from engine.settings import GenerateSettings
from engine.sliders import LIMIT

Floats = NDArray[np.float32]
Doubles = NDArray[np.float64]

LEAST_SHARE = 0.4  # of the corpus's span that a slider moves, though the walk may be at the corpus's end already


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

    def motion(self, seconds: Doubles) -> Doubles:
        """Return the drive of motion at times: its own, and what keeps it where it is while other sliders move."""
        drives = self.drives("motion", seconds)
        for name in self.curves:
            measured = self.certificate.sliders.get(name)
            if measured is not None and any(measured.motion_holds):
                other = self.drives(name, seconds) / LIMIT
                low, high = measured.motion_holds
                drives = drives + np.where(other < 0, -other * low, other * high)
        return np.clip(drives, -LIMIT, LIMIT)

    def rests(self, names: tuple[str, ...], first_seconds: float, last_seconds: float) -> bool:
        """Return whether all of some sliders are at 0 between two times."""
        return self.is_still(names, first_seconds, last_seconds) and not any(
            self.drive(name, first_seconds) for name in names
        )

    def is_still(self, names: tuple[str, ...], first_seconds: float, last_seconds: float) -> bool:
        """Return whether none of some sliders moves between two times."""
        moving = (self.curves[name] for name in names if name in self.curves)
        return all(is_constant(curve, first_seconds, last_seconds) for curve in moving)

    def timbre_moves(self, heard: Floats, seconds: Doubles) -> Floats:
        """Return how far each descriptor of TIMBRE is to move at moments.

        Args:
            heard: Timbre of the walk, (moments, 4).
            seconds: When, (moments,).
        """
        moves = np.zeros(heard.shape, np.float32)
        for place, name in enumerate(TIMBRE):
            drives = zip(heard[:, place], self.drives(name, seconds), strict=True)
            moves[:, place] = [move(self.chart.reach(name), float(base), float(drive)) for base, drive in drives]
        return moves


def move(reach: Reach, base: float, drive: float) -> float:
    """Return how far a descriptor is to go: towards the end of the corpus's reach, by drive / LIMIT of the way.

    Args:
        reach: Where the corpus lies.
        base: Where the sound is.
        drive: -LIMIT to LIMIT.
    """
    if drive > 0:
        return drive / LIMIT * max(reach.high - base, LEAST_SHARE * reach.span)
    return -drive / LIMIT * min(reach.low - base, -LEAST_SHARE * reach.span)


def compile_bank(settings: GenerateSettings, certificate: Certificate, chart: Chart) -> Bank:
    """Make the bank of one output; sliders that stay at 0 or are off in the model are left out."""
    curves = {}
    for name, curve in settings.sliders.items():
        measured = certificate.sliders.get(name)
        is_off = measured is not None and measured.state == "off"
        if not is_off and not (is_constant(curve) and float(value_at(curve, 0.0)) == 0.0):
            curves[name] = closed(curve, settings.duration) if settings.loop else curve
    return Bank(curves, certificate, chart)
