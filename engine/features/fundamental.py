"""The fundamental of each moment of a sound, and how clear it is.

Boersma (1993): Accurate short-term analysis of the fundamental frequency and the harmonics-to-noise ratio of a sampled
sound. The autocorrelation of a windowed frame is divided by that of its window, so that a steady tone reads 1 at its
period, however long that is. The first peak that comes near the highest is the period (McLeod and Wyvill 2005: A
smarter way to find pitch): the others are its multiples. A fundamental that is missing is heard by its partials.

Thousands of moments are asked at once, up to 2 kHz. `engine.features.pitch` tells one pitch of a finished sample, as
exactly as a sampler needs it, up to 4 kHz.
"""

from functools import lru_cache
from typing import NamedTuple

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray
from scipy import fft

from engine.errors import ShapeError
from engine.units import SAMPLE_RATE

Floats = NDArray[np.float32]
Doubles = NDArray[np.float64]

WINDOW = 4096  # samples: three periods of the lowest fundamental
HOP = 1024
SIZE = 2 * WINDOW  # of the transform: what is delayed does not come round to the beginning
BINS = SIZE // 8  # up to 6 kHz: breath and hiss above do not blur a pitch
STEP = 2  # samples from one delay to the next
LOWEST_HZ, HIGHEST_HZ = 35.0, 2_000.0
PEAK_SHARE = 0.9  # of the highest peak
CLEAR = 0.8  # clearness from which a moment has a pitch
GATE_DB = 30.0  # below the loudest moment: softer ones are not asked
AGREE_CENTS = 60.0  # from the middle of all moments
CHUNK = 512  # frames at once
LOUDEST_SAMPLES = 12 * HOP  # of a long sound that stand for it, a quarter of a second


class Note(NamedTuple):
    """The fundamental of a sound.

    Attributes:
        hz: Of most of it; 0 where there is none.
        clearness: 1 a tone that stays, 0 noise, or many notes one after the other.
    """

    hz: float
    clearness: float

    @property
    def is_clear(self) -> bool:
        """Return whether the sound is heard as one note."""
        return self.clearness >= CLEAR


def find_fundamentals(frames: NDArray[np.floating]) -> tuple[Doubles, Doubles]:
    """Return the fundamental of frames in Hz, and how clear each is, 0 to 1; both (frames,).

    Where there is none between LOWEST_HZ and HIGHEST_HZ, both are 0.

    Args:
        frames: Shape (frames, WINDOW), at SAMPLE_RATE.

    Raises:
        ShapeError: they have another shape.
    """
    if frames.ndim != 2 or frames.shape[1] != WINDOW:
        raise ShapeError(f"fundamentals are those of frames (frames, {WINDOW}), not {frames.shape}")
    parts = [_fundamentals(frames[first : first + CHUNK]) for first in range(0, len(frames), CHUNK)]
    if not parts:
        return np.zeros(0), np.zeros(0)
    hz, clearness = (np.concatenate(column) for column in zip(*parts, strict=True))
    return hz, clearness


def find_note(samples: NDArray[np.floating]) -> Note:
    """Return the fundamental of most of a mono sound (samples,), louder moments counting for more.

    Raises:
        ShapeError: `samples` has more than one axis.
    """
    if samples.ndim != 1:
        raise ShapeError(f"a mono sound has shape (samples,), not {samples.shape}")
    padded = np.pad(samples.astype(np.float32), (0, max(0, WINDOW - len(samples))))
    frames = sliding_window_view(padded, WINDOW)[::HOP]
    power = (frames.astype(np.float64) ** 2).mean(1)
    loud = power >= max(power.max() * 10 ** (-GATE_DB / 10), 1e-14)
    hz, clearness = find_fundamentals(frames[loud])
    weight = power[loud] * clearness
    if not weight.any():
        return Note(0.0, 0.0)
    octaves = np.log2(np.maximum(hz, 1.0))
    order = np.argsort(octaves)
    middle = octaves[order][np.searchsorted(np.cumsum(weight[order]), weight.sum() / 2)]
    agrees = np.abs(octaves - middle) * 1200 < AGREE_CENTS
    return Note(float(2.0**middle), float((weight * agrees).sum() / power[loud].sum()))


def find_loudest_note(samples: NDArray[np.floating]) -> Note:
    """Return the fundamental of the loudest quarter second of a mono sound (samples,); see `find_note`."""
    count = max(1, len(samples) // HOP)
    energy = np.cumsum((samples[: count * HOP].astype(np.float64).reshape(count, -1) ** 2).sum(1))
    width = min(count, LOUDEST_SAMPLES // HOP)
    first = int(np.argmax(energy[width - 1 :] - np.concatenate([[0.0], energy[: count - width]])))
    return find_note(samples[first * HOP :][:LOUDEST_SAMPLES])


def _fundamentals(frames: NDArray[np.floating]) -> tuple[Doubles, Doubles]:
    likeness = _likeness(frames - frames.mean(1, keepdims=True))
    middle = likeness[:, 1:-1]
    is_peak = (middle > likeness[:, :-2]) & (middle >= likeness[:, 2:])
    peaks = np.where(is_peak, middle, 0.0)
    reaches = is_peak & (middle > 0) & (middle >= PEAK_SHARE * peaks.max(1, keepdims=True))
    place = reaches.argmax(1) + 1
    rows = np.arange(len(likeness))
    before, at, after = (likeness[rows, place + step] for step in (-1, 0, 1))
    curve = np.minimum(before - 2 * at + after, -1e-12)
    aside = np.clip(0.5 * (before - after) / curve, -0.5, 0.5)
    hz = SAMPLE_RATE / (STEP * (place + aside))
    clearness = np.clip(at - 0.25 * (before - after) * aside, 0.0, 1.0)
    found = reaches.any(1) & (hz >= LOWEST_HZ) & (hz <= HIGHEST_HZ)
    return np.where(found, hz, 0.0), np.where(found, clearness, 0.0)


def _likeness(frames: NDArray[np.floating]) -> Doubles:
    """Return how like frames are to themselves after each delay, up to the longest period, (frames, delays)."""
    own = _autocorrelation(np.asarray(frames, np.float32))
    likeness: Doubles = own / np.maximum(own[:, :1], 1e-12) / _window_likeness()
    return likeness


@lru_cache
def _window() -> Floats:
    return np.hanning(WINDOW).astype(np.float32)


@lru_cache
def _window_likeness() -> Doubles:
    own = _autocorrelation(np.ones((1, WINDOW), np.float32))
    return own / own[:, :1]


def _autocorrelation(frames: Floats) -> Doubles:
    """Return the autocorrelation of windowed frames below 6 kHz, (frames, delays)."""
    power = np.abs(fft.rfft(frames * _window(), SIZE, axis=1)[:, :BINS]) ** 2
    delays = 2 + int(SAMPLE_RATE / LOWEST_HZ / STEP)
    found: Doubles = fft.irfft(power, SIZE // STEP, axis=1)[:, :delays].astype(np.float64)
    return found
