"""Tracks: a model's hearing of its recordings as it is kept, clips, and spectra at several speeds. Needs no torch."""

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from engine.dataset.clips import Clip
from engine.dataset.corpus import Corpus, Recording, load_corpus
from engine.errors import ModelError
from engine.latent.description import DESCRIPTION_FILE, PARTLY_HEARD, TRACKS_FILE
from engine.model.tensors import Arrays, load_array, load_arrays, map_array, save_arrays
from engine.units import HOP, LATENT_HOP, LATENT_STRIDE, MEL_BANDS, SAMPLE_RATE
from engine.vocoder.strand import Strand

HEARD_FRAMES = 250_000  # most frames that the vocoder searches: 45 minutes at one speed
SPEED_STEPS = (0, -1, 1, -2, 2)  # semitones at which the recordings are heard, as many as fit
MOST_CLIPS = 10_000_000

MOST_PARTS = 1_000_000

Floats = NDArray[np.float32]
Halves = NDArray[np.float16]


@dataclass(frozen=True)
class Part:
    """A part of a recording that a model heard, where it did not hear all: latent frames from first to last."""

    recording: int
    first: int
    last: int

    def count_frames(self, recording: Recording) -> int:
        """Return how many analysis frames it has in its recording."""
        return min(self.last * LATENT_STRIDE, recording.frames) - self.first * LATENT_STRIDE


Parts: TypeAlias = tuple[
    Part, ...
]  # in order, at least one latent frame apart; none where all of every recording was heard


@dataclass(frozen=True)
class Tracks:
    """A model's hearing of its recordings.

    Attributes:
        clips: Where their sounds are.
        tracks: For each recording its latent means, (latent frames, latent); 0 where it was not heard.
        parts: What was heard of large recordings.
        heard: What the model decodes for each frame of all recordings at all speeds, (frames, mels), neper, mapped.
        recorded: Log-mel of the same frames, (frames, mels), neper, mapped.
    """

    clips: tuple[Clip, ...]
    tracks: tuple[Floats, ...]
    parts: Parts
    heard: Halves
    recorded: Halves

    def to_strands(self, corpus: Corpus) -> tuple[Strand, ...]:
        """Return all that was heard of recordings at each speed, as the vocoder takes it."""
        places = strand_places(corpus, self.parts)
        lengths = [place.frames for place in places]
        heard, recorded = (_split(rows, lengths) for rows in (self.heard, self.recorded))
        return tuple(place.to_strand(*both) for place, *both in zip(places, recorded, heard, strict=True))


@dataclass(frozen=True)
class StrandPlace:
    """Where a strand lies, without what is heard in it.

    Attributes:
        recording: Index of the recording.
        start: The sample of the corpus on which its first frame is centred.
        offset: Where that is in its recording, samples.
        speed: At which it is played.
        frames: How many it has.
    """

    recording: int
    start: int
    offset: int
    speed: float
    frames: int

    def to_strand(self, recorded: Floats | Halves, heard: Floats | Halves) -> Strand:
        """Return the strand with its log-mel as recorded and as the model hears it, (frames, mels) each, neper."""
        return Strand(self.recording, self.start, self.speed, recorded, heard, self.offset)


def strand_places(corpus: Corpus, parts: Parts) -> list[StrandPlace]:
    """Return where the strands of a corpus lie: each recording at each speed, or its parts as they were recorded."""
    if not parts:
        return [
            StrandPlace(index, recording.start, 0, speed, strand_frames(recording, speed))
            for index, recording in enumerate(corpus.recordings)
            for speed in choose_speeds(corpus)
        ]
    places = []
    for part in parts:
        recording, offset = corpus.recordings[part.recording], part.first * LATENT_HOP
        count = part.count_frames(recording)
        places.append(StrandPlace(part.recording, recording.start + offset, offset, 1.0, count))
    return places


def must_choose(corpus: Corpus, most_frames: int = HEARD_FRAMES) -> bool:
    """Return whether a corpus has more frames at its speeds than may be heard, so that a part is to be chosen."""
    return len(choose_speeds(corpus)) * count_frames(corpus) > most_frames


def count_frames(corpus: Corpus) -> int:
    """Return how many analysis frames all recordings have."""
    return sum(recording.frames for recording in corpus.recordings)


def choose_speeds(corpus: Corpus) -> tuple[float, ...]:
    """Return the speeds at which the recordings are heard; the first is 1."""
    fitting = max(1, min(len(SPEED_STEPS), HEARD_FRAMES // max(1, count_frames(corpus))))
    odd = fitting - (1 - fitting % 2)  # up and down come in pairs
    return tuple(2.0 ** (step / 12) for step in SPEED_STEPS[:odd])


def strand_frames(recording: Recording, speed: float) -> int:
    """Return how many frames a recording has at a speed."""
    return 1 + max(1, int(recording.samples / speed)) // HOP


def save_tracks(
    folder: Path,
    clips: tuple[Clip, ...],
    tracks: tuple[Floats, ...],
    parts: Parts,
    heard: Floats | Halves,
    recorded: Floats | Halves,
) -> None:
    """Write what a model heard into its folder.

    Args:
        folder: Of the model.
        clips: Where the sounds are.
        tracks: For each recording its latent means.
        parts: What was heard of large recordings.
        heard: What the model decodes for each frame of all strands, (frames, mels).
        recorded: Log-mel of the same frames, (frames, mels).
    """
    rows = [[clip.recording, clip.first, clip.last, clip.sustained] for clip in clips]
    arrays: Arrays = {
        "tracks": join_tracks(tracks, parts),
        "heard": heard.astype(np.float16),
        "recorded": recorded.astype(np.float16),
        "clips": np.array(rows, np.int64),
        "peaks": np.array([clip.peak for clip in clips], np.float32),
    }
    if parts:
        arrays["parts"] = np.array([[part.recording, part.first, part.last] for part in parts], np.int64)
    save_arrays(folder / TRACKS_FILE, arrays)


def join_tracks(tracks: tuple[Floats, ...], parts: Parts) -> Floats:
    """Return the latent means of all that was heard, one behind the other, (latent frames, latent)."""
    if not parts:
        return np.concatenate(tracks)
    return np.concatenate([tracks[part.recording][part.first : part.last] for part in parts])


def part_tracks(heard: Iterable[Floats], parts: Parts, corpus: Corpus, latent: int) -> tuple[Floats, ...]:
    """Return for each recording its latent means, 0 where it was not heard, from those of its parts."""
    tracks = tuple(np.zeros((one.latent_frames, latent), np.float32) for one in corpus.recordings)
    for part, track in zip(parts, heard, strict=True):
        tracks[part.recording][part.first : part.last] = track
    return tracks


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
    count = _read_count(folder, description, "clips", MOST_CLIPS)
    parts = _load_parts(folder, description, corpus)
    latent_frames = [part.last - part.first for part in parts] or [one.latent_frames for one in corpus.recordings]
    frames = sum(place.frames for place in strand_places(corpus, parts))
    arrays = load_arrays(
        folder / TRACKS_FILE,
        {
            "tracks": ((sum(latent_frames), latent), np.float32),
            "heard": ((frames, MEL_BANDS), np.float16),
            "recorded": ((frames, MEL_BANDS), np.float16),
            "clips": ((count, 4), np.int64),
            "peaks": ((count,), np.float32),
            **({"parts": ((len(parts), 3), np.int64)} if parts else {}),
        },
    )
    split = _split(arrays["tracks"], latent_frames)
    tracks = part_tracks(split, parts, corpus, latent) if parts else tuple(split)
    clips = _checked_clips(arrays, tracks, parts)
    heard, recorded = (map_array(folder / TRACKS_FILE, name) for name in ("heard", "recorded"))
    return Tracks(clips, tracks, parts, heard, recorded)


def _read_count(folder: Path, description: dict[str, Any], name: str, most: int) -> int:
    """Return how many of something a model's description says that there are, 1 to most.

    Raises:
        ModelError: it says something else.
    """
    count = description.get(name)
    if type(count) is not int or not 1 <= count <= most:
        raise ModelError(f"{folder / DESCRIPTION_FILE} says it has {count!r} {name}; the model is damaged")
    return count


def _load_parts(folder: Path, description: dict[str, Any], corpus: Corpus) -> Parts:
    """Read which parts of its recordings a model heard; none where it heard all.

    Raises:
        ModelError: they are missing, or lie outside the recordings or over each other.
    """
    if description["format"] < PARTLY_HEARD:
        return ()
    count = _read_count(folder, description, "parts", MOST_PARTS)
    rows = load_array(folder / TRACKS_FILE, "parts", (count, 3), np.int64).tolist()
    parts = tuple(Part(*row) for row in rows)
    before = Part(0, 0, 0)
    for part in parts:
        begins = before.last if part.recording == before.recording else 0
        known = before.recording <= part.recording < len(corpus.recordings)
        if not known or not begins <= part.first < part.last <= corpus.recordings[part.recording].latent_frames:
            raise ModelError(f"the model's {part} lies outside its recordings; the model is damaged")
        before = part
    return parts


def read_sung_seconds(folder: Path, description: dict[str, Any]) -> float:
    """Return how much of its recordings a model heard, and sings with, in seconds.

    Args:
        folder: Of the model.
        description: What stands in its DESCRIPTION_FILE.

    Raises:
        ModelError: it is damaged.
    """
    corpus = load_corpus(folder)
    parts = _load_parts(folder, description, corpus)
    if not parts:
        return corpus.seconds
    return sum(part.count_frames(corpus.recordings[part.recording]) for part in parts) * HOP / SAMPLE_RATE


def _split(rows: NDArray[Any], lengths: list[int]) -> Iterator[NDArray[Any]]:
    """Return the parts of rows that follow each other."""
    return iter(np.split(rows, np.cumsum(lengths)[:-1]))


def _checked_clips(arrays: Arrays, tracks: tuple[Floats, ...], parts: Parts) -> tuple[Clip, ...]:
    """Turn stored rows into clips.

    Raises:
        ModelError: a row lies outside what was heard.
    """
    rows = zip(arrays["clips"].tolist(), arrays["peaks"].tolist(), strict=True)
    clips = [Clip(recording, first, last, bool(held), peak) for (recording, first, last, held), peak in rows]
    begins = [(part.recording, part.first) for part in parts]
    for clip in clips:
        if not 0 <= clip.recording < len(tracks) or not 0 <= clip.first < clip.last <= len(tracks[clip.recording]):
            raise ModelError(f"the model's {clip} lies outside its recordings; the model is damaged")
        place = bisect_right(begins, (clip.recording, clip.first)) - 1
        if parts and (place < 0 or parts[place].recording != clip.recording or clip.last > parts[place].last):
            raise ModelError(f"the model's {clip} lies outside what it heard; the model is damaged")
    return tuple(clips)
