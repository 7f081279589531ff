"""The recordings of a model, kept with it: one memory-mapped file of samples and where each recording lies in it.

Silence stands before, between and after the recordings, so that a window centred on a first or last sample never
reaches into a neighbour.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.audio.mapped import map_samples
from engine.errors import ModelError
from engine.units import HOP, LATENT_STRIDE, N_FFT, SAMPLE_RATE

SAMPLES_FILE = "corpus.f32"
RECORDINGS_FILE = "corpus.json"
GAP = N_FFT
SAMPLE_TYPE = np.dtype("<f4")
BLOCK_SAMPLES = 2**18  # of a recording that are gone through at once

Blocks = Iterable[NDArray[np.float32]]


@dataclass(frozen=True)
class Recording:
    """One recording inside a corpus.

    Attributes:
        name: Path of the file it was read from, relative to its folder.
        start: Its first sample in the corpus.
        samples: Its length.
        synthetic: Whether it is an output of a model that was fed back, rather than something that was recorded.
    """

    name: str
    start: int
    samples: int
    synthetic: bool = False

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

    @property
    def synthetic_seconds(self) -> float:
        """Return the length of the recordings that are outputs fed back."""
        return sum(recording.seconds for recording in self.recordings if recording.synthetic)

    def recorded(self, recording: Recording) -> NDArray[np.float32]:
        """Return the samples of one recording, (samples, channels), without copying."""
        return self.samples[recording.start : recording.start + recording.samples]

    def blocks(self, recording: Recording) -> Blocks:
        """Yield the samples of one recording in blocks (samples, channels), without copying."""
        samples = self.recorded(recording)
        return (samples[at : at + BLOCK_SAMPLES] for at in range(0, len(samples), BLOCK_SAMPLES))

    def mono(self, recording: Recording) -> "Mixed":
        """Return one recording, both channels mixed, of which a part is read when it is asked for."""
        return Mixed(self.recorded(recording))


class Mixed:
    """A mono sound that is mixed from channels when a part of it is asked for, so that all of it is never in memory."""

    ndim = 1

    def __init__(self, samples: NDArray[np.float32]) -> None:
        """Take samples (samples, channels), which may be mapped."""
        self._samples = samples
        self.shape = samples.shape[:1]

    def __len__(self) -> int:
        """Return the number of samples."""
        return len(self._samples)

    def __getitem__(self, part: slice) -> NDArray[np.float32]:
        """Return a part of the sound, (samples,)."""
        mixed: NDArray[np.float32] = self._samples[part].mean(axis=1)
        return mixed


def load_corpus(folder: Path) -> Corpus:
    """Open the corpus of `folder` without reading it into memory.

    Raises:
        ModelError: files are missing, or do not agree with each other.
    """
    try:
        listing = json.loads((folder / RECORDINGS_FILE).read_text(encoding="utf-8"))
        channels = int(listing["channels"])
        recordings = tuple(_read_recording(row) for row in listing["recordings"])
        stored = (folder / SAMPLES_FILE).stat().st_size
    except (OSError, ValueError, KeyError, TypeError, AttributeError, OverflowError, RecursionError) as error:
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
    return Corpus(map_samples(folder / SAMPLES_FILE, position, channels, SAMPLE_TYPE), recordings)


def _read_recording(row: dict[str, Any]) -> Recording:
    """Read the description of a recording; models from before outputs could be fed back do not say `synthetic`.

    Raises:
        ValueError, KeyError, TypeError, OverflowError: it is damaged.
    """
    synthetic = row.get("synthetic", False)
    if type(synthetic) is not bool:
        raise ValueError(f"synthetic is {synthetic!r}")
    return Recording(str(row["name"]), int(row["start"]), int(row["samples"]), synthetic)


def with_channels(samples: NDArray[np.float32], channels: int) -> NDArray[np.float32]:
    """Return (samples, channels) from mono or stereo: doubled, averaged, or as it is."""
    if samples.shape[1] == channels:
        return samples
    return np.repeat(samples, 2, axis=1) if channels == 2 else samples.mean(axis=1, keepdims=True)
