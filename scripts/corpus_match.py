"""Do generated sounds belong to a corpus, and are they new? Statistics of moments, in numpy only.

A moment is 0.75 s of sound: mean and spread of its mel bands, and the spread of their changes.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from measures import SAMPLE_RATE, Doubles, magnitude, mel_filters, normalise
from numpy.typing import NDArray

WINDOW, HOP = 2048, 512
BANDS, LOW_HZ, HIGH_HZ = 40, 50.0, 18_000.0
FLOOR = 1e-3
MOMENT_FRAMES = int(0.75 * SAMPLE_RATE / HOP)
FEWEST_FRAMES = 8
HALVINGS = 20  # of the corpus, to learn how far one half of it is from the other
NOISES, NOISE_SECONDS, NOISE_LEVEL = 3, 5, 0.1


@dataclass(frozen=True)
class CorpusMatch:
    """How generated sounds relate to a corpus.

    Attributes:
        mmd: Maximum mean discrepancy between 0, as close as one half of the corpus is to the other, and 1, white
            noise; below 0 closer than the halves.
        coverage: Share of the corpus's moments that have a generated one at least as near as the nearest in another
            recording.
        copy_ratio: Distance of generated moments to the corpus, over that between recordings; small is replay.
    """

    mmd: float
    coverage: float
    copy_ratio: float


def match(corpus: Iterable[Doubles], generated: Iterable[Doubles]) -> CorpusMatch | None:
    """Compare generated sounds with a corpus, both mono at 48 kHz.

    Returns:
        None if fewer than four recordings, or no generated sound, have a moment that is not silent.
    """
    by_recording = [found for sound in corpus if len(found := moments(sound))]
    made_of = [found for sound in generated if len(found := moments(sound))]
    if len(by_recording) < 4 or not made_of:
        return None
    owner = np.repeat(np.arange(len(by_recording)), [len(found) for found in by_recording])
    recorded = np.concatenate(by_recording)
    mean, spread = recorded.mean(0), recorded.std(0) + 1e-6
    noises = [np.random.default_rng(i).normal(0, NOISE_LEVEL, NOISE_SECONDS * SAMPLE_RATE) for i in range(NOISES)]
    recorded, made, noise = (
        (values - mean) / spread
        for values in (recorded, np.concatenate(made_of), np.concatenate([moments(one) for one in noises]))
    )
    between = distances(recorded, recorded)
    sigma = float(np.median(between[np.triu_indices(len(recorded), 1)]))
    nearest_other = np.where(owner[:, None] == owner, np.inf, between).min(1)
    across = distances(recorded, made)
    floor = distance_of_halves(recorded, owner, sigma)
    return CorpusMatch(
        mmd=(discrepancy(recorded, made, sigma) - floor) / (discrepancy(recorded, noise, sigma) - floor),
        coverage=float((across.min(1) <= nearest_other).mean()),
        copy_ratio=float(np.median(across.min(0)) / np.median(nearest_other)),
    )


def moments(samples: Doubles) -> Doubles:
    """Return the moments of a sound, half overlapping, silent ones left out, (moments, 3 * BANDS)."""
    mel = np.log(mel_filters(WINDOW, BANDS, LOW_HZ, HIGH_HZ) @ magnitude(normalise(samples), WINDOW, HOP) + FLOOR)
    step = MOMENT_FRAMES // 2
    found = []
    for first in range(0, max(1, mel.shape[1] - step), step):
        part = mel[:, first : first + MOMENT_FRAMES]
        if part.shape[1] >= FEWEST_FRAMES and part.max() > np.log(FLOOR) + 1:
            found.append(np.concatenate([part.mean(1), part.std(1), np.diff(part, axis=1).std(1)]))
    return np.array(found).reshape(-1, 3 * BANDS)


def distances(a: Doubles, b: Doubles) -> Doubles:
    """Return Euclidean distances between rows, (rows of a, rows of b)."""
    squared = np.square(a).sum(1)[:, None] + np.square(b).sum(1) - 2 * a @ b.T
    return np.sqrt(np.maximum(squared, 0.0))


def discrepancy(a: Doubles, b: Doubles, sigma: float) -> float:
    """Return the unbiased squared maximum mean discrepancy of Gretton et al. 2012, Gaussian kernel of width sigma."""

    def kernel(rows: Doubles, columns: Doubles) -> Doubles:
        return np.exp(-np.square(distances(rows, columns)) / (2 * sigma**2))

    def inside(rows: Doubles) -> float:
        return float((kernel(rows, rows).sum() - len(rows)) / (len(rows) * (len(rows) - 1)))

    return inside(a) + inside(b) - 2 * float(kernel(a, b).mean())


def distance_of_halves(recorded: Doubles, owner: NDArray[np.int64], sigma: float) -> float:
    """Return the median discrepancy of random halves of the recordings."""
    rng = np.random.default_rng(0)
    found = []
    for _ in range(HALVINGS):
        chosen = rng.permutation(np.unique(owner))[: len(np.unique(owner)) // 2]
        half = np.isin(owner, chosen)
        if min(half.sum(), (~half).sum()) > 1:
            found.append(discrepancy(recorded[half], recorded[~half], sigma))
    return float(np.median(found))
