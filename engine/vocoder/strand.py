"""A recording or a part of one at one speed, as a model hears it: what the vocoder searches. Needs no torch."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Halves = NDArray[np.float16]


@dataclass(frozen=True)
class Strand:
    """One recording, or a part of one, at one speed, as the model hears it.

    Attributes:
        recording: Index of the recording.
        start: The sample of the corpus on which its first frame is centred.
        speed: 1 as recorded; above 1 faster and higher. Frame t is centred on sample start + t * HOP * speed.
        recorded: Log-mel of each frame, (frames, mels), neper.
        heard: What the model decodes for each frame, (frames, mels), neper.
        offset: Where it begins in its recording, samples.
    """

    recording: int
    start: int
    speed: float
    recorded: Floats | Halves
    heard: Floats | Halves
    offset: int = 0
