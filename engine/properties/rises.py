"""Rises of level of all that sounds together, slowed where sounds are softened: what `attack` below 0 asks of the mix.

Each event may swell as slowly as was wanted, and all of them still jump where they beat with each other: out of a notch
the sum rises at once. So the level of the middle is followed in steps of 10 ms, and it is held back where it comes back
faster than it may. What rises far above what was heard just before is an event that begins, slowed by itself as far as
it could be, and is left alone; so is what falls, and what differs between the channels. One step is looked ahead.
"""

import math
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from engine.features.descriptors import ATTACK_HOP
from engine.properties.onset import FALL_DB, steepest_rise_db
from engine.properties.property import Request
from engine.sliders import LIMIT, NEAR_MIDDLE
from engine.units import SAMPLE_RATE

Floats = NDArray[np.float32]
Doubles = NDArray[np.float64]
Steps = TypeVar("Steps", int, NDArray[np.int64])

SLOWEST_MIX_DB = 3.0  # rise within 10 ms that the softest mix may have: with less, notches would be drawn out to holes
HELD_DB = 9.0  # by which what comes back is held back at most; by less what rises above what was heard before
FLOOR_DB = -70.0  # below full scale: softer levels count as this
# Whatever was heard before, within so many steps it is the same: first what was heard just before, which falls from
# MIX_PEAK_DB to the floor or meets a level that is above it; then what is allowed, which is at most HELD_DB below the
# level, comes SLOWEST_MIX_DB nearer in each step in which two such courses differ, and cannot come above MIX_PEAK_DB.
MIX_PEAK_DB = 6.0
LEAD_STEPS = math.ceil((MIX_PEAK_DB - FLOOR_DB) / FALL_DB + (MIX_PEAK_DB - FLOOR_DB + HELD_DB) / SLOWEST_MIX_DB) + 1
LEAD_SAMPLES = LEAD_STEPS * ATTACK_HOP


def rises_db(request: Request, seconds: Doubles) -> Doubles:
    """Return by how much the level may rise within 10 ms at times, the shape of `seconds`; infinite where free."""
    amount = _amounts(request, seconds)
    allowed = steepest_rise_db(request.reach.high) ** (1 - amount) * SLOWEST_MIX_DB**amount
    rises: Doubles = np.where(amount > 0, allowed, np.inf)
    return rises


def shares(request: Request, seconds: Doubles) -> Doubles:
    """Return how much of what slows the rises is heard at times, 0 to 1: little near the middle of the slider."""
    heard: Doubles = np.minimum(1.0, _amounts(request, seconds) / NEAR_MIDDLE)
    return heard


def _amounts(request: Request, seconds: Doubles) -> Doubles:
    """Return how far the slider is below 0 at times, 0 to 1."""
    amounts: Doubles = np.clip(-request.drives(seconds) / LIMIT, 0.0, 1.0)
    return amounts


class SlowRises:
    """Stage that slows the rises of a sound which comes in blocks; it holds back two steps at most.

    Steps lie where they lie in the whole output, and those of a loop fill it evenly. So from LEAD_SAMPLES behind its
    first sample on the stage does what it would do if it had heard all that came before.

    Args:
        request: By the slider of attack; from 0 on nothing is slowed.
        first: Where the first sample is in the output.
        period: Samples of a loop, None where there is none.
    """

    def __init__(self, request: Request, first: int = 0, period: int | None = None) -> None:
        self._request, self._period = request, period
        self._span = (period, max(1, round(period / ATTACK_HOP))) if period else (ATTACK_HOP, 1)
        self._at = first  # of what waits, in the output
        self._waiting: list[Floats] = []
        self._before = (FLOOR_DB, FLOOR_DB, 1.0)  # of the last step that is done: level, peak and gain

    def process(self, block: Floats) -> Floats:
        """Take a block (samples, channels), return what is ready."""
        self._waiting.append(block)
        end = self._at + sum(map(len, self._waiting))
        whole = self._step_of(end) - self._step_of(self._at)
        if whole < 2:
            return block[:0]
        sound = np.concatenate(self._waiting)
        known = self._edge(self._step_of(end)) - self._at
        ready = self._slowed(sound[:known], whole - 1)
        self._waiting = [sound[len(ready) :]]
        return ready

    def flush(self) -> Floats:
        """Return the rest."""
        sound = np.concatenate(self._waiting) if self._waiting else np.zeros((0, 1), np.float32)
        return self._slowed(sound, self._step_of(self._at + len(sound) - 1) - self._step_of(self._at) + 1)

    def _slowed(self, sound: Floats, ready: int) -> Floats:
        """Return the first steps of a sound, slowed; it goes on for one more where there is one."""
        if not len(sound):
            return sound
        first, last = self._step_of(self._at), self._step_of(self._at + len(sound) - 1)
        begins = self._edge(np.arange(first, last + 2))
        edges = np.clip(begins - self._at, 0, len(sound))
        levels = _levels(sound, edges)
        seconds = (begins[:-1] % self._period if self._period else begins[:-1]) / SAMPLE_RATE
        allowed, peaks = _allowed(levels, rises_db(self._request, seconds), *self._before[:2])
        gains = _gains(levels, allowed) ** shares(self._request, seconds)
        around = np.array([self._before[2], *gains, gains[-1]])
        done, slowed = ready - 1, _under(sound, edges, around)[: int(edges[ready])]
        self._at, self._before = self._at + len(slowed), (allowed[done], peaks[done], gains[done])
        return slowed

    def _edge(self, step: Steps) -> Steps:
        """Return where steps begin in the output, samples."""
        samples, steps = self._span
        return step * samples // steps

    def _step_of(self, sample: int) -> int:
        """Return the step in which a sample lies."""
        samples, steps = self._span
        return ((sample + 1) * steps - 1) // samples


def _levels(sound: Floats, edges: NDArray[np.integer]) -> Doubles:
    """Return the level of the middle of a sound (samples, channels) between each two edges, dB."""
    power = np.add.reduceat(sound.mean(1, dtype=np.float64) ** 2, edges[:-1]) / np.diff(edges)
    levels: Doubles = 10 * np.log10(power + 10 ** (FLOOR_DB / 10))
    return levels


def _allowed(levels: Doubles, rises_db: Doubles, before: float, peak: float) -> tuple[Doubles, Doubles]:
    """Return levels that come back no faster than they may, and what was heard just before, as a peak follower has it.

    Args:
        levels: In steps of 10 ms.
        rises_db: By which each may be above the one before.
        before: What was allowed before the first.
        peak: What was heard before it.
    """
    allowed, peaks = np.empty((2, len(levels)))
    for place, (level, rise_db) in enumerate(zip(levels.tolist(), rises_db.tolist(), strict=True)):
        held = max(0.0, HELD_DB - max(0.0, level - peak))
        before = allowed[place] = min(level, max(before + rise_db, level - held))
        peak = peaks[place] = max(level, peak - FALL_DB)
    return allowed, peaks


def _gains(levels: Doubles, allowed: Doubles) -> Doubles:
    """Return the gains that bring levels to those that are allowed; the floor is in both, and not in the sound."""
    floor = 10 ** (FLOOR_DB / 10)
    power, wanted = 10 ** (levels / 10) - floor, 10 ** (allowed / 10) - floor
    gains: Doubles = np.where(allowed < levels, np.sqrt(np.maximum(wanted, 0.0) / np.maximum(power, 1e-20)), 1.0)
    return gains


def _under(sound: Floats, edges: NDArray[np.integer], gains: Doubles) -> Floats:
    """Return a sound with its middle under gains, straight between them: each has come where the louder one begins.

    Args:
        sound: Shape (samples, channels).
        edges: Of its steps, (steps + 1,), samples.
        gains: Of each step, and of those before and behind them, (steps + 2,).
    """
    places = np.empty(2 * len(edges) - 1)
    points = np.empty(len(places))
    places[::2], places[1::2] = edges, (edges[1:] + edges[:-1]) / 2
    points[::2], points[1::2] = np.minimum(gains[1:], gains[:-1]), gains[1:-1]
    gain = np.interp(np.arange(len(sound)), places, points).astype(np.float32)
    return sound + (gain[:, None] - 1) * sound.mean(1, keepdims=True)
