"""Descriptors of loudness-normalised mono audio: the spectra, chromas and limits on which properties are measured.

The definitions are published ones, or plain ones where a musician's word has no published measure. Everything is
measured on what is heard: silence 60 dB below the loudest moment is left out. `engine.properties` measures what sliders
move.
"""

from functools import lru_cache

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from engine.audio.loudness import loudness_lufs
from engine.errors import ShapeError
from engine.features.slaney import mel_triangles
from engine.units import SAMPLE_RATE, db_to_amplitude

Doubles = NDArray[np.float64]

LOUDNESS_LUFS = -16.0
GATE_DB = 60.0  # below the loudest frame: what is not heard beside it
WINDOW = 2048  # samples, of spectra
SPECTRUM_HOP = 512
ROUGHNESS_WINDOW = 4096  # resolves partials 25 Hz apart, which beat
CHROMA_WINDOW = 8192  # resolves semitones from 100 Hz up
CHROMA_HZ = (55.0, 5_000.0)
TUNING_HZ = 440.0
INTERVAL_WEIGHTS = np.array([3.0, 8.0, 11.5, 15.0, 14.5, 7.5])  # Bernardes et al. (2016), of semitone to fifth
MEL_BANDS, MEL_LOW_HZ, MEL_HIGH_HZ = 64, 50.0, 16_000.0
WARM_HZ = (80.0, 500.0)
MEL_HOP = 480  # samples, 10 ms
MEL_FLOOR = 2e-6  # added to the magnitude of a band before its logarithm
FLATNESS_FLOOR = 4e-15  # power of a bin, 144 dB below full scale
MOTION_FRAMES = 10  # of MEL_HOP: the 100 ms over which a spectrum changes
ATTACK_HOP = 480  # samples, the 10 ms within which level rises


def normalise(samples: NDArray[np.floating]) -> Doubles:
    """Return a mono sound (samples,) at LOUDNESS_LUFS; digital silence stays silent.

    Raises:
        ShapeError: `samples` has more than one axis, or is empty.
    """
    if samples.ndim != 1 or len(samples) == 0:
        raise ShapeError(f"a mono sound has shape (samples,), not {samples.shape}")
    found = loudness_lufs(samples[:, None].astype(np.float32))
    return samples.astype(np.float64) * db_to_amplitude(LOUDNESS_LUFS - found)


def magnitude(samples: Doubles, window: int, hop: int) -> Doubles:
    """Return Hann spectra (frames, bins), frame t centred on sample t * hop, a full-scale sine reading 1."""
    padded = np.pad(samples, (window // 2, window // 2 + hop))
    frames = sliding_window_view(padded, window)[::hop]
    hann = np.hanning(window + 1)[:-1]
    spectra: Doubles = np.abs(np.fft.rfft(frames * hann, axis=1)) * (4.0 / window)
    return spectra


def frequencies(window: int) -> Doubles:
    """Return the frequency of each bin, (bins,), Hz."""
    return np.linspace(0.0, SAMPLE_RATE / 2, window // 2 + 1)


def chroma(samples: Doubles) -> Doubles:
    """Return the energy in each of the twelve pitch classes from A up, (12,), in units of the sound's energy."""
    power, hz = (magnitude(samples, CHROMA_WINDOW, CHROMA_WINDOW // 2) ** 2).sum(0), frequencies(CHROMA_WINDOW)
    used = (hz > CHROMA_HZ[0]) & (hz < CHROMA_HZ[1])
    pitch = np.round(12 * np.log2(hz[used] / TUNING_HZ)).astype(int) % 12
    energies: Doubles = np.bincount(pitch, weights=power[used], minlength=12).astype(np.float64)
    return energies


def chroma_to_tension(energies: Doubles) -> Doubles:
    """Return how far each chroma (..., 12) is from a single pitch class, (...,): 1 - |T| / |w|, 0 calm to 1 tense.

    T is the tonal interval vector of Bernardes, Cocharro, Caetano, Guedes and Davies (2016): the weighted Fourier
    transform of the chroma, whose length grows with consonance. All pitch classes alike are 1, and so is silence.
    """
    share = energies / (energies.sum(-1, keepdims=True) + 1e-12)
    vector = INTERVAL_WEIGHTS * np.fft.fft(share, axis=-1)[..., 1:7]
    tension: Doubles = 1 - np.linalg.norm(vector, axis=-1) / np.linalg.norm(INTERVAL_WEIGHTS)
    return tension


def width(stereo: NDArray[np.floating]) -> float:
    """Return the share of a stereo sound's energy that is in the difference of its channels, in dB; mono is -60.

    Raises:
        ShapeError: `stereo` does not have the shape (samples, 2).
    """
    if stereo.ndim != 2 or stereo.shape[1] != 2:
        raise ShapeError(f"the width is that of a stereo sound (samples, 2), not {stereo.shape}")
    middle, side = stereo.sum(1) / 2, (stereo[:, 0] - stereo[:, 1]) / 2
    share = (side**2).mean() / ((middle**2).mean() + (side**2).mean() + 1e-12)
    return float(10 * np.log10(share + 1e-6))


def descriptor_mel(samples: Doubles) -> Doubles:
    """Return the log-mel spectra on which motion and onsets are measured, (frames, MEL_BANDS), neper."""
    return np.log(magnitude(samples, WINDOW, MEL_HOP) @ descriptor_filters() + MEL_FLOOR)


@lru_cache
def descriptor_filters() -> Doubles:
    """Return the filters of `descriptor_mel`: Slaney's triangles of equal area, (bins, MEL_BANDS); do not change."""
    return mel_triangles(WINDOW // 2 + 1, MEL_BANDS, MEL_LOW_HZ, MEL_HIGH_HZ)


def audible(samples: Doubles) -> Doubles:
    """Return the spectra (frames, bins) that are at most GATE_DB softer than the loudest one."""
    spectra = magnitude(samples, WINDOW, SPECTRUM_HOP)
    energy = (spectra**2).sum(1)
    heard: Doubles = spectra[energy > energy.max() * 10 ** (-GATE_DB / 10)]
    return heard if len(heard) else spectra
