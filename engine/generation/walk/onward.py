"""How a sound goes on: in its recording while that lasts, and then, where two places are alike, in another one.

Recordings are looked at as they were heard, so that nothing is read for it. The way is a latent track: where it passes
from one place to the other, both are morphed over JOIN_FRAMES, and the search among the recordings finds the seam.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from engine.dataset.clips import Clip
from engine.latent.space import SoundSpace
from engine.units import LATENT_HOP, LATENT_STRIDE
from engine.vocoder.search import Voice

Floats = NDArray[np.float32]
Doubles = NDArray[np.float64]
Indices = NDArray[np.int64]

JOIN_FRAMES = 12  # latent frames, 0.5 s, over which one place is morphed into another
COMPARED = (0, 4, 8, 11)  # of these, at which places are compared
SHORTEST_FRAMES = 24  # latent frames, 1 s: a place from which less is left is not gone to
LONG_FRAMES = 94  # latent frames, 4 s: where places are left that have so much behind them, they go first
APART_FRAMES = 47  # latent frames, 2 s: what is nearer in the same recording is the same place
CHOICES = 4  # of the places that are most alike, from which one is chosen
LOUD_FRAME_PERCENTILE = 95.0  # of the levels of a recording
SOUNDING_DB = 10.0  # below that: before it has become so loud a sound comes in, after that it goes
SILENT_DB = 60.0  # below that: silence
RISE_DB = 6.0  # from one latent frame to the next but one: something begins
STIR_NEPER = 0.15  # mean rise of all bands from one frame to the next: something is heard to begin
STIR_RANGE_NEPER = 5.0  # below the loudest of a run: what is softer does not stir
ALIKE_SHARE = 0.35  # of the places, the most alike, among which one is chosen
CALM_SHARE = 0.25  # of these, the calmest: the score says when something begins


class Run(NamedTuple):
    """A part of a recording that was heard in one piece, in latent frames of all that was heard.

    Attributes:
        recording: Its index.
        offset: Its first latent frame in the recording.
        first: Its first.
        last: One past its last.
        begin: Where it has come in.
        end: One past the last moment before it goes.
    """

    recording: int
    offset: int
    first: int
    last: int
    begin: int
    end: int


class Way(NamedTuple):
    """A way on from a place.

    Attributes:
        track: Latent frames, (frames, latent).
        level: Of each in the recordings, and between them in dB, (frames,).
    """

    track: Floats
    level: Doubles


class Onward:
    """Finds how the sounds of a model go on.

    Attributes:
        silent_share: Of the time of the recordings.
    """

    def __init__(self, space: SoundSpace) -> None:
        """Look at what was heard of the recordings as they were recorded."""
        self.runs, levels, stirs, self.silent_share = _find_runs(space.voice)
        stirred = np.concatenate([[0], np.cumsum(np.concatenate(stirs))])
        reach = np.minimum(np.arange(len(stirred) - 1) + LONG_FRAMES, len(stirred) - 1)
        self._stirs = stirred[reach] - stirred[:-1]  # in what follows each place
        self._tracks = space.tracks
        self._level = np.concatenate(levels)
        frames = np.concatenate([self._cut(run.first, run.last) for run in self.runs])
        self._scaled = (frames / (frames.std(0) + 1e-3)).astype(np.float32)
        self._square = (self._scaled**2).sum(1)
        self._left, self._is_steady = self._look_ahead()

    def begin_of(self, clip: Clip, is_begun: bool) -> int:
        """Return where a clip begins among all that was heard, or has come in where it does not begin at once."""
        run = self._run_of(clip)
        begin = clip.first - run.offset + run.first
        inside = self._level[begin : min(run.last, begin + clip.frames)]
        loud = float(np.percentile(inside, LOUD_FRAME_PERCENTILE)) - SOUNDING_DB
        return begin if is_begun else begin + int(np.argmax(inside >= loud))

    def way(self, begin: int, frames: int, rng: np.random.Generator) -> Way | None:
        """Return a way that begins at a place and does not end before so many latent frames.

        Args:
            begin: Among all that was heard.
            frames: That are wanted.
            rng: Chooses among places that are about as much alike.

        Returns:
            None where there is nothing to go on with.
        """
        pieces, missing = [], frames
        at = begin
        while True:
            end = self._end_at(at)
            if end - at >= missing:
                pieces.append(self._piece(at, at + missing))
                whole = _joined(pieces)[:frames]
                return Way(whole[:, :-1], whole[:, -1].astype(np.float64))
            leave = max(at, end - JOIN_FRAMES)
            following = self._like(leave, missing - (leave - at), rng)
            if following is None or (leave == at and len(pieces) > 1):
                return None
            pieces.append(self._piece(at, end))
            missing -= leave - at
            at = following

    def _run_of(self, clip: Clip) -> Run:
        return next(
            run
            for run in self.runs
            if run.recording == clip.recording and 0 <= clip.first - run.offset < run.last - run.first
        )

    def _run_at(self, at: int) -> Run:
        return self.runs[int(np.searchsorted([run.last for run in self.runs], at, "right"))]

    def _cut(self, first: int, last: int) -> Floats:
        """Return the track between two places of one run, (latent frames, latent)."""
        run = self._run_at(first)
        at = run.offset - run.first
        return self._tracks[run.recording][first + at : last + at]

    def _piece(self, first: int, last: int) -> Floats:
        """Return the track between two places of one run and behind it the level, (latent frames, latent + 1)."""
        return np.column_stack([self._cut(first, last), self._level[first:last].astype(np.float32)])

    def _end_at(self, at: int) -> int:
        """Return one past the last frame of a sound from a place on: where it goes, or its very end."""
        run = self._run_at(at)
        return run.end if at < run.end - JOIN_FRAMES else run.last

    def _look_ahead(self) -> tuple[Indices, NDArray[np.bool_]]:
        """Return how many frames a sound goes on from each, and whether it goes on evenly, without a beginning."""
        left = np.zeros(len(self._level), np.int64)
        is_steady = np.zeros(len(self._level), np.bool_)
        for run in self.runs:
            inside = slice(run.begin, run.end)
            left[inside] = run.end - np.arange(run.begin, run.end)
            level = self._level[run.begin : run.end + 2]
            rises = np.pad(level[2:] - level[:-2] > RISE_DB, (0, 2))[: run.end - run.begin]
            ahead = np.concatenate([[0], np.cumsum(np.pad(rises, (0, JOIN_FRAMES)))])
            is_steady[inside] = (ahead[JOIN_FRAMES:] - ahead[:-JOIN_FRAMES])[: run.end - run.begin] == 0
        return left, is_steady

    def _like(self, leave: int, missing: int, rng: np.random.Generator) -> int | None:
        """Return a place that is like the one at which a sound is left, and from which it goes on for long."""
        reach = np.minimum(leave + np.array(COMPARED), len(self._level) - 1)
        away = np.abs(np.arange(len(self._level)) - leave) >= APART_FRAMES
        for least, steady in ((min(missing, LONG_FRAMES), True), (SHORTEST_FRAMES, True), (SHORTEST_FRAMES, False)):
            fit = np.flatnonzero(away & (self._left >= max(least, SHORTEST_FRAMES)) & (self._is_steady | (not steady)))
            if len(fit):
                break
        else:
            return None
        distance = np.zeros(len(fit))
        for step, own in zip(COMPARED, reach.tolist(), strict=True):
            distance += self._square[fit + step] - 2 * (self._scaled[fit + step] @ self._scaled[own])
        near = np.flatnonzero(distance <= np.quantile(distance, ALIKE_SHARE))
        calm = near[self._stirs[fit[near]] <= np.quantile(self._stirs[fit[near]], CALM_SHARE)]
        order = calm[np.argsort(distance[calm], kind="stable")]
        chosen: list[int] = []
        for place in fit[order].tolist():
            if all(abs(place - other) >= APART_FRAMES for other in chosen):
                chosen.append(place)
            if len(chosen) == CHOICES:
                break
        return chosen[int(rng.integers(len(chosen)))]


def _find_runs(voice: Voice) -> tuple[list[Run], list[Doubles], list[Indices], float]:
    """Return what was heard at its own speed in one piece, and the silent share.

    Of each latent frame also its level, and whether something is heard to begin there.
    """
    runs: list[Run] = []
    levels: list[Doubles] = []
    stirs: list[Indices] = []
    silent, count, first = 0, 0, 0
    edges = np.flatnonzero(np.diff(voice.strands, prepend=-1, append=-1))
    for strand, (low, high) in enumerate(zip(edges[:-1].tolist(), edges[1:].tolist(), strict=True)):
        if voice.speeds[low] != 1.0:
            continue
        power = np.exp(2.0 * voice.recorded[low:high].astype(np.float64)).sum(1)
        fine = 10 * np.log10(power + 1e-20)
        loud = float(np.percentile(fine, LOUD_FRAME_PERCENTILE))
        silent, count = silent + int((fine < loud - SILENT_DB).sum()), count + len(fine)
        frames = -(-len(power) // LATENT_STRIDE)
        coarse = np.pad(power, (0, frames * LATENT_STRIDE - len(power)), mode="edge").reshape(frames, -1).mean(1)
        level = 10 * np.log10(coarse + 1e-20)
        sounding = np.flatnonzero(level >= loud - SOUNDING_DB)
        begin, end = (int(sounding[0]), int(sounding[-1]) + 1) if len(sounding) else (0, frames)
        offset = int(voice.offsets[strand]) // LATENT_HOP
        runs.append(Run(int(voice.recordings[low]), offset, first, first + frames, first + begin, first + end))
        levels.append(level)
        stirs.append(_find_stirs(voice.recorded[low:high].astype(np.float32), frames))
        first += frames
    return runs, levels, stirs, silent / max(1, count)


def _find_stirs(recorded: Floats, frames: int) -> Indices:
    """Return for each of some latent frames 1 where something is heard to begin in log-mels (frames, mels), else 0."""
    heard = np.maximum(recorded, recorded.max() - STIR_RANGE_NEPER)
    rises = np.maximum(np.diff(heard, axis=0, prepend=heard[:1]), 0.0).mean(1) > STIR_NEPER
    padded = np.pad(rises, (0, frames * LATENT_STRIDE - len(rises)))
    return np.asarray(padded.reshape(frames, LATENT_STRIDE).any(1), np.int64)


def _joined(pieces: list[Floats]) -> Floats:
    """Return pieces of track as one, each morphed into the next over JOIN_FRAMES."""
    whole = pieces[0]
    for piece in pieces[1:]:
        shared = min(JOIN_FRAMES, len(whole), len(piece))
        share = ((np.arange(shared) + 1.0) / (shared + 1.0))[:, None].astype(np.float32)
        morphed = (1 - share) * whole[len(whole) - shared :] + share * piece[:shared]
        whole = np.concatenate([whole[: len(whole) - shared], morphed, piece[shared:]])
    return whole
