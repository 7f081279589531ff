"""The derivatives of a phase from those of its magnitude.

Průša, Balazs, Søndergaard: A Noniterative Method for Reconstruction of Phase from STFT Magnitude (2017), whose
formulas are exact under a Gaussian window and approximate under this Hann window. Both are replaced here by what holds
exactly under Hann: along time for one stationary sinusoid, along frequency for one impulse. Of a 1 kHz
sine the error falls from -38 to -56 dB before any round of Griffin-Lim, of a saxophone from -36 to -49 dB after five;
of other sounds it stays within 1 dB.
"""

import math

import numpy as np
from numpy.typing import NDArray

from engine.units import N_FFT
from engine.vocoder.phase_tree import Floats

Reals = NDArray[np.floating]


def phase_steps(level: Floats, hop: int) -> tuple[Floats, Floats]:
    """Return the phase differences of neighbouring bins and of neighbouring frames, by the trapezoidal rule.

    Args:
        level: Natural logarithm of the magnitude, shape (bins, frames).
        hop: Samples between frames.

    Returns:
        Radians less whole turns, shapes (bins - 1, frames) and (bins, frames - 1).
    """
    turns = 2.0 * np.pi / N_FFT
    level = level.astype(np.float32)  # precise to a millionth of a radian a step, and twice as fast
    delay = delay_in_samples(level, hop)
    # torch.stft counts phase from the start of its frame, half a window before the centre
    across = np.float32(-turns / 2.0) * (delay[:-1] + delay[1:]) + np.float32(np.pi)
    offset = offset_in_bins(level)
    whole = (turns * (np.arange(level.shape[0]) * hop % N_FFT)).astype(np.float32)
    along = whole[:, None] + np.float32(0.5 * turns * hop) * (offset[:, :-1] + offset[:, 1:])
    return across, along


def offset_in_bins(level: Reals) -> Reals:
    """Return how far above its bin each bin's sinusoid lies, in bins between -1 and 1.

    A Hann window shows a sinusoid x bins above bin k as M(k+1) / M(k-1) = (1+x)(2+x) / ((1-x)(2-x)).
    """
    mirrored = np.pad(level, ((1, 1), (0, 0)), mode="reflect")
    half = np.tanh((mirrored[2:] - mirrored[:-2]) / 2.0)  # (R - 1) / (R + 1) of the ratio R
    offset: Reals = 4.0 * half / (3.0 + np.sqrt(9.0 - 8.0 * half**2))
    return offset


def delay_in_samples(level: Reals, hop: int) -> Reals:
    """Return how long after its frame's centre each bin's impulse comes, in samples within half a window.

    A Hann window shows an impulse d samples after the centre as cos²(π d / N_FFT), whence M of two frames later
    over M two earlier.
    """
    extended = np.pad(level, ((0, 0), (1, 1)), mode="reflect", reflect_type="odd")
    half = np.tanh((extended[:, 2:] - extended[:, :-2]) / 4.0)
    delay: Reals = N_FFT / np.pi * np.arctan(half / math.tan(math.pi * hop / N_FFT))
    return delay
