"""Attack, soft to percussive: the steepest rises of level.

An event that begins is slowed down or sharpened (`onset`); below 0 the rises of the mix are slowed as well (`rises`).
"""

import numpy as np
from numpy.typing import NDArray

from engine.features.descriptors import ATTACK_HOP, GATE_DB
from engine.properties.onset import shape_onset
from engine.properties.property import Floats, Mixing, Property, Request, Take
from engine.properties.rises import LEAD_SAMPLES, SlowRises
from engine.units import SAMPLE_RATE

Doubles = NDArray[np.float64]


def attack(samples: Doubles) -> float:
    """Return the mean of the steepest rises of level from one 10 ms to the next, one for each second, in dB."""
    whole = len(samples) // ATTACK_HOP * ATTACK_HOP
    level = 10 * np.log10((samples[:whole].reshape(-1, ATTACK_HOP) ** 2).mean(1) + 1e-7)
    if len(level) < 2:
        return 0.0
    rises = np.maximum(0.0, np.diff(np.maximum(level, level.max() - GATE_DB)))
    strongest = max(1, round(len(samples) / SAMPLE_RATE))
    return float(np.sort(rises)[-strongest:].mean())


def begin(take: Take, request: Request) -> Floats:
    """Return the samples of an event that begins as softly or as hard as is asked for."""
    if not take.is_onset:
        return take.samples
    return shape_onset(take.samples, request.drive(take.seconds), take.gap_seconds, request.reach.high)


PROPERTY = Property(measure=attack, event=begin, mix=Mixing(SlowRises, LEAD_SAMPLES, 2 * ATTACK_HOP))
