"""The recordings that a model keeps, listened to and looked at without opening the model."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from engine.dataset.corpus import SAMPLES_FILE, Corpus, Recording, load_corpus
from engine.errors import ModelError, ParameterError
from engine.latent.stored import read_chart
from engine.library.entries import MODEL_FILE
from engine.paths import models_folder
from engine.studio.blends import refuse_blend
from engine.studio.models import find_model
from engine.studio.pictures import draw_log_picture, measure_peaks
from engine.units import SAMPLE_RATE

Floats = NDArray[np.float32]

ID = re.compile(r"[0-9A-Za-z_-]{1,64}")  # of a model, also the name of its folder
BLOCK_SAMPLES = 1 << 16
MOST_SECONDS = 3_600.0  # of a recording, heard in one go


@dataclass(frozen=True)
class Excerpt:
    """A stretch of a recording.

    Attributes:
        recording: Its name.
        first: First sample of the stretch within it.
        samples: The stretch, (samples, channels), read from the disk as it is used.
    """

    recording: str
    first: int
    samples: Floats

    @property
    def channels(self) -> int:
        """Return 1 or 2."""
        return int(self.samples.shape[1])

    def blocks(self) -> Iterator[Floats]:
        """Yield the samples in blocks (samples, channels)."""
        for at in range(0, len(self.samples), BLOCK_SAMPLES):
            yield self.samples[at : at + BLOCK_SAMPLES]


def list_recordings(model: str) -> tuple[Recording, ...]:
    """Return the recordings that a model keeps, in their order.

    Args:
        model: Name or id.

    Raises:
        ModelError: there is no such model, it is a blend, or it is damaged.
    """
    return load_corpus(_find_folder(model)).recordings


def read_recording(model: str, number: int, start_seconds: float = 0.0, seconds: float = MOST_SECONDS) -> Excerpt:
    """Return a stretch of a recording; what lies behind its end is left out.

    Args:
        model: Name or id.
        number: Of the recording, from 0.
        start_seconds: Where it begins, from 0.
        seconds: Its length, up to MOST_SECONDS.

    Raises:
        ModelError: see `list_recordings`; or there is no such recording (`recording_unknown`).
        ParameterError: a time is outside its range.
    """
    corpus = load_corpus(_find_folder(model))
    if not 0 <= number < len(corpus.recordings):
        raise ModelError(
            f"there is no recording {number} in model {model!r}; it has {len(corpus.recordings)}, counted from 0",
            code="recording_unknown",
        )
    return _cut(corpus, corpus.recordings[number], start_seconds, seconds)


def read_moment(model: str, number: int, seconds: float) -> Excerpt:
    """Return the recording from a moment of the map on.

    Args:
        model: Name or id.
        number: Of the moment, from 0, as `describe_map` lists them.
        seconds: Length, up to MOST_SECONDS.

    Raises:
        ModelError: see `list_recordings`; or there is no such moment (`moment_unknown`).
        ParameterError: `seconds` is outside its range.
    """
    folder = _find_folder(model)
    moments = read_chart(folder)[0].moments
    if not 0 <= number < len(moments.seconds):
        raise ModelError(
            f"there is no moment {number} in model {model!r}; it has {len(moments.seconds)}, counted from 0",
            code="moment_unknown",
        )
    corpus = load_corpus(folder)
    recording = corpus.recordings[int(moments.recordings[number])]
    return _cut(corpus, recording, float(moments.seconds[number]), seconds)


def draw_recording_peaks(model: str, number: int, points: int) -> tuple[NDArray[np.int16], float]:
    """Return the outline of a recording, see `measure_peaks`, and its seconds; raises what `read_recording` does."""
    excerpt = read_recording(model, number)
    return measure_peaks(excerpt.blocks(), len(excerpt.samples), points), len(excerpt.samples) / SAMPLE_RATE


def draw_recording(model: str, number: int, columns: int, rows: int) -> tuple[NDArray[np.uint8], float]:
    """Return the picture of a recording, see `draw_log_picture`, and its seconds; raises what `read_recording` does."""
    excerpt = read_recording(model, number)
    return draw_log_picture(excerpt.blocks(), len(excerpt.samples), columns, rows), len(excerpt.samples) / SAMPLE_RATE


def _find_folder(model: str) -> Path:
    """Return the folder of a model that has recordings; by its id without the library, whose reading would be heard."""
    folder = models_folder() / model
    if ID.fullmatch(model) and (folder / MODEL_FILE).is_file() and (folder / SAMPLES_FILE).is_file():
        return folder
    entry = find_model(model)
    refuse_blend(entry, "Each of its models has recordings of its own")
    return entry.path


def _cut(corpus: Corpus, recording: Recording, start_seconds: float, seconds: float) -> Excerpt:
    for name, value in (("start", start_seconds), ("seconds", seconds)):
        if not 0.0 <= value <= MOST_SECONDS:
            raise ParameterError(f"{name} = {value:g}: must be a number from 0 to {MOST_SECONDS:g} s.", field=name)
    first = min(round(start_seconds * SAMPLE_RATE), recording.samples)
    last = min(first + round(seconds * SAMPLE_RATE), recording.samples)
    return Excerpt(recording.name, first, corpus.recorded(recording)[first:last])
