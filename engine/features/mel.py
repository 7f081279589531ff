"""Samples to spectra to the log-mel frame, the view of sound that every model shares.

Magnitudes are scaled so that a full-scale sine reads 1 at its bin; a mel band is the mean magnitude of its bins.
So a mel band and the bins under it are in the same unit, and 0 neper is a full-scale sine.
"""

from functools import lru_cache

import torch
from torch import Tensor

from engine.errors import ShapeError
from engine.features.torchaudio_loading import load_torchaudio
from engine.units import BINS, HOP, LOG_FLOOR, MEL_BANDS, MEL_HIGH_HZ, MEL_LOW_HZ, N_FFT, SAMPLE_RATE


@lru_cache
@torch.inference_mode(mode=False)  # what is kept must serve training as well
def analysis_window(device: torch.device = torch.device("cpu")) -> Tensor:
    """Return the periodic Hann window of N_FFT samples; do not change it."""
    return torch.hann_window(N_FFT, device=device)


@lru_cache
@torch.inference_mode(mode=False)
def mel_filters(device: torch.device = torch.device("cpu")) -> Tensor:
    """Return triangular filters on Slaney's mel scale, each summing to 1, shape (mels, bins); do not change them."""
    filters = load_torchaudio().functional.melscale_fbanks(
        BINS, MEL_LOW_HZ, MEL_HIGH_HZ, MEL_BANDS, SAMPLE_RATE, norm=None, mel_scale="slaney"
    )
    return (filters / filters.sum(0)).T.contiguous().to(device)


def spectrum(samples: Tensor, hop: int = HOP) -> Tensor:
    """Return the short-time Fourier transform, frame t centred on sample t * hop.

    Args:
        samples: Shape (..., samples), at SAMPLE_RATE.
        hop: Samples between frames.

    Returns:
        Complex, shape (..., bins, 1 + samples // hop), a full-scale sine having magnitude 1 at its bin.
    """
    if samples.shape[-1] == 0:
        raise ShapeError("there are no samples to analyse")
    flat = samples.reshape(-1, samples.shape[-1])
    found = torch.stft(
        flat, N_FFT, hop, window=analysis_window(samples.device), pad_mode="constant", return_complex=True
    )
    return found.reshape(*samples.shape[:-1], *found.shape[-2:]) * (4.0 / N_FFT)


def magnitude_to_log(magnitude: Tensor) -> Tensor:
    """Return the natural logarithm of a magnitude plus LOG_FLOOR."""
    return torch.log(magnitude + LOG_FLOOR)


def magnitude_to_mel(magnitude: Tensor) -> Tensor:
    """Average magnitudes (..., bins, frames) in mel bands, shape (..., mels, frames)."""
    if magnitude.shape[-2] != BINS:
        raise ShapeError(f"a magnitude has {BINS} bins, this one {magnitude.shape[-2]}")
    return mel_filters(magnitude.device) @ magnitude


def log_mel(samples: Tensor, hop: int = HOP) -> Tensor:
    """Return the log-mel frame of samples (..., samples), shape (..., mels, frames), in neper."""
    return magnitude_to_log(magnitude_to_mel(spectrum(samples, hop).abs()))


@lru_cache
@torch.inference_mode(mode=False)
def mel_to_bin_weights(device: torch.device = torch.device("cpu")) -> Tensor:
    """Return weights that interpolate values on mel bands to bins, (bins, mels); each row sums to 1.

    Bins below the lowest and above the highest band take the value of the nearest band.
    """
    filters = mel_filters(device)
    peaks = filters / filters.amax(1, keepdim=True)
    total = peaks.sum(0)
    first, last = (total > 0).nonzero()[[0, -1], 0].tolist()
    weights = (peaks / total.clamp_min(1e-9)).T.clone()
    weights[: first + 1] = torch.nn.functional.one_hot(torch.tensor(0), MEL_BANDS).to(weights)
    weights[last:] = torch.nn.functional.one_hot(torch.tensor(MEL_BANDS - 1), MEL_BANDS).to(weights)
    return weights
