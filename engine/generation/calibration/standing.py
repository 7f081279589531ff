"""Where the sliders of a model stand by what was measured so far: each with its compensation, or better without."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from engine.generation.calibration.compensation import GOOD, NOTHING, Compensation, compensate, own_share
from engine.generation.calibration.readings import Readings
from engine.generation.calibration.verdict import SURE_SEEDS, describe_discovered, judge, judge_register, spans
from engine.latent.certificate import KEPT_WHILE_MEASURED, SliderCertificate
from engine.latent.chart import Chart
from engine.once import built_once
from engine.properties.property import Reach
from engine.sliders import CHOOSE_NOTES, REGISTER, SLIDERS

FIRST_SEEDS = (2_000, 2_001)  # by which every slider is measured first, and side effects are heard
LATER_SEEDS = tuple(range(1_000, 1_016))  # others: or chance in the first would be made up for
# Those first that tend to move most by the side
COMPENSATING = ("texture", "roughness", "brightness", "warmth", REGISTER)
WITHOUT_PITCH = SliderCertificate(
    REGISTER, state="off", reason="most of these recordings have no clear pitch", keep=KEPT_WHILE_MEASURED
)
RANKS = ("certified", "weak", "off", "unmeasured")  # the best first

Doubles = NDArray[np.float64]


@dataclass(frozen=True)
class Standing:
    """The sliders of a model by all that is known.

    Attributes:
        chart: Of the model.
        readings: So far.
        register: Where the notes of its recordings lie; None where they have no pitch, and there is no such slider.
    """

    chart: Chart
    readings: Readings
    register: Reach | None = None

    @property
    def measured(self) -> tuple[str, ...]:
        """Return the named sliders that can be measured."""
        return tuple(name for name in SLIDERS if name != REGISTER or self.register)

    @built_once
    def compensations(self) -> dict[str, Compensation]:
        """Return what sliders that move much by the side ask for besides, as far as they were heard."""
        return {name: asked for name in COMPENSATING if any(asked := self._find_compensation(name))}

    @built_once
    def sliders(self) -> dict[str, SliderCertificate]:
        """Return the certificates of all sliders of which both ends were measured at least once."""
        names = (*self.measured, *self.chart.discovered_names)
        found = {name: found for name in names if (found := self._find_slider(name))}
        return found if self.register or not found else {**found, REGISTER: WITHOUT_PITCH}

    def is_compensated(self, name: str) -> bool:
        """Return whether a slider is at least as good with its compensation as without, by as many seeds as it takes.

        It is not before that was measured.
        """
        found, without = self._judged.get((name, True)), self._judged.get((name, False))
        if found is None or without is None or found.seeds < SURE_SEEDS:
            return False
        return RANKS.index(found.state) <= RANKS.index(without.state)

    def seeds(self, *, compensated: bool) -> tuple[int, ...]:
        """Return the seeds by which a slider is measured, in order."""
        return LATER_SEEDS if compensated else (*FIRST_SEEDS, *LATER_SEEDS)

    def count(self, name: str) -> int:
        """Return by how many seeds a slider was measured."""
        return self.sliders[name].seeds if name in self.sliders else 0

    def _find_slider(self, name: str) -> SliderCertificate | None:
        if name in SLIDERS:
            return self._judged.get((name, self.is_compensated(name)))
        values = self.readings.curves(name, self.seeds(compensated=False), compensated=False)
        if not len(values):
            return None
        return self._with_notes(describe_discovered(name, values, self.chart), compensated=False)

    @built_once
    def _judged(self) -> dict[tuple[str, bool], SliderCertificate]:
        """Return the certificates of named sliders, each without its compensation (False) and with it (True)."""
        wanted = [(name, compensated) for name in self.measured for compensated in (False, True)]
        asked = [one for one in wanted if not one[1] or one[0] in self.compensations]
        return {
            (name, compensated): found
            for name, compensated in asked
            if (found := self._judge(name, compensated=compensated))
        }

    def _judge(self, name: str, *, compensated: bool) -> SliderCertificate | None:
        """Return the certificate of a slider with its compensation or without; None where it was not measured."""
        seeds = self.seeds(compensated=compensated)
        values = self.readings.curves(name, seeds, compensated=compensated)
        if not len(values):
            return None
        asked = self.compensations[name] if compensated else NOTHING
        shares = self.readings.latent_shares(name, seeds, compensated=compensated)
        if name == REGISTER and self.register:
            own = self.readings.registers(name, seeds, compensated=compensated)
            found = judge_register(own, values, self.register, self.chart, self.readings.seconds, asked)
        else:
            found = judge(name, values, shares, self.chart, self.readings.seconds, asked)
        return self._with_notes(found, compensated=compensated)

    def _with_notes(self, one: SliderCertificate, *, compensated: bool) -> SliderCertificate:
        """Return a certificate that says how well the slider leaves notes alone, if it is to do so."""
        if one.name in CHOOSE_NOTES:
            return replace(one, keep=KEPT_WHILE_MEASURED)
        heard = self.readings.kept(one.name, self.seeds(compensated=compensated), compensated=compensated)
        return replace(one, keep=KEPT_WHILE_MEASURED, kept=heard.share, judged=heard.judged)

    def _find_compensation(self, name: str) -> Compensation:
        """Return what is to be asked for besides at both ends, by what the first seeds moved by the side."""
        values = self.readings.curves(name, FIRST_SEEDS, compensated=False)
        if len(values) < len(FIRST_SEEDS):
            return NOTHING
        low, middle, high = values[:, [0, 2, -1]].mean(0) / spans(self.chart)
        own = 0.0
        if name == REGISTER and self.register:
            registers = self.readings.registers(name, FIRST_SEEDS, compensated=False)
            own = float((registers[:, -1] - registers[:, 0]).mean()) / self.register.span
        if own_share(name, high - low, own) >= GOOD:
            return NOTHING
        return compensate(name, low - middle, high - middle)
