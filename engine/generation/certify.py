"""Certifying a model's sliders: each is swept, rendered and measured, and what it does is written down.

Sliders of other things than motion are first tried at both ends: where they move the motion of the sound as well, the
motion slider is asked to hold against it, as far as the trial shows that it helps.
"""

import math
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Executor, ThreadPoolExecutor
from dataclasses import dataclass, replace
from itertools import combinations
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.stats import spearmanr

from engine.device import count_cores
from engine.features.descriptors import describe
from engine.features.timbre import TIMBRE
from engine.generation.ear import learn_ear
from engine.generation.render import render
from engine.generation.renderer import Renderer, prepare
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

FIRST_SEED = 1_000
TRIED_SEEDS = 2  # at both ends, before the whole sweep
LEAST_SEEDS, MOST_SEEDS = 4, 8
SECONDS = (4.0, 3.0, 2.0, 1.5, 1.0)  # of each output, the longest that fit are taken
FIXED_PLAN = (4, 2.0)  # seeds and seconds where the time does not count
SOUNDING_SECONDS = 4.0  # of sound from which a person would judge a slider
MARGIN = 1.2  # of the time that outputs take, over that of the trial
OVERRUN = 1.6  # of the time there is, that the least that is worth measuring may take
HOLD_STEP, HOLD_LIMIT = 0.5, 6.0  # of the drives that hold motion
HOLD_PRICE = 0.01  # of one drive, in spans of side effects
ROUNDING = 1e-6  # of a rank correlation
LEAST_GAIN = 0.03  # of selectivity: what a hold must promise, and bring
TYPICAL_HOLDS = 2  # sliders of a model for which one is tried
KEPT_THROW = 0.9  # of the throw: what a hold must leave
NO_HOLD = (0.0, 0.0)
NO_TIME = "there was no time to measure it; a longer training measures it"

_ENDS = (POSITIONS[0], POSITIONS[-1])


def certify(space: SoundSpace, seconds: float | None, on_slider: Callable[[str], None]) -> Certificate:
    """Measure every slider of a model.

    Args:
        space: The open model.
        seconds: Time it may take; None measures by a fixed plan, however long it takes.
        on_slider: Told which slider is measured next.
    """
    started = time.monotonic()
    renderer = prepare(space)
    ear = learn_ear(renderer)
    with ThreadPoolExecutor(count_cores()) as pool:
        sweep = _Sweep(replace(renderer, certificate=unmeasured(ear)), pool, on_slider)
        plan = FIXED_PLAN if seconds is None else sweep.plan(seconds - (time.monotonic() - started))
        if plan is None:
            return unmeasured(ear, NO_TIME)
        seeds, sweep.seconds = plan
        holds = sweep.find_holds()
        sliders = {name: sweep.measure(name, seeds, holds[name]) for name in SLIDERS}
        sliders |= {name: sweep.discover(name) for name in space.chart.discovered_names}
    return replace(unmeasured(ear), sliders=sliders, seeds=seeds, seconds=sweep.seconds)


class _Place(NamedTuple):
    """One output of a sweep."""

    name: str
    position: float
    seed: int
    hold: tuple[float, float]
    seconds: float


@dataclass(frozen=True)
class _Output:
    """What was measured on one output: descriptors in the order of NAMES, and how its timbre came about."""

    values: Doubles
    accounts: tuple[Account, ...]


class _Sweep:
    """Outputs of one model at positions of its sliders, each rendered and measured once."""

    def __init__(self, renderer: Renderer, pool: Executor, on_slider: Callable[[str], None]) -> None:
        self.renderer, self.pool, self.on_slider = renderer, pool, on_slider
        self.seconds = SECONDS[-1]
        self.done: dict[_Place, _Output] = {}

    @property
    def spans(self) -> Doubles:
        """Return the corpus's range of each descriptor, (7,)."""
        return np.array([self.renderer.space.chart.reach(name).span for name in NAMES])

    def plan(self, seconds: float) -> tuple[int, float] | None:
        """Return how many seeds of how many seconds can be measured in a time, None where too few can."""
        self._outputs("brightness", [LIMIT], [FIRST_SEED], NO_HOLD)  # the first time is longer than all others
        begun = time.monotonic()
        for name in SLIDERS:
            self._outputs(name, _ENDS, [FIRST_SEED], NO_HOLD)
        taken = time.monotonic() - begun
        seconds, taken = seconds - taken, MARGIN * taken / (len(_ENDS) * len(SLIDERS)) / self.seconds
        once = len(_ENDS) * TRIED_SEEDS * (TYPICAL_HOLDS + len(self.renderer.space.chart.discovered))
        each = (len(POSITIONS) - 1) * len(SLIDERS) + 1
        for length in SECONDS:
            seeds = int((seconds / (taken * length) - once) / each)
            if seeds >= LEAST_SEEDS:
                return min(seeds, MOST_SEEDS), length
        least = (LEAST_SEEDS * each + once) * taken * SECONDS[-1]
        return (LEAST_SEEDS, SECONDS[-1]) if least <= seconds * OVERRUN else None

    def find_holds(self) -> Mapping[str, tuple[float, float]]:
        """Return for each slider the drives of motion at both ends that lessen what it does to the others."""
        plain = {name: self._effects(name, NO_HOLD) for name in SLIDERS}
        holds = dict.fromkeys(SLIDERS, NO_HOLD)
        for place, name in enumerate(NAMES):
            if name == "motion":
                continue
            (low, held_low), (high, held_high) = (_hold(end, place, plain["motion"]) for end in plain[name])
            before = _whole(plain[name])
            if _selectivity(held_high - held_low, place) - _selectivity(before, place) < LEAST_GAIN:
                continue
            after = _whole(self._effects(name, (low, high)))
            gained = _selectivity(after, place) - _selectivity(before, place)
            if gained >= LEAST_GAIN and abs(after[place]) >= KEPT_THROW * abs(before[place]):
                holds[name] = (low, high)
        return holds

    def measure(self, name: str, seeds: int, hold: tuple[float, float]) -> SliderCertificate:
        """Sweep a slider over POSITIONS and say what it does."""
        self.on_slider(name)
        place = NAMES.index(name)
        outputs = self._outputs(name, POSITIONS, range(FIRST_SEED, FIRST_SEED + seeds), hold)
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
            motion_holds=hold,
        )

    def discover(self, name: str) -> SliderCertificate:
        """Say what a discovered slider does to the descriptors."""
        self.on_slider(name)
        effects = _whole(self._effects(name, NO_HOLD))
        side_effects = dict(zip(NAMES, map(float, effects), strict=True))
        return SliderCertificate(name, state="discovered", side_effects=side_effects)

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

    def _effects(self, name: str, hold: tuple[float, float]) -> tuple[Doubles, Doubles]:
        """Return the change of every descriptor from 0 to each end, in spans, each (7,)."""
        self.on_slider(name)
        outputs = self._outputs(name, (_ENDS[0], 0.0, _ENDS[1]), range(FIRST_SEED, FIRST_SEED + TRIED_SEEDS), hold)
        low, middle, high = np.mean([[output.values for output in row] for row in outputs], axis=0) / self.spans
        return low - middle, high - middle

    def _outputs(
        self, name: str, positions: Sequence[float], seeds: Sequence[int], hold: tuple[float, float]
    ) -> list[list[_Output]]:
        """Render and measure outputs, a few at once, or remember them; for each seed one at each position."""
        places = [
            [
                _Place(name, position, seed, hold, self.seconds)
                if position
                else _Place("", 0.0, seed, NO_HOLD, self.seconds)
                for position in positions
            ]
            for seed in seeds
        ]
        missing = [place for row in places for place in row if place not in self.done]
        self.done.update(zip(missing, self.pool.map(self._rendered, missing), strict=True))
        return [[self.done[place] for place in row] for row in places]

    def _rendered(self, place: _Place) -> _Output:
        sliders = {place.name: place.position} if place.position else {}
        settings = GenerateSettings(duration=place.seconds, seed=place.seed, channels="mono", sliders=sliders)
        accounts: list[Account] = []
        renderer = self._holding(place.name, place.hold)
        found = describe(np.concatenate(list(render(renderer, settings, accounts.append)))[:, 0])
        return _Output(np.array([found[name] for name in NAMES]), tuple(accounts))

    def _holding(self, name: str, hold: tuple[float, float]) -> Renderer:
        """Return the renderer with a slider that holds motion."""
        if not any(hold):
            return self.renderer
        certificate = self.renderer.certificate
        sliders = {**certificate.sliders, name: SliderCertificate(name, motion_holds=hold)}
        return replace(self.renderer, certificate=replace(certificate, sliders=sliders))


def _hold(effects: Doubles, own: int, motion: tuple[Doubles, Doubles]) -> tuple[float, Doubles]:
    """Return the drive of motion that leaves the smallest side effects of one end of a slider, and what it would leave.

    Args:
        effects: Of the slider at this end, in spans, (7,).
        own: Place of its own descriptor.
        motion: Effects of the motion slider at both of its ends.
    """
    drives = np.arange(-HOLD_LIMIT, HOLD_LIMIT + HOLD_STEP, HOLD_STEP)[:, None]
    held = effects + np.abs(drives) / LIMIT * np.where(drives < 0, *motion)
    price = np.abs(np.delete(held, own, axis=1)).sum(1) + HOLD_PRICE * np.abs(drives[:, 0])
    cheapest = int(np.argmin(price))
    return float(drives[cheapest, 0]), held[cheapest]


def _whole(effects: tuple[Doubles, Doubles]) -> Doubles:
    """Return the change from end to end, from the changes from 0 to each end."""
    return effects[1] - effects[0]


def _selectivity(effects: Doubles, own: int) -> float:
    """Return the share of its own descriptor in all that a slider changes."""
    return float(abs(effects[own]) / max(np.abs(effects).sum(), 1e-9))


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

    What is no timbre is made by the score, by layering and by onsets, and not by the latent space, but for motion.
    """
    if name not in TIMBRE:
        return 1.0 if name == "motion" else 0.0
    if not accounts:
        return 1.0
    place = TIMBRE.index(name)
    walked, steered, wanted = (
        np.concatenate([getattr(account, part)[:, place] for account in accounts])
        for part in ("walked", "steered", "wanted")
    )
    way = wanted - walked
    share = np.divide(steered - walked, way, out=np.ones_like(way), where=np.abs(way) > 1e-6)
    return float(np.median(np.clip(share, 0.0, 1.0)))
