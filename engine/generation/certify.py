"""Certifying a model's sliders: each is swept, rendered and measured, and what it does is written down.

What sliders of timbre move by the side is listened to first, and asked for the other way round
(`engine.generation.compensation`).
"""

import math
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, replace
from itertools import combinations
from threading import Event as Flag
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.stats import spearmanr

from engine.device import count_cores
from engine.errors import Cancelled
from engine.features.descriptors import describe
from engine.generation.ahead import check_with, never
from engine.generation.compensation import GOOD, NOTHING, Compensation, compensate, own_share
from engine.generation.ear import learn_ear
from engine.generation.render import render
from engine.generation.renderer import Renderer, prepare
from engine.generation.shaping import TRAITS
from engine.generation.sound import Account
from engine.latent.certificate import (
    FULL_THROW,
    LEAST_THROW,
    POSITIONS,
    SHAKY,
    STEADY,
    Certificate,
    SliderCertificate,
    State,
    calibrate,
    unmeasured,
)
from engine.latent.chart import NAMES
from engine.latent.space import SoundSpace
from engine.settings import GenerateSettings
from engine.sliders import LIMIT, SLIDERS

Doubles = NDArray[np.float64]
_Key = tuple[tuple[tuple[str, float], ...], ...]  # the same, to be found by

FIRST_SEED = 1_000
DISCOVERED = range(FIRST_SEED, FIRST_SEED + 3)  # seeds of outputs by which a discovered slider is described
LISTENED, LISTENED_SECONDS = range(2_000, 2_002), 4.0  # outputs in which is heard what a slider moves by the side
LISTENED_TO = ("texture", "roughness", "brightness", "warmth")  # those first that tend to move most by the side
SWEEPS_SHARE = 0.9  # of the time that is left after listening
LEAST_SEEDS, MOST_SEEDS = 4, 8
SECONDS = (4.0, 3.0, 2.0, 1.5, 1.0)  # of each output, the longest that fit are taken
FIXED_PLAN = (4, 2.0)  # seeds and seconds where the time does not count
SOUNDING_SECONDS = 4.0  # of sound from which a person would judge a slider
MARGIN = 1.1  # of the time that outputs take, over that of the trial
OVERRUN = 1.6  # of the time there is, that the least that is worth measuring may take
LENIENCE = 1.4  # the same where sliders are listened to: the first outputs are dearer than those to come
ROUNDING = 1e-6  # of a rank correlation
NO_TIME = "there was no time to measure it; a longer training measures it"

_ENDS = (POSITIONS[0], POSITIONS[-1])


def certify(
    space: SoundSpace,
    seconds: float | None,
    on_slider: Callable[[str], None],
    on_measured: Callable[[str, str], None] | None = None,
    should_stop: Callable[[], bool] = lambda: False,
) -> Certificate:
    """Measure every slider of a model.

    Args:
        space: The open model.
        seconds: Time it may take; None measures by a fixed plan, however long it takes.
        on_slider: Told which slider is measured next.
        on_measured: Told the state of each that was measured.
        should_stop: Asked often, from several threads; sliders that are left stay unmeasured.
    """
    deadline = math.inf if seconds is None else time.monotonic() + seconds
    renderer, left, found = prepare(space), Flag(), unmeasured(reason=NO_TIME)

    def is_over() -> bool:
        return left.is_set() or should_stop()

    with ThreadPoolExecutor(count_cores()) as pool, suppress(Cancelled):
        try:
            found = unmeasured(learn_ear(renderer, check_with(is_over)), NO_TIME)
            sweep = _Sweep(replace(renderer, certificate=found), pool, on_slider, is_over)
            if seconds == 0.0 or not sweep.can_measure(deadline):
                return found
            for measured in _measure_all(sweep, deadline, on_measured):
                found = replace(found, sliders=measured, seeds=sweep.seeds, seconds=sweep.seconds)
        finally:
            left.set()  # the pool waits for outputs under way, and they end at their next check
    return found


def _measure_all(
    sweep: "_Sweep", deadline: float, on_measured: Callable[[str, str], None] | None
) -> Iterator[dict[str, SliderCertificate]]:
    """Measure one slider after another, and yield what is known of all after each.

    Raises:
        Cancelled: it was time to stop.
    """
    listened = (name for name in LISTENED_TO if sweep.can_listen(deadline))
    compensations = {name: sweep.listen(name) for name in listened}
    sweep.seeds, sweep.seconds = sweep.plan(deadline)
    sliders = dict(sweep.renderer.certificate.sliders)
    for name in (*SLIDERS, *sweep.renderer.space.chart.discovered_names):
        found = sweep.measure(name, compensations.get(name, NOTHING)) if name in SLIDERS else sweep.discover(name)
        sliders[name] = found
        if on_measured:
            on_measured(name, found.state)
        yield dict(sliders)
    reconsider(sweep, sliders, deadline)
    yield sliders


def reconsider(sweep: "_Sweep", sliders: dict[str, SliderCertificate], deadline: float) -> None:
    """Sweep those sliders without compensation that are not certified with it, while there is time.

    Args:
        sweep: Of the model.
        sliders: What each does; those that are certified without are replaced.
        deadline: By `time.monotonic`.
    """
    for name, slider in sliders.items():
        if slider.state in ("weak", "off") and any(slider.compensation) and sweep.can_sweep(deadline):
            made = sweep.measure(name, NOTHING)
            if made.state == "certified" or (slider.state == "off" and made.state == "weak"):
                sliders[name] = made


class _Place(NamedTuple):
    """One output of a sweep."""

    name: str
    position: float
    seed: int
    compensation: _Key
    seconds: float


@dataclass(frozen=True)
class _Output:
    """What was measured on one output: descriptors in the order of NAMES, and how its timbre came about."""

    values: Doubles
    accounts: tuple[Account, ...]


class _Sweep:
    """Outputs of one model at positions of its sliders, each rendered and measured once."""

    def __init__(
        self,
        renderer: Renderer,
        pool: Executor,
        on_slider: Callable[[str], None],
        should_stop: Callable[[], bool] = never,
    ) -> None:
        self.renderer, self.pool, self.on_slider, self.should_stop = renderer, pool, on_slider, should_stop
        self.seeds, self.seconds = LEAST_SEEDS, SECONDS[-1]
        self.sounded = self.spent = 0.0  # seconds of sound that were measured, and seconds that it took
        self.done: dict[_Place, _Output] = {}
        self.compensating: dict[tuple[str, _Key], Renderer] = {}

    @property
    def spans(self) -> Doubles:
        """Return the corpus's range of each descriptor, (7,)."""
        return np.array([self.renderer.space.chart.reach(name).span for name in NAMES])

    def can_measure(self, deadline: float) -> bool:
        """Return whether sliders can be measured until then; a few outputs are, to see how long it takes."""
        if deadline == math.inf:
            return True
        self._outputs("brightness", [LIMIT], [FIRST_SEED], NOTHING)
        if not self._has_time(len(_ENDS) * len(SLIDERS) * SECONDS[-1], deadline, OVERRUN):
            return False
        self.sounded = self.spent = 0.0  # the first time is longer than all others
        for name in SLIDERS:
            self._outputs(name, _ENDS, [FIRST_SEED], NOTHING)
        return self._has_time(self._sound(LEAST_SEEDS, SECONDS[-1]), deadline, OVERRUN)

    def can_listen(self, deadline: float) -> bool:
        """Return whether one slider can be listened to and all be measured until then."""
        listening = len(_ENDS) * len(LISTENED) * LISTENED_SECONDS  # a sound without sliders costs little
        return self._has_time(listening + self._sound(LEAST_SEEDS, SECONDS[-1]), deadline, LENIENCE)

    def plan(self, deadline: float) -> tuple[int, float]:
        """Return how many seeds of how many seconds can be measured until then, the least of both if no more can."""
        if deadline == math.inf:
            return FIXED_PLAN
        sound = SWEEPS_SHARE * (deadline - time.monotonic()) / self.pace
        for seconds in SECONDS:
            fitting = [seeds for seeds in range(LEAST_SEEDS, MOST_SEEDS + 1) if self._sound(seeds, seconds) <= sound]
            if fitting:
                return fitting[-1], seconds
        return LEAST_SEEDS, SECONDS[-1]

    def _sound(self, seeds: int, seconds: float) -> float:
        """Return how many seconds of sound are measured where each slider is in so many outputs."""
        discovered = len(_ENDS) * len(DISCOVERED) * len(self.renderer.space.chart.discovered)
        return (seeds * ((len(POSITIONS) - 1) * len(SLIDERS) + 1) + discovered) * seconds

    def _has_time(self, sound: float, deadline: float, lenience: float = 1.0) -> bool:
        """Return whether so many seconds of sound can be measured until then, in so many times the time at most."""
        return self.pace * sound <= lenience * (deadline - time.monotonic())

    @property
    def pace(self) -> float:
        """Return how many seconds the measuring of a second of sound is to be expected to take."""
        return MARGIN * self.spent / max(self.sounded, 1e-9)

    def can_sweep(self, deadline: float) -> bool:
        """Return whether a slider can be swept once more until then."""
        return self._has_time((len(POSITIONS) - 1) * self.seeds * self.seconds, deadline)

    def listen(self, name: str) -> Compensation:
        """Return what is to be asked for besides at both ends of a slider.

        What it moves by the side is heard in a few outputs that are longer than those of a sweep, and are others: or
        chance would be made up for.
        """
        self.on_slider(name)
        low, high = self._effects(name, LISTENED, LISTENED_SECONDS)
        return NOTHING if own_share(name, high - low) >= GOOD else compensate(name, low, high)

    def measure(self, name: str, compensation: Compensation) -> SliderCertificate:
        """Sweep a slider over POSITIONS and say what it does."""
        self.on_slider(name)
        place = NAMES.index(name)
        outputs = self._outputs(name, POSITIONS, range(FIRST_SEED, FIRST_SEED + self.seeds), compensation)
        values = np.array([[output.values for output in row] for row in outputs])  # (seeds, positions, descriptors)
        curve = values[:, :, place].mean(0)
        effects = (values[:, -1] - values[:, 0]).mean(0) / self.spans
        steadiness = _steadiness(values[:, :, place], self.seconds)
        state, reason = self._judge(name, steadiness, float(effects[place]))
        accounts = [account for row in outputs for output in row for account in output.accounts]
        return SliderCertificate(
            name,
            state=state,
            reason=reason,
            range=(float(curve[0]), float(curve[2]), float(curve[-1])),
            curve=tuple(map(float, curve)),
            steadiness=steadiness,
            throw=float(effects[place]),
            side_effects={other: float(effects[at]) for at, other in enumerate(NAMES) if at != place},
            latent_share=_latent_share(name, accounts),
            drives=calibrate(curve) if state in ("certified", "weak") else POSITIONS,
            compensation=compensation,
        )

    def discover(self, name: str) -> SliderCertificate:
        """Say what a discovered slider does to the descriptors."""
        self.on_slider(name)
        low, high = self._effects(name, DISCOVERED, self.seconds)
        side_effects = dict(zip(NAMES, map(float, high - low), strict=True))
        return SliderCertificate(name, state="discovered", side_effects=side_effects)

    def _effects(self, name: str, seeds: Sequence[int], seconds: float) -> tuple[Doubles, Doubles]:
        """Return the change of every descriptor from 0 to each end without compensation, in spans, each (7,)."""
        outputs = self._outputs(name, (_ENDS[0], 0.0, _ENDS[1]), seeds, NOTHING, seconds)
        low, middle, high = np.mean([[output.values for output in row] for row in outputs], axis=0) / self.spans
        return low - middle, high - middle

    def _judge(self, name: str, steadiness: float, throw: float) -> tuple[State, str]:
        """Return the state of a slider, and the reason where it is not certified."""
        slider, reach = SLIDERS[name], self.renderer.space.chart.reach(name)
        if steadiness > STEADY - ROUNDING and throw >= FULL_THROW:
            return "certified", ""
        if steadiness >= SHAKY and throw >= LEAST_THROW:
            steady = steadiness > STEADY - ROUNDING
            far = f"it covers {throw:.0%} of what the recordings do"
            return "weak", far if steady else f"{far}, and not in even steps (steadiness {steadiness:.2f})"
        if reach.high - reach.low < reach.least:
            return "off", f"all recordings are about equally {slider.high}"
        if steadiness >= SHAKY:
            return "off", f"it changes next to nothing: {throw:.0%} of what the recordings do"
        return "off", f"it does not make this model's sound more {slider.high} reliably (steadiness {steadiness:.2f})"

    def _outputs(
        self,
        name: str,
        positions: Sequence[float],
        seeds: Sequence[int],
        compensation: Compensation,
        seconds: float | None = None,
    ) -> list[list[_Output]]:
        """Render and measure outputs, a few at once, or remember them; for each seed one at each position."""
        key, seconds = tuple(tuple(end.items()) for end in compensation), seconds or self.seconds
        places = [
            [
                _Place(name, position, seed, key, seconds) if position else _Place("", 0.0, seed, ((), ()), seconds)
                for position in positions
            ]
            for seed in seeds
        ]
        missing = [place for row in places for place in row if place not in self.done]
        begun = time.monotonic()
        self.done.update(zip(missing, self.pool.map(self._rendered, missing), strict=True))
        self.spent += time.monotonic() - begun
        self.sounded += seconds * len(missing)
        return [[self.done[place] for place in row] for row in places]

    def _rendered(self, place: _Place) -> _Output:
        sliders = {place.name: place.position} if place.position else {}
        settings = GenerateSettings(duration=place.seconds, seed=place.seed, channels="mono", sliders=sliders)
        accounts: list[Account] = []
        renderer = self._compensating(place.name, place.compensation)
        blocks = render(renderer, settings, accounts.append, one_core=True, should_stop=self.should_stop)
        found = describe(np.concatenate(list(blocks))[:, 0])
        return _Output(np.array([found[name] for name in NAMES]), tuple(accounts))

    def _compensating(self, name: str, key: _Key) -> Renderer:
        """Return the renderer with a slider that compensates."""
        if not any(key):
            return self.renderer
        if (name, key) not in self.compensating:
            certificate, (low, high) = self.renderer.certificate, map(dict, key)
            sliders = {**certificate.sliders, name: SliderCertificate(name, compensation=(low, high))}
            self.compensating[name, key] = replace(self.renderer, certificate=replace(certificate, sliders=sliders))
        return self.compensating[name, key]


def _steadiness(curves: Doubles, seconds: float) -> float:
    """Return the median rank correlation of position and descriptor.

    Outputs are short here, to be many: the curves of so many seeds are averaged as last SOUNDING_SECONDS together.

    Args:
        curves: Of each seed at POSITIONS, (seeds, positions).
        seconds: How long each output is.
    """
    together = min(len(curves), math.ceil(SOUNDING_SECONDS / seconds))
    groups = combinations(range(len(curves)), together)
    return float(np.median([_rank_correlation(curves[list(group)].mean(0)) for group in groups]))


def _rank_correlation(values: Doubles) -> float:
    """Return Spearman's rank correlation of values at POSITIONS with the positions; 0 where nothing changes."""
    if np.ptp(values) == 0.0:
        return 0.0
    return float(spearmanr(POSITIONS, values).statistic)


def _latent_share(name: str, accounts: list[Account]) -> float:
    """Return how much of a slider's way the latent space went, 0 to 1; the rest was shaped afterwards.

    What tension and attack do is made by layering and by onsets, and not by the latent space.
    """
    if name not in TRAITS:
        return 0.0
    if not accounts:
        return 1.0
    place = TRAITS.index(name)
    walked, steered, wanted = (
        np.concatenate([getattr(account, part)[:, place] for account in accounts])
        for part in ("walked", "steered", "wanted")
    )
    way = wanted - walked
    share = np.divide(steered - walked, way, out=np.ones_like(way), where=np.abs(way) > 1e-6)
    return float(np.median(np.clip(share, 0.0, 1.0)))
