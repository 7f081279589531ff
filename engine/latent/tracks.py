"""What a model heard in its recordings, as it is kept: tracks, clips, and spectra at several speeds. Needs no torch."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.dataset.clips import Clip
from engine.dataset.corpus import Corpus, Recording
from engine.errors import ModelError
from engine.latent.description import DESCRIPTION_FILE, TRACKS_FILE
from engine.model.tensors import Arrays, load_arrays, save_arrays
from engine.units import HOP, MEL_BANDS
from engine.vocoder.strand import Strand

HEARD_FRAMES = 250_000  # most frames that the vocoder searches: 45 minutes at one speed
SPEED_STEPS = (0, -1, 1, -2, 2)  # semitones at which the recordings are heard, as many as fit
MOST_CLIPS = 10_000_000

Floats = NDArray[np.float32]
Halves = NDArray[np.float16]


@dataclass(frozen=True)
class Tracks:
    """What a model heard in its recordings.

    Attributes:
        clips: Where their sounds are.
        tracks: For each recording its latent means, (latent frames, latent).
        heard: What the model decodes for each frame of all recordings at all speeds, (frames, mels), neper.
        recorded: Log-mel of the same frames, (frames, mels), neper.
    """

    clips: tuple[Clip, ...]
    tracks: tuple[Floats, ...]
    heard: Halves
    recorded: Halves

    def to_strands(self, corpus: Corpus) -> tuple[Strand, ...]:
        """Return each recording at each speed, as the vocoder takes it."""
        speeds = choose_speeds(corpus)
        lengths = _strand_lengths(corpus, speeds)
        heard, recorded = (_split(rows.astype(np.float32), lengths) for rows in (self.heard, self.recorded))
        return tuple(
            Strand(index, recording.start, speed, next(recorded), next(heard))
            for index, recording in enumerate(corpus.recordings)
            for speed in speeds
        )


def choose_speeds(corpus: Corpus) -> tuple[float, ...]:
    """Return the speeds at which the recordings are heard; the first is 1."""
    frames = max(1, sum(recording.frames for recording in corpus.recordings))
    fitting = max(1, min(len(SPEED_STEPS), HEARD_FRAMES // frames))
    odd = fitting - (1 - fitting % 2)  # up and down come in pairs
    return tuple(2.0 ** (step / 12) for step in SPEED_STEPS[:odd])


def strand_frames(recording: Recording, speed: float) -> int:
    """Return how many frames a recording has at a speed."""
    return 1 + max(1, int(recording.samples / speed)) // HOP


def save_tracks(
    folder: Path, clips: tuple[Clip, ...], tracks: tuple[Floats, ...], heard: Floats, recorded: Floats
) -> None:
    """Write what a model heard into its folder.

    Args:
        folder: Of the model.
        clips: Where the sounds are.
        tracks: For each recording its latent means.
        heard: What the model decodes for each frame of all strands, (frames, mels).
        recorded: Log-mel of the same frames, (frames, mels).
    """
    rows = [[clip.recording, clip.first, clip.last, clip.sustained] for clip in clips]
    arrays: Arrays = {
        "tracks": np.concatenate(tracks),
        "heard": heard.astype(np.float16),
        "recorded": recorded.astype(np.float16),
        "clips": np.array(rows, np.int64),
        "peaks": np.array([clip.peak for clip in clips], np.float32),
    }
    save_arrays(folder / TRACKS_FILE, arrays)


def load_tracks(folder: Path, description: dict[str, Any], corpus: Corpus, latent: int) -> Tracks:
    """Read what a model heard.

    Args:
        folder: Of the model.
        description: What it says of itself.
        corpus: Its recordings.
        latent: Latent numbers of its network.

    Raises:
        ModelError: it is missing, damaged, or belongs to other recordings.
    """
    count = description.get("clips")
    if type(count) is not int or not 1 <= count <= MOST_CLIPS:
        raise ModelError(f"{folder / DESCRIPTION_FILE} says it has {count!r} clips; the model is damaged")
    frames = sum(_strand_lengths(corpus, choose_speeds(corpus)))
    latent_frames = [recording.latent_frames for recording in corpus.recordings]
    arrays = load_arrays(
        folder / TRACKS_FILE,
        {
            "tracks": ((sum(latent_frames), latent), np.float32),
            "heard": ((frames, MEL_BANDS), np.float16),
            "recorded": ((frames, MEL_BANDS), np.float16),
            "clips": ((count, 4), np.int64),
            "peaks": ((count,), np.float32),
        },
    )
    tracks = tuple(_split(arrays["tracks"], latent_frames))
    return Tracks(_checked_clips(arrays, tracks), tracks, arrays["heard"], arrays["recorded"])


def _strand_lengths(corpus: Corpus, speeds: tuple[float, ...]) -> list[int]:
    """Return the frames of each recording at each speed."""
    return [strand_frames(recording, speed) for recording in corpus.recordings for speed in speeds]


def _split(rows: NDArray[Any], lengths: list[int]) -> Iterator[NDArray[Any]]:
    """Return the parts of rows that follow each other."""
    return iter(np.split(rows, np.cumsum(lengths)[:-1]))


def _checked_clips(arrays: Arrays, tracks: tuple[Floats, ...]) -> tuple[Clip, ...]:
    """Turn stored rows into clips.

    Raises:
        ModelError: a row lies outside its recording.
    """
    rows = zip(arrays["clips"].tolist(), arrays["peaks"].tolist(), strict=True)
    clips = [Clip(recording, first, last, bool(held), peak) for (recording, first, last, held), peak in rows]
    for clip in clips:
        if not 0 <= clip.recording < len(tracks) or not 0 <= clip.first < clip.last <= len(tracks[clip.recording]):
            raise ModelError(f"the model's {clip} lies outside its recordings; the model is damaged")
    return tuple(clips)
