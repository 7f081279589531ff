"""Delays that are no whole number of samples and change while the sound goes on, without steps."""

import numpy as np
from numpy.typing import NDArray

from engine.errors import ParameterError, ShapeError

Floats = NDArray[np.float32]
Doubles = NDArray[np.float64]

REACH = 12  # samples on each side of the place between two samples that is read
DEGREE = 5  # of the polynomials: with REACH, errors are below -68 dB to 18 kHz and -43 dB at 20 kHz
SHARPNESS = 7.0  # of the Kaiser window
PIECE = 1 << 15  # samples read at once


def _branches() -> Floats:
    """Return, for each neighbour, its weight as a polynomial of the place between two samples (Farrow 1988).

    Fitted to a windowed sinc at Chebyshev points.

    Returns:
        Shape (2 * REACH neighbours, DEGREE + 1), lowest power first.
    """
    between = 0.5 - 0.5 * np.cos(np.pi * (np.arange(64) + 0.5) / 64)
    distance = np.arange(1 - REACH, REACH + 1) - between[:, None]
    window = np.i0(SHARPNESS * np.sqrt(np.maximum(0.0, 1.0 - (distance / REACH) ** 2)))
    weights = np.sinc(distance) * window
    weights /= weights.sum(1, keepdims=True)
    polynomials = np.linalg.lstsq(np.vander(between, DEGREE + 1, increasing=True), weights, rcond=None)[0]
    return np.ascontiguousarray(polynomials.T, np.float32)


BRANCHES = _branches()


def read_delayed(sound: Floats, delays_samples: Doubles) -> Floats:
    """Return a sound as it is heard later: sample t of the result is the sound at t - delays_samples[t].

    Args:
        sound: Shape (samples,); silence before and after it.
        delays_samples: 0 or more, changing by less than a sample a sample, shape (result,).

    Returns:
        Shape (result,).

    Raises:
        ShapeError: an array has several axes.
        ParameterError: a delay is negative.
    """
    if sound.ndim != 1 or delays_samples.ndim != 1:
        raise ShapeError(f"sound and delays have one axis, not {sound.shape} and {delays_samples.shape}")
    if len(delays_samples) and delays_samples.min() < 0.0:
        raise ParameterError(f"a delay is {delays_samples.min():g} samples; nothing is heard before it sounds")
    result = np.zeros(len(delays_samples), np.float32)
    for at in range(0, len(result), PIECE):
        place = np.arange(at, min(at + PIECE, len(result))) - delays_samples[at : at + PIECE]
        result[at : at + PIECE] = _read_between(sound, place)
    return result


def _read_between(sound: Floats, place: Doubles) -> Floats:
    """Return a sound at places between its samples, shape (places,)."""
    whole = np.floor(place).astype(np.intp)
    part = (place - whole).astype(np.float32)
    first, last = int(whole.min()) - REACH + 1, int(whole.max()) + REACH + 1
    needed = np.zeros(last - first, np.float32)
    begin, end = np.clip((first, last), 0, len(sound))
    needed[begin - first : end - first] = sound[begin:end]
    around = np.lib.stride_tricks.sliding_window_view(needed, 2 * REACH) @ BRANCHES
    powers = around[whole - whole.min()]
    value = powers[:, DEGREE]
    for power in range(DEGREE - 1, -1, -1):
        value = value * part + powers[:, power]
    return np.asarray(value, np.float32)
