"""A recording at one speed, as a model hears it: what the vocoder searches, and what is kept of it. Needs no torch."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]


@dataclass(frozen=True)
class Strand:
    """One recording at one speed, as the model hears it.

    Attributes:
        recording: Index of the recording.
        start: Its first sample in the corpus.
        speed: 1 as recorded; above 1 faster and higher. Frame t is centred on sample start + t * HOP * speed.
        recorded: Log-mel of each frame, (frames, mels), neper.
        heard: What the model decodes for each frame, (frames, mels), neper.
    """

    recording: int
    start: int
    speed: float
    recorded: Floats
    heard: Floats
