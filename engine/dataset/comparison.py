"""Recordings beside each other: which are the same, and which one does not belong."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import scipy  # its parts are loaded where they are used: scipy.signal takes more than half a second
from numpy.typing import NDArray

from engine.audio.files import stream
from engine.audio.source import RecordingError
from engine.dataset.portrait import Portrait
from engine.units import SAMPLE_RATE, SILENCE_DB, db_to_amplitude

SIMILAR_DB = 6.0  # RMS between two openings; MP3, level and rate change 0 to 3 dB, another take of the same note 1 to 5
LENGTH_TOLERANCE = 0.02  # share of the length by which copies differ
LENGTH_SLACK_SECONDS = 0.15  # and what coders put before and after
COMPARED_FILES = 3  # with the nearest openings; a copy is among them
COMPARED_SECONDS = 3.0
SAME_CORRELATION = 0.95  # of two waveforms at the best offset; MP3 keeps more
LEAST_FILES = 5  # a middle needs that many
ODD_DB = 8.0  # from the middle of the set, below which nobody hears a file as foreign
SPECTRUM_RANGE_DB = 60.0


def find_exact_copies(portraits: Sequence[Portrait]) -> list[int | None]:
    """Return for each recording the index of the first with the same samples, None for the first itself."""
    first: dict[str, int] = {}
    found = [first.setdefault(portrait.fingerprint, index) for index, portrait in enumerate(portraits)]
    return [other if other != index else None for index, other in enumerate(found)]


def find_near_copies(
    paths: Sequence[Path], seconds: Sequence[float], portraits: Sequence[Portrait], exact: Sequence[int | None]
) -> list[int | None]:
    """Return for each recording the index of an earlier one that is the same sound in another form.

    Another level, format or sample rate, or a little silence before it, make a near copy. Openings that are alike
    only choose whom to compare; the waveforms decide, so two takes of one note are not taken for copies.

    Args:
        paths: The recordings.
        seconds: Their lengths.
        portraits: What they sound like.
        exact: From `find_exact_copies`; these are not looked at again.
    """
    openings = np.stack([portrait.opening_db for portrait in portraits])
    lengths = np.array(seconds)
    found: list[int | None] = [None] * len(paths)
    for index in range(1, len(paths)):
        if exact[index] is not None:
            continue
        distance = np.sqrt(((openings[:index] - openings[index]) ** 2).mean(1))
        slack = LENGTH_SLACK_SECONDS + LENGTH_TOLERANCE * lengths[index]
        alike = (distance < SIMILAR_DB) & (np.abs(lengths[:index] - lengths[index]) < slack)
        originals = [i for i in range(index) if alike[i] and exact[i] is None and found[i] is None]
        nearest = sorted(originals, key=lambda i: float(distance[i]))[:COMPARED_FILES]
        found[index] = _find_same_waveform(paths, index, nearest)
    return found


def _find_same_waveform(paths: Sequence[Path], index: int, others: Sequence[int]) -> int | None:
    """Return the first of `others` whose waveform is that of recording `index`."""
    if not others:
        return None
    try:
        opening = read_opening(paths[index])
        same = (i for i in others if correlation_at_best_offset(opening, read_opening(paths[i])) > SAME_CORRELATION)
        return next(same, None)
    except (RecordingError, OSError):  # it was removed since it was read; the rest of the set counts
        return None


def read_opening(path: Path) -> NDArray[np.float32]:
    """Return the first COMPARED_SECONDS from the first audible sample on, as one channel at SAMPLE_RATE, (samples,)."""
    wanted = round(COMPARED_SECONDS * SAMPLE_RATE)
    opening = np.zeros(0, np.float32)
    for block in stream(path, block_seconds=COMPARED_SECONDS):
        mono = block.mean(1)
        if not len(opening):
            audible = np.flatnonzero(np.abs(mono) > db_to_amplitude(SILENCE_DB))
            mono = mono[audible[0] :] if len(audible) else mono[:0]
        opening = np.concatenate([opening, mono])
        if len(opening) >= wanted:
            break
    return opening[:wanted]


def correlation_at_best_offset(one: NDArray[np.float32], other: NDArray[np.float32]) -> float:
    """Return the largest absolute correlation of two sounds (samples,) over all offsets, 0 to 1."""
    norm = float(np.linalg.norm(one) * np.linalg.norm(other))
    if norm == 0.0:
        return 0.0
    return float(np.abs(scipy.signal.correlate(one, other, mode="full", method="fft")).max()) / norm


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
