"""Distances between two sounds, by published definitions, in numpy and scipy only.

Nothing here uses the engine: a mistake in the engine's own analysis must not hide itself. Sounds are mono arrays at
48 kHz, loudness-normalised by `normalise` before they are compared.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from statistics import fmean

import numpy as np
import pyloudnorm
import soundfile
import soxr
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray
from scipy import fft

Doubles = NDArray[np.float64]
Visqol = Callable[[Doubles, Doubles], float]

SAMPLE_RATE = 48_000
LOUDNESS_LUFS = -16.0
LOUDNESS_SECONDS = 0.41  # the shortest sound that has a loudness by BS.1770; a shorter one has an RMS level
DAC_WINDOWS = {32: 5, 64: 10, 128: 20, 256: 40, 512: 80, 1024: 160, 2048: 320}  # samples to mel bands
DAC_FLOOR = 1e-5
LSD_WINDOWS = (512, 1024, 2048, 4096)
LSD_FLOOR = 1e-4
VISQOL_SECONDS = 1.0  # of the shortest sound that ViSQOL judges


@dataclass(frozen=True)
class Distance:
    """How far a sound is from another.

    Attributes:
        dac_mel: Mel distance of the Descript Audio Codec paper; lower is closer.
        lsd: Log spectral distance, neper; lower is closer.
        visqol: Predicted mean opinion, 1 to 5, higher is closer; None where ViSQOL is missing or the sound too short.
    """

    dac_mel: float
    lsd: float
    visqol: float | None


def compare(reference: Doubles, other: Doubles, *, with_visqol: bool) -> Distance:
    """Measure how far a sound is from its reference; the longer one is cut."""
    length = min(len(reference), len(other))
    a, b = normalise(reference[:length]), normalise(other[:length])
    judge = load_visqol() if with_visqol and length >= VISQOL_SECONDS * SAMPLE_RATE else None
    return Distance(dac_mel_distance(a, b), log_spectral_distance(a, b), judge(a, b) if judge else None)


def average(distances: list[Distance]) -> Distance | None:
    """Return the mean of each measure over those sounds that have it, None without any sound."""
    if not distances:
        return None
    opinions = [one.visqol for one in distances if one.visqol is not None]
    return Distance(
        fmean(one.dac_mel for one in distances),
        fmean(one.lsd for one in distances),
        fmean(opinions) if opinions else None,
    )


@lru_cache
def load_visqol() -> Visqol | None:
    """Return ViSQOL in its audio mode (Chinen et al. 2020), or None where its package is not installed."""
    try:
        from visqol import VisqolApi
    except ImportError:
        return None
    api = VisqolApi()
    api.create(mode="audio")
    return lambda reference, other: float(api.measure_from_arrays(reference, other, SAMPLE_RATE).moslqo)


def read_mono(path: Path, seconds: float | None = None) -> Doubles:
    """Read the first seconds of a sound file, or all of it, as the mean of its channels at SAMPLE_RATE."""
    with soundfile.SoundFile(path) as file:
        rate = file.samplerate
        samples = file.read(-1 if seconds is None else round(seconds * rate), dtype="float64", always_2d=True)
    mono = samples.mean(axis=1)
    return mono if rate == SAMPLE_RATE else soxr.resample(mono, rate, SAMPLE_RATE, quality="VHQ")


def normalise(samples: Doubles) -> Doubles:
    """Scale a sound to LOUDNESS_LUFS, by its RMS level where it is too short or too quiet to have a loudness."""
    loudness = -np.inf
    if len(samples) >= int(LOUDNESS_SECONDS * SAMPLE_RATE):
        with np.errstate(divide="ignore", invalid="ignore"):
            loudness = pyloudnorm.Meter(SAMPLE_RATE).integrated_loudness(samples)
    if not np.isfinite(loudness):
        loudness = 20 * np.log10(np.sqrt(np.square(samples).mean()) + 1e-9)
    return samples * 10 ** ((LOUDNESS_LUFS - loudness) / 20)


def magnitude(samples: Doubles, window: int, hop: int | None = None) -> Doubles:
    """Return the magnitude of the unnormalised Hann transform, (bins, frames), frame t centred on sample t * hop."""
    hop = hop or window // 4
    frames = 1 + -(-len(samples) // hop)
    padded = np.zeros((frames - 1) * hop + window)
    padded[window // 2 : window // 2 + len(samples)] = samples
    hann = 0.5 - 0.5 * np.cos(2 * np.pi * np.arange(window) / window)
    return np.abs(fft.rfft(sliding_window_view(padded, window)[::hop] * hann)).T


@lru_cache
def mel_filters(window: int, bands: int, low_hz: float = 0.0, high_hz: float = SAMPLE_RATE / 2) -> Doubles:
    """Return triangular filters of unit area on Slaney's mel scale, (bands, bins)."""
    steps = np.linspace(hz_to_mel(low_hz), hz_to_mel(high_hz), bands + 2)
    edges = np.array([mel_to_hz(step) for step in steps])
    bins = fft.rfftfreq(window, 1 / SAMPLE_RATE)
    low, middle, high = edges[:-2, None], edges[1:-1, None], edges[2:, None]
    triangles = np.minimum((bins - low) / (middle - low), (high - bins) / (high - middle))
    return np.maximum(triangles, 0.0) * 2 / (high - low)


def hz_to_mel(hz: float) -> float:
    """Convert to Slaney's mel: linear to 1 kHz, logarithmic above."""
    return 3 * hz / 200 if hz < 1000 else 15 + 27 * float(np.log(hz / 1000) / np.log(6.4))


def mel_to_hz(mel: float) -> float:
    """Convert from Slaney's mel."""
    return 200 * mel / 3 if mel < 15 else 1000 * 6.4 ** ((mel - 15) / 27)


def dac_mel_distance(reference: Doubles, other: Doubles) -> float:
    """Return the mel distance of Kumar et al. 2023: seven windows, log10, mean difference, summed."""
    total = 0.0
    for window, bands in DAC_WINDOWS.items():
        a, b = (
            np.log10(np.maximum(mel_filters(window, bands) @ magnitude(sound, window), DAC_FLOOR))
            for sound in (reference, other)
        )
        total += float(np.abs(a - b).mean())
    return total


def log_spectral_distance(reference: Doubles, other: Doubles) -> float:
    """Return the mean difference of log magnitudes over LSD_WINDOWS, neper."""
    differences = []
    for window in LSD_WINDOWS:
        a, b = (np.log(magnitude(sound, window) + LSD_FLOOR) for sound in (reference, other))
        differences.append(float(np.abs(a - b).mean()))
    return fmean(differences)
