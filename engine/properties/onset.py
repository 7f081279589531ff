"""How an event begins: slowed down so that it swells, or sharpened so that it strikes. What `attack` steers."""

import numpy as np
from numpy.typing import NDArray

from engine.features.descriptors import ATTACK_HOP, GATE_DB
from engine.sliders import LIMIT, NEAR_MIDDLE
from engine.units import SAMPLE_RATE, seconds_to_samples

Floats = NDArray[np.float32]
Doubles = NDArray[np.float64]

SLOWEST_DB = 1.0  # rise within 10 ms that the softest sound may have
STEEPEST_DB = 12.0  # rise within 10 ms from which softening begins, or half more than the steepest of the corpus
BEYOND_CORPUS = 1.5
EARLY_SECONDS = 0.4  # within which a sound has begun
BEGUN_DB = 6.0  # below the loudest early moment: where a sharpened sound starts
DECAY_DB = 30.0  # that a sharpened sound falls until the next event, at full attack
MOST_MADE_UP_DB = 12.0  # by which a softened sound is made up for what it lost
HELD_DB = 9.0  # by which a contour is brought back to another one at most
FALL_DB = 1.0  # within 10 ms: what falls faster in a contour is not followed, or the chance in noise would be
RISES_TRIED = 32  # up to one that slows nothing
SETTLED = 4  # rounds


def shape_onset(sound: Floats, drive: float, gap_seconds: float, steepest_db: float) -> Floats:
    """Soften or sharpen the beginning of an event, at the energy that it has.

    Args:
        sound: Shape (samples, channels).
        drive: -LIMIT soft to LIMIT percussive; at 0 nothing is changed.
        gap_seconds: Until the next event.
        steepest_db: Rise of level within 10 ms that is steep in the corpus.
    """
    if drive == 0.0 or len(sound) <= ATTACK_HOP:
        return sound
    amount = abs(drive) / LIMIT
    steepest = steepest_rise_db(steepest_db)
    shaped = _slow(sound, amount, steepest) if drive < 0 else _sharpen(sound, amount, gap_seconds)
    lost_db = 10 * np.log10(((sound**2).mean() + 1e-12) / ((shaped**2).mean() + 1e-12))
    return (shaped * 10 ** (min(lost_db, MOST_MADE_UP_DB) / 20)).astype(np.float32)


def steepest_rise_db(steepest_db: float) -> float:
    """Return the rise of level within 10 ms from which softening begins, for one that is steep in the corpus."""
    return max(STEEPEST_DB, BEYOND_CORPUS * steepest_db)


def levels(sound: Floats) -> Doubles:
    """Return the level of each 10 ms of a sound (samples, channels) in dB, those far below the loudest raised to it."""
    steps = -(-len(sound) // ATTACK_HOP)
    power = np.pad((sound.astype(np.float64) ** 2).mean(1), (0, steps * ATTACK_HOP - len(sound)))
    level = 10 * np.log10(power.reshape(steps, ATTACK_HOP).mean(1) + 1e-12)
    floored: Doubles = np.maximum(level, level.max() - GATE_DB)
    return floored


def hold_contour(sound: Floats, contour: Doubles) -> Floats:
    """Return a sound whose level comes and goes as another one's did, as far as they are not too different.

    Rises are followed at once and falls slowly, as a peak follower does: what is held in a tail is how it decays.

    Args:
        sound: Shape (samples, channels).
        contour: What `levels` says of the other one, which begins with it.
    """
    level = levels(sound)
    steps = min(len(level), len(contour))
    apart = _followed(contour[:steps] - contour.max()) - _followed(level[:steps] - level.max())
    return _under(sound, np.clip(apart, -HELD_DB, HELD_DB))


def _followed(level: Doubles) -> Doubles:
    """Return a level for each 10 ms that falls by FALL_DB from each to the next at most."""
    fallen = FALL_DB * np.arange(len(level))
    followed: Doubles = np.maximum.accumulate(level + fallen) - fallen
    return followed


def _under(sound: Floats, gain_db: Doubles) -> Floats:
    """Return a sound (samples, channels) under a gain for each 10 ms, the last one held."""
    middles = (np.arange(len(gain_db)) + 0.5) * ATTACK_HOP
    gain = 10 ** (np.interp(np.arange(len(sound)), middles, gain_db) / 20)
    return (sound * gain[:, None]).astype(np.float32)


def _slow(sound: Floats, amount: float, steepest_db: float) -> Floats:
    """Return a sound whose level rises slowly from silence on: the slower, the greater the amount.

    A sound that has decayed before it would have risen is slowed only as far as it can be made up for.
    """
    level = levels(sound)
    power = (10 ** (level / 10)).mean()
    wanted_db = steepest_db ** (1 - amount) * SLOWEST_DB**amount
    steeper_db = np.geomspace(SLOWEST_DB, GATE_DB, RISES_TRIED)
    allowed = level
    for rise_db in (wanted_db, *steeper_db[steeper_db > wanted_db]):
        allowed = _slowed(level, float(rise_db))
        if 10 * np.log10(power / (10 ** (allowed / 10)).mean()) <= MOST_MADE_UP_DB:
            break
    return _under(sound, min(1.0, amount / NEAR_MIDDLE) * np.minimum(allowed - level, 0.0))


def _slowed(level: Doubles, rise_db: float) -> Doubles:
    """Return levels that rise by no more than so much from each to the next, from GATE_DB below the loudest on."""
    steps = np.arange(len(level)) * rise_db
    slowed = np.minimum.accumulate(level - steps) + steps
    allowed: Doubles = slowed
    for _ in range(SETTLED):  # a later beginning makes the loudest softer
        allowed = np.minimum(slowed, allowed.max() - GATE_DB + steps + rise_db)
    return allowed


def _sharpen(sound: Floats, amount: float, gap_seconds: float) -> Floats:
    """Return a sound that starts where it is nearly loudest, and decays until the next event."""
    level = levels(sound)
    early = level[: max(1, round(EARLY_SECONDS * SAMPLE_RATE / ATTACK_HOP))]
    begun = int(np.argmax(early > early.max() - BEGUN_DB)) * ATTACK_HOP
    started = sound[round(begun * max(0.0, amount - NEAR_MIDDLE) / (1 - NEAR_MIDDLE)) :]
    gap = max(seconds_to_samples(gap_seconds), 1)
    fall_db = DECAY_DB * amount * np.minimum(1.0, np.arange(len(started)) / gap)
    return (started * 10 ** (-fall_db / 20)[:, None]).astype(np.float32)
