"""How new an output is: the recording it copies most, the moment in it, and how far the output is from copying.

    output ─► excerpts of 0.5 s ─► log-mel patches ─► nearest patches of the corpus ─► distance / corpus's own scale

For two patches P and Q, in neper, without what is inaudible in both:

    distance = MAD(P - Q) / √(MAD(P)² + MAD(Q)²)         MAD: median absolute deviation from the median
    score of a moment = min(1, smallest distance to a recorded moment / scale)
    scale = median distance between moments of different recordings (of a single one: of different clips)

A change of level moves P - Q as a whole and is no change; a sound laid over the copied one changes less than half of
P - Q and hides little of it. So 0 is a copy, 1 is as unlike all recordings as these are unlike each other, and both say
the same of every model. Recordings are compared at every speed that the vocoder plays them at: a copy that is
transposed by a semitone is a copy. Every recorded moment is searched in a coarse picture by correlation; those that are
most alike are compared closely, at quarters of a frame.
"""

from dataclasses import dataclass
from itertools import combinations, pairwise

import numpy as np
import torch
from numpy.typing import NDArray

from engine.features.mel import log_mel
from engine.latent.space import SoundSpace
from engine.units import HOP, LATENT_HOP, LOG_FLOOR, MEL_BANDS, N_FFT, SAMPLE_RATE

Floats = NDArray[np.float32]
Doubles = NDArray[np.float64]
Indices = NDArray[np.int64]
Flags = NDArray[np.bool_]

FRAMES = 43  # of a patch, 0.5 s: enough to tell a copy from a likeness
FEWEST_FRAMES = 8  # of a patch whose windows all lie inside the output
PHASES = 4  # places between two frames at which an excerpt is compared: it may begin at any sample
PHASE_HOP = HOP // PHASES
STRIDE = SAMPLE_RATE // 2  # samples between the excerpts of a short output
MOST_EXCERPTS = 32
PIECE = 10 * SAMPLE_RATE  # samples listened to at once
AUDIBLE_RANGE = 6.0  # neper (52 dB) below the loudest value of a patch
QUIET = 6.0  # neper (52 dB) below the loudest moment of an output: what is quieter is not measured
SILENT = 2.0  # neper above FLOOR: what stays below is silence and like nothing
FLOOR = float(np.log(LOG_FLOOR))  # neper, of silence
FLATTEST = 0.05  # neper, deviation within a patch: what is flatter is like nothing
COARSE_BANDS = 32
COARSE_FRAMES = 2  # frames that one row of the coarse picture averages
PAD_ROWS = -(-FRAMES // COARSE_FRAMES)  # of silence behind each recording, so that its end can be compared
BLOCK = 4  # rows of which the nearest is a candidate
CANDIDATES = 8  # moments that are compared closely
AROUND = 1  # frames on each side of a candidate that are, too
QUERIES = 16  # patches that are compared at once
SCALE_MOMENTS = 32  # moments of the corpus that its scale is measured on
SMALLEST_SCALE = 0.05  # of a corpus that repeats itself
LONELY_SCALE = 0.7  # of a corpus that has nothing to compare itself with


@dataclass(frozen=True)
class Novelty:
    """How new an output is.

    Attributes:
        nearest: Name of the recording that its most copied moment is like; empty for silence.
        at: Where in that recording the moment begins, seconds.
        score: Mean over the moments of the output, 0 (a copy) to 1 (new).
    """

    nearest: str
    at: float
    score: float


class NoveltyIndex:
    """The moments of a sound space, ready to be compared with; built once for any number of outputs.

    Args:
        space: The open model.
    """

    def __init__(self, space: SoundSpace) -> None:
        self._space = space
        voice = space.voice
        edges = np.flatnonzero(np.diff(voice.strands, prepend=-1, append=-1))
        lengths = np.diff(edges)
        self._strand_first, self._strand_end = np.repeat(edges[:-1], lengths), np.repeat(edges[1:], lengths)
        peaks = voice.recorded.max(1)
        rows, frames = [], []
        for first, last in pairwise(edges):
            picture = _coarse(voice.recorded[first:last])
            rows.append(np.pad(picture, ((0, PAD_ROWS), (0, 0)), constant_values=FLOOR))
            frames.append(np.minimum(first + COARSE_FRAMES * np.arange(len(rows[-1])), last - 1))
            frames[-1][len(picture) :] = -1
        self._rows = np.concatenate(rows)
        self._frames = np.concatenate(frames)  # first frame of each row, -1 in the silence between
        self._audible = self._find_audible(peaks)
        self.scale = self._measure_scale()

    def nearest(self, patches: Floats) -> tuple[Doubles, Indices]:
        """Find the moment of the corpus that is most like each patch.

        Args:
            patches: Log-mels, (patches, phases, frames, mels), neper.

        Returns:
            Distances, 0 to 1 or a little more, and first frames in the voice, each (patches,).
        """
        found = []
        for first in range(0, len(patches), QUERIES):
            some = slice(first, first + QUERIES)
            near = self._candidates(patches[some, 0])
            found += [self._compare(patch, frames) for patch, frames in zip(patches[some], near, strict=True)]
        return np.array([distance for distance, _ in found]), np.array([frame for _, frame in found])

    def locate(self, frame: int) -> tuple[str, float]:
        """Return the recording in which a patch begins with a frame of the voice, and where in it, seconds."""
        voice = self._space.voice
        recording = self._space.corpus.recordings[voice.recordings[frame]]
        first = voice.centres[frame] - N_FFT / 2 * voice.speeds[frame] - recording.start
        return recording.name, max(0.0, float(first)) / SAMPLE_RATE

    def _find_audible(self, level: Floats) -> Flags:
        """Return for each row whether a patch may begin with it; level is the highest of each frame."""
        of_rows = np.where(self._frames < 0, -np.inf, level[self._frames])
        ahead = np.lib.stride_tricks.sliding_window_view(np.pad(of_rows, (0, PAD_ROWS - 1)), PAD_ROWS).max(1)
        return np.asarray((self._frames >= 0) & (ahead > FLOOR + SILENT))

    def _candidates(self, patches: Floats) -> Indices:
        """Return frames near which the moment that is most like each patch begins, (patches, candidates)."""
        coarse = _standard(_coarse(patches))
        length, size = coarse.shape[1], coarse.shape[1] * COARSE_BANDS
        rows = np.pad(self._rows, ((0, length - 1), (0, 0)))
        total, square = (_moving_sum(values.sum(1, dtype=np.float64), length) for values in (rows, rows**2))
        kernels = torch.from_numpy(np.ascontiguousarray(coarse.transpose(0, 2, 1)))
        alike = torch.nn.functional.conv1d(torch.from_numpy(np.ascontiguousarray(rows.T))[None], kernels)[0].numpy()
        deviation = np.sqrt(np.maximum((square - total**2 / size), size * FLATTEST**2)).astype(np.float32)
        distance = 1.0 - alike / deviation
        distance[:, ~self._audible] = np.inf
        blocks = -(-distance.shape[1] // BLOCK)
        padding = ((0, 0), (0, blocks * BLOCK - distance.shape[1]))
        folded = np.pad(distance, padding, constant_values=np.inf).reshape(len(patches), blocks, BLOCK)
        count = min(CANDIDATES, blocks)
        block = np.argpartition(folded.min(2), count - 1, axis=1)[:, :count]
        row = block * BLOCK + np.take_along_axis(folded, block[..., None], 1).argmin(2)
        row = np.minimum(row, distance.shape[1] - 1)
        return np.where(np.isfinite(np.take_along_axis(distance, row, 1)), self._frames[row], -1)

    def _compare(self, patch: Floats, near: Indices) -> tuple[float, int]:
        """Return the smallest distance of a patch (phases, frames, mels) to moments near some frames, and its frame."""
        near = near[near >= 0]
        if len(near) == 0:
            return 1.0, 0
        length = patch.shape[1]
        wanted = _standard(_audible_part(patch)).reshape(len(patch), -1)
        around = self._read(near, -AROUND, length + AROUND)
        alike = np.empty((len(near), 2 * AROUND + 1, len(patch)), np.float32)
        for shift in range(2 * AROUND + 1):
            begun = near + shift - AROUND
            there = _standard(_audible_part(around[:, shift : shift + length])).reshape(len(near), -1)
            alike[:, shift] = there @ wanted.T
            alike[(begun < self._strand_first[near]) | (begun >= self._strand_end[near]), shift] = -np.inf
        best, frame = np.inf, 0
        for place, shifts in enumerate(alike):
            shift, phase = divmod(int(shifts.argmax()), len(patch))
            distance = _distance(patch[phase], around[place, shift : shift + length])
            if distance < best:
                best, frame = distance, int(near[place]) + shift - AROUND
        return best, frame

    def _measure_scale(self) -> float:
        """Return the median distance between moments of different recordings; of one recording, of different clips."""
        voice, corpus = self._space.voice, self._space.corpus
        recorded = np.flatnonzero(self._audible & (voice.speeds[self._frames] == 1.0))
        if len(recorded) == 0:
            return LONELY_SCALE
        chosen = recorded[np.linspace(0, len(recorded) - 1, min(SCALE_MOMENTS, len(recorded))).round().astype(int)]
        frames = self._frames[chosen]
        owners = voice.recordings[frames]
        if len(corpus.recordings) == 1:
            starts = [corpus.recordings[0].start + clip.first * LATENT_HOP for clip in self._space.clips]
            owners = np.searchsorted(starts, voice.centres[frames], "right")
        moments = self._read(frames, 0, FRAMES)
        pairs = [(one, other) for one, other in combinations(range(len(frames)), 2) if owners[one] != owners[other]]
        apart = [_distance(moments[one], moments[other]) for one, other in pairs]
        return max(SMALLEST_SCALE, float(np.median(apart))) if apart else LONELY_SCALE

    def _read(self, frames: Indices, first: int, last: int) -> Floats:
        """Return log-mels from `first` to before `last` frames after each frame, (frames, last - first, mels).

        Before and behind a recording there is silence.
        """
        at = frames[:, None] + np.arange(first, last)
        begin, end = self._strand_first[frames][:, None], self._strand_end[frames][:, None]
        spectra = self._space.voice.recorded[np.clip(at, begin, end - 1)]
        spectra[(at < begin) | (at >= end)] = FLOOR
        return spectra


class NoveltyMeter:
    """Measures how new an output is while it streams by, in memory that does not grow with it.

    Excerpts are kept at even distances; when they become too many, every second one is let go.

    Args:
        index: Of the sound space that the output was made from.
    """

    def __init__(self, index: NoveltyIndex) -> None:
        self._index = index
        self._excerpts: list[Floats] = []
        self._stride = STRIDE
        self._held = np.zeros(0, np.float32)
        self._begin = 0  # place of the first held sample in the output

    def listen(self, block: Floats) -> None:
        """Take the next samples of the output, (samples, channels)."""
        for first in range(0, len(block), PIECE):
            self._listen(block[first : first + PIECE].mean(1, dtype=np.float32))

    def result(self) -> Novelty:
        """Return how new what was heard is."""
        excerpts = self._excerpts or [_as_one_excerpt(self._held)]
        patches = _patches(np.stack(excerpts))
        peaks = patches.max((1, 2, 3))
        audible = peaks > max(float(peaks.max()) - QUIET, FLOOR + SILENT)
        if not audible.any():
            return Novelty("", 0.0, 1.0)
        distance, frames_found = self._index.nearest(patches[audible])
        name, at = self._index.locate(int(frames_found[distance.argmin()]))
        score = float(np.minimum(1.0, distance / self._index.scale).mean())
        return Novelty(name, round(at, 3), round(score, 4))

    def _listen(self, mono: Floats) -> None:
        self._held = np.concatenate([self._held, mono])
        length = _excerpt_samples(FRAMES)
        while True:
            ahead = len(self._excerpts) * self._stride - self._begin
            if ahead > 0:
                dropped = min(ahead, len(self._held))
                self._held, self._begin = self._held[dropped:].copy(), self._begin + dropped
                ahead -= dropped
            if ahead > 0 or len(self._held) < length:
                return
            self._excerpts.append(self._held[:length].copy())
            if len(self._excerpts) > MOST_EXCERPTS:
                self._excerpts, self._stride = self._excerpts[::2], 2 * self._stride


def _excerpt_samples(frames: int) -> int:
    """Return how many samples hold so many frames at each phase, every window inside."""
    return N_FFT + (frames - 1) * HOP + (PHASES - 1) * PHASE_HOP


def _as_one_excerpt(sound: Floats) -> Floats:
    """Return what is to be compared of a sound (samples,) that is shorter than an excerpt, (samples,).

    A very short one is compared from its first sample to its last, with the silence around it.
    """
    if len(sound) >= _excerpt_samples(FEWEST_FRAMES):
        return sound
    half = N_FFT // 2
    return np.pad(sound, (half, max(half, N_FFT + PHASES * PHASE_HOP - half - len(sound))))


def _patches(excerpts: Floats) -> Floats:
    """Return the log-mels of excerpts (excerpts, samples) at each phase, (excerpts, phases, frames, mels)."""
    spectra = log_mel(torch.from_numpy(excerpts), PHASE_HOP).numpy()
    before = N_FFT // 2 // PHASE_HOP  # frames whose windows reach out of the excerpt
    frames = (excerpts.shape[1] - _excerpt_samples(1)) // HOP + 1
    inside = spectra[:, :, before : before + PHASES * frames]
    return np.ascontiguousarray(inside.reshape(len(excerpts), MEL_BANDS, frames, PHASES).transpose(0, 3, 2, 1))


def _audible_part(patches: Floats) -> Floats:
    """Return patches (..., frames, mels) in which nothing is more than AUDIBLE_RANGE below their loudest value."""
    return np.maximum(patches, patches.max((-2, -1), keepdims=True) - np.float32(AUDIBLE_RANGE))


def _distance(one: Floats, other: Floats) -> float:
    """Return how far two patches (frames, mels) are from each other: 0 for the same, about 1 for unrelated ones.

    It is the median absolute deviation of their difference over that of two sounds that have nothing in common. What
    is inaudible in both is left out, and up to half of the rest may be covered by another sound.
    """
    one, other = _audible_part(one), _audible_part(other)
    heard = (one > one.min()) | (other > other.min())
    one, other = one[heard], other[heard]
    apart = _deviation(one - other)
    usual = np.hypot(_deviation(one), _deviation(other))
    return float(apart / max(usual, FLATTEST))


def _deviation(values: Floats) -> float:
    """Return the median absolute deviation of values."""
    return float(np.median(np.abs(values - np.median(values)))) if len(values) else 0.0


def _standard(patches: Floats) -> Floats:
    """Return patches (..., frames, mels) less their mean, with a norm of 1: their products are correlations."""
    free = patches - patches.mean((-2, -1), keepdims=True)
    norm = np.sqrt((free**2).sum((-2, -1), keepdims=True))
    standard: Floats = free / np.maximum(norm, FLATTEST * np.sqrt(np.float32(free.shape[-2] * free.shape[-1])))
    return standard


def _coarse(spectra: Floats) -> Floats:
    """Return the coarse picture of log-mels (..., frames, mels), shape (..., rows, COARSE_BANDS).

    What is far below the loudest band of its own frame is left out, so that a frame looks the same in every patch.
    """
    spectra = np.maximum(spectra, spectra.max(-1, keepdims=True) - np.float32(AUDIBLE_RANGE))
    odd = spectra.shape[-2] % COARSE_FRAMES
    if odd:
        spectra = np.concatenate([spectra, spectra[..., -1:, :]], axis=-2)
    rows = spectra.shape[-2] // COARSE_FRAMES
    shape = (*spectra.shape[:-2], rows, COARSE_FRAMES, COARSE_BANDS, MEL_BANDS // COARSE_BANDS)
    picture: Floats = spectra.reshape(shape).mean((-3, -1))
    return picture


def _moving_sum(values: Doubles, length: int) -> Doubles:
    """Return the sum of so many values from each on, (values - length + 1,)."""
    sums = np.concatenate([[0.0], np.cumsum(values)])
    moved: Doubles = sums[length:] - sums[:-length]
    return moved
