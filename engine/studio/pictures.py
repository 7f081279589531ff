"""A sound as a person sees it in the window: its outline, and its spectrum over time, from blocks of any number.

Both read a sound once, block by block, and keep no more of it than one analysis window, so its length does not matter.
Numpy is all they need: the window draws its recordings without torch.
"""

from collections.abc import Iterable, Iterator

import numpy as np
from numpy.typing import NDArray

from engine.errors import ParameterError
from engine.units import SAMPLE_RATE

Floats = NDArray[np.float32]

MOST_POINTS = 4_000
MOST_COLUMNS, MOST_ROWS = 2_000, 512
LOW_HZ, HIGH_HZ = 40.0, 18_000.0
DEPTH_DB = 90.0  # below the loudest cell is as dark as silence
WINDOW = 4_096  # samples of one spectrum: 12 Hz apart, so that low rows differ
MOST_FRAMES = 8  # spectra averaged in one column of a long sound
BATCH = 64  # spectra taken at once
FULL_SCALE = 32_767


def measure_peaks(blocks: Iterable[Floats], samples: int, points: int) -> NDArray[np.int16]:
    """Return the lowest and the highest sample in equal parts of a sound, all channels mixed to one.

    Args:
        blocks: The sound, (samples, channels) each; what goes beyond `samples` is left out, what is missing is silent.
        samples: Its length.
        points: Number of parts; a sound of fewer samples has as many.

    Returns:
        (points, 2), 32 767 at full scale.

    Raises:
        ParameterError: there are more points than MOST_POINTS, or none.
    """
    _check("points", points, MOST_POINTS)
    total = max(1, samples)
    count = min(points, total)
    bounds = np.arange(count + 1, dtype=np.int64) * total // count
    found = np.zeros((count, 2), np.float32)
    found[:, 0], found[:, 1] = np.inf, -np.inf
    at = 0
    for block in blocks:
        mono = block[: total - at] @ np.full(block.shape[1], 1.0 / block.shape[1], np.float32)
        if not len(mono):
            break
        first = int(np.searchsorted(bounds, at, "right")) - 1
        last = int(np.searchsorted(bounds, at + len(mono), "left"))  # the part after the block's last sample
        cuts = np.maximum(bounds[first:last] - at, 0)
        found[first:last, 0] = np.minimum(found[first:last, 0], np.minimum.reduceat(mono, cuts))
        found[first:last, 1] = np.maximum(found[first:last, 1], np.maximum.reduceat(mono, cuts))
        at += len(mono)
    heard = np.where(np.isfinite(found), found, 0.0)
    return np.rint(np.clip(heard, -1.0, 1.0) * FULL_SCALE).astype("<i2")


def draw_log_picture(blocks: Iterable[Floats], samples: int, columns: int, rows: int) -> NDArray[np.uint8]:
    """Return the spectrum of a sound over time on a logarithmic frequency axis from LOW_HZ to HIGH_HZ.

    Args:
        blocks: The sound at SAMPLE_RATE, (samples, channels) each; powers of channels are averaged.
        samples: Its length; see `measure_peaks`.
        columns: Equal parts of time, from left to right.
        rows: Equal parts of an octave scale, the lowest frequency first.

    Returns:
        (rows, columns), 255 for the loudest cell, 0 for what lies DEPTH_DB or more below it.

    Raises:
        ParameterError: there are more columns or rows than allowed, or none.
    """
    _check("columns", columns, MOST_COLUMNS)
    _check("rows", rows, MOST_ROWS)
    frames = int(np.clip(-(-samples // (columns * WINDOW // 2)), 1, MOST_FRAMES))
    middles = ((np.arange(columns * frames) + 0.5) * (max(1, samples) / (columns * frames))).astype(np.int64)
    edges = LOW_HZ * (HIGH_HZ / LOW_HZ) ** (np.arange(rows + 1) / rows) * (WINDOW / SAMPLE_RATE)
    power = np.zeros((columns, rows), np.float64)
    for first, windows in _windows(blocks, middles):
        found = _rows(_spectra(windows), edges)
        np.add.at(power, (first + np.arange(len(found))) // frames, found)
    return _shade(power).T


def _check(name: str, value: int, most: int) -> None:
    if not 1 <= value <= most:
        raise ParameterError(f"{name} = {value}: must be a whole number from 1 to {most}.", field=name)


def _windows(blocks: Iterable[Floats], middles: NDArray[np.int64]) -> Iterator[tuple[int, Floats]]:
    """Yield the stretches of a sound around some of its samples, BATCH at once: the number of the first, and them.

    Args:
        blocks: The sound, (samples, channels) each.
        middles: In rising order.

    Yields:
        The stretches as (number, WINDOW, channels).
    """
    starts = middles - WINDOW // 2
    held, begin, done = np.zeros((0, 1), np.float32), -WINDOW // 2, 0
    for block in _padded(blocks):
        held = np.concatenate([held, block]) if len(held) else block
        ready = int(np.searchsorted(starts, begin + len(held) - WINDOW, "right"))
        for first in range(done, ready, BATCH):
            some = starts[first : min(first + BATCH, ready)] - begin
            yield first, held[some[:, None] + np.arange(WINDOW)]
        done = max(done, ready)
        if done == len(starts):
            return
        passed = min(len(held), int(starts[done]) - begin)
        held, begin = held[passed:], begin + passed


def _padded(blocks: Iterable[Floats]) -> Iterator[Floats]:
    """Yield blocks with half a window of silence before them, and as much as anybody asks for behind them."""
    channels = 1
    for number, block in enumerate(blocks):
        channels = block.shape[1]
        if number == 0:
            yield np.zeros((WINDOW // 2, channels), np.float32)
        yield block
    while True:
        yield np.zeros((WINDOW, channels), np.float32)


def _spectra(windows: Floats) -> NDArray[np.float64]:
    """Return the power of each bin, (windows, bins), averaged over channels, from (windows, WINDOW, channels)."""
    shaped = windows * np.hanning(WINDOW)[None, :, None]
    spectra = np.fft.rfft(shaped, axis=1)
    power: NDArray[np.float64] = (spectra.real**2 + spectra.imag**2).mean(axis=2)
    return power


def _rows(power: NDArray[np.float64], edges: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the mean power between edges, (windows, rows): the bins joined by straight lines, and integrated.

    Args:
        power: Of each bin, (windows, bins).
        edges: Of the rows in bins, not whole, (rows + 1,).
    """
    below = np.zeros_like(power)
    np.cumsum((power[:, 1:] + power[:, :-1]) / 2.0, axis=1, out=below[:, 1:])
    whole = edges.astype(np.int64)
    part = edges - whole
    left, right = power[:, whole], power[:, whole + 1]
    integral = below[:, whole] + part * left + part**2 / 2.0 * (right - left)
    return np.diff(integral, axis=1) / np.diff(edges)


def _shade(power: NDArray[np.float64]) -> NDArray[np.uint8]:
    """Return powers as 0 to 255, relative to the highest of them."""
    loudest = float(power.max())
    if loudest <= 0.0:
        return np.zeros(power.shape, np.uint8)
    level_db = 10.0 * np.log10(np.maximum(power / loudest, 10.0 ** (-DEPTH_DB / 10.0)))
    return np.rint((1.0 + level_db / DEPTH_DB) * 255.0).astype(np.uint8)
