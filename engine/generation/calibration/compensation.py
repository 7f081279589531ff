"""Compensation asks for the opposite of what a slider moves by the side, so that it does what its name says.

Events are steered one by one, and together they are not always what each was meant to be. What was missing is heard in
whole outputs.
"""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from engine.generation.sliders.looking import TRAITS
from engine.latent.chart import NAMES
from engine.properties.describing import PROPERTIES
from engine.sliders import REGISTER

Doubles = NDArray[np.float64]
Compensation = tuple[Mapping[str, float], Mapping[str, float]]  # at both ends, by descriptor, in spans

NOTHING: Compensation = ({}, {})
GOOD = 0.6  # share of its own from which on a slider needs none
SHORT_ASKED = 3.0  # times what is missing of enough: what is asked for besides takes some of a slider's throw
WANTED_THROW = 1.6  # for which a slider is asked at most
LARGEST, SMALLEST = 1.2, 0.05  # spans that are asked for


def compensate(own: str, low: Doubles, high: Doubles) -> Compensation:
    """Return what is to be asked for besides at both ends of a slider.

    Its own descriptor is asked for more where it falls short, most on the side that goes farther: the other may have no
    room. Of the others all that can be asked for is to stay.

    Args:
        own: The slider's descriptor; register is never asked for more.
        low: Change of each descriptor from 0 to the lower end, in spans, (7,).
        high: The same to the upper end.
    """
    sides = np.array([-low[NAMES.index(own)], high[NAMES.index(own)]]) if own in NAMES else np.zeros(2)
    throw = float(sides.sum())
    rules = PROPERTIES[own].rules if own in NAMES else None
    short = min(SHORT_ASKED * (rules.enough - abs(throw)), WANTED_THROW - abs(throw)) if rules else 0.0
    missing = np.copysign(max(0.0, short), throw)
    ways = np.maximum(sides * np.sign(throw), SMALLEST)
    short_low, short_high = missing * ways / ways.sum()
    return _against(own, low, -float(short_low)), _against(own, high, float(short_high))


def _against(own: str, effects: Doubles, short: float) -> Mapping[str, float]:
    """Return what is to be asked for besides at one end, where that much is missing of the slider's own."""
    wanted = {name: -effects[NAMES.index(name)] for name in TRAITS}
    if own in wanted:
        wanted[own] = short
    limited = {name: float(np.clip(much, -LARGEST, LARGEST)) for name, much in wanted.items()}
    return {name: much for name, much in limited.items() if abs(much) > SMALLEST}


def own_share(own: str, swing: Doubles, register: float = 0.0) -> float:
    """Return the share of its own descriptor in all that a slider changes of what can be asked for.

    The rest differs by chance in as few outputs as are listened to.

    Args:
        own: The slider's descriptor.
        swing: Change of each descriptor from end to end, in spans, (7,).
        register: The same of the register.
    """
    asked = [place for place, name in enumerate(NAMES) if name == own or name in TRAITS]
    others, itself = np.abs(swing[asked]).sum(), abs(register if own == REGISTER else swing[NAMES.index(own)])
    return float(itself / max(others + (itself if own == REGISTER else 0.0), 1e-9))
