"""Minimum phase: of all responses with one magnitude, the one whose energy comes soonest."""

import numpy as np
from numpy.typing import NDArray
from scipy import fft

Doubles = NDArray[np.float64]


def minimum_phase_spectrum(gain: Doubles, size: int) -> NDArray[np.complex128]:
    """Return the spectrum of the minimum-phase response with a gain, (…, size // 2 + 1).

    The real cepstrum is folded to positive times (Oppenheim and Schafer, Discrete-Time Signal Processing, 13).

    Args:
        gain: In neper, (…, size // 2 + 1).
        size: Samples of the response.
    """
    cepstrum = fft.irfft(gain, size)
    cepstrum[..., 1 : (size + 1) // 2] *= 2.0
    cepstrum[..., size // 2 + 1 :] = 0.0
    spectrum: NDArray[np.complex128] = np.exp(fft.rfft(cepstrum))
    return spectrum
