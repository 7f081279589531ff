"""Roughness of a sound, raised by letting its partials beat, lowered by softening those that beat with stronger ones.

Both are as strong as a wanted roughness needs, found on the spectra that roughness is measured on, without synthesis.
"""

from collections.abc import Callable
from functools import lru_cache, partial

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray
from scipy import fft

from engine.audio.mixdown import mix_down
from engine.features.descriptors import ROUGHNESS_WINDOW, frequencies
from engine.features.fourier import frames_to_spectra, spectra_to_frames
from engine.features.fundamental import find_loudest_note
from engine.features.roughness import CRITICAL_HZ, CRITICAL_SLOPE, NEAREST, roughness_of_frames
from engine.properties.crest import strongest_around
from engine.properties.smoothing import smooth_frames
from engine.units import SAMPLE_RATE

Floats = NDArray[np.float32]
Doubles = NDArray[np.float64]
Reals = NDArray[np.floating]
Spectra = NDArray[np.complexfloating]

BANDS_HZ = np.geomspace(60.0, 12_000.0, 13)
ROUGHEST = 0.22  # distance of two partials, over their critical band, at which they are roughest
SLOWEST_HZ = 70.0  # slower beating is heard as a tremolo rather than as roughness
NOTE_SHARE, SLOWEST_NOTE_HZ = 0.2, 27.0  # of a note: faster beating hides it, slower beating flutters
UNSTEADY = 0.3  # turns, by which beating that keeps notes strays from its rate: a period of its own would be a note
TURNED = 0.618  # of a turn from one band's phase to the next
FAINTEST_DB, RAMP_DB = -30.0, 10.0  # below the loudest band: fainter ones do not beat, but would fill with sidebands
NARROW_SEMITONES, NARROW_POWER = 0.5, 4.0  # sidebands so near are of the partial's own pitch; how soon others are not
HIGHEST_NARROW_HZ = 6_000.0  # above it there is more noise than partials, and noise that beats is more noise
NARROW_FAINTEST_DB = -40.0  # as FAINTEST_DB, where there are few partials to be filled up
NARROW_DEEPEST = 2.0  # there sidebands are as strong as their partial: deeper, a low note is heard an octave lower
ROUGH_ENOUGH = 0.02  # of a power of ten of roughness: as good as wanted
DEPTHS = np.array([0.0, 0.1, 0.25, 0.5, 1.0, 2.0, 4.0])  # of the beating; what is added is linear in it
HARDNESSES = np.array([0.0, 0.25, 0.5, 1.0, 2.0, 4.0, 8.0, 16.0])  # powers by which softer partials are softened
FAINTEST_NEPER = -5.5  # under a frame's strongest partial: fainter ones need no softening, and none is softened further
LOBES = ((0, 2),)  # bins on both sides of a peak that belong to it, everywhere
# Bins on both sides within which partials beat, about a critical band, from each first bin on
CRITICAL_BINS = ((0, 5), (22, 7), (43, 10), (86, 15), (171, 23), (342, 35))
HOP = ROUGHNESS_WINDOW // 4
STEADY_FRAMES = 3.0  # over which softening is smoothed: what flickers rings
ROUGH_FRAMES = 12  # loudest frames on which roughness is measured
ALL = slice(None)
LEAST = 1e-4  # roughness of what has no partials


def measure_roughness(sound: Floats) -> float:
    """Return the roughness of a sound's loudest frames (samples, channels), as a power of ten."""
    loudest, _ = _find_loudest(mix_down(sound))
    return roughness_of(np.abs(loudest))


def change_roughness(sound: Floats, wanted: float, *, keeps_notes: bool = False) -> Floats | None:
    """Bring a sound (samples, channels) to a roughness, a power of ten, as near as it goes; None where nothing helps.

    Args:
        sound: Shape (samples, channels).
        wanted: Roughness, a power of ten.
        keeps_notes: Whether what beats has no period of its own, which would be heard as a lower note.
    """
    loudest, places = _find_loudest(mix_down(sound))
    if wanted >= roughness_of(np.abs(loudest)):
        return _roughened(sound, wanted, loudest, places, keeps_notes=keeps_notes)
    hardness = find_hardness(np.abs(loudest), wanted)
    if not hardness:
        return None
    channels = [spectra_of(channel, HOP) for channel in sound.T]
    softened = [apply_gain(spectra, softening(np.abs(spectra), hardness), len(sound)) for spectra in channels]
    return np.stack(softened, axis=1)


def _roughened(
    sound: Floats, wanted: float, loudest: Spectra, places: NDArray[np.int64], *, keeps_notes: bool
) -> Floats | None:
    """Let a sound (samples, channels) beat until it has a roughness: high partials first, deep ones as far as needed.

    Where beating does not help, nothing is returned.

    Args:
        sound: Shape (samples, channels).
        wanted: Roughness, a power of ten.
        loudest: Spectra of its loudest frames.
        places: Which frames these are.
        keeps_notes: Whether what beats has no period of its own.
    """
    made = None
    for is_narrow, depths in ((True, DEPTHS[DEPTHS <= NARROW_DEEPEST]), (False, DEPTHS)):
        far_and_held = keeps_notes and not is_narrow
        unsteady, slowest_hz = (UNSTEADY, _slowest_hz(sound)) if far_and_held else (0.0, SLOWEST_HZ)
        beats = _beats(sound, unsteady, slowest_hz, is_narrow=is_narrow)
        beating = frames_to_spectra(_windowed(_padded(mix_down(beats)), 2 * HOP, places))
        depth = _find(depths, wanted, partial(_beaten, loudest, beating))
        if depth:
            before = sound if made is None else made
            made, loudest = (before + depth * beats).astype(np.float32), loudest + depth * beating
        if roughness_of(np.abs(loudest)) > wanted - ROUGH_ENOUGH:
            break
    return made


def _beaten(spectra: Spectra, beating: Spectra, depth: float) -> Reals:
    """Return magnitudes of spectra to which beating of some depth is added."""
    magnitude: Reals = np.abs(spectra + depth * beating)
    return magnitude


def find_hardness(loudest: Reals, wanted: float) -> float:
    """Return the power by which softer partials are to be softened, so that magnitudes have a roughness at most."""
    relief, room = _relief_and_room(loudest)
    return _find(HARDNESSES, wanted, lambda power: loudest * np.exp(np.maximum(power * relief, room)))


def softening(magnitude: Reals, hardness: float) -> Reals:
    """Return the gain that softens partials the more the softer they are beside those that they beat with.

    Args:
        magnitude: Shape (frames, bins), frames HOP apart.
        hardness: Power of the softening.

    Returns:
        Neper, the shape of `magnitude`, without flicker from frame to frame.
    """
    relief, room = _relief_and_room(magnitude)
    return smooth_frames(np.maximum(hardness * relief, room), STEADY_FRAMES, is_mirrored=True)


def _find(amounts: Doubles, wanted: float, make: Callable[[float], Reals]) -> float:
    """Return the least amount at which the magnitudes that `make` returns have a roughness, or the nearest to it.

    Amounts are tried from the first, which changes nothing, until one goes as far as wanted.
    """
    plain = roughness_of(make(float(amounts[0])))
    way, gap = (1.0, wanted - plain) if wanted >= plain else (-1.0, plain - wanted)
    gained = [0.0]
    for amount in amounts[1:]:
        gained.append(max(gained[-1], way * (roughness_of(make(float(amount))) - plain)))
        if gained[-1] >= gap:
            break
    reached, first = np.unique(gained, return_index=True)
    return float(np.interp(gap, reached, amounts[first]))


def _slowest_hz(sound: Floats) -> float:
    """Return how slow the beating of a sound (samples, channels) may be so that its note is still heard."""
    note = find_loudest_note(mix_down(sound))
    return float(np.clip(NOTE_SHARE * note.hz, SLOWEST_NOTE_HZ, SLOWEST_HZ)) if note.is_clear else SLOWEST_HZ


def _beats(sound: Floats, unsteady: float = 0.0, slowest_hz: float = SLOWEST_HZ, *, is_narrow: bool) -> Floats:
    """Return the sound with each band multiplied by a sine of its own rate, (samples, channels).

    Neighbouring bands beat at other rates and phases, so that the sound as a whole keeps its level. An unsteady rate
    moves no partial: its sidebands are as wide on both sides.
    """
    samples = len(sound)
    size = fft.next_fast_len(samples, real=True)
    spectrum = fft.rfft(np.asarray(sound, np.float32), size, axis=0)
    hz = np.maximum(np.arange(len(spectrum)) * SAMPLE_RATE / size, BANDS_HZ[0] / 10)
    place = np.log(hz / BANDS_HZ[0]) / np.log(BANDS_HZ[1] / BANDS_HZ[0])
    edges = np.searchsorted(place, np.arange(-1, len(BANDS_HZ) + 1))
    bands = [slice(first, last) for first, last in zip(edges, edges[2:], strict=False)]  # those up to both neighbours
    shares = [np.cos((place[part] - band) * np.pi / 2) ** 2 for band, part in enumerate(bands)]
    power = (np.abs(spectrum) ** 2).sum(1)
    energy = np.array([share @ power[part] for share, part in zip(shares, bands, strict=True)])
    level_db = 10 * np.log10(energy + 1e-12)
    narrow = _narrowness()
    faintest_db = NARROW_FAINTEST_DB if is_narrow else FAINTEST_DB
    worth = np.clip((level_db - level_db.max() - faintest_db) / RAMP_DB, 0.0, 1.0)
    worth *= narrow if is_narrow else 1.0 - narrow
    seconds = np.arange(samples) / SAMPLE_RATE
    beats = np.zeros(sound.shape, np.float32)
    for band in np.flatnonzero(worth):
        rate_hz = max(slowest_hz, ROUGHEST / NEAREST * (CRITICAL_SLOPE * BANDS_HZ[band] + CRITICAL_HZ))
        turns = rate_hz * seconds + band * TURNED
        if unsteady:
            turns += unsteady * _wander(samples, rate_hz, int(band))
        alone = np.zeros_like(spectrum)
        alone[bands[band]] = spectrum[bands[band]] * (worth[band] * shares[band])[:, None]
        sine = np.sin(2 * np.pi * (turns - np.floor(turns)).astype(np.float32))
        beats += fft.irfft(alone, size, axis=0)[:samples] * sine[:, None]
    return beats


@lru_cache
def _narrowness() -> Doubles:
    """Return how far the beating of each band stays within a pitch, 0 to 1, (bands,)."""
    rates_hz = np.maximum(SLOWEST_HZ, ROUGHEST / NEAREST * (CRITICAL_SLOPE * BANDS_HZ + CRITICAL_HZ))
    semitones = 12 * np.log2(1 + rates_hz / BANDS_HZ)
    narrow: Doubles = np.minimum(1.0, NARROW_SEMITONES / semitones) ** NARROW_POWER * (BANDS_HZ < HIGHEST_NARROW_HZ)
    return narrow


def _wander(samples: int, rate_hz: float, seed: int) -> Doubles:
    """Return turns of unit deviation that change from one period of a rate to the next, (samples,)."""
    periods = int(samples / SAMPLE_RATE * rate_hz) + 2
    steps = np.random.default_rng([seed, periods]).standard_normal(periods)
    return np.interp(np.arange(samples) * rate_hz / SAMPLE_RATE, np.arange(periods), steps)


def apply_gain(spectra: Spectra, gain: Reals, samples: int) -> Floats:
    """Return the sound (samples,) of spectra (frames, bins) HOP apart, under a gain in neper."""
    frames = spectra_to_frames(spectra * np.exp(gain), ROUGHNESS_WINDOW) * _window()
    overlap = ROUGHNESS_WINDOW // HOP
    pieces = frames.reshape(len(frames), overlap, HOP)
    added = np.zeros((len(frames) + overlap - 1, HOP), np.float32)
    for part in range(overlap):
        added[part : part + len(frames)] += pieces[:, part]
    whole = added.reshape(-1) / (_window() ** 2).sum() * HOP
    sound: Floats = whole[ROUGHNESS_WINDOW // 2 :][:samples].astype(np.float32)
    return sound


def _relief_and_room(magnitude: Reals) -> tuple[Reals, Reals]:
    """Return how far each partial is below the strongest one that it beats with, and how far it may be softened.

    Both are in neper, 0 or less, (frames, bins).
    """
    lobes = strongest_around(magnitude, LOBES)
    crest = strongest_around(magnitude, CRITICAL_BINS)
    room = np.minimum(FAINTEST_NEPER - np.log(lobes / (magnitude.max(1, keepdims=True) + 1e-9) + 1e-9), 0.0)
    return np.log((lobes + 1e-9) / (crest + 1e-9)), room


def _find_loudest(mono: Reals) -> tuple[Spectra, NDArray[np.int64]]:
    """Return the spectra of the ROUGH_FRAMES loudest frames 2 * HOP apart, and which these are."""
    frames = _windowed(_padded(mono), 2 * HOP)
    places = np.argsort(-np.vecdot(frames, frames))[:ROUGH_FRAMES]
    return frames_to_spectra(frames[places]), places


def loudest_frames(magnitude: Reals) -> Reals:
    """Return the ROUGH_FRAMES loudest frames."""
    return magnitude[np.argsort(-np.vecdot(magnitude, magnitude))[:ROUGH_FRAMES]]


def roughness_of(magnitude: Reals) -> float:
    """Return the roughness of magnitudes (frames, bins), a power of ten."""
    values = roughness_of_frames(magnitude.astype(float), frequencies(ROUGHNESS_WINDOW))
    weights = np.vecdot(magnitude, magnitude) + 1e-20
    return float(np.log10(np.average(values, weights=weights) + LEAST))


def spectra_of(mono: Reals, hop: int) -> Spectra:
    """Return complex spectra of ROUGHNESS_WINDOW, (frames, bins), the first centred on the first sample."""
    return frames_of(_padded(mono), hop)


def frames_of(mono: Reals, hop: int) -> Spectra:
    """Return complex spectra of ROUGHNESS_WINDOW, (frames, bins), of what has been padded already."""
    return frames_to_spectra(_windowed(mono, hop))


def _padded(mono: Reals) -> Floats:
    """Return a sound (samples,) with silence around it, so that the first frame is centred on the first sample."""
    return np.pad(np.asarray(mono, np.float32), (ROUGHNESS_WINDOW // 2, ROUGHNESS_WINDOW))


def _windowed(mono: Floats, hop: int, places: NDArray[np.int64] | slice = ALL) -> Floats:
    """Return windowed frames of what has been padded already, (frames, ROUGHNESS_WINDOW), those at some places."""
    return np.multiply(sliding_window_view(mono, ROUGHNESS_WINDOW)[::hop][places], _window())


@lru_cache
def _window() -> Floats:
    """Return the periodic Hann window."""
    return np.hanning(ROUGHNESS_WINDOW + 1)[:-1].astype(np.float32)
