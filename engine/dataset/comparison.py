"""Recordings beside each other: which are the same, and which one does not belong."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from engine.audio.files import stream
from engine.audio.source import RecordingError
from engine.dataset.likeness import compare_sounds
from engine.dataset.portrait import Portrait
from engine.settings import ChannelsIn
from engine.units import SAMPLE_RATE, db_to_amplitude

SIMILAR_DB = 6.0  # RMS between two openings; MP3, level and rate change 0 to 3 dB, another take of the same note 1 to 5
LENGTH_TOLERANCE = 0.1  # share of the length by which copies differ
LENGTH_SLACK_SECONDS = 0.5  # and what coders and people put before and after, or trim
COMPARED_FILES = 3  # with the nearest openings; a copy is among them
COMPARED_SECONDS = 3.0
AUDIBLE_DB = -50.0  # of the loudest sample: where an opening begins
LEAST_FILES = 5  # a middle needs that many
ODD_DB = 8.0  # from the middle of the set, below which nobody hears a file as foreign
SPECTRUM_RANGE_DB = 60.0


@dataclass(frozen=True)
class Candidate:
    """A recording that may be a copy.

    Attributes:
        path: Where it is.
        channels_in: How its channels are read.
        seconds: Its length.
        peak: Highest sample.
        dc_offset: Mean of the samples.
        portrait: What it sounds like.
    """

    path: Path
    channels_in: ChannelsIn
    seconds: float
    peak: float
    dc_offset: float
    portrait: Portrait


@dataclass(frozen=True)
class Alike:
    """The relation of an earlier recording to one.

    Attributes:
        copy_of: Index of one that is the same sound, without doubt.
        similar_to: Index of one that may be.
        likeness: Their correlation, 0 to 1.
    """

    copy_of: int | None = None
    similar_to: int | None = None
    likeness: float | None = None


def find_exact_copies(portraits: Sequence[Portrait]) -> list[int | None]:
    """Return for each recording the index of the first with the same samples, None for the first itself."""
    first: dict[str, int] = {}
    found = [first.setdefault(portrait.fingerprint, index) for index, portrait in enumerate(portraits)]
    return [other if other != index else None for index, other in enumerate(found)]


def find_alike(files: Sequence[Candidate], exact: Sequence[int | None]) -> list[Alike]:
    """Return for each recording which earlier one is, or may be, the same sound in another form.

    Another level, format or sample rate, an offset, or a little silence before it make such a copy. Openings that are
    alike only choose whom to compare; the waveforms decide, so two takes of one note are not taken for copies.

    Args:
        files: The recordings.
        exact: From `find_exact_copies`; these are not looked at again.
    """
    openings = np.stack([file.portrait.opening_db for file in files])
    lengths = np.array([file.seconds for file in files])
    found = [Alike()] * len(files)
    for index in range(1, len(files)):
        if exact[index] is not None:
            continue
        distance = np.sqrt(((openings[:index] - openings[index]) ** 2).mean(1))
        slack = LENGTH_SLACK_SECONDS + LENGTH_TOLERANCE * lengths[index]
        alike = (distance < SIMILAR_DB) & (np.abs(lengths[:index] - lengths[index]) < slack)
        originals = [i for i in range(index) if alike[i] and exact[i] is None and found[i].copy_of is None]
        nearest = sorted(originals, key=lambda i: float(distance[i]))[:COMPARED_FILES]
        found[index] = _find_same_sound(files, index, nearest)
    return found


def _find_same_sound(files: Sequence[Candidate], index: int, others: Sequence[int]) -> Alike:
    """Return the first of `others` that is the same sound as a recording, or else the one that is most like it."""
    if not others:
        return Alike()
    best = Alike()
    try:
        opening = read_opening(files[index])
        for other in others:
            likeness = compare_sounds(opening, read_opening(files[other]))
            if likeness.sure:
                return Alike(copy_of=other, likeness=likeness.correlation)
            if likeness.may_be_same and likeness.correlation > (best.likeness or 0.0):
                best = Alike(similar_to=other, likeness=likeness.correlation)
    except (RecordingError, OSError):  # it was removed since it was read; the rest of the set counts
        return Alike()
    return best


def read_opening(file: Candidate) -> NDArray[np.float32]:
    """Return the first COMPARED_SECONDS from the first audible sample on, as one channel at SAMPLE_RATE, (samples,)."""
    wanted = round(COMPARED_SECONDS * SAMPLE_RATE)
    audible = file.peak * db_to_amplitude(AUDIBLE_DB)
    opening = np.zeros(0, np.float32)
    for block in stream(file.path, block_seconds=COMPARED_SECONDS, channels_in=file.channels_in):
        mono = block.mean(1)
        if not len(opening):
            first = np.flatnonzero(np.abs(mono - file.dc_offset) > audible)
            mono = mono[first[0] :] if len(first) else mono[:0]
        opening = np.concatenate([opening, mono])
        if len(opening) >= wanted:
            break
    return opening[:wanted]


def score_oddness(portraits: Sequence[Portrait]) -> list[float]:
    """Return how far each recording's average spectrum is from the middle of the set, in robust deviations.

    The middle is the median of each band, the unit 1.48 times the median absolute deviation of all distances; level
    plays no part. Scores of `report.ODD_SCORE` and more stand out; what is nearer than ODD_DB scores at most 0, and so
    do all in sets of fewer than LEAST_FILES.
    """
    if len(portraits) < LEAST_FILES:
        return [0.0] * len(portraits)
    bands = np.stack([portrait.mel_db.reshape(-1, 4).mean(1) for portrait in portraits])
    bands = np.maximum(bands, bands.max(1, keepdims=True) - SPECTRUM_RANGE_DB)
    bands -= bands.mean(1, keepdims=True)
    distance = np.sqrt(((bands - np.median(bands, axis=0)) ** 2).mean(1))
    spread = 1.4826 * np.median(np.abs(distance - np.median(distance)))
    score = (distance - np.median(distance)) / max(float(spread), 0.5)
    return np.where(distance < ODD_DB, np.minimum(score, 0.0), score).tolist()
