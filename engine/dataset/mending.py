"""A recording without its DC offset, in a file of its own: nothing else of it changes."""

from pathlib import Path

import numpy as np
import soundfile

from engine.audio.files import BLOCK_SECONDS
from engine.audio.source import open_source

LARGEST_WAV_BYTES = 4_000_000_000  # a header cannot say more; RF64 can
FLOAT_BYTES = 4


def write_without_offset(source: Path, target: Path) -> None:
    """Write a recording as a 32-bit float WAV with the mean of each channel taken out.

    Sample rate, channels and everything that can be heard stay as they are. It is read twice, in blocks.

    Args:
        source: The recording, as far as it can be read.
        target: The file to write.

    Raises:
        RecordingError: the recording cannot be opened.
        OSError, LibsndfileError: the target cannot be written.
    """
    with open_source(source) as recording:
        total, samples = np.zeros(1), 0
        for block in recording.stored_blocks(BLOCK_SECONDS):
            total = total + block.sum(axis=0, dtype=np.float64)
            samples += len(block)
        mean = total / max(1, samples)
        container = "RF64" if samples * len(mean) * FLOAT_BYTES > LARGEST_WAV_BYTES else "WAV"
        rate = recording.info.sample_rate
        with soundfile.SoundFile(target, "w", rate, len(mean), "FLOAT", format=container) as written:
            for block in recording.stored_blocks(BLOCK_SECONDS):
                written.write((block - mean).astype(np.float32))
