"""Level of decoded log-mel frames: how loud a walk is at each moment, known before it is rendered."""

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from engine.audio.loudness import k_weighting, power_to_lufs
from engine.errors import ShapeError
from engine.features.mel import mel_filters
from engine.units import BINS, MEL_BANDS, N_FFT, SAMPLE_RATE

Floats = NDArray[np.float32]
Doubles = NDArray[np.float64]

HANN_POWER = 1.0 / 3.0  # power of a sine over the squared bins in which a Hann window shows it: 1/2 over 1 + 1/4 + 1/4


def mel_loudness(log_mel: Floats) -> Doubles:
    """Return about how loud each frame is, in LUFS, (frames,).

    A band is taken to be flat. So noise and low tones are right within 1 dB, and a pure tone, which a broad band
    averages with the silence beside it, reads too soft: by 2 dB at 2 kHz and 9 dB at 10 kHz.

    Args:
        log_mel: Shape (frames, mels), neper.

    Raises:
        ShapeError: there are not MEL_BANDS bands.
    """
    if log_mel.ndim != 2 or log_mel.shape[1] != MEL_BANDS:
        raise ShapeError(f"log-mel frames have the shape (frames, {MEL_BANDS}), not {log_mel.shape}")
    return np.asarray(power_to_lufs(np.exp(2.0 * log_mel.astype(np.float64)) @ _band_power()))


def weighting_gain(hz: Doubles) -> Doubles:
    """Return the power gain that BS.1770-4 gives to a frequency, the shape of `hz`."""
    delays = np.exp(-2j * np.pi * np.asarray(hz)[..., None] / SAMPLE_RATE * np.arange(3))
    up, down = np.split(k_weighting(SAMPLE_RATE), 2, axis=1)
    gain: Doubles = np.prod(np.abs(delays @ up.T / (delays @ down.T)) ** 2, axis=-1)
    return gain


@lru_cache
def _band_power() -> Doubles:
    """Return by what the squared magnitude of a band is to be multiplied to give its weighted power, (mels,).

    Neighbouring triangles of height 1 add up to 1, so that each bin counts once.
    """
    filters = mel_filters().numpy().astype(np.float64)
    shares = filters / filters.max(1, keepdims=True)
    power: Doubles = shares @ weighting_gain(np.arange(BINS) * SAMPLE_RATE / N_FFT) * HANN_POWER
    return power
