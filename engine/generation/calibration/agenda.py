"""The order in which sliders are measured, so that the time is spent where it helps most, however much there is.

    both ends of every slider, twice ─► of every discovered one ─► of those with a compensation, with it
    ─► of those that seem to fail, again ─► half way to the ends ─► once more the most uncertain, until all were
    measured often enough

Each stage begins once the one before is complete.
"""

from collections.abc import Iterator
from itertools import islice
from typing import NamedTuple

from engine.generation.calibration.readings import Place, Readings, place_of
from engine.generation.calibration.standing import FIRST_SEEDS, LATER_SEEDS, Standing
from engine.generation.calibration.verdict import MANY_SEEDS, SURE_SEEDS, doubt
from engine.latent.certificate import ENDS, MIDDLES

MOST_SEEDS = 8
DISCOVERED_SEEDS = 3


class Look(NamedTuple):
    """Outputs that are measured together: a slider at some positions and at 0, for one seed."""

    name: str
    seed: int
    positions: tuple[float, ...] = ENDS
    compensated: bool = False

    @property
    def places(self) -> tuple[Place, ...]:
        """Return the places of its outputs."""
        positions = (0.0, *self.positions)
        return tuple(place_of(self.name, at, self.seed, compensated=self.compensated) for at in positions)

    def is_in(self, readings: Readings) -> bool:
        """Return whether all of it was measured."""
        return all(place in readings.by_place for place in self.places)


def first_looks(standing: Standing) -> list[Look]:
    """Return the looks by which every slider has a certificate at all, in order."""
    return _missing(standing, (Look(name, seed) for seed in FIRST_SEEDS for name in standing.measured))


def next_looks(standing: Standing, most_seeds: int = MOST_SEEDS) -> list[Look]:
    """Return the looks of the first stage that is not complete, in order; none once all is measured.

    Args:
        standing: By what was measured so far.
        most_seeds: By which each slider is measured at most.
    """
    if found := first_looks(standing):
        return found
    for stage in (_discovered, _compensated, _failing, _half_way):
        if found := _missing(standing, stage(standing)):
            return found
    return list(_once_more(standing, most_seeds))


def _missing(standing: Standing, looks: Iterator[Look]) -> list[Look]:
    return [look for look in looks if not look.is_in(standing.readings)]


def _discovered(standing: Standing) -> Iterator[Look]:
    """Yield both ends of every direction that no name explains."""
    return (Look(name, seed) for seed in FIRST_SEEDS for name in standing.chart.discovered_names)


def _compensated(standing: Standing) -> Iterator[Look]:
    """Yield both ends of those that have a compensation, with it, for seeds in which it was not heard."""
    return (Look(name, seed, compensated=True) for seed in LATER_SEEDS[:SURE_SEEDS] for name in standing.compensations)


def _failing(standing: Standing) -> Iterator[Look]:
    """Yield both ends of those that are not certified, until it is sure that they fail."""
    for place in range(SURE_SEEDS, MANY_SEEDS):
        for name in standing.measured:
            compensated = standing.is_compensated(name)
            if standing.sliders[name].state != "certified":
                yield Look(name, standing.seeds(compensated=compensated)[place], compensated=compensated)


def _half_way(standing: Standing) -> Iterator[Look]:
    """Yield what lies between 0 and the ends, so that positions can be calibrated."""
    for place in range(SURE_SEEDS):
        for name in standing.measured:
            compensated = standing.is_compensated(name)
            yield Look(name, standing.seeds(compensated=compensated)[place], MIDDLES, compensated)


def _once_more(standing: Standing, most_seeds: int) -> Iterator[Look]:
    """Yield one seed more of each slider that has less than it may, the most uncertain first."""
    named = [name for name in standing.measured if standing.count(name) < most_seeds]
    for name in sorted(named, key=lambda name: doubt(standing.sliders[name]), reverse=True):
        yield from _next_seed(standing, name, (*ENDS, *MIDDLES))
    for name in standing.chart.discovered_names:
        if standing.count(name) < min(DISCOVERED_SEEDS, most_seeds):
            yield from _next_seed(standing, name, ENDS)


def _next_seed(standing: Standing, name: str, positions: tuple[float, ...]) -> list[Look]:
    """Return the look at the first seed of which not all of some positions was measured, if there is one."""
    compensated = standing.is_compensated(name)
    looks = (Look(name, seed, positions, compensated) for seed in standing.seeds(compensated=compensated))
    return list(islice((look for look in looks if not look.is_in(standing.readings)), 1))
