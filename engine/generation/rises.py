"""Rises of level of all that sounds together, slowed where sounds are softened: what `attack` below 0 asks of the mix.

Each event may swell as slowly as was wanted, and all of them still jump where they beat with each other: out of a notch
the sum rises at once. So the level of the middle is followed in steps of 10 ms, and it is held back where it rises
faster than it may. What differs between the channels stays, and so does what falls. One step is looked ahead.
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from engine.features.descriptors import ATTACK_HOP
from engine.generation.onset import steepest_rise_db
from engine.sliders import LIMIT
from engine.units import SAMPLE_RATE

Floats = NDArray[np.float32]
Doubles = NDArray[np.float64]

SLOWEST_DB = 3.0  # rise within 10 ms that the softest mix may have: with less, notches would be drawn out to holes
FLOOR_DB = -70.0  # below full scale: softer levels count as this


class Softening(NamedTuple):
    """What is asked of the rises of an output.

    Attributes:
        drives: Of the slider of attack at times (seconds), -LIMIT to LIMIT; from 0 on nothing is slowed.
        steepest_db: Rise of level within 10 ms that is steep in the corpus.
    """

    drives: Callable[[Doubles], Doubles]
    steepest_db: float

    def rises_db(self, seconds: Doubles) -> Doubles:
        """Return by how much the level may rise within 10 ms at times, the shape of `seconds`; infinite where free."""
        amount = np.clip(-self.drives(seconds) / LIMIT, 0.0, 1.0)
        allowed = steepest_rise_db(self.steepest_db) ** (1 - amount) * SLOWEST_DB**amount
        rises: Doubles = np.where(amount > 0, allowed, np.inf)
        return rises


class SlowRises:
    """Stage that slows the rises of a sound which comes in blocks; it holds back two steps at most."""

    def __init__(self, asked: Softening) -> None:
        """Begin behind silence."""
        self._asked = asked
        self._waiting: list[Floats] = []
        self._steps, self._level, self._edge = 0, FLOOR_DB, 0.0  # done so far, the level allowed last, the gain there

    def process(self, block: Floats) -> Floats:
        """Take a block (samples, channels), return what is ready."""
        self._waiting.append(block)
        if sum(map(len, self._waiting)) < 2 * ATTACK_HOP:
            return block[:0]
        sound = np.concatenate(self._waiting)
        ready = len(sound) // ATTACK_HOP - 1
        self._waiting = [sound[ready * ATTACK_HOP :]]
        return self._slowed(sound[: (ready + 1) * ATTACK_HOP], ready)

    def flush(self) -> Floats:
        """Return the rest."""
        sound = np.concatenate(self._waiting) if self._waiting else np.zeros((0, 1), np.float32)
        return self._slowed(sound, -(-len(sound) // ATTACK_HOP)) if len(sound) else sound

    def _slowed(self, sound: Floats, ready: int) -> Floats:
        """Return the first steps of a sound, slowed; it goes on for one more where there is one."""
        edges = np.minimum(np.arange(-(-len(sound) // ATTACK_HOP) + 1) * ATTACK_HOP, len(sound))
        levels = _levels(sound, edges)
        seconds = np.arange(self._steps, self._steps + len(levels), dtype=np.float64) * (ATTACK_HOP / SAMPLE_RATE)
        allowed = _allowed(levels, self._asked.rises_db(seconds), self._level)
        gains = allowed - levels
        self._steps, self._level = self._steps + ready, float(allowed[ready - 1])
        at_edges = np.concatenate([[min(self._edge, gains[0])], np.minimum(gains[:-1], gains[1:]), gains[-1:]])
        self._edge = float(at_edges[ready])
        return _under(sound, edges, at_edges)[: int(edges[ready])]


def slow_rises_around(loop: Floats, asked: Softening) -> Floats:
    """Return a loop (samples, channels) whose rises are slowed, as it sounds when it is heard again and again."""
    edges = np.linspace(0, len(loop), max(1, round(len(loop) / ATTACK_HOP)) + 1).astype(int)
    levels, rises = _levels(loop, edges), asked.rises_db(edges[:-1] / SAMPLE_RATE)
    before = _allowed(levels, rises, FLOOR_DB)[-1]
    gains = _allowed(levels, rises, before) - levels
    at_edges = np.minimum(gains, np.roll(gains, 1))
    return _under(loop, edges, np.append(at_edges, at_edges[0]))


def _levels(sound: Floats, edges: NDArray[np.integer]) -> Doubles:
    """Return the level of the middle of a sound (samples, channels) between each two edges, dB."""
    power = np.add.reduceat(sound.mean(1, dtype=np.float64) ** 2, edges[:-1]) / np.diff(edges)
    levels: Doubles = 10 * np.log10(power + 10 ** (FLOOR_DB / 10))
    return levels


def _allowed(levels: Doubles, rises_db: Doubles, before: float) -> Doubles:
    """Return levels that rise from each to the next by no more than they may, the first from the one before."""
    allowed = np.empty(len(levels))
    for place, (level, rise_db) in enumerate(zip(levels, rises_db, strict=True)):
        before = allowed[place] = min(level, before + rise_db)
    return allowed


def _under(sound: Floats, edges: NDArray[np.integer], gains_db: Doubles) -> Floats:
    """Return a sound (samples, channels) with its middle under gains at edges, straight between them."""
    gain = np.interp(np.arange(len(sound)), edges, 10 ** (gains_db / 20)).astype(np.float32)
    return sound + (gain[:, None] - 1) * sound.mean(1, keepdims=True)
