"""Listening to a model before anything is written: an output while it is made, from any second on, or one event of it.

The sound is what the file would be: the same samples, below the same ceiling. Three things differ. The limiter does
not know the peaks before the first sample. The gain for a wanted loudness is not known. With sliders moved, events are
transposed by what sounded before them (`engine.generation.mix.harmony`), and that memory begins with the preview.
"""

from collections.abc import Callable, Generator, Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from engine.audio.limiter import TruePeakLimiter
from engine.audio.stage import pass_through
from engine.generation.mix.ahead import check_with, never
from engine.generation.mix.output import Output, play, play_event
from engine.generation.warming import warm_up
from engine.settings import ExportSettings, Frozen, GenerateSettings
from engine.studio.opening import Opened, Opener
from engine.studio.render import describe_novelty
from engine.units import SAMPLE_RATE, samples_to_seconds, seconds_to_samples

Floats = NDArray[np.float32]

LONGEST_BLOCK = SAMPLE_RATE // 4  # samples: a listener waits for no more
CEILING_DB = ExportSettings().ceiling


class Preview(Frozen):
    """The part of an output that is to be heard."""

    model: str = Field(description="Name or id of the model.")
    settings: GenerateSettings = Field(GenerateSettings(), description="What the output is made of.")
    what: Literal["event", "from", "whole"] = Field(
        "event", description="event: the one that sounds at a second; from: all from that second on; whole: all."
    )
    at: float = Field(0.0, ge=0.0, description="Second of the output; the whole begins at its first.")


@dataclass(frozen=True)
class HeardEvent:
    """The one event that is heard.

    Attributes:
        index: Its place in the score.
        start_seconds: When it begins in the output.
        recording: Name of the one that it begins from.
    """

    index: int
    start_seconds: float
    recording: str


class Listening:
    """A preview while it is made: iterate once over blocks (samples, channels), LONGEST_BLOCK samples at most.

    Attributes:
        channels: 1 or 2.
        first_sample: Where it begins in the output.
        samples: How many there will be; None where that is not known before.
        notices: What a person should know of the sliders that were set.
        event: Which one is heard; None where all are.
    """

    def __init__(
        self,
        opened: Opened,
        output: Output[Any, Any],
        made: Generator[Floats, None, None],
        *,
        first_sample: int,
        samples: int | None,
        event: HeardEvent | None = None,
    ) -> None:
        """Take blocks before the limiter."""
        self.channels, self.notices = output.channels, opened.notices(output.settings)
        self.first_sample, self.samples, self.event = first_sample, samples, event
        self._opened, self._meter, self._made = opened, opened.meter(), made
        limited = pass_through(self._heard(made), TruePeakLimiter(self.channels, CEILING_DB))
        self._blocks = _shortened(limited)
        self._novelty: dict[str, Any] | None = None

    def __iter__(self) -> Iterator[Floats]:
        """Return the blocks.

        Raises:
            Cancelled: while they are taken: it was time to stop.
        """
        return self._blocks

    @property
    def novelty(self) -> dict[str, Any]:
        """Return how new all is that was heard, see `describe_novelty`; measured when it is asked for first."""
        if self._novelty is None:
            self._novelty = describe_novelty(self._opened, self._meter.result())
        return self._novelty

    def close(self) -> None:
        """Stop listening; what is not heard is not made."""
        self._blocks.close()
        self._made.close()

    def _heard(self, blocks: Iterable[Floats]) -> Iterator[Floats]:
        for block in blocks:
            self._meter.update(block)
            yield block


def warm() -> None:
    """Do all that is slow the first time in a program, see `warm_up`; for models see `Opened.warm`."""
    warm_up()


def listen(opener: Opener, preview: Preview, should_stop: Callable[[], bool] = never) -> Listening:
    """Begin a preview; one event is made at once, all else while it is heard.

    Args:
        opener: Opens the models, and keeps them for the next preview.
        preview: What is to be heard.
        should_stop: Whether it was overtaken; asked often, from several threads.

    Raises:
        ModelError: there is no such model, or it is damaged.
        ParameterError: the output has no such second, or it cannot be made so.
        Cancelled: it was time to stop.
    """
    opened = opener.open(preview.model, preview.settings.blend)
    check_with(should_stop)()
    output, first = opened.output(preview.settings), seconds_to_samples(preview.at)
    if preview.what == "event":
        alone = play_event(output, first, should_stop=should_stop)
        event = HeardEvent(alone.event.index, samples_to_seconds(alone.event.start), alone.recording)
        made = (samples for samples in [alone.samples])
        return Listening(opened, output, made, first_sample=alone.event.start, samples=len(alone.samples), event=event)
    first = first if preview.what == "from" else 0
    made = play(output, first, should_stop=should_stop)
    return Listening(opened, output, made, first_sample=first, samples=_expected(preview.settings, first))


def _expected(settings: GenerateSettings, first: int) -> int | None:
    """Return how many samples are heard from one on; None for a one-shot, whose length is its own."""
    if settings.one_shot:
        return None
    total = seconds_to_samples(settings.duration)
    return total if settings.loop else total - first


def _shortened(blocks: Iterable[Floats]) -> Generator[Floats, None, None]:
    """Yield the same sound in blocks of LONGEST_BLOCK samples at most."""
    for block in blocks:
        for at in range(0, len(block), LONGEST_BLOCK):
            yield block[at : at + LONGEST_BLOCK]
