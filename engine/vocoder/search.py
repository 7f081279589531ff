"""Which recorded frame speaks at each moment: the recordings as the model hears them, and the search among them.

The model never hears a recording exactly; it hears its own decoding of it. Frames are therefore compared by what the
model hears of both sides.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.errors import ShapeError
from engine.once import built_once
from engine.units import HOP, MEL_BANDS
from engine.vocoder.lattice import REDUCED, find_cheapest
from engine.vocoder.nearest import Blocks, nearest_frames
from engine.vocoder.strand import Strand

Floats = NDArray[np.float32]
Halves = NDArray[np.float16]
Indices = NDArray[np.int64]

SEARCH_EVERY = 2  # frames; the others take what follows the candidates of the frame before
LEVEL_WEIGHT = 0.3  # of the level in the search, against 1 for the shape: a gain is cheap to correct
AUDIBLE_RANGE = 9.2  # neper (80 dB) below the loudest moment: what is under it does not steer the search


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
        recorded: Log-mel of each frame, (frames, mels), neper; of a model that was opened as halves, mapped.
        heard: What the model decodes for each frame, (frames, mels), neper; as `recorded`.
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
    recorded: Floats | Halves
    heard: Floats | Halves
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
    shape = to_searchable(heard.astype(np.float32), loudest)
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
    return Path(*find_cheapest(voice.reduced, voice.strands, near, target, usual))


def misfit_of(voice: Voice, frames: Indices, wanted: Floats) -> Floats:
    """Return how far recorded frames (frames,) are from wanted ones (frames, mels), neper², (frames,)."""
    off = voice.reduced[frames] - to_searchable(wanted, voice.loudest) @ voice.axes
    return np.vecdot(off, off)


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
