"""How unlike short stretches of sound are: a log-spectral distance that hears neither level nor what is inaudible.

The distance is that of Gray and Markel (Distance measures for speech processing, 1976) on mel bands, made robust:

    distance = sum(w * min(|a - b - g|, MOST_DB)) / sum(w)

over all bands of all frames, a and b in dB. The gain g between the two is the one on which most bands agree. What lies
RANGE_DB below the loudest band of either is raised to there, and w is how far the louder of a and b + g stands above
it. A band that differs by MOST_DB is simply another one, so that where two sounds lie over each other, the part that
is a recording is still recognised.
"""

import numpy as np
from numpy.typing import NDArray

from engine.errors import ShapeError
from engine.units import DB_PER_NEPER, LOG_FLOOR

Floats = NDArray[np.float32]

RANGE_DB = 60.0
MOST_DB = 9.0
QUIETEST_DB = DB_PER_NEPER * float(np.log(LOG_FLOOR)) + 6.0  # below it a log-mel tells little of a sound
AGREE_DB = 6.0  # apart, bands have half a say in the gain
GAIN_ROUNDS = 2


def unlikeness_db(some: Floats, others: Floats) -> Floats:
    """Return the distance between stretches of sound, pair by pair.

    Args:
        some: Log-mels, (pairs, frames, mels), neper; or a single one, (1, frames, mels), for all pairs.
        others: Log-mels, (pairs, frames, mels), neper.

    Returns:
        0 (the same sound, at any level) to MOST_DB, shape (pairs,).

    Raises:
        ShapeError: the shapes do not agree.
    """
    if some.ndim != 3 or some.shape[1:] != others.shape[1:] or len(some) not in (1, len(others)):
        raise ShapeError(f"stretches have shape (pairs, frames, mels) each, not {some.shape} and {others.shape}")
    a = DB_PER_NEPER * some.reshape(len(some), -1)
    b = DB_PER_NEPER * others.reshape(len(others), -1)
    floor_a, floor_b = _audible_from(a), _audible_from(b)
    gain = _gain_between(a, b, (a > floor_a) & (b > floor_b))
    floor = np.maximum(floor_a, floor_b + gain)
    a, b = np.maximum(a, floor), np.maximum(b + gain, floor)
    weight = np.maximum(a, b) - floor
    apart = np.minimum(np.abs(a - b), np.float32(MOST_DB))
    total, sum_apart = weight.sum(1), np.einsum("pc,pc->p", weight, apart)
    return np.where(total > 0.0, sum_apart / np.maximum(total, 1e-3), np.float32(MOST_DB))


def _audible_from(level_db: Floats) -> Floats:
    """Return the level from which on a band of a sound can be heard, (sounds, 1), dB."""
    return np.maximum(level_db.max(1, keepdims=True) - np.float32(RANGE_DB), np.float32(QUIETEST_DB))


def _gain_between(a: Floats, b: Floats, counts: NDArray[np.bool_]) -> Floats:
    """Return the gain in dB that brings b to the level of a where it `counts`, (pairs, 1): a robust mean."""
    difference = a - b
    weight = counts.astype(np.float32)
    gain = np.zeros((len(b), 1), np.float32)
    for _ in range(GAIN_ROUNDS):
        total = weight.sum(1, keepdims=True)
        gain = np.einsum("pc,pc->p", weight, difference)[:, None] / np.maximum(total, np.float32(1e-6))
        weight = counts / (((difference - gain) * np.float32(1.0 / AGREE_DB)) ** 2 + np.float32(1.0))
    return gain
