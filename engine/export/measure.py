"""A sound file as anyone will read it: how long it is, how loud, how high its true peaks are, and which samples."""

import hashlib
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from engine.audio.loudness import LoudnessMeter
from engine.audio.source import probe, source_blocks
from engine.audio.true_peak import TruePeakMeter

BLOCK_SECONDS = 1.0


@dataclass(frozen=True)
class Measured:
    """Measures of a file.

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
    """Read a sound file from beginning to end, and measure all there is to say of it.

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
        digest.update(_to_bytes(block))
        samples += len(block)
    return Measured(samples, info.sample_rate, channels, loudness.lufs(), true_peak.db(), digest.hexdigest())


def measure_loudness(path: Path) -> float:
    """Return the integrated loudness of a sound file in LUFS, which takes less time than all of `measure`.

    Raises:
        RecordingError: it cannot be opened or is damaged at its beginning.
    """
    info = probe(path)
    loudness = LoudnessMeter(min(info.channels, 2), info.sample_rate)
    for block in source_blocks(path, BLOCK_SECONDS):
        loudness.update(block)
    return loudness.lufs()


def read_fingerprint(path: Path) -> str:
    """Return the fingerprint of a sound file, see `Measured`, which takes less time than all of `measure`.

    Raises:
        RecordingError: it cannot be opened or is damaged at its beginning.
    """
    probe(path)
    digest = hashlib.sha256()
    for block in source_blocks(path, BLOCK_SECONDS):
        digest.update(_to_bytes(block))
    return digest.hexdigest()


def _to_bytes(block: NDArray[np.float32]) -> bytes:
    return np.ascontiguousarray(block, "<f4").tobytes()
