"""Stretches of recordings on which descriptors are measured: portraits tell the reach, moments are on the map."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from engine.dataset.clips import Clip
from engine.dataset.corpus import Corpus
from engine.latent.checks import Check, carry_on
from engine.properties.describing import describe
from engine.sliders import CHARTED
from engine.units import LATENT_HOP, SAMPLE_RATE

Floats = NDArray[np.float32]
Stretch = tuple[int, int, int]  # which recording, its first sample, and one past its last

PORTRAIT_SECONDS = 4.0  # of sound that one portrait is taken of
SHORTEST_PORTRAIT_SECONDS = 0.25  # a shorter rest has no portrait, unless the corpus has nothing longer
MOST_PORTRAITS = 240
MOMENT_SECONDS = 0.5
MOMENT_FRAMES = round(MOMENT_SECONDS * SAMPLE_RATE / LATENT_HOP)  # latent ones
MOST_MOMENTS = 480


def count_described(corpus: Corpus, clips: tuple[Clip, ...]) -> float:
    """Return of how many seconds of sound a chart in full detail takes descriptors."""
    stretches = (*find_portraits(corpus), *find_moments(clips))
    return sum(last - first for _, first, last in stretches) / SAMPLE_RATE


def find_portraits(corpus: Corpus, detail: float = 1.0) -> list[Stretch]:
    """Return the stretches of which portraits are taken; `detail` is the share of them that is, 0 to 1."""
    size, shortest = (round(seconds * SAMPLE_RATE) for seconds in (PORTRAIT_SECONDS, SHORTEST_PORTRAIT_SECONDS))
    found = [
        (index, first, min(first + size, recording.samples))
        for index, recording in enumerate(corpus.recordings)
        for first in range(0, max(1, recording.samples - size // 2), size)
    ]
    long = [stretch for stretch in found if stretch[2] - stretch[1] > shortest]
    return _thinned(long or found, _share(MOST_PORTRAITS, detail))


def find_moments(clips: tuple[Clip, ...], detail: float = 1.0) -> list[Stretch]:
    """Return the moments of the corpus; `detail` is the share of them that is taken, 0 to 1."""
    found = [
        (clip.recording, first * LATENT_HOP, min(first + MOMENT_FRAMES, clip.last) * LATENT_HOP)
        for clip in clips
        for first in range(clip.first, clip.last, MOMENT_FRAMES)
        if first == clip.first or clip.last - first >= MOMENT_FRAMES // 2
    ]
    return _thinned(found, _share(MOST_MOMENTS, detail))


def _share(most: int, detail: float) -> int:
    """Return a share of the most that may be taken, at least one."""
    return max(1, round(detail * most))


def _thinned(stretches: list[Stretch], most: int) -> list[Stretch]:
    """Return at most so many stretches, evenly chosen."""
    kept = np.unique(np.linspace(0, len(stretches) - 1, min(most, len(stretches))).round().astype(int))
    return [stretches[place] for place in kept]


def moment_at(corpus: Corpus, recording: int, seconds: float) -> Stretch:
    """Return the moment of a recording that begins at a time."""
    first = round(seconds * SAMPLE_RATE)
    return recording, first, min(first + MOMENT_FRAMES * LATENT_HOP, corpus.recordings[recording].samples)


def describe_all(
    corpus: Corpus, stretches: Sequence[Stretch], check: Check = carry_on, names: Sequence[str] = CHARTED
) -> Floats:
    """Measure descriptors of stretches of recordings, (stretches, names).

    Args:
        corpus: The recordings.
        stretches: Of them.
        check: Called before each; may raise to stop.
        names: Of the descriptors.
    """
    rows = []
    for index, first, last in stretches:
        check()
        mono = corpus.recorded(corpus.recordings[index])[first:last].mean(axis=1)
        found = describe(np.pad(mono, (0, max(0, LATENT_HOP - len(mono)))), names)
        rows.append([found[name] for name in names])
    return np.array(rows, np.float32)
