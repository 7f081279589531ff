"""Motion of a sound: how its bands fluctuate against the sound as a whole, evened out or exaggerated.

Changes of the walk are decoded as motion, but much of a sound's motion is not the walk's: bands of noise and beating
partials fluctuate by themselves, the more so the more of the steady energy other sliders took away.
"""

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import correlate1d

from engine.features.descriptors import MEL_FLOOR, MOTION_FRAMES, descriptor_filters
from engine.once import built_once
from engine.properties.smoothing import smooth_frames
from engine.units import HOP, SAMPLE_RATE

Floats = NDArray[np.float32]
Doubles = NDArray[np.float64]
Reals = NDArray[np.floating]

STEP_FRAMES = round(MOTION_FRAMES / 100 * SAMPLE_RATE / HOP)  # over which motion is measured, about 100 ms
EVEN_FRAMES = 32.0  # over which a band is averaged, 0.34 s
EVEN_QUIET_DB = 40.0  # below the loudest frame: how little a soft frame can count in the average
GAIN_LIMITS = (-2.5, 1.5)  # neper, of the gain of a band
AMOUNTS = np.array([-1.6, -1.3, -1.0, -0.7, -0.4, -0.2, 0.0, 0.25, 0.5, 0.75, 1.0, 1.5])  # of the swing that is added
HEARD = 0.8  # share of what is added that is heard, about: what fluctuates as fast as frames do escapes
FAINTEST = np.float32(1e-20)  # energy of a frame: keeps quotients finite
ALL = slice(None)
OVERLAP = np.array([1.0, 4.0, 1.0]) / 6.0  # how windows at HOP share what a gain does


def measure_motion(magnitude: Doubles) -> float:
    """Return the motion of magnitudes (frames, bins) of a sound at its normal loudness, in neper."""
    return _motion(_bands(magnitude))


class Fluctuation:
    """How the bands of magnitudes (frames, bins) of a sound at its normal loudness fluctuate."""

    def __init__(self, magnitude: Reals) -> None:
        """Look at magnitudes."""
        self._magnitude = magnitude
        self._bands = _bands(magnitude)

    @built_once
    def _swing(self) -> Doubles:
        return _swing(self._magnitude, self._bands)

    def motion(self, frames: slice = ALL) -> float:
        """Return the motion of some frames, in neper."""
        return _motion(self._bands[frames])

    def find_amount(self, wanted: float, frames: slice = ALL) -> float:
        """Return how much of the fluctuation is to be added to some frames to bring them to a motion.

        Below 0 the sound is evened out, by no more than all of it.
        """
        bands = self._bands[frames]
        swing = self._swing if len(bands) == len(self._bands) else _swing(self._magnitude[frames], bands)
        above_floor = np.maximum(np.exp(bands) - MEL_FLOOR, 0.0)
        # Evened out, nothing moves more than it does by itself
        tried = AMOUNTS[AMOUNTS >= 0.0] if _motion(_swung(above_floor, swing, 0.0)) < wanted else AMOUNTS
        rising = [-np.inf]
        for amount in tried:
            rising.append(max(rising[-1], _motion(_swung(above_floor, swing, amount))))
            if rising[-1] >= wanted:
                break
        reached, first = np.unique(rising[1:], return_index=True)
        return float(np.interp(wanted, reached, tried[first]))

    def gain(self, amounts: Doubles) -> Floats:
        """Return the gain (frames, bins) that adds so much of the fluctuation, each frame at its energy.

        It is in single precision, and so are spectra under it.

        Args:
            amounts: For each frame, (frames,).
        """
        neper = np.clip(amounts[:, None] * self._swing, *GAIN_LIMITS)
        gain = np.exp(neper.astype(np.float32) @ _to_bins())
        under = self._magnitude.astype(np.float32, copy=False) * gain
        gain *= np.sqrt((self._power + FAINTEST) / (np.vecdot(under, under) + FAINTEST))[:, None]
        return gain

    @built_once
    def _power(self) -> Floats:
        magnitude = self._magnitude.astype(np.float32, copy=False)
        power: Floats = np.vecdot(magnitude, magnitude)
        return power


def _bands(magnitude: Reals) -> Doubles:
    """Return the log-mel spectra of magnitudes as the descriptor sees them, (frames, bands)."""
    bands: Doubles = np.log((magnitude @ descriptor_filters().astype(magnitude.dtype)) + np.float64(MEL_FLOOR))
    return bands


def _swing(magnitude: Reals, bands: Doubles) -> Doubles:
    """Return by how much each band differs from its average around each frame, its level taken out, (frames, bands)."""
    shape = bands - bands.mean(1, keepdims=True)
    level = np.sqrt(np.vecdot(magnitude, magnitude).astype(float))[:, None]
    weight = np.maximum(level, level.max() * 10 ** (-EVEN_QUIET_DB / 20)) + 1e-20
    smooth = smooth_frames(np.hstack([shape * weight, weight]), EVEN_FRAMES)
    swing: Doubles = shape - smooth[:, :-1] / smooth[:, -1:]
    return swing


def _swung(above_floor: Doubles, swing: Doubles, amount: float) -> Doubles:
    """Return the log-mel spectra to be expected with so much of their swing added to what is above the floor."""
    gain = np.exp(correlate1d(np.clip(HEARD * amount * swing, *GAIN_LIMITS), OVERLAP, axis=0, mode="nearest"))
    expected: Doubles = np.log(above_floor * gain + MEL_FLOOR)
    return expected


def _motion(bands: Doubles) -> float:
    """Return the mean distance of log-mel spectra STEP_FRAMES apart, their level taken out; 0 for a shorter sound."""
    if len(bands) <= STEP_FRAMES:
        return 0.0
    shape = bands - bands.mean(1, keepdims=True)
    return float(np.sqrt(((shape[STEP_FRAMES:] - shape[:-STEP_FRAMES]) ** 2).mean(1)).mean())


@lru_cache
def _to_bins() -> Floats:
    """Return weights that interpolate values on bands to bins, (bands, bins); those of each bin add up to 1."""
    heights = descriptor_filters() / descriptor_filters().max(0)
    total = heights.sum(1)
    first, last = np.flatnonzero(total)[[0, -1]]
    weights = heights / np.maximum(total, 1e-9)[:, None]
    weights[:first], weights[last + 1 :] = weights[first], weights[last]
    turned: Floats = weights.T.astype(np.float32)
    return turned
