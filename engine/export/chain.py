"""The stages that a sound goes through on its way to the encoder: DC offset, fades, gain, sample rate, limiter."""

from collections.abc import Iterable, Iterator

import numpy as np
from numpy.typing import NDArray

from engine.audio.dc_offset import remove_dc_offset
from engine.audio.fade import fade
from engine.audio.limiter import TruePeakLimiter
from engine.audio.resample import Resampler
from engine.audio.stage import pass_through
from engine.settings import ExportSettings
from engine.units import SAMPLE_RATE, db_to_amplitude, seconds_to_samples

Floats = NDArray[np.float32]


def clean(blocks: Iterable[Floats], settings: ExportSettings) -> Iterator[Floats]:
    """Take out the DC offset, then fade in and out; the other way round an offset would end in a step.

    Args:
        blocks: Shape (samples, channels) each, at SAMPLE_RATE.
        settings: Which of it is wanted.

    Yields:
        As many samples.
    """
    if settings.remove_dc:
        blocks = remove_dc_offset(blocks)
    return fade(blocks, seconds_to_samples(settings.fade_in), seconds_to_samples(settings.fade_out))


def finish(
    blocks: Iterable[Floats], gain_db: float, channels: int, sample_rate: int, limiter: TruePeakLimiter
) -> Iterator[Floats]:
    """Bring a clean sound to its level and to the file's sample rate, then below the ceiling.

    The limiter comes last, because resampling moves the peaks.

    Args:
        blocks: Shape (samples, channels) each, at SAMPLE_RATE.
        gain_db: In dB.
        channels: Of the sound.
        sample_rate: Of the file, in Hz.
        limiter: A fresh one, for that sample rate.

    Yields:
        round(samples * sample_rate / SAMPLE_RATE) samples in all.
    """
    gain = np.float32(db_to_amplitude(gain_db))
    scaled = (block * gain for block in blocks)
    return pass_through(pass_through(scaled, Resampler(SAMPLE_RATE, channels, sample_rate)), limiter)
