"""How a sound flows: how much of it is silent, and how often it stops hard. In numpy only, apart from the engine."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

FRAMES_A_SECOND = 100
SILENT_DB = 60.0  # below the loud frames
LOUD_PERCENTILE = 95.0
FLOOR = 1e-10  # of the energy of a frame
BEFORE, FALLING, AFTER = 15, 8, 4  # frames at full level, then falling, then soft
FULL_DB, FALL_DB = 25.0, 20.0  # below the loud frames at most, and how far it falls
APART = 20  # frames that two stops are apart at least

Samples = NDArray[np.floating]
Doubles = NDArray[np.float64]


@dataclass(frozen=True)
class Flow:
    """How a sound flows.

    Attributes:
        silent: Share of its time that lies SILENT_DB below what is loud in it, 0 to 1.
        stops_a_minute: Falls of FALL_DB within FALLING frames from full level.
    """

    silent: float
    stops_a_minute: float


def measure_flow(samples: Samples, sample_rate: int) -> Flow:
    """Measure a mono sound, (samples,)."""
    level = frame_levels_db(samples, sample_rate)
    if not len(level):
        return Flow(0.0, 0.0)
    loud = float(np.percentile(level, LOUD_PERCENTILE))
    stops = count_stops(level, loud)
    return Flow(float((level < loud - SILENT_DB).mean()), stops * 60 * FRAMES_A_SECOND / len(level))


def average_flow(flows: Iterable[tuple[Flow, float]]) -> Flow | None:
    """Return the flow of several sounds together, each with its seconds; None of none."""
    known = [(flow, seconds) for flow, seconds in flows if seconds > 0]
    total = sum(seconds for _, seconds in known)
    if not known:
        return None
    return Flow(
        sum(flow.silent * seconds for flow, seconds in known) / total,
        sum(flow.stops_a_minute * seconds for flow, seconds in known) / total,
    )


def frame_levels_db(samples: Samples, sample_rate: int) -> Doubles:
    """Return the level of each whole frame, (frames,)."""
    size = sample_rate // FRAMES_A_SECOND
    frames = np.asarray(samples, np.float64)[: len(samples) // size * size].reshape(-1, size)
    return 10 * np.log10((frames**2).mean(1) + FLOOR)


def count_stops(level: Doubles, loud: float) -> int:
    """Return how often a level falls hard from where it is full."""
    if len(level) < BEFORE + FALLING + AFTER:
        return 0
    sums = np.concatenate([[0.0], np.cumsum(level)])
    at = np.arange(BEFORE, len(level) - FALLING - AFTER + 1)
    before = (sums[at] - sums[at - BEFORE]) / BEFORE
    after = (sums[at + FALLING + AFTER] - sums[at + FALLING]) / AFTER
    falls = at[(before > loud - FULL_DB) & (after < before - FALL_DB)]
    return int(len(falls) > 0) + int((np.diff(falls) > APART).sum())
