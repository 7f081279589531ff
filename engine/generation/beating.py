"""Roughness of a sound, raised by letting its partials beat, lowered by softening those that beat with stronger ones.

Both are as strong as a wanted roughness needs, found on the spectra that roughness is measured on, without synthesis.
"""

from collections.abc import Callable

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray
from scipy import fft
from scipy.ndimage import gaussian_filter1d, maximum_filter1d

from engine.features.descriptors import ROUGHNESS_WINDOW, frequencies
from engine.features.roughness import CRITICAL_HZ, CRITICAL_SLOPE, NEAREST, roughness_of_frames
from engine.units import SAMPLE_RATE

Floats = NDArray[np.float32]
Doubles = NDArray[np.float64]
Spectra = NDArray[np.complex128]

BANDS_HZ = np.geomspace(60.0, 12_000.0, 13)
ROUGHEST = 0.22  # distance of two partials, over their critical band, at which they are roughest
SLOWEST_HZ = 70.0  # slower beating is heard as a tremolo rather than as roughness
GOLDEN = 0.618  # of a turn from one band's phase to the next
FAINTEST_DB, RAMP_DB = -30.0, 10.0  # below the loudest band: fainter ones do not beat, but would fill with sidebands
DEPTHS = np.array([0.0, 0.1, 0.25, 0.5, 1.0, 2.0, 4.0])  # of the beating; what is added is linear in it
HARDNESSES = np.array([0.0, 0.25, 0.5, 1.0, 2.0, 4.0, 8.0])  # powers by which softer partials are softened
FAINTEST_NEPER = -5.5  # under a frame's strongest partial: fainter ones need no softening, and none is softened further
LOBE_BINS = 2  # on both sides of a peak that belong to it
# Bins on both sides within which partials beat, about a critical band, from each first bin on
CRITICAL_BINS = ((0, 5), (22, 7), (43, 10), (86, 15), (171, 23), (342, 35))
HOP = ROUGHNESS_WINDOW // 4
STEADY_FRAMES = 3.0  # over which softening is smoothed: what flickers rings
LOOKED_AT = 12  # loudest frames on which roughness is measured
LEAST = 1e-4  # roughness of what has no partials


def measure_roughness(sound: Floats) -> float:
    """Return the roughness of a sound's loudest frames (samples, channels), as a power of ten."""
    return roughness_of(loudest_frames(np.abs(spectra_of(sound.mean(1), 2 * HOP))))


def change_roughness(sound: Floats, wanted: float) -> Floats:
    """Bring a sound (samples, channels) to a roughness, a power of ten, as near as it goes."""
    plain = spectra_of(sound.mean(1), 2 * HOP)
    places = np.argsort(-(np.abs(plain) ** 2).sum(1))[:LOOKED_AT]
    loudest = plain[places]
    if wanted >= roughness_of(np.abs(loudest)):
        beats = _beats(sound)
        beating = spectra_of(beats.mean(1), 2 * HOP)[places]
        depth = _find(DEPTHS, wanted, lambda depth: np.abs(loudest + depth * beating))
        return (sound + depth * beats).astype(np.float32) if depth else sound
    hardness = find_hardness(np.abs(loudest), wanted)
    if not hardness:
        return sound
    channels = [spectra_of(channel, HOP) for channel in sound.T]
    softened = [apply_gain(spectra, softening(np.abs(spectra), hardness), len(sound)) for spectra in channels]
    return np.stack(softened, axis=1)


def find_hardness(loudest: Doubles, wanted: float) -> float:
    """Return the power by which softer partials are to be softened, so that magnitudes have a roughness at most."""
    relief, room = _relief_and_room(loudest)
    return _find(HARDNESSES, wanted, lambda power: loudest * np.exp(np.maximum(power * relief, room)))


def softening(magnitude: Doubles, hardness: float) -> Doubles:
    """Return the gain that softens partials the more the softer they are beside those that they beat with.

    Args:
        magnitude: Shape (frames, bins), frames HOP apart.
        hardness: Power of the softening.

    Returns:
        Neper, the shape of `magnitude`, without flicker from frame to frame.
    """
    relief, room = _relief_and_room(magnitude)
    smooth: Doubles = gaussian_filter1d(np.maximum(hardness * relief, room), STEADY_FRAMES, axis=0)
    return smooth


def _find(amounts: Doubles, wanted: float, make: Callable[[float], Doubles]) -> float:
    """Return the least amount at which the magnitudes that `make` returns have a roughness, or the nearest to it."""
    rough = np.array([roughness_of(make(float(amount))) for amount in amounts])
    away = rough - rough[0]
    rising = np.maximum.accumulate(away if wanted >= rough[0] else -away)
    if rising[-1] <= 0:
        return 0.0
    reached, first = np.unique(rising, return_index=True)
    return float(np.interp(abs(wanted - rough[0]), reached, amounts[first]))


def _beats(sound: Floats) -> Doubles:
    """Return the sound with each band multiplied by a sine of its own rate, (samples, channels).

    Neighbouring bands beat at other rates and phases, so that the sound as a whole keeps its level.
    """
    samples = len(sound)
    size = fft.next_fast_len(samples, real=True)
    spectrum = fft.rfft(sound, size, axis=0)
    hz = np.maximum(np.arange(len(spectrum)) * SAMPLE_RATE / size, 1.0)
    place = np.log(hz / BANDS_HZ[0]) / np.log(BANDS_HZ[1] / BANDS_HZ[0])
    seconds = np.arange(samples)[:, None] / SAMPLE_RATE
    beats = np.zeros(sound.shape)
    shares = [np.cos(np.clip(place - band, -1.0, 1.0) * np.pi / 2) ** 2 for band in range(len(BANDS_HZ))]
    power = (np.abs(spectrum) ** 2).sum(1)
    level_db = 10 * np.log10(np.array([share @ power for share in shares]) + 1e-12)
    worth = np.clip((level_db - level_db.max() - FAINTEST_DB) / RAMP_DB, 0.0, 1.0)
    for band, centre_hz in enumerate(BANDS_HZ):
        if not worth[band]:
            continue
        share = worth[band] * shares[band]
        rate_hz = max(SLOWEST_HZ, ROUGHEST / NEAREST * (CRITICAL_SLOPE * centre_hz + CRITICAL_HZ))
        part = fft.irfft(spectrum * share[:, None], size, axis=0)[:samples]
        beats += part * np.sin(2 * np.pi * (rate_hz * seconds + band * GOLDEN))
    return beats


def apply_gain(spectra: Spectra, gain: Doubles, samples: int) -> Floats:
    """Return the sound (samples,) of spectra (frames, bins) HOP apart, under a gain in neper."""
    frames = fft.irfft(spectra * np.exp(gain), ROUGHNESS_WINDOW, axis=1) * _window()
    overlap = ROUGHNESS_WINDOW // HOP
    pieces = frames.reshape(len(frames), overlap, HOP)
    added = np.zeros((len(frames) + overlap - 1, HOP))
    for part in range(overlap):
        added[part : part + len(frames)] += pieces[:, part]
    whole = added.reshape(-1) / (_window() ** 2).sum() * HOP
    sound: Floats = whole[ROUGHNESS_WINDOW // 2 :][:samples].astype(np.float32)
    return sound


def _relief_and_room(magnitude: Doubles) -> tuple[Doubles, Doubles]:
    """Return how far each partial is below the strongest one that it beats with, and how far it may be softened.

    Both are in neper, 0 or less, (frames, bins).
    """
    lobes = maximum_filter1d(magnitude, 2 * LOBE_BINS + 1, axis=1)
    crest = np.empty_like(magnitude)
    firsts = [first for first, _ in CRITICAL_BINS[1:]] + [magnitude.shape[1]]
    for (first, reach), last in zip(CRITICAL_BINS, firsts, strict=True):
        low, high = max(0, first - reach), min(magnitude.shape[1], last + reach)
        around = maximum_filter1d(magnitude[:, low:high], 2 * reach + 1, axis=1)
        crest[:, first:last] = around[:, first - low : last - low]
    room = np.minimum(FAINTEST_NEPER - np.log(lobes / (magnitude.max(1, keepdims=True) + 1e-9) + 1e-9), 0.0)
    return np.log((lobes + 1e-9) / (crest + 1e-9)), room


def loudest_frames(magnitude: Doubles) -> Doubles:
    """Return the LOOKED_AT loudest frames."""
    return magnitude[np.argsort(-(magnitude**2).sum(1))[:LOOKED_AT]]


def roughness_of(magnitude: Doubles) -> float:
    """Return the roughness of magnitudes (frames, bins), a power of ten."""
    values = roughness_of_frames(magnitude, frequencies(ROUGHNESS_WINDOW))
    weights = (magnitude**2).sum(1) + 1e-20
    return float(np.log10(np.average(values, weights=weights) + LEAST))


def spectra_of(mono: Doubles | Floats, hop: int) -> Spectra:
    """Return complex spectra of ROUGHNESS_WINDOW, (frames, bins), the first centred on the first sample."""
    return frames_of(np.pad(np.asarray(mono, np.float64), (ROUGHNESS_WINDOW // 2, ROUGHNESS_WINDOW)), hop)


def frames_of(mono: Doubles | Floats, hop: int) -> Spectra:
    """Return complex spectra of ROUGHNESS_WINDOW, (frames, bins), of what has been padded already."""
    frames = sliding_window_view(mono, ROUGHNESS_WINDOW)[::hop]
    spectra: Spectra = fft.rfft(np.multiply(frames, _window()), axis=1)
    return spectra


def _window() -> Doubles:
    """Return the periodic Hann window."""
    return np.hanning(ROUGHNESS_WINDOW + 1)[:-1]
