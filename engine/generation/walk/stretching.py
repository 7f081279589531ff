"""A latent track at another length: its attack as it is, behind it slower, or its middle walked to and fro."""

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]

ATTACK_FRAMES = 3  # latent frames (0.13 s) at the start of a sound that are never stretched
SUSTAIN = (0.3, 0.7)  # part of a sustained sound that is walked to and fro to draw it out


def stretch_track(track: Floats, frames: int, sustained: float) -> Floats:
    """Return a track at another length, its attack kept as it is, (frames, latent).

    Args:
        track: Shape (latent frames, latent).
        frames: That it is to have.
        sustained: 0 a longer one is played slower, 1 its middle is played to and fro.
    """
    steps = np.arange(frames, dtype=np.float64)
    attack, last = min(ATTACK_FRAMES, len(track) - 1), len(track) - 1
    rest = (last - attack) / max(1, frames - 1 - attack)
    places = np.where(steps < attack, steps, attack + (steps - attack) * rest)
    if sustained > 0.0 and frames > len(track):
        places = (1.0 - sustained) * places + sustained * _to_and_fro(frames, last)
    return _interpolate(track, places)


def _to_and_fro(frames: int, last: int) -> NDArray[np.float64]:
    """Return places on a track that go back and forth in its middle until only its end is left to play."""
    low, high = (part * last for part in SUSTAIN)
    tail = last - high
    middle = np.arange(frames - tail)
    period = max(2 * (high - low), 1e-6)
    swing = np.abs((middle - low) % period)
    bounced = low + np.where(swing > period / 2, period - swing, swing)
    places = np.where(middle < low, middle, bounced)
    end = np.linspace(places[-1], last, frames - len(middle) + 1)[1:]
    return np.concatenate([places, end])[:frames]


def _interpolate(track: Floats, places: NDArray[np.float64]) -> Floats:
    """Return a track at fractional places, (places, latent)."""
    low = np.clip(np.floor(places).astype(int), 0, len(track) - 1)
    high = np.minimum(low + 1, len(track) - 1)
    part = (places - low)[:, None].astype(np.float32)
    return track[low] * (1 - part) + track[high] * part
