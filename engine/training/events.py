"""Events that a training tells while it runs."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class Progress:
    """One look at a running training.

    Attributes:
        step: Steps done.
        share: Of the whole training, 0 to 1.
        seconds_left: Until the last step, estimated.
        loss: Mean distance of decoded and true log-mel in the batches since the last look, neper.
        validation: The same on material kept out of the training, or None before the first measurement.
    """

    step: int
    share: float
    seconds_left: float
    loss: float
    validation: float | None


@dataclass(frozen=True)
class Stage:
    """A stage of the work has begun: a name from STAGES and, where it helps, what it works on."""

    name: str
    detail: str = ""


@dataclass(frozen=True)
class Computing:
    """Where and how big: said once, before the first step.

    Attributes:
        device: cpu, cuda or mps.
        reason: Why this device, in words.
        parameters: Trainable numbers of the network.
        batch: Excerpts in a step.
    """

    device: str
    reason: str
    parameters: int
    batch: int


@dataclass(frozen=True)
class Notice:
    """Something the person should know: a file left out, a set that is very small."""

    text: str


@dataclass(frozen=True)
class Begun:
    """A training has a folder of its own, from which it can be resumed once it has been saved there."""

    run: str


@dataclass(frozen=True)
class Audition:
    """A recording can be heard as the model hears it by now; it takes time only where `hear` is called.

    Attributes:
        recording: Its name.
        original: An excerpt of it, (samples,), at SAMPLE_RATE.
        hear: Returns the excerpt as the model makes it, (samples,); only while the event is being told.
    """

    recording: str
    original: NDArray[np.float32]
    hear: Callable[[], NDArray[np.float32]]


@dataclass(frozen=True)
class Measured:
    """A slider was measured: certified, weak, off or discovered."""

    slider: str
    state: str


Event = Progress | Stage | Computing | Notice | Begun | Audition | Measured
Listener = Callable[[Event], None]

STAGES = {
    "reading": "Reading the recordings",
    "training": "Learning",
    "listening": "Listening to the recordings through the model",
    "measuring": "Measuring what the sliders do",
    "saving": "Saving the model",
    "generating": "Making a first sound",
}
