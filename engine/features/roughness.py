"""Roughness of spectra: how strongly partials beat with their neighbours, after Vassilakis (2001).

The sum over all pairs of partials of

    0.5 (a b)^0.1 (2 min(a, b) / (a + b))^3.11 (e^(-3.51 s gap) - e^(-5.75 s gap)),  s = 0.24 / (0.0207 low + 18.96)

The last factor is the dissonance curve of Plomp and Levelt (1965) as Sethares (1993) put it.
"""

import numpy as np
from numpy.typing import NDArray

Doubles = NDArray[np.float64]

PARTIALS = 24  # strongest of a frame that are compared
LEAST_SHARE = 0.01  # of the strongest: softer peaks are no partials
NEAREST = 0.24  # where roughness is greatest, in units of the critical band
CRITICAL_SLOPE, CRITICAL_HZ = 0.0207, 18.96  # critical band, from the lower partial's frequency
SLOW, FAST = 3.51, 5.75  # decays of the dissonance curve
AMPLITUDE_POWER, FLUCTUATION_POWER = 0.1, 3.11
TINY = 1e-300  # keeps logarithms finite
CHUNK = 256  # frames compared at once


def roughness_of_frames(spectra: Doubles, hz: Doubles) -> Doubles:
    """Return the roughness of each frame; 0 where fewer than two partials stand out.

    Args:
        spectra: Magnitudes, (frames, bins).
        hz: Frequency of each bin, (bins,).
    """
    return np.concatenate([_roughness(part, hz) for part in np.split(spectra, range(CHUNK, len(spectra), CHUNK))])


def _roughness(spectra: Doubles, hz: Doubles) -> Doubles:
    """Compare the strongest partials of each frame in pairs, (frames,)."""
    middle, strongest = spectra[:, 1:-1], spectra.max(1, keepdims=True)
    is_peak = (middle > spectra[:, :-2]) & (middle >= spectra[:, 2:]) & (middle >= LEAST_SHARE * strongest)
    size, places = _strongest(np.where(is_peak & (middle > 0), middle, 0.0))
    if size.shape[1] < 2:
        return np.zeros(len(spectra))
    size = size / np.maximum(strongest, 1e-12)
    first, second = np.triu_indices(size.shape[1], 1)
    low, a, b = hz[places[:, first]], size[:, first], size[:, second]
    gap = hz[places[:, second]] - low
    return (pair_roughness(a, b, low, gap) * (a > 0) * (b > 0)).sum(1)


def _strongest(peaks: Doubles) -> tuple[Doubles, NDArray[np.int64]]:
    """Return size and bin of the PARTIALS strongest peaks of each frame (frames, inner bins), from low to high.

    Where a frame has fewer, the last ones are 0; of equal ones the lowest count.
    """
    frames, bins = np.nonzero(peaks)
    counts = np.bincount(frames, minlength=len(peaks))
    order = np.arange(len(frames)) - np.repeat(np.cumsum(counts) - counts, counts)
    size = np.zeros((len(peaks), int(counts.max(initial=0))))
    places = np.zeros(size.shape, np.int64)
    size[frames, order], places[frames, order] = peaks[frames, bins], bins + 1
    if size.shape[1] > PARTIALS:
        strongest = np.sort(np.argsort(-size, axis=1, kind="stable")[:, :PARTIALS], axis=1)
        return np.take_along_axis(size, strongest, axis=1), np.take_along_axis(places, strongest, axis=1)
    return size, places


def pair_roughness(a: Doubles, b: Doubles, low_hz: Doubles, gap_hz: Doubles) -> Doubles:
    """Return the roughness of each pair of partials; all arguments have one shape.

    Args:
        a: Amplitude of the lower partial, a share of the frame's strongest.
        b: Amplitude of the upper one.
        low_hz: Frequency of the lower one.
        gap_hz: Distance to the upper one.
    """
    nearness = NEAREST / (CRITICAL_SLOPE * low_hz + CRITICAL_HZ) * gap_hz
    fluctuation = 2 * np.minimum(a, b) / np.maximum(a + b, 1e-12)
    beating = np.exp(-SLOW * nearness) - np.exp(-FAST * nearness)
    # Powers by logarithms: several times faster
    log_power = AMPLITUDE_POWER * np.log(np.maximum(a * b, TINY))
    log_power += FLUCTUATION_POWER * np.log(np.maximum(fluctuation, TINY))
    rough: Doubles = 0.5 * np.exp(log_power) * beating
    return rough
