"""The derivatives of a phase from those of its magnitude.

Průša, Balazs, Søndergaard: A Noniterative Method for Reconstruction of Phase from STFT Magnitude (2017), whose
formulas are exact under a Gaussian window and approximate under this Hann window. Both are replaced here by what holds
exactly under Hann: along time for one stationary sinusoid, along frequency for one impulse. Of a 1 kHz
sine the error falls from -38 to -56 dB before any round of Griffin-Lim, of a saxophone from -36 to -49 dB after five;
of other sounds it stays within 1 dB.
"""

import numpy as np

from engine.units import N_FFT
from engine.vocoder.phase_tree import Floats


def phase_steps(level: Floats, hop: int) -> tuple[Floats, Floats]:
    """Return the phase differences of neighbouring bins and of neighbouring frames, by the trapezoidal rule.

    Args:
        level: Natural logarithm of the magnitude, shape (bins, frames).
        hop: Samples between frames.

    Returns:
        Radians, shapes (bins - 1, frames) and (bins, frames - 1).
    """
    turns = 2.0 * np.pi / N_FFT
    delay = delay_in_samples(level, hop)
    # torch.stft counts phase from the start of its frame, half a window before the centre
    across = -turns * (delay[:-1] + delay[1:]) / 2.0 + np.pi
    frequency = np.arange(level.shape[0])[:, None] + offset_in_bins(level)
    along = turns * hop * (frequency[:, :-1] + frequency[:, 1:]) / 2.0
    return across, along


def offset_in_bins(level: Floats) -> Floats:
    """Return how far above its bin each bin's sinusoid lies, in bins between -1 and 1.

    A Hann window shows a sinusoid x bins above bin k as M(k+1) / M(k-1) = (1+x)(2+x) / ((1-x)(2-x)).
    """
    mirrored = np.pad(level, ((1, 1), (0, 0)), mode="reflect")
    half = np.tanh((mirrored[2:] - mirrored[:-2]) / 2.0)  # (R - 1) / (R + 1) of the ratio R
    return 4.0 * half / (3.0 + np.sqrt(9.0 - 8.0 * half**2))


def delay_in_samples(level: Floats, hop: int) -> Floats:
    """Return how long after its frame's centre each bin's impulse comes, in samples within half a window.

    A Hann window shows an impulse d samples after the centre as cos²(π d / N_FFT), whence M of two frames later
    over M two earlier.
    """
    extended = np.pad(level, ((0, 0), (1, 1)), mode="reflect", reflect_type="odd")
    half = np.tanh((extended[:, 2:] - extended[:, :-2]) / 4.0)
    return N_FFT / np.pi * np.arctan(half / np.tan(np.pi * hop / N_FFT))
