"""Certifying a model's sliders: rendered, measured, and written down, as well as the time allows.

Measuring may end at any moment: `agenda` says what comes next, and `standing` what is known by then.
"""

import math
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, replace
from threading import Event as Flag

from engine.device import count_cores
from engine.errors import Cancelled
from engine.generation.calibration.agenda import MOST_SEEDS, first_looks, next_looks
from engine.generation.calibration.ear import learn_ear
from engine.generation.calibration.readings import Readings
from engine.generation.calibration.standing import LATER_SEEDS, Standing
from engine.generation.calibration.sweep import Sweep
from engine.generation.calibration.verdict import SURE_SEEDS
from engine.generation.mix.ahead import check_with, never
from engine.generation.renderer import prepare
from engine.latent.certificate import Certificate, unmeasured
from engine.latent.space import SoundSpace

SECONDS = (4.0, 3.0, 2.0, 1.5, 1.0)  # of each output, the longest that fit are taken
FIXED_PLAN = (4, 2.0)  # seeds and seconds where the time does not count
MOST_READ = len(LATER_SEEDS)  # seeds, however often measuring goes on
FIRST_SHARE = 1 / 3  # of the time, that the first looks at all sliders may take
OVERRUN = 1.8  # of the time there is, that the first looks may take: without them nothing is known of a slider
NO_TIME = "there was no time to measure it; a longer training measures it"


@dataclass(frozen=True)
class Certified:
    """The sliders of a model as they were measured, and the readings, to go on from later."""

    certificate: Certificate
    readings: Readings | None = None

    @property
    def is_whole(self) -> bool:
        """Return whether every slider was measured as often as a certificate needs."""
        return self.certificate.seeds >= SURE_SEEDS


def certify(
    space: SoundSpace,
    seconds: float | None,
    on_slider: Callable[[str], None],
    on_measured: Callable[[str, str], None] | None = None,
    should_stop: Callable[[], bool] = never,
    readings: Readings | None = None,
) -> Certified:
    """Measure every slider of a model, and the most uncertain ones more often, until the time is used.

    Args:
        space: The open model.
        seconds: Time it may take; None measures by a fixed plan, however long it takes.
        on_slider: Told which slider is measured next.
        on_measured: Told the state of each that was measured, and again where it has become another.
        should_stop: Asked often, from several threads; what was measured until then is kept.
        readings: Of the same model with the ear of its certificate, to go on from.
    """
    left, told = Flag(), _Told(on_slider, on_measured)
    limit = Time(seconds, math.inf if seconds is None else time.monotonic() + seconds)

    def is_over() -> bool:
        return left.is_set() or should_stop()

    renderer, certified = prepare(space), Certified(unmeasured(reason=NO_TIME))
    with ThreadPoolExecutor(count_cores()) as pool, suppress(Cancelled):
        try:
            ear = space.certificate.ear if readings else learn_ear(renderer, check_with(is_over), pool)
            plain = replace(renderer, certificate=unmeasured(ear, NO_TIME))
            sweep = Sweep(plain, readings or Readings(FIXED_PLAN[1]), pool, is_over)
            certified = Certified(_write_down(sweep), readings)
            for certified in _measure(sweep, limit, told):
                told.tell_states(certified.certificate)
        finally:
            left.set()  # the pool waits for outputs under way, and they end at their next check
    return certified


@dataclass(frozen=True)
class Time:
    """The time that measuring may take.

    Attributes:
        seconds: Altogether; None without an end.
        deadline: By `time.monotonic`.
    """

    seconds: float | None
    deadline: float

    @property
    def left(self) -> float:
        """Return the seconds that are left."""
        return self.deadline - time.monotonic()

    def allows(self, expected_seconds: float, *, first: bool) -> bool:
        """Return whether there is time for looks; the first ones at all sliders may take longer than there is."""
        over = (OVERRUN - 1) * self.seconds if first and self.seconds else 0.0
        return expected_seconds <= self.left + over


class _Told:
    """Tells which slider is measured, and what came of it where that is new."""

    def __init__(self, on_slider: Callable[[str], None], on_measured: Callable[[str, str], None] | None) -> None:
        self.on_slider, self.on_measured = on_slider, on_measured
        self.states: dict[str, str] = {}

    def tell_states(self, certificate: Certificate) -> None:
        """Tell the states that are other than what was told."""
        for name, slider in certificate.sliders.items():
            if slider.seeds >= SURE_SEEDS and self.states.get(name) != slider.state:
                self.states[name] = slider.state
                if self.on_measured:
                    self.on_measured(name, slider.state)


def _measure(sweep: Sweep, limit: Time, told: _Told) -> Iterator[Certified]:
    """Measure looks in the order of the agenda, as many at once as keep all cores busy, and yield what is known.

    Raises:
        Cancelled: it was time to stop.
    """
    if limit.seconds == 0.0:
        return
    if limit.seconds is not None:
        sweep.try_out()
        if not sweep.readings.by_place:
            sweep.readings = Readings(choose_length(sweep, limit.left))
    most_seeds = choose_goal(sweep.standing(), FIXED_PLAN[0] if limit.seconds is None else MOST_SEEDS)
    while looks := next_looks(sweep.standing(), most_seeds):
        batch = sweep.fill_cores(looks)
        if not limit.allows(sweep.expected_seconds(batch), first=bool(first_looks(sweep.standing()))):
            break
        for name in dict.fromkeys(look.name for look in batch):
            told.on_slider(name)
        sweep.take(batch)
        yield Certified(_write_down(sweep), sweep.readings)


def choose_length(sweep: Sweep, seconds_left: float) -> float:
    """Return how long outputs are to be: the longest of which the first looks take FIRST_SHARE of the time at most."""
    looks = first_looks(sweep.standing())
    fitting = (one for one in SECONDS if sweep.expected_seconds(looks, one) <= FIRST_SHARE * seconds_left)
    return next(fitting, SECONDS[-1])


def choose_goal(standing: Standing, usual: int) -> int:
    """Return by how many seeds each slider is to be measured: the usual number, or more where all have it already."""
    least = min(standing.count(name) for name in standing.measured)
    return next((goal for goal in (usual, 2 * usual, 4 * usual) if least < min(goal, MOST_READ)), MOST_READ)


def _write_down(sweep: Sweep) -> Certificate:
    """Return the certificate by what was measured so far."""
    before, sliders, measured = sweep.renderer.certificate, sweep.standing().sliders, sweep.standing().measured
    return replace(
        before,
        sliders={**before.sliders, **sliders},
        seeds=min((sliders[name].seeds if name in sliders else 0) for name in measured),
        seconds=sweep.readings.seconds,
    )
