"""Sounds of several models made one: each filtered to a spectral envelope between all of theirs, then laid together.

    onsets aligned ─► envelopes in the common mel frame ─► one between them ─► each sound filtered to it ─► mixed

Envelope and level are morphed, not the partials: each sound keeps its own fine structure and phase, so
that every corpus lends its grain, and nothing of a spectrum that one of them has is smeared by another that has it
elsewhere. At a share of 1 a sound is left as it is.
"""

from collections.abc import Sequence

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray
from scipy import fft
from scipy.ndimage import gaussian_filter1d

from engine.audio.ends import lengthened
from engine.audio.loudness import k_weighting, power_to_lufs
from engine.audio.sections import SectionFilter
from engine.errors import ShapeError
from engine.features.mel import analysis_window, mel_filters, mel_to_bin_weights
from engine.features.movement import mel_loudness
from engine.units import DB_PER_NEPER, HOP, N_FFT, SAMPLE_RATE, db_to_amplitude
from engine.vocoder.corpus import overlap_add

Floats = NDArray[np.float32]
Doubles = NDArray[np.float64]
Spectra = NDArray[np.complex64]

ENVELOPE_BANDS = 3.0  # of an envelope, standard deviation in mel bands: partials are left to the grain
ENVELOPE_FRAMES = 0.7  # of an envelope, 7 ms
RANGE_NEPER = 6.9  # 60 dB below the loudest moment: what lies deeper is not morphed
CUT_NEPER, LIFT_NEPER = -7.0, 2.3  # how far a band is filtered, -61 to +20 dB: more would lift noise
FILLED_NEPER = 2.3  # by which the others make up for a sound that cannot be lifted as far
STRIKE_SECONDS = 0.15  # within which a sound has begun
STRUCK_DB = 12.0  # below the loudest early moment: where it begins
ONSET_HOP = 120  # samples, 2.5 ms


def morph(sounds: Sequence[Floats], shares: Doubles) -> Floats:
    """Return the sound between some sounds.

    Args:
        sounds: Each (samples, channels), as loud as they are to be heard.
        shares: Of each at every frame of the longest, HOP samples apart, (sounds, frames); they add up to 1. A frame
            beyond the last takes the last.

    Returns:
        Samples (samples, channels); their energy lies between those of the sounds.

    Raises:
        ShapeError: there are not as many shares as sounds, or their channels differ.
    """
    if len(sounds) != len(shares) or len({sound.shape[1] for sound in sounds}) != 1:
        raise ShapeError(f"{len(sounds)} sounds need as many shares and the same channels, not {shares.shape}")
    begun = align(sounds, shares[:, 0])
    length = max(map(len, begun))
    spectra = [_spectra(lengthened(sound, length)) for sound in begun]
    frames = spectra[0].shape[1]
    share = shares[:, np.minimum(np.arange(frames), shares.shape[1] - 1)]
    gains = find_gains(np.stack([envelope(np.abs(one).mean(0)) for one in spectra]), share)
    to_bins = mel_to_bin_weights().numpy().T
    mixed = np.zeros_like(spectra[0])
    for one, gain, part in zip(spectra, gains, share, strict=True):
        mixed += one * (np.exp(gain.astype(np.float32) @ to_bins) * np.sqrt(part)[:, None].astype(np.float32))
    return at_energy(_samples(mixed, length), begun, share.mean(1))


def align(sounds: Sequence[Floats], shares: Doubles) -> list[Floats]:
    """Return sounds whose beginnings fall together, between where they were, by their shares (sounds,)."""
    onsets = np.array([find_onset(sound) for sound in sounds])
    shifts = np.rint(shares @ onsets - onsets).astype(int)
    return [
        np.pad(sound, ((shift, 0), (0, 0))) if shift > 0 else sound[min(-shift, len(sound) - 1) :]
        for sound, shift in zip(sounds, shifts.tolist(), strict=True)
    ]


def find_onset(sound: Floats) -> int:
    """Return the sample at which a sound (samples, channels) begins: near the loudest of its early moments."""
    early = sound[: round(STRIKE_SECONDS * SAMPLE_RATE)].astype(np.float64)
    steps = max(1, len(early) // ONSET_HOP)
    power = (early[: steps * ONSET_HOP] ** 2).mean(1)
    level = power.reshape(steps, -1).mean(1)
    return int(np.argmax(level >= level.max() * 10 ** (-STRUCK_DB / 10))) * ONSET_HOP


def envelope(magnitude: NDArray[np.floating]) -> Doubles:
    """Return the spectral envelope of magnitudes (frames, bins) in the common mel frame, (frames, mels), neper."""
    power = magnitude.astype(np.float64) ** 2 @ mel_filters().numpy().T
    smooth = gaussian_filter1d(power, ENVELOPE_BANDS, axis=1, mode="nearest")
    smooth = gaussian_filter1d(smooth, ENVELOPE_FRAMES, axis=0, mode="nearest")
    found: Doubles = 0.5 * np.log(smooth + 1e-20)
    return found


def find_gains(envelopes: Doubles, shares: Doubles) -> Doubles:
    """Return the gain that brings each sound to the envelope between all.

    Shape and level are between those of the sounds, each by itself: two spectra that have little in common would
    otherwise leave less than either has.

    Args:
        envelopes: Of each sound, (sounds, frames, mels), neper.
        shares: Of each, (sounds, frames).

    Returns:
        In neper, (sounds, frames, mels).
    """
    heard = np.maximum(envelopes, envelopes.max((1, 2), keepdims=True) - RANGE_NEPER)
    weight = shares[..., None]
    between = (weight * heard).sum(0)
    levels = np.stack([mel_loudness(one.astype(np.float32)) for one in heard]) / DB_PER_NEPER
    level = (shares * levels).sum(0) - mel_loudness(between.astype(np.float32)) / DB_PER_NEPER
    between = between + level[:, None]
    gains = np.clip(between - heard, CUT_NEPER, LIFT_NEPER)
    made = 0.5 * np.log((weight * np.exp(2 * (heard + gains))).sum(0) + 1e-20)
    filled: Doubles = gains + np.clip(between - made, 0.0, FILLED_NEPER)
    return filled


def loud_energy_db(sound: Floats) -> float:
    """Return the energy of a sound (samples, channels) as BS.1770 weighs it, in dB.

    As long as events come as often, it says how loud they are in an output, whether they are short or long.
    """
    weighted = SectionFilter(k_weighting(SAMPLE_RATE), sound.shape[1]).process(sound.T)
    return float(power_to_lufs(np.float64((weighted**2).sum() / SAMPLE_RATE)))


def at_energy(mixed: Floats, sounds: Sequence[Floats], shares: Doubles) -> Floats:
    """Return a sound whose energy lies between those of others, by their shares (sounds,)."""
    wanted = float(shares @ [loud_energy_db(sound) for sound in sounds])
    return mixed * np.float32(db_to_amplitude(wanted - loud_energy_db(mixed)))


def _spectra(sound: Floats) -> Spectra:
    """Return spectra (channels, frames, bins) at HOP of a sound (samples, channels), reaching beyond its end."""
    padded = np.pad(sound.T, ((0, 0), (N_FFT // 2, N_FFT // 2 + 2 * HOP)))
    windows = sliding_window_view(padded, N_FFT, axis=1)[:, ::HOP] * analysis_window().numpy()
    spectra: Spectra = fft.rfft(windows, axis=-1)
    return spectra


def _samples(spectra: Spectra, length: int) -> Floats:
    """Return the sound (samples, channels) of spectra (channels, frames, bins)."""
    window = analysis_window().numpy()
    windows = (fft.irfft(spectra, N_FFT, axis=-1) * window).astype(np.float32).transpose(1, 0, 2)
    weight = overlap_add(np.broadcast_to(window**2, (len(windows), 1, N_FFT)))
    return (overlap_add(np.ascontiguousarray(windows)) / np.maximum(weight, 1e-3))[:length].astype(np.float32)
