"""The moments of a model's recordings, and which of them is nearest to a given one.

A moment is a fifth of a second. It is looked for at every speed at which the vocoder plays the recordings: a transposed
copy is a copy. First a few are picked that have about the same spectrum in coarse bands and steps of time, then these
are compared frame by frame (see `likeness`).
"""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import torch
from numpy.typing import NDArray
from scipy.ndimage import maximum_filter1d

from engine.errors import ShapeError
from engine.features.mel import log_mel
from engine.generation.novelty.likeness import MOST_DB, QUIETEST_DB, RANGE_DB, unlikeness_db
from engine.units import DB_PER_NEPER, HOP, LOG_FLOOR, MEL_BANDS, N_FFT, SAMPLE_RATE
from engine.vocoder.search import Voice

Floats = NDArray[np.float32]
Indices = NDArray[np.int64]

FRAMES_A_BLOCK = 4  # frames (43 ms) that the search takes together
BLOCKS = 4
FRAMES = FRAMES_A_BLOCK * BLOCKS  # of a moment
BANDS = 32  # of the search
EVERY = 2  # frames from one recorded moment to the next
NEIGHBOURS = 8  # moments that follow each other, of which the search keeps the nearest
CANDIDATES = 6  # that are compared frame by frame
PHASES = 2  # a moment that is looked for is heard at so many places between two frames
MOMENT_GATE_DB = 60.0  # below the loudest frame of a recording: quieter moments are not compared with
PAIRS = 256  # of moments of different recordings that tell the usual distance
LEAST_USUAL_DB = MOST_DB / 4  # where all recordings are alike
RINGING = 2  # frames behind the last one of a recording whose windows still reach into it
SILENCE = np.float32(np.log(LOG_FLOOR))


@dataclass(frozen=True)
class Found:
    """The recorded moment nearest to a given one.

    Attributes:
        recording: Index of the recording.
        at: Where the moment begins in it, seconds.
        distance_db: See `unlikeness_db`.
    """

    recording: int
    at: float
    distance_db: float


class RecordedMoments:
    """All audible moments of the recordings of a model.

    Args:
        voice: The recordings as the vocoder plays them.

    Attributes:
        usual_db: Median distance between moments of different recordings; of a single one, between its moments.
    """

    def __init__(self, voice: Voice) -> None:
        self._voice = voice
        self._edges = np.flatnonzero(np.diff(voice.strands, prepend=-1, append=-1))  # of the strands, in frames
        self._ringing = _ring_out(voice, self._edges[1:] - 1)
        parts = [
            _describe(np.concatenate([voice.recorded[first:last], ringing]))
            for (first, last), ringing in zip(pairwise(self._edges), self._ringing, strict=True)
        ]
        starts = np.concatenate([first + own for first, (own, _) in zip(self._edges[:-1], parts, strict=True)])
        groups = -(-len(starts) // NEIGHBOURS)
        order = np.minimum(np.arange(groups * NEIGHBOURS), len(starts) - 1).reshape(groups, NEIGHBOURS).T.reshape(-1)
        self._starts = starts[order]  # neighbours stand `groups` apart: so the nearest of them is found at once
        coarse = np.concatenate([own for _, own in parts])[order]
        self._coarse = torch.from_numpy(np.ascontiguousarray(coarse.T))  # (BLOCKS * BANDS, moments)
        spreads = [coarse[:, : blocks * BANDS].var(1) for blocks in range(1, BLOCKS + 1)]
        self._spreads = torch.from_numpy(np.stack(spreads))  # of the first blocks of each moment, (BLOCKS, moments)
        self.usual_db = self._measure_usual()

    def nearest(self, moments: Floats) -> list[Found]:
        """Find the recorded moment nearest to each given one.

        Args:
            moments: Log-mels, (moments, PHASES, frames, mels), neper, FRAMES_A_BLOCK to FRAMES frames; each phase is
                heard 1 / PHASES of a frame later than the one before.

        Raises:
            ShapeError: the shape is another one.
        """
        if (
            moments.ndim != 4
            or moments.shape[1::2] != (PHASES, MEL_BANDS)
            or not FRAMES_A_BLOCK <= moments.shape[2] <= FRAMES
        ):
            wanted = f"(moments, {PHASES}, {FRAMES_A_BLOCK} to {FRAMES}, {MEL_BANDS})"
            raise ShapeError(f"moments have shape {wanted}, not {moments.shape}")
        return [self._compare(*both) for both in zip(moments, self._pick(moments[:, 0]), strict=True)]

    def _pick(self, moments: Floats) -> Indices:
        """Return the moments that look most like each of some (moments, frames, mels), (moments, CANDIDATES)."""
        blocks = moments.shape[1] // FRAMES_A_BLOCK
        wanted = torch.from_numpy(np.stack([_look(moment, blocks) for moment in moments]))
        wanted -= wanted.mean(1, keepdim=True)  # so that the level does not count
        size = wanted.shape[1]
        distance = torch.addmm(self._spreads[blocks - 1], wanted, self._coarse[:size], alpha=-2.0 / size)
        distance = distance.reshape(len(moments), NEIGHBOURS, -1)
        groups = distance.shape[2]
        group = torch.topk(distance.amin(1), min(CANDIDATES, groups), dim=1, largest=False).indices
        inside = distance.gather(2, group[:, None].expand(-1, NEIGHBOURS, -1)).argmin(1)
        return (inside * groups + group).numpy()

    def _compare(self, moment: Floats, candidates: Indices) -> Found:
        """Find the nearest of some candidates to a moment (PHASES, frames, mels), to a part of a frame."""
        frames = moment.shape[1]
        rough = unlikeness_db(moment[:1], self._frames(self._starts[candidates], frames))
        start = int(self._starts[candidates[int(rough.argmin())]])
        strand = self._voice.strands[start]
        first, end = self._edges[strand : strand + 2]
        around = np.unique(np.clip([start - 1, start, start + 1], first, end - 1))
        recorded = self._frames(around, frames)
        distance = np.stack([unlikeness_db(heard[None], recorded) for heard in moment])
        phase, place = np.unravel_index(int(distance.argmin()), distance.shape)
        frame = float(around[place] - first) - float(phase) / PHASES
        inside = max(0.0, frame * HOP - N_FFT / 2) * float(self._voice.speeds[start])
        samples = float(self._voice.offsets[strand]) + inside
        return Found(int(self._voice.recordings[start]), samples / SAMPLE_RATE, float(distance.min()))

    def _frames(self, starts: Indices, frames: int = FRAMES) -> Floats:
        """Return the log-mels of moments that begin at some frames, (moments, frames, mels), silent after the end."""
        strands = self._voice.strands[starts]
        rows = starts[:, None] + np.arange(frames)
        beyond = rows - self._edges[strands + 1][:, None]
        found = self._voice.recorded[np.minimum(rows, len(self._voice.recorded) - 1)].astype(np.float32)
        found[beyond >= 0] = SILENCE
        moment, frame = np.nonzero((beyond >= 0) & (beyond < RINGING))
        found[moment, frame] = self._ringing[strands[moment], beyond[moment, frame]]
        return found

    def _measure_usual(self) -> float:
        """Return `usual_db`."""
        rng = np.random.default_rng(0)
        one, other = rng.choice(np.flatnonzero(self._voice.speeds[self._starts] == 1.0), (2, 8 * PAIRS))
        owners = self._voice.recordings[self._starts]
        apart = owners[one] != owners[other]
        if not apart.any():
            apart = np.abs(self._starts[one] - self._starts[other]) >= FRAMES
        one, other = one[apart][:PAIRS], other[apart][:PAIRS]
        if len(one) == 0:
            return MOST_DB
        distances = unlikeness_db(self._frames(self._starts[one]), self._frames(self._starts[other]))
        return max(LEAST_USUAL_DB, float(np.median(distances)))


def _ring_out(voice: Voice, lasts: Indices) -> Floats:
    """Return what is heard behind the last frames of strands, untransposed, (strands, RINGING, mels)."""
    hops = voice.speeds[lasts, None] * (HOP * np.arange(1, RINGING + 1))
    middles = np.rint(voice.centres[lasts, None] + hops).astype(np.int64)
    rows = np.minimum(middles[..., None] + np.arange(-N_FFT // 2, N_FFT // 2), len(voice.samples) - 1)
    windows = voice.samples[rows].mean(-1, dtype=np.float32)
    return np.ascontiguousarray(log_mel(torch.from_numpy(windows), N_FFT // 2)[..., 1].numpy())


def _describe(recorded: Floats) -> tuple[Indices, Floats]:
    """Return where in a strand (frames + RINGING, mels) audible moments start, and how they look to the search."""
    peaks_db = DB_PER_NEPER * maximum_filter1d(recorded.max(1), FRAMES, origin=-(FRAMES // 2), mode="nearest")
    starts = np.arange(0, len(recorded) - RINGING, EVERY)
    audible = peaks_db[starts] > max(float(peaks_db.max()) - MOMENT_GATE_DB, QUIETEST_DB)
    starts = starts[audible] if audible.any() else starts[:1]
    bands = recorded.reshape(len(recorded), BANDS, -1).mean(2, dtype=np.float64)
    padded = np.pad(bands, ((0, FRAMES), (0, 0)), constant_values=SILENCE)
    total = np.cumsum(np.pad(padded, ((1, 0), (0, 0))), axis=0)
    blocks = (total[FRAMES_A_BLOCK:] - total[:-FRAMES_A_BLOCK]) / FRAMES_A_BLOCK
    looks = blocks[starts[:, None] + FRAMES_A_BLOCK * np.arange(BLOCKS)]
    lowest = (peaks_db[starts] - RANGE_DB) / DB_PER_NEPER
    return starts, np.maximum(looks, lowest[:, None, None]).reshape(len(starts), -1).astype(np.float32)


def _look(moment: Floats, blocks: int) -> Floats:
    """Return how a moment (frames, mels) looks to the search, (blocks * BANDS,)."""
    bands = moment[: blocks * FRAMES_A_BLOCK].reshape(blocks, FRAMES_A_BLOCK, BANDS, -1).mean((1, 3))
    return np.maximum(bands, moment.max() - np.float32(RANGE_DB / DB_PER_NEPER)).reshape(-1)
