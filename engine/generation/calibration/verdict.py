"""The verdict of readings on a slider: how far, how steadily and how surely it goes, and whether it keeps its word."""

import math
from dataclasses import replace
from itertools import combinations

import numpy as np
from numpy.typing import NDArray
from scipy.stats import rankdata

from engine.generation.calibration.compensation import NOTHING, Compensation
from engine.latent.certificate import (
    FULL_THROW,
    LEAST_THROW,
    POSITIONS,
    SHAKY,
    STEADY,
    SliderCertificate,
    State,
    calibrate,
)
from engine.latent.chart import NAMES, Chart
from engine.properties.property import Reach
from engine.sliders import REGISTER, SLIDERS

SOUNDING_SECONDS = 4.0  # of sound from which a person would judge a slider
ROUNDING = 1e-6  # of a rank correlation
SURE_SEEDS = 2  # from which on more is said of a slider than that it seems to work
MANY_SEEDS = 4  # from which on a slider that fails is taken away; of fewer, one that clearly fails
ONCE = "it was measured once only; more time measures it again"
UNKNOWN_SPREAD = 0.3  # spans between seeds that are expected before many were measured
OPEN_SPREADS = 2.0  # within which a throw may be on the other side of a bar
ENDS_AND_MIDDLE = [0, 2, 4]  # of POSITIONS

Doubles = NDArray[np.float64]


def judge(
    name: str,
    values: Doubles,
    latent_shares: list[float],
    chart: Chart,
    seconds: float,
    compensation: Compensation = NOTHING,
) -> SliderCertificate:
    """Say what a slider does.

    Args:
        name: One of SLIDERS.
        values: Descriptors at POSITIONS, at least one seed, nan where an output between 0 and an end was not measured,
            (seeds, positions, descriptors).
        latent_shares: Of each output in which the slider is moved.
        chart: Of the model.
        seconds: Length of each output.
        compensation: That was asked for.
    """
    side_effects = find_effects(values, chart)
    side_effects.pop(name)
    share = float(np.median(latent_shares)) if latent_shares else 1.0
    found = _certify(name, values[:, :, NAMES.index(name)], chart.reach(name), seconds)
    return replace(found, side_effects=side_effects, latent_share=share, compensation=compensation)


def judge_register(
    registers: Doubles,
    values: Doubles,
    reach: Reach,
    chart: Chart,
    seconds: float,
    compensation: Compensation = NOTHING,
) -> SliderCertificate:
    """Say what the slider of the register does; `values` and so on as in `judge`.

    Args:
        registers: At POSITIONS, (seeds, positions), nan as in `values`.
        values: Descriptors at POSITIONS, (seeds, positions, descriptors).
        reach: Where the notes of the recordings lie.
        chart: Of the model.
        seconds: Length of each output.
        compensation: That was asked for.
    """
    found = _certify(REGISTER, registers, reach, seconds)
    return replace(found, side_effects=find_effects(values, chart), latent_share=0.0, compensation=compensation)


def find_effects(values: Doubles, chart: Chart) -> dict[str, float]:
    """Return how each descriptor changes from end to end, in spans; `values` as in `judge`."""
    effects = (values[:, -1] - values[:, 0]).mean(0) / spans(chart)
    return dict(zip(NAMES, map(float, effects), strict=True))


def _certify(name: str, own: Doubles, reach: Reach, seconds: float) -> SliderCertificate:
    """Return the certificate of a slider by its own descriptor alone, (seeds, positions)."""
    throws = (own[:, -1] - own[:, 0]) / reach.span
    throw, spread = float(throws.mean()), find_spread(throws)
    curve, steadiness = mean_curve(own), find_steadiness(own, seconds)
    state, reason = _judge(name, steadiness, throw, find_width(spread, len(own)), len(own), reach)
    whole = np.isfinite(own).all(1).any()
    return SliderCertificate(
        name,
        state=state,
        reason=reason,
        range=(float(curve[0]), float(curve[2]), float(curve[-1])) if state != "unmeasured" else None,
        curve=tuple(map(float, curve)) if state != "unmeasured" else (),
        steadiness=steadiness,
        throw=throw,
        drives=calibrate(curve.tolist()) if whole and state in ("certified", "weak") else POSITIONS,
        seeds=len(own),
        spread=spread,
    )


def describe_discovered(name: str, values: Doubles, chart: Chart) -> SliderCertificate:
    """Say what a discovered slider does to the descriptors; `values` as in `judge`."""
    return SliderCertificate(name, state="discovered", side_effects=find_effects(values, chart), seeds=len(values))


def spans(chart: Chart) -> Doubles:
    """Return the corpus's range of each descriptor, (descriptors,)."""
    return np.array([chart.reach(name).span for name in NAMES])


def mean_curve(own: Doubles) -> Doubles:
    """Return the mean of all seeds at POSITIONS; what no seed has lies half way between 0 and its end.

    Every seed has a level of its own, so that seeds differ in their changes from 0 only.

    Args:
        own: One descriptor, nan where it was not measured, (seeds, positions).
    """
    changes = own - own[:, 2:3]
    known = np.isfinite(changes)
    sums = np.where(known, changes, 0.0).sum(0)
    curve = np.divide(sums, known.sum(0), out=np.full(len(POSITIONS), np.nan), where=known.any(0))
    for middle, end in ((1, 0), (3, -1)):
        if np.isnan(curve[middle]):
            curve[middle] = curve[end] / 2
    return curve + own[:, 2].mean()


def find_steadiness(own: Doubles, seconds: float) -> float:
    """Return the median rank correlation of position and descriptor.

    Outputs are short here, to be many: the curves of so many seeds are averaged as last SOUNDING_SECONDS together.

    Args:
        own: Of each seed at POSITIONS, (seeds, positions); nan where it was not measured.
        seconds: How long each output is.
    """
    whole = np.isfinite(own).all(1)
    curves = own[whole] if whole.sum() >= min(SURE_SEEDS, len(own)) else own[:, ENDS_AND_MIDDLE]
    together = min(len(curves), math.ceil(SOUNDING_SECONDS / seconds))
    groups = np.array(list(combinations(range(len(curves)), together)))
    return float(np.median(rank_correlations(curves[groups].mean(1))))


def find_spread(throws: Doubles) -> float | None:
    """Return the standard error of the mean of some seeds' throws, (seeds,); None of a single one."""
    return float(throws.std(ddof=1) / math.sqrt(len(throws))) if len(throws) > 1 else None


def doubt(slider: SliderCertificate) -> tuple[bool, float]:
    """Return how uncertain a certificate is, to be compared: whether its state may be another, and how wide it is."""
    if slider.seeds == 0:
        return True, math.inf
    wide = find_width(slider.spread, slider.seeds)
    near = any(abs(slider.throw - bar) < OPEN_SPREADS * wide for bar in (0.0, LEAST_THROW, FULL_THROW))
    return near or slider.steadiness <= STEADY - ROUNDING, wide


def find_width(spread: float | None, seeds: int) -> float:
    """Return how uncertain a throw is, spans: its spread, and more of few seeds, which may agree by chance."""
    between = (spread or 0.0) ** 2 * seeds * (seeds - 1)
    return math.sqrt(between + UNKNOWN_SPREAD**2) / seeds


def _judge(name: str, steadiness: float, throw: float, wide: float, seeds: int, reach: Reach) -> tuple[State, str]:
    """Return the state of a slider, and the reason where it is not certified."""
    high, steady = SLIDERS[name].high, steadiness > STEADY - ROUNDING
    usable = steadiness >= SHAKY and throw >= LEAST_THROW
    far = f"it covers {throw:.0%} of what the recordings do"
    if seeds < SURE_SEEDS:
        return ("weak", ONCE) if usable else ("unmeasured", ONCE)
    if steady and throw >= FULL_THROW:
        return "certified", ""
    if usable:
        return "weak", far if steady else f"{far}, and not in even steps (steadiness {steadiness:.2f})"
    if reach.high - reach.low < reach.least:
        return "off", f"all recordings are about equally {high}"
    if seeds < MANY_SEEDS and throw + OPEN_SPREADS * wide >= LEAST_THROW:
        return "weak", f"{far}, by {seeds} sounds only; more time measures it again"
    if steadiness >= SHAKY:
        return "off", f"it changes next to nothing: {throw:.0%} of what the recordings do"
    return "off", f"it does not make this model's sound more {high} reliably (steadiness {steadiness:.2f})"


def rank_correlations(curves: Doubles) -> Doubles:
    """Return Spearman's rank correlation of each curve with rising positions, (curves,); 0 where nothing changes.

    Args:
        curves: Shape (curves, positions).
    """
    ranks = rankdata(curves, axis=1)
    own, other = ranks - ranks.mean(1, keepdims=True), np.arange(curves.shape[1]) - (curves.shape[1] - 1) / 2
    size = np.sqrt((own**2).sum(1) * (other**2).sum())
    return np.divide(own @ other, size, out=np.zeros(len(curves)), where=size > 0)
