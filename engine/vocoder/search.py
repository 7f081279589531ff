"""Which recorded frame speaks at each moment: the recordings as the model hears them, and the search among them.

The model never hears a recording exactly; it hears its own decoding of it. Frames are therefore compared by what the
model hears of both sides.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from torch import Tensor

from engine.errors import ShapeError
from engine.once import built_once
from engine.units import HOP, MEL_BANDS
from engine.vocoder.strand import Strand

Floats = NDArray[np.float32]
Indices = NDArray[np.int64]

NEIGHBOURS = 12  # candidates of a frame by similarity
SEARCH_EVERY = 2  # frames; the others take what follows the candidates of the frame before
FOLLOWED = 12  # candidates more: the continuations of the best paths so far
BLOCK = 8  # consecutive frames of which the search keeps the nearest
REDUCED = 24  # dimensions of the search space
LEVEL_WEIGHT = 0.3  # of the level in the search, against 1 for the shape: a gain is cheap to correct
AUDIBLE_RANGE = 9.2  # neper (80 dB) below the loudest moment: what is under it does not steer the search
JUMP_COST = 1.0  # neper², what leaving a recording must save
REPEAT_COST = 2.0  # neper², more for going back to what has just been played: a short loop buzzes
REPEAT_FRAMES = 48  # how long something has just been played, half a second
USUAL_BONUS = np.float32(0.05)  # neper², by which others must be better than the usual frame
SEAM_WEIGHT = 0.5  # of the spectral step at a jump, neper²
CHUNK_VALUES = 16_000_000  # distances held at once, 64 MB


@dataclass(frozen=True)
class Voice:
    """The recordings of a model, laid end to end, and what the model hears in them at several speeds.

    Attributes:
        samples: Shape (samples, channels). At least N_FFT zeros stand before, between and after the recordings.
        centres: The sample on which each frame is centred, (frames,).
        speeds: The speed at which each frame is played, (frames,).
        strands: Which strand each frame belongs to, (frames,).
        offsets: Where each strand begins in its recording, (strands,), samples.
        recordings: Which recording each frame belongs to, (frames,).
        recorded: Log-mel of each frame, (frames, mels), neper.
        heard: What the model decodes for each frame, (frames, mels), neper.
        reduced: `heard` in the search space, (frames, REDUCED).
        axes: Projection from weighted log-mel to the search space, (mels, REDUCED).
        loudest: Highest value in `heard`, neper.
    """

    samples: Floats
    centres: NDArray[np.float64]
    speeds: NDArray[np.float64]
    strands: Indices
    offsets: Indices
    recordings: Indices
    recorded: Floats
    heard: Floats
    reduced: Floats
    axes: Floats
    loudest: float

    @built_once
    def blocks(self) -> "Blocks":
        """Return the search space as the search goes through it."""
        return Blocks(self.reduced)

    @property
    def channels(self) -> int:
        """Return 1 or 2."""
        return self.samples.shape[1]


@dataclass(frozen=True)
class Path:
    """Which recorded frame speaks at each moment.

    Attributes:
        frames: Indices into the voice, (frames,).
        misfit: Distance between what was wanted and what was found, (frames,), neper².
    """

    frames: Indices
    misfit: Floats


def build_voice(samples: Floats, strands: Sequence[Strand]) -> Voice:
    """Prepare recordings for the search.

    Raises:
        ShapeError: a strand does not have MEL_BANDS columns, or there is none.
    """
    spectra = [spectrum for strand in strands for spectrum in (strand.heard, strand.recorded)]
    if not strands or any(spectrum.ndim != 2 or spectrum.shape[1] != MEL_BANDS for spectrum in spectra):
        raise ShapeError(f"a voice needs strands of shape (frames, {MEL_BANDS})")
    lengths = [len(strand.heard) for strand in strands]
    heard = np.concatenate([strand.heard for strand in strands])
    recordings = np.repeat([strand.recording for strand in strands], lengths)
    loudest = loudest_of(heard)
    shape = to_searchable(heard, loudest)
    _, spread = np.linalg.eigh(np.cov(shape.T.astype(np.float64)))
    axes = np.ascontiguousarray(spread[:, ::-1][:, :REDUCED], dtype=np.float32)
    reduced = shape @ axes
    return Voice(
        samples=samples,
        centres=np.concatenate([part.start + HOP * part.speed * np.arange(len(part.heard)) for part in strands]),
        speeds=np.repeat([strand.speed for strand in strands], lengths),
        strands=np.repeat(np.arange(len(strands)), lengths),
        offsets=np.array([strand.offset for strand in strands]),
        recordings=recordings,
        recorded=np.concatenate([strand.recorded for strand in strands]),
        heard=heard,
        reduced=reduced,
        axes=axes,
        loudest=loudest,
    )


def find_path(voice: Voice, wanted: Floats, beside: Floats | None = None, usual: Indices | None = None) -> Path:
    """Choose a recorded frame for each wanted one: alike, and where possible the continuation of the one before.

    Args:
        voice: The recordings.
        wanted: Decoded log-mel, (frames, mels), neper.
        beside: Coordinates of more dimensions, where the voice has more than REDUCED, (frames, more).
        usual: Frames that are taken where others are not better by USUAL_BONUS, (frames,).
    """
    if wanted.ndim != 2 or wanted.shape[1] != MEL_BANDS or len(wanted) == 0:
        raise ShapeError(f"the search takes (frames, {MEL_BANDS}), not {wanted.shape}")
    target = to_searchable(wanted, voice.loudest) @ voice.axes
    target = target if beside is None else np.hstack([target, beside])
    near = nearest_frames(voice.blocks, target[::SEARCH_EVERY])
    steps = np.arange(len(target))
    onward = near[steps // SEARCH_EVERY] + (steps % SEARCH_EVERY)[:, None]
    near = np.minimum(onward, len(voice.reduced) - 1)
    return _cheapest(voice, near, target, usual)


class Blocks:
    """Frames of the search space in blocks of BLOCK, those at the same place of all blocks beside each other."""

    def __init__(self, reduced: Floats) -> None:
        """Lay out frames (frames, REDUCED)."""
        keys = torch.from_numpy(reduced)
        self.count = -(-len(keys) // BLOCK)
        missing = self.count * BLOCK - len(keys)
        square = F.pad(keys.square().sum(1), (0, missing), value=torch.inf)
        self.square = square.reshape(self.count, BLOCK).T.contiguous()  # (BLOCK, blocks)
        self.keys = F.pad(keys, (0, 0, 0, missing)).reshape(self.count, BLOCK, -1).permute(1, 2, 0).contiguous()

    def distance(self, rows: Tensor, place: int) -> Tensor:
        """Return squared distances, less a number for each row, to one frame of every block, (rows, blocks)."""
        return torch.addmm(self.square[place], rows, self.keys[place], alpha=-2)

    def nearest_inside(self, rows: Tensor, block: Tensor) -> Tensor:
        """Return the place of the frame nearest to each row in each of its blocks (rows, chosen), the same shape."""
        product = torch.einsum("rd,pdrc->prc", rows, self.keys[:, :, block])
        return (self.square[:, block] - 2 * product).argmin(0)


def loudest_of(log_mel: Floats) -> float:
    """Return the highest value of log-mels, neper."""
    return float(log_mel.max())


def to_searchable(log_mel: Floats, loudest: float) -> Floats:
    """Scale log-mels so that squared distances are in neper² a band, with most of the level taken out.

    Args:
        log_mel: Shape (frames, mels), neper.
        loudest: Highest value of what is searched, neper.
    """
    audible = np.maximum(log_mel, loudest - AUDIBLE_RANGE)
    level = audible.mean(1, keepdims=True)
    audible -= level
    audible += LEVEL_WEIGHT * level
    audible /= np.float32(np.sqrt(MEL_BANDS))
    return audible


def nearest_frames(blocks: Blocks, target: Floats) -> Indices:
    """Return for each row of `target` the nearest frame in each of the NEIGHBOURS nearest blocks.

    Consecutive frames are much alike; one of each BLOCK leaves room for candidates that differ.

    Returns:
        Shape (frames, NEIGHBOURS), or fewer columns where there are not as many blocks.
    """
    found = []
    for rows in torch.from_numpy(target).split(max(1, CHUNK_VALUES // blocks.count)):
        least = blocks.distance(rows, 0)
        for place in range(1, BLOCK):
            torch.minimum(least, blocks.distance(rows, place), out=least)
        block = torch.topk(least, min(NEIGHBOURS, blocks.count), dim=1, largest=False).indices
        found.append(block * BLOCK + blocks.nearest_inside(rows, block))
    return torch.cat(found).numpy()


def _cheapest(voice: Voice, near: Indices, target: Floats, usual: Indices | None) -> Path:
    """Find the cheapest path by the Viterbi algorithm.

    The candidates of a frame are those near it, and the continuations of the FOLLOWED best paths so far: a path that
    fits can always stay in its recording.

    Args:
        voice: The recordings.
        near: Candidates for each frame, (frames, candidates).
        target: What is wanted, in the search space, (frames, REDUCED).
        usual: See `find_path`.
    """
    last = len(voice.reduced) - 1
    near = near if usual is None else np.column_stack([near, usual])
    bonus = np.full(len(target), -1) if usual is None else usual
    candidates, origins = [near[0]], [near[0]]
    misfits = [_misfit(voice, near[0], target[0]) - USUAL_BONUS * (near[0] == bonus[0])]
    total = misfits[0]
    for t in range(1, len(target)):
        before = candidates[-1]
        followed = np.argsort(total, kind="stable")[:FOLLOWED]
        now = np.concatenate([near[t], np.minimum(before[followed] + 1, last)])
        price = total[:, None] + _step_prices(voice, before, now)
        origins.append(price.argmin(0))
        candidates.append(now)
        misfits.append(_misfit(voice, now, target[t]) - USUAL_BONUS * (now == bonus[t]))
        total = price[origins[-1], np.arange(len(now))] + misfits[-1]
    at = int(total.argmin())
    frames, misfit = np.empty(len(target), np.int64), np.empty(len(target), np.float32)
    for t in range(len(target) - 1, -1, -1):
        frames[t], misfit[t] = candidates[t][at], misfits[t][at]
        at = int(origins[t][at]) if t else at
    return Path(frames, misfit)


def _misfit(voice: Voice, candidates: Indices, target: Floats) -> Floats:
    """Return the distance of candidates to what is wanted, (candidates,), neper²."""
    distance: Floats = ((voice.reduced[candidates] - target) ** 2).sum(-1)
    return distance


def _step_prices(voice: Voice, before: Indices, now: Indices) -> Floats:
    """Return what each step from one candidate to the next costs, (before, now), neper²."""
    natural = np.minimum(before + 1, len(voice.reduced) - 1)
    inside = (natural > before) & (voice.strands[natural] == voice.strands[before])
    step = voice.reduced[natural, :REDUCED][:, None] - voice.reduced[now, :REDUCED][None]
    back = before[:, None] - now[None]
    same = voice.strands[before][:, None] == voice.strands[now][None]
    jump = JUMP_COST + SEAM_WEIGHT * np.einsum("ijd,ijd->ij", step, step)
    jump += REPEAT_COST * (same & (back >= 0) & (back < REPEAT_FRAMES))
    return np.where((natural[:, None] == now[None]) & inside[:, None], 0.0, jump).astype(np.float32)
