"""A property of sound: how it is measured, and what is done to a sound so that it has more or less of it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from engine.audio.stage import Stage
from engine.sliders import LIMIT

if TYPE_CHECKING:
    from torch import Tensor

Floats = NDArray[np.float32]
Doubles = NDArray[np.float64]

MOST_SHARE = 1.5  # of the corpus's span that a slider moves, however far outside of the corpus the sound is
LEAST_SHARE = 0.4  # of the corpus's span that a slider moves, though the sound may be at the corpus's end already
MEANS = (36.0, 9.0, 1.0)  # farthest that means of shaping go: shelf in dB, tilt in dB an octave, depth of valleys
HOLD = 0.6  # weight of a property that shaping holds, against 1 for one that is moved
ENOUGH = 1.0  # spans of the corpus that a slider covers: beyond, it sounds less like the recordings
HISS = 0.004  # of the strongest partial: loudest noise that fills valleys where they are held


@dataclass(frozen=True)
class Reach:
    """Where a corpus lies on one property, in its unit: the 5th and the 95th percentile."""

    low: float
    high: float
    least: float

    @property
    def span(self) -> float:
        """Return the distance, never less than what can be heard."""
        return max(self.high - self.low, self.least)

    def move(self, base: float, drive: float) -> float:
        """Return how far a property is to go: towards the end of the corpus's reach, by drive / LIMIT of the way.

        It is at least a part of the corpus's span, where the sound is at the end already, and not much more than all.

        Args:
            base: Where the sound is.
            drive: -LIMIT to LIMIT.
        """
        way = self.high - base if drive > 0 else base - self.low
        return drive / LIMIT * float(np.clip(way, LEAST_SHARE * self.span, MOST_SHARE * self.span))


@dataclass(frozen=True)
class Request:
    """The request of a slider to an output.

    Attributes:
        reach: Where the corpus lies on the property.
        drives: The slider's drive at times in seconds, -LIMIT to LIMIT, the shape of the times.
    """

    reach: Reach
    drives: Callable[[Doubles], Doubles]

    def drive(self, seconds: float) -> float:
        """Return the slider's drive at one time, -LIMIT to LIMIT."""
        return float(self.drives(np.array([seconds]))[0])


@dataclass(frozen=True)
class Take:
    """The sound of one event, before it is faded and brought to its level.

    Attributes:
        samples: Shape (samples, channels).
        seconds: When it begins in the output.
        gap_seconds: Until the next event.
        is_onset: Whether a sound begins here, rather than comes out of the one before.
        seed: Of all that is random in it.
    """

    samples: Floats
    seconds: float
    gap_seconds: float
    is_onset: bool
    seed: int


class Beside(NamedTuple):
    """A change of each event by what sounds at the same time.

    Attributes:
        change: Returns the samples of an event (samples, channels) from them, its beginning in seconds, the request,
            and a function that returns the middle of all that sounds with it, itself included: from `before` samples
            before its first one to `beyond` samples behind its last.
        before: Samples.
        beyond: Samples.
    """

    change: Callable[[Floats, float, Request, Callable[[], Floats]], Floats]
    before: int
    beyond: int


class Mixing(NamedTuple):
    """A change of the mix.

    Attributes:
        open: Returns the stage, from the request, the sample of the output with which it begins, and the samples of a
            loop (None where there is none).
        lead: Samples, after which the stage does the same wherever it began.
        beyond: Samples of a loop that it hears behind the last.
    """

    open: Callable[[Request, int, int | None], Stage]
    lead: int
    beyond: int


@dataclass(frozen=True)
class Rules:
    """The rules of shaping while a property is moved; those of others are held then.

    Attributes:
        down: How far means go below 0, see MEANS.
        up: How far they go above 0.
        hold: Weight of a property that is held, against 1 for one that is moved.
        holds: The same of single ones, by name.
        loudest_noise: Of the noise that fills valleys, over the strongest partial.
        lifts_hiss: Whether highs that a sound hardly has are raised with the others.
        enough: Spans of the corpus from which on a slider is asked for no more than it covers by itself.
    """

    down: tuple[float, float, float] = MEANS
    up: tuple[float, float, float] = MEANS
    hold: float = HOLD
    holds: Mapping[str, float] = field(default_factory=dict)
    loudest_noise: float = HISS
    lifts_hiss: bool = True
    enough: float = ENOUGH


@dataclass(frozen=True)
class Property:
    """A property of sound that a slider moves.

    Attributes:
        measure: Returns it for a mono sound (samples,) at its normal loudness; None where it takes notes of events.
        of_spectra: Returns it for magnitudes (..., frames, bins) of decoded sound, differentiable, where these show it.
        rules: Of shaping while it is moved, where shaping moves it by its means.
        softer_db: Returns by how many dB an event is played softer that did not become what was asked, from its value,
            the one that was asked, and the request's drive.
        event: Returns the samples of an event, changed; asked only where the slider is not at 0.
        beside: Changes an event by those that sound with it.
        mix: Changes all events together.
    """

    measure: Callable[[Doubles], float] | None = None
    of_spectra: "Callable[[Tensor], Tensor] | None" = None
    rules: Rules | None = None
    softer_db: Callable[[float, float, float], float] | None = None
    event: Callable[[Take, Request], Floats] | None = None
    beside: Beside | None = None
    mix: Mixing | None = None
