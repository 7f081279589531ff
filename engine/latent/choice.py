"""Which part of a very large corpus a model hears: the one that leaves the least of the corpus without a like in it.

    clips ─► stretches ─► log-mel of some moments of each ─► the stretches that bring the other moments nearest

The sum of what each moment gains by its nearest chosen one is submodular, so that taking the best stretch again and
again comes near to the best choice of all (Nemhauser, Wolsey and Fisher 1978), for their costs as well (Leskovec et
al., Cost-effective outbreak detection, 2007, whose lazy evaluation this is).
"""

import heapq
from collections.abc import Iterator, Sequence
from itertools import groupby, pairwise

import numpy as np
import torch
from numpy.typing import NDArray

from engine.dataset.clips import Clip
from engine.dataset.corpus import Corpus
from engine.features.mel import log_mel
from engine.latent.checks import Check, carry_on
from engine.latent.tracks import Part
from engine.units import LATENT_HOP, LATENT_STRIDE, N_FFT, SAMPLE_RATE
from engine.vocoder.search import loudest_of, to_searchable

Floats = NDArray[np.float32]

STRETCH_SECONDS = 8.0  # of clips that follow each other and are taken or left together
MOMENTS_EACH_SECOND = 2.0
MOST_MOMENTS = 40_000  # that are looked at
MOST_WANTED = 2_000  # of these, evenly taken: those to which something like them is to be found
MOST_DISTANCES = 20_000_000  # held at once, 80 MB
LOOKED_AT_ONCE = 512  # moments


def choose_parts(
    corpus: Corpus, clips: Sequence[Clip], most_frames: int, check: Check = carry_on
) -> tuple[tuple[Part, ...], tuple[Clip, ...]]:
    """Choose the part of a corpus that covers it best; the same every time.

    Args:
        corpus: The recordings.
        clips: Where their sounds are, in order.
        most_frames: Analysis frames that may be chosen; one stretch is chosen in any case.
        check: Called often; may raise to stop.

    Returns:
        The chosen parts of recordings in order, none of which touches another, and the clips in them.
    """
    stretches = list(_stretches(clips))
    counts = _count_moments(stretches)
    looks = _look(corpus, stretches, counts, check)
    distances = _distances(looks, counts, check)
    lengths = np.array([stretch[-1].last - stretch[0].first for stretch in stretches])
    chosen = _cover(distances, lengths, most_frames // LATENT_STRIDE)
    kept = tuple(clip for place in chosen for clip in stretches[place])
    return tuple(_joined(kept)), kept


def _stretches(clips: Sequence[Clip]) -> Iterator[list[Clip]]:
    """Yield clips that follow each other without a gap, as many as last STRETCH_SECONDS, at least one."""
    longest = round(STRETCH_SECONDS * SAMPLE_RATE / LATENT_HOP)
    stretch: list[Clip] = []
    for clip in clips:
        follows = stretch and clip.recording == stretch[-1].recording and clip.first == stretch[-1].last
        if stretch and not (follows and clip.last - stretch[0].first <= longest):
            yield stretch
            stretch = []
        stretch.append(clip)
    yield stretch


def _count_moments(stretches: Sequence[list[Clip]]) -> NDArray[np.int64]:
    """Return how many moments of each stretch are looked at, at least one, (stretches,)."""
    seconds = np.array([sum(clip.seconds for clip in stretch) for stretch in stretches])
    density = min(MOMENTS_EACH_SECOND, MOST_MOMENTS / seconds.sum())
    return np.maximum(1, (density * seconds).round().astype(np.int64))


def _look(corpus: Corpus, stretches: Sequence[list[Clip]], counts: NDArray[np.int64], check: Check) -> Floats:
    """Return how moments look to the vocoder's search, (moments, mels), those of a stretch evenly spread over it."""
    starts = np.concatenate([_starts(corpus, *both) for both in zip(stretches, counts, strict=True)])
    looks = []
    for first in range(0, len(starts), LOOKED_AT_ONCE):
        check()
        rows = starts[first : first + LOOKED_AT_ONCE, None] + np.arange(N_FFT)
        windows = corpus.samples[rows].mean(-1, dtype=np.float32)
        looks.append(log_mel(torch.from_numpy(windows), N_FFT // 2)[..., 1].numpy())
    spectra = np.concatenate(looks)
    return to_searchable(spectra, loudest_of(spectra))


def _starts(corpus: Corpus, stretch: list[Clip], count: int) -> NDArray[np.int64]:
    """Return where in the corpus the windows of a stretch begin; silence is around recordings, so none leaves it."""
    recording = corpus.recordings[stretch[0].recording]
    first, last = stretch[0].first * LATENT_HOP, min(stretch[-1].last * LATENT_HOP, recording.samples)
    middles = first + (np.arange(count) + 0.5) * (last - first) / count
    return recording.start + middles.astype(np.int64) - N_FFT // 2


def _distances(looks: Floats, counts: NDArray[np.int64], check: Check) -> Floats:
    """Return how far each wanted moment is from the nearest one of each stretch, (stretches, wanted), neper²."""
    wanted = min(MOST_WANTED, len(looks), max(1, MOST_DISTANCES // len(counts)))
    aims = looks[np.linspace(0, len(looks) - 1, wanted).round().astype(int)]
    edges = np.concatenate([[0], np.cumsum(counts)])
    found = np.empty((len(counts), wanted), np.float32)
    for place, (first, last) in enumerate(pairwise(edges.tolist())):
        if place % LOOKED_AT_ONCE == 0:
            check()
        own = looks[first:last]
        product = (own**2).sum(1)[:, None] - 2 * own @ aims.T
        found[place] = product.min(0)
    return np.maximum(found + (aims**2).sum(1), 0.0)


def _cover(distances: Floats, lengths: NDArray[np.int64], most: int) -> list[int]:
    """Return the stretches that bring all moments nearest for their length, in order.

    Args:
        distances: Of each moment from each stretch, (stretches, moments).
        lengths: Of the stretches, latent frames.
        most: Latent frames that may be taken.
    """
    nearest = distances.max(0)

    def gain(place: int) -> float:
        return float(np.maximum(nearest - distances[place], 0.0).sum(dtype=np.float64)) / float(lengths[place])

    spread = [(place * 0.6180339887) % 1.0 for place in range(len(lengths))]  # equals are taken from everywhere
    waiting = [(-gain(place), spread[place], place) for place in range(len(lengths))]
    heapq.heapify(waiting)
    taken: list[int] = []
    while waiting:
        _, order, place = heapq.heappop(waiting)
        if lengths[place] > most and taken:
            continue
        now = (-gain(place), order, place)
        if waiting and now > waiting[0]:
            heapq.heappush(waiting, now)
            continue
        taken.append(place)
        most -= int(lengths[place])
        nearest = np.minimum(nearest, distances[place])
    return sorted(taken)


def _joined(clips: Sequence[Clip]) -> Iterator[Part]:
    """Yield the parts of recordings that clips in order make up, those that touch as one."""
    for recording, own in groupby(clips, key=lambda clip: clip.recording):
        first = last = -1
        for clip in own:
            if clip.first > last:
                if last > 0:
                    yield Part(recording, first, last)
                first = clip.first
            last = clip.last
        yield Part(recording, first, last)
