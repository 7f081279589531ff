"""The colour and the grain of a spectrum, changed as far as a wanted timbre needs.

Three gentle means: a shelf at 500 Hz and a tilt above it (brightness, warmth), and the depth of the valleys between
partials, deepened or filled with noise under the sound's own envelope (texture).
"""

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from engine.features.bins import HZ, Frames
from engine.features.descriptors import GATE_DB
from engine.features.fourier import frames_to_spectra, spectra_to_frames
from engine.features.mel import analysis_window, mel_filters, mel_to_bin_weights
from engine.once import built_once
from engine.properties.brightness import TILT, brightness_of_frames
from engine.properties.crest import strongest_around
from engine.properties.property import MEANS
from engine.properties.smoothing import smooth_frames
from engine.properties.texture import deepening, fill_level, texture_of_frames
from engine.properties.warmth import SHELF, warmth_of_frames
from engine.units import HOP, N_FFT
from engine.vocoder.corpus import overlap_add, overlap_weight

Floats = NDArray[np.float32]
Doubles = NDArray[np.float64]
Spectra = NDArray[np.complexfloating]
Means = NDArray[np.float64]  # (..., 3): dB of shelf, dB an octave of tilt, depth of valleys

COLOURED = ("brightness", "warmth", "texture")  # what the means change, the order of arrays here
WARM = COLOURED.index("warmth")
# Of the gain of shelf and tilt where they raise: not what is below hearing
AUDIBLE = ((HZ / 20.0) ** 4 / (1.0 + (HZ / 20.0) ** 4)).astype(np.float32)
DB = np.log(10.0) / 20.0  # neper in a dB
LIMITS = np.array(MEANS)
PROBES = (1.0, 0.3)  # dB of shelf and dB an octave of tilt, over which slopes are measured
DEEPENING_PROBE, FILL_PROBE = 0.2, 0.5  # the same of the depth of valleys: a little noise changes nothing
PRICES = 0.01 / LIMITS**2  # of each means, against one squared span of a descriptor
MEANS_STEPS = 6
WORTH = 0.02  # of the price, that a step must gain for another one
DAMPING, EASING = 30.0, 10.0  # times as strong after a step to the worse, and as weak after one to the better
NEGLIGIBLE_ERROR = 0.006  # weighted error that is not worth a search
FAR = 0.1  # weighted error of warmth from which on a search begins where a shelf by itself would arrive
LEAST_REST = 1e-6  # of all energy: warmer or thinner than all but that is as good as all
FAINT_DB, PRESENT_DB = -50.0, -30.0  # of a sound's strongest band: between, highs begin to be raised with the others
HIGH_HZ = (3_000.0, 6_000.0)  # between which bands begin to be highs
EVERYWHERE = np.float32(1.0)
FRAMES_BEYOND = 3  # that spectra have more than whole hops fit into the sound
LARGEST_NEPER = np.float32(np.log(16.0))  # gain of a bin
SMOOTH_FRAMES = 1.0  # over which gains of single bins are smoothed: what flickers rings
# Bins on both sides that a partial masks, about half a critical band, from each first bin on
MASKED = ((0, 2), (22, 4), (64, 7), (128, 12), (256, 24))


def find_means(
    mono: Doubles, aim: Doubles, weight: Doubles, limits: Doubles, loudest: float = 1.0, *, lifts_hiss: bool = True
) -> tuple[Means, float]:
    """Find the means (3,) that bring magnitudes to a timbre, and the price of what is missing then and of the means.

    Damped Gauss-Newton steps (Levenberg 1944), slopes measured once and corrected by each step (Broyden 1965). After
    a step to the worse damping is stronger: the means that promise most are tried by themselves.

    Args:
        mono: Shape (frames, bins).
        aim: Wanted value of each of COLOURED, (3,).
        weight: What a unit of each counts, (3,).
        limits: How far each means may go down and up, (2, 3).
        loudest: Of the noise that fills valleys, over the strongest partial.
        lifts_hiss: Whether highs that are hardly there are raised with the others.
    """
    look = _Look(mono, loudest, lifts_hiss)
    best, timbre = np.zeros(3), look.under(np.zeros(3))
    least, damping = _price((aim - timbre) * weight, best), 1.0
    if (np.abs(aim - timbre) * weight < NEGLIGIBLE_ERROR).all():
        return best, least
    begun = _begin(aim, timbre, weight, limits)
    if begun.any() and (price := _price((aim - (found := look.under(begun))) * weight, begun)) < least:
        best, timbre, least = begun, found, price
    fills = aim[COLOURED.index("texture")] >= timbre[COLOURED.index("texture")]
    probes = np.array([*PROBES, -FILL_PROBE if fills else DEEPENING_PROBE])
    slopes = (look.under(best + np.diag(probes)) - timbre).T / probes * weight[:, None]
    for _ in range(MEANS_STEPS):
        pull = slopes.T @ ((aim - timbre) * weight) - PRICES * best
        step = _step(slopes.T @ slopes + np.diag(damping * PRICES), pull, -limits[0] - best, limits[1] - best)
        longest = float((np.abs(step) / (LIMITS / 2)).max())
        at = np.clip(best + step / max(1.0, longest), -limits[0], limits[1])
        moved = at - best
        if not moved.any():
            break
        found = look.under(at)
        share = moved / LIMITS**2
        slopes += np.outer((found - timbre) * weight - slopes @ moved, share / (moved @ share))
        price = _price((aim - found) * weight, at)
        if price >= least:
            damping *= DAMPING
            continue
        gained = least - price
        best, timbre, least, damping = at, found, price, max(1.0, damping / EASING)
        if gained < WORTH * price and longest <= 1.0:
            break
    return best, least


def _begin(aim: Doubles, timbre: Doubles, weight: Doubles, limits: Doubles) -> Means:
    """Return the means (3,) from which a search for warmth begins: nearly all is warm until a shelf is deep.

    A share of energy hardly changes with the first 20 dB of a shelf then, and slopes lead nowhere. What is warm over
    what is not goes with the shelf, dB for dB.
    """
    begun = np.zeros(3)
    if abs(aim[WARM] - timbre[WARM]) * weight[WARM] > FAR:
        missing = _odds_db(aim[WARM]) - _odds_db(timbre[WARM])
        begun[0] = np.clip(missing, -limits[0, 0], limits[1, 0])
    return begun


def _odds_db(share_db: float) -> float:
    """Return a share of energy in dB as what has it over what has not, in dB."""
    share = float(np.clip(10 ** (share_db / 10), LEAST_REST, 1.0 - LEAST_REST))
    return float(10 * np.log10(share / (1.0 - share)))


def _step(bend: Doubles, pull: Doubles, least: Doubles, most: Doubles) -> Doubles:
    """Return the step (3,) that solves `bend @ step = pull`: where one meets its limit, the others make up for it."""
    step, free = np.zeros(3), most > least
    while free.any():
        beside = bend[np.ix_(free, ~free)] @ step[~free]
        step[free] = np.linalg.solve(bend[np.ix_(free, free)], pull[free] - beside)
        beyond = free & ((step < least) | (step > most))
        step = np.clip(step, least, most)
        if not beyond.any():
            break
        free &= ~beyond
    return step


def colour_of(mono: Doubles) -> Doubles:
    """Return brightness, warmth and texture of magnitudes (frames, bins), (3,)."""
    return _measure(mono.astype(np.float32, copy=False))


def tint(
    spectra: Spectra, means: Means, seed: list[int], samples: int, loudest: float = 1.0, *, lifts_hiss: bool = True
) -> Spectra:
    """Return spectra under means.

    Args:
        spectra: Shape (frames, bins), from `spectra_of`.
        means: For each frame, (frames, 3).
        seed: Of the noise that fills valleys.
        samples: Length of the sound.
        loudest: Of the noise that fills valleys, over the strongest partial.
        lifts_hiss: Whether highs that are hardly there are raised with the others.
    """
    magnitude = np.abs(spectra).astype(np.float32, copy=False)
    fill, is_steady = fill_level(means[..., 2, None]), bool((means == means[0]).all())
    rows = means[:1] if is_steady else means
    gain = _shelf_and_tilt(rows, EVERYWHERE if lifts_hiss else _presence(magnitude))
    if (means[..., 2] > 0.0).any():
        gain = gain + smooth_frames(deepening(_relief(magnitude), means[..., 2, None]), SMOOTH_FRAMES)
    made: Spectra = spectra * np.exp(np.minimum(gain, LARGEST_NEPER))
    if fill.any():
        noise = spectra_of(np.random.default_rng(seed).standard_normal(samples).astype(np.float32))
        noise /= np.sqrt((np.abs(noise) ** 2).mean())
        level = _noise_level(fill, _envelope(magnitude), np.float32(loudest) * magnitude.max(1, keepdims=True))
        level *= np.exp(_shelf_and_tilt(rows))
        noise *= level
        made += noise
    return made


def presence(spectrum: Floats, hz: Doubles) -> Floats:
    """Return how far a sound is present in each band, 0 to 1, (bands,): highs that it has not would be raised as hiss.

    Args:
        spectrum: Magnitudes, (frames, bands), smooth enough that valleys between partials do not count.
        hz: Of each band, (bands,).
    """
    return _present(np.square(spectrum, dtype=np.float64).mean(0), hz)


def _presence(magnitude: Floats) -> Floats:
    """Return how far a sound of some magnitudes (frames, bins) is present around each bin, (bins,)."""
    mean = (magnitude**2).mean(0) @ mel_filters().numpy().T
    return _present((mean @ mel_to_bin_weights().numpy().T).astype(np.float64), HZ)


def _present(power: Doubles, hz: Doubles) -> Floats:
    """Return how far a sound whose bands have some mean power (bands,) is present in each, (bands,)."""
    level_db = 10 * np.log10(power / (power.max() + 1e-20) + 1e-12)
    present = np.clip((level_db - FAINT_DB) / (PRESENT_DB - FAINT_DB), 0.0, 1.0)
    is_low = np.interp(np.log(np.maximum(hz, 1.0)), np.log(HIGH_HZ), (1.0, 0.0))
    return np.maximum(present, is_low).astype(np.float32)


def sound_of(spectra: Spectra, samples: int) -> Floats:
    """Return the sound (samples,) of spectra (frames, bins), the inverse of `spectra_of`."""
    frames = spectra_to_frames(spectra, N_FFT)
    frames *= analysis_window().numpy()
    sound = overlap_add(frames[:, None])
    sound /= np.maximum(overlap_weight(len(frames)), np.float32(1e-3))
    return sound[:samples, 0]


def spectra_of(mono: Floats) -> Spectra:
    """Return complex spectra (samples // HOP + FRAMES_BEYOND, bins) at HOP, from its first sample to beyond its end."""
    padded = np.pad(mono, (N_FFT // 2, N_FFT // 2 + (FRAMES_BEYOND - 1) * HOP))
    return frames_to_spectra(sliding_window_view(padded, N_FFT)[::HOP] * analysis_window().numpy())


def _price(missing: Doubles, means: Means) -> float:
    """Return what is paid for not having arrived, and for the means."""
    return float((missing**2).sum() + (PRICES * means**2).sum())


class _Look:
    """Magnitudes of a sound, and what means would make of their timbre."""

    def __init__(self, mono: Doubles, loudest: float, lifts_hiss: bool) -> None:
        self.mono = mono.astype(np.float32)
        self.presence = EVERYWHERE if lifts_hiss else _presence(self.mono)
        self.loudest = np.float32(loudest) * self.mono.max(1, keepdims=True)

    @built_once
    def relief(self) -> Floats:
        """Return how far each bin is below what masks it, (frames, bins)."""
        return _relief(self.mono)

    @built_once
    def envelope(self) -> Floats:
        """Return the envelope, (frames, bins)."""
        return _envelope(self.mono)

    @built_once
    def noise(self) -> Floats:
        """Return magnitudes of noise, (frames, bins)."""
        return np.random.default_rng(0).rayleigh(np.sqrt(0.5), self.mono.shape).astype(np.float32)

    def under(self, means: Means) -> Doubles:
        """Return the timbre under means (..., 3), (..., 3)."""
        return np.stack([_measure(self._made(one)) for one in np.atleast_2d(means)]).reshape(means.shape)

    def _made(self, means: Means) -> Floats:
        gain = _shelf_and_tilt(means, self.presence)
        if means[2] > 0.0:
            gain = gain + deepening(self.relief, means[..., 2, None])
        made: Floats = self.mono * np.exp(np.minimum(gain, LARGEST_NEPER))
        fill = fill_level(means[..., 2, None])
        if not fill.any():
            return made
        noise = self.noise * _noise_level(fill, self.envelope, self.loudest) * np.exp(_shelf_and_tilt(means))
        return np.sqrt(made**2 + noise**2)


def _measure(magnitude: Floats) -> Doubles:
    """Return brightness, warmth and texture of magnitudes (frames, bins), (3,): those of `measure_timbre`, sooner."""
    power = magnitude**2
    energy = power.sum(1)
    heard = (energy >= energy.max() * np.float32(10 ** (-GATE_DB / 10))).astype(np.float32)
    frames = Frames(magnitude, power, heard)
    return np.array([brightness_of_frames(frames), warmth_of_frames(frames), texture_of_frames(frames)])


def _shelf_and_tilt(means: Means, present: Floats | np.float32 = EVERYWHERE) -> Floats:
    """Return shelf and tilt in neper, (..., bins), of a sound that is present in some bins, see `presence`."""
    shelf, tilt, _ = np.moveaxis((DB * means).astype(np.float32), -1, 0)[..., None]
    gain = shelf * SHELF + tilt * TILT
    return np.where(gain > 0.0, AUDIBLE * present * gain, gain)


def _noise_level(fill: Floats, envelope: Floats, loudest: Floats) -> Floats:
    """Return the level of the noise that fills valleys (frames, bins): under the envelope, and never above a limit."""
    level: Floats = np.minimum(fill * envelope, loudest)
    return level


def _envelope(magnitude: Floats) -> Floats:
    """Return the root mean square around each bin, in mel bands, (frames, bins)."""
    mean = magnitude**2 @ mel_filters().numpy().T
    envelope: Floats = np.sqrt(mean @ mel_to_bin_weights().numpy().T) + np.float32(1e-9)
    return envelope


def _relief(magnitude: Floats) -> Floats:
    """Return how far each bin is below the strongest one that would mask it, in neper, 0 or less, (frames, bins)."""
    crest = strongest_around(magnitude, MASKED)
    relief: Floats = np.log(magnitude / (crest + np.float32(1e-12)) + np.float32(1e-5))
    return relief
