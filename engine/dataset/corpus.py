"""The recordings of a model, kept with it: one memory-mapped file of samples and where each recording lies in it.

Silence stands before, between and after the recordings, so that a window centred on a first or last sample never
reaches into a neighbour.
"""

import json
import os
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from engine.audio.files import stream
from engine.errors import ModelError
from engine.units import HOP, LATENT_STRIDE, N_FFT, SAMPLE_RATE

SAMPLES_FILE = "corpus.f32"
RECORDINGS_FILE = "corpus.json"
GAP = N_FFT
SAMPLE_TYPE = np.dtype("<f4")


@dataclass(frozen=True)
class Recording:
    """One recording inside a corpus.

    Attributes:
        name: Path of the file it was read from, relative to its folder.
        start: Its first sample in the corpus.
        samples: Its length.
    """

    name: str
    start: int
    samples: int

    @property
    def seconds(self) -> float:
        """Return the length in seconds."""
        return self.samples / SAMPLE_RATE

    @property
    def frames(self) -> int:
        """Return the number of analysis frames, the first centred on the first sample."""
        return 1 + self.samples // HOP

    @property
    def latent_frames(self) -> int:
        """Return the number of latent frames that hold the analysis frames."""
        return -(-self.frames // LATENT_STRIDE)


@dataclass(frozen=True)
class Corpus:
    """Recordings end to end.

    Attributes:
        samples: Shape (samples, channels), memory-mapped, read-only.
        recordings: In the order of their position.
    """

    samples: NDArray[np.float32]
    recordings: tuple[Recording, ...]

    @property
    def channels(self) -> int:
        """Return 1 or 2."""
        return int(self.samples.shape[1])

    @property
    def seconds(self) -> float:
        """Return the length of all recordings, without the silence between."""
        return sum(recording.seconds for recording in self.recordings)

    def recorded(self, recording: Recording) -> NDArray[np.float32]:
        """Return the samples of one recording, (samples, channels), without copying."""
        return self.samples[recording.start : recording.start + recording.samples]


def write_corpus(
    folder: Path, sources: Iterable[tuple[str, Path]], channels: int, on_file: Callable[[str], None] | None = None
) -> Corpus:
    """Read recordings block by block into the corpus files of `folder`.

    Args:
        folder: Existing folder that receives the corpus.
        sources: Name and path of each recording.
        channels: 1 or 2; mono recordings are doubled in a stereo corpus, stereo ones averaged in a mono corpus.
        on_file: Called with each name before it is read.

    Raises:
        DatasetError: a recording cannot be read any more.
        OSError: the disk is full or the folder cannot be written.
    """
    recordings = []
    gap = np.zeros((GAP, channels), SAMPLE_TYPE).tobytes()
    with (folder / SAMPLES_FILE).open("wb") as out:
        out.write(gap)
        position = GAP
        for name, path in sources:
            if on_file:
                on_file(name)
            start = position
            for block in stream(path):
                out.write(with_channels(block, channels).astype(SAMPLE_TYPE).tobytes())
                position += len(block)
            recordings.append(Recording(name, start, position - start))
            out.write(gap)
            position += GAP
        out.flush()
        os.fsync(out.fileno())
    listing = {"channels": channels, "recordings": [asdict(recording) for recording in recordings]}
    (folder / RECORDINGS_FILE).write_text(json.dumps(listing, ensure_ascii=False, indent=1), encoding="utf-8")
    return load_corpus(folder)


def load_corpus(folder: Path) -> Corpus:
    """Open the corpus of `folder` without reading it into memory.

    Raises:
        ModelError: files are missing, or do not agree with each other.
    """
    try:
        listing = json.loads((folder / RECORDINGS_FILE).read_text(encoding="utf-8"))
        channels = int(listing["channels"])
        recordings = tuple(
            Recording(str(row["name"]), int(row["start"]), int(row["samples"])) for row in listing["recordings"]
        )
        stored = (folder / SAMPLES_FILE).stat().st_size
    except (OSError, ValueError, KeyError, TypeError, OverflowError, RecursionError) as error:
        raise ModelError(f"the recordings in {folder} cannot be opened ({error}); the model is damaged") from error
    if channels not in (1, 2) or not recordings:
        raise ModelError(f"the recordings in {folder} are described wrongly; the model is damaged")
    position = GAP
    for recording in recordings:
        if recording.start != position or recording.samples < 1:
            raise ModelError(f"the recording {recording.name!r} in {folder} is described wrongly; the model is damaged")
        position += recording.samples + GAP
    if stored != position * channels * SAMPLE_TYPE.itemsize:
        raise ModelError(f"{folder / SAMPLES_FILE} has {stored} bytes where its description implies another length")
    samples = np.memmap(folder / SAMPLES_FILE, SAMPLE_TYPE, "r", shape=(position, channels))
    return Corpus(samples, recordings)


def with_channels(samples: NDArray[np.float32], channels: int) -> NDArray[np.float32]:
    """Return (samples, channels) from mono or stereo: doubled, averaged, or as it is."""
    if samples.shape[1] == channels:
        return samples
    return np.repeat(samples, 2, axis=1) if channels == 2 else samples.mean(axis=1, keepdims=True)
