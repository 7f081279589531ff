"""A sound file as anyone will read it: how long it is, how loud, how high its true peaks are, and which samples."""

import hashlib
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from engine.audio.loudness import LoudnessMeter
from engine.audio.source import probe, source_blocks
from engine.audio.true_peak import TruePeakMeter

BLOCK_SECONDS = 1.0


@dataclass(frozen=True)
class Measured:
    """What was read from a file.

    Attributes:
        samples: Per channel, all that can be read.
        sample_rate: In Hz.
        channels: 1 or 2.
        loudness_lufs: Integrated loudness, ITU-R BS.1770.
        true_peak_db: In dBTP.
        fingerprint: SHA-256 of all samples as 32-bit floats: the same sound in another name, format without loss or
            with other tags has the same.
    """

    samples: int
    sample_rate: int
    channels: int
    loudness_lufs: float
    true_peak_db: float
    fingerprint: str = ""


def measure(path: Path) -> Measured:
    """Read a sound file from beginning to end.

    Raises:
        RecordingError: it cannot be opened or is damaged at its beginning.
    """
    info = probe(path)
    channels = min(info.channels, 2)
    loudness = LoudnessMeter(channels, info.sample_rate)
    true_peak = TruePeakMeter(channels)
    digest = hashlib.sha256()
    samples = 0
    for block in source_blocks(path, BLOCK_SECONDS):
        loudness.update(block)
        true_peak.update(block)
        digest.update(np.ascontiguousarray(block, "<f4").tobytes())
        samples += len(block)
    return Measured(samples, info.sample_rate, channels, loudness.lufs(), true_peak.db(), digest.hexdigest())
