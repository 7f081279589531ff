"""How new an output is: how far its moments are from the nearest moments of the model's recordings.

    score = mean over the output's moments of min(1, distance to the nearest recorded moment / usual distance)

The usual distance is the median of that between moments of different recordings. So a score is 0 for a copy, at any
level, and 1 for what is as unlike every recording as the recordings are unlike each other, in every model. To relate
the distance to the nearest example to distances inside the corpus is how copying is found in generative models
(Meehan, Chaudhuri and Dasgupta, A non-parametric test to detect data-copying in generative models, 2020).

Two recordings that sound at once are further from each of them than either alone: that counts as new.
"""

from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray

from engine.errors import ShapeError
from engine.features.mel import log_mel
from engine.generation.novelty.likeness import QUIETEST_DB
from engine.generation.novelty.moments import FRAMES, FRAMES_A_BLOCK, PHASES
from engine.generation.renderer import Renderer
from engine.units import DB_PER_NEPER, HOP, N_FFT, SAMPLE_RATE

Floats = NDArray[np.float32]

STEP = SAMPLE_RATE // 2  # samples from one moment to the next while the output is short
MOST_HEARD = 64
JUDGED_DB = 40.0  # below the loudest moment of the output: quieter ones do not count
HEARD_EVERY = HOP // PHASES  # samples
MOMENT_SAMPLES = N_FFT + (FRAMES * PHASES - 1) * HEARD_EVERY  # 0.2 s: what the windows of a moment's frames take in
SHORTEST_JUDGED = N_FFT + (FRAMES_A_BLOCK * PHASES - 1) * HEARD_EVERY  # what is shorter is heard with silence behind it


@dataclass(frozen=True)
class Novelty:
    """How new an output is.

    Attributes:
        nearest: Name of the recording that it comes closest to.
        at: Seconds from the start of that recording to the moment that is closest to one of the output.
        score: 0 a copy, 1 as far from every recording as they are from each other.
        whose: Which of the models that made the output has that recording, counted from 0.
    """

    nearest: str
    at: float
    score: float
    whose: int = 0


class NoveltyMeter:
    """Takes moments from one output as it streams by, evenly spread, at most MOST_HEARD however long it is.

    Whenever there are too many, every second one is forgotten and the next ones are twice as far apart.

    Args:
        renderers: The models that made the output; it is compared with the recordings of all of them.
    """

    def __init__(self, *renderers: Renderer) -> None:
        self._renderers = renderers
        self._moments: list[Floats] = []
        self._step = STEP
        self._held = np.zeros(0, np.float32)
        self._begin = 0  # of what is held, in the output

    def update(self, block: Floats) -> None:
        """Take the next block, shape (samples, channels), at SAMPLE_RATE.

        Raises:
            ShapeError: the block does not have two axes.
        """
        if block.ndim != 2:
            raise ShapeError(f"a block has the axes (samples, channels), this one has {block.ndim}")
        self._held = np.concatenate([self._held, block.mean(1, dtype=np.float32)])
        self._drop()
        while len(self._held) >= MOMENT_SAMPLES:
            self._moments.append(self._held[:MOMENT_SAMPLES].copy())
            if len(self._moments) > MOST_HEARD:
                self._moments = self._moments[::2]
                self._step *= 2
            self._drop()

    def result(self) -> Novelty | None:
        """Return how new the output is; None if nothing of it can be heard."""
        excerpts = self._moments or [np.pad(self._held, (0, max(0, SHORTEST_JUDGED - len(self._held))))]
        moments = _hear(np.stack(excerpts))
        peaks_db = DB_PER_NEPER * moments.max((1, 2, 3))
        audible = peaks_db > max(float(peaks_db.max()) - JUDGED_DB, QUIETEST_DB)
        if not audible.any():
            return None
        found = [renderer.moments.nearest(moments[audible]) for renderer in self._renderers]
        usual = [renderer.moments.usual_db for renderer in self._renderers]
        whose = min(range(len(found)), key=lambda place: min(one.distance_db for one in found[place]))
        nearest = min(found[whose], key=lambda one: one.distance_db)
        least = [
            min(one.distance_db / far for one, far in zip(moment, usual, strict=True))
            for moment in zip(*found, strict=True)
        ]
        score = sum(min(1.0, distance) for distance in least) / len(least)
        name = self._renderers[whose].space.corpus.recordings[nearest.recording].name
        return Novelty(name, round(nearest.at, 3), round(score, 4), whose)

    def _drop(self) -> None:
        """Let go of what comes before the next moment."""
        gone = min(len(self._held), len(self._moments) * self._step - self._begin)
        self._held, self._begin = self._held[gone:], self._begin + gone


def _hear(excerpts: Floats) -> Floats:
    """Return the log-mels of excerpts (excerpts, samples), (excerpts, PHASES, frames, mels); no window leaves them."""
    edge = N_FFT // 2 // HEARD_EVERY
    heard = log_mel(torch.from_numpy(excerpts), HEARD_EVERY)[..., edge:-edge].mT.numpy()
    frames = min(FRAMES, heard.shape[1] // PHASES)
    in_turn = heard[:, : frames * PHASES].reshape(len(heard), frames, PHASES, -1)
    return np.ascontiguousarray(in_turn.swapaxes(1, 2))
