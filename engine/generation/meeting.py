"""Where the models of a blend meet: for each event the sounds that they bring to it, alike and equally long."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from engine.curves import Curve, breakpoints, value_at
from engine.generation.bank import Bank
from engine.generation.renderer import Renderer
from engine.generation.score import LONGEST_SECONDS, Event, compose, event_rng
from engine.generation.sound import count_frames
from engine.latent.chart import NAMES
from engine.settings import GenerateSettings
from engine.units import LATENT_HOP, SAMPLE_RATE

Doubles = NDArray[np.float64]

SILENT = 1e-6  # share below which a model is not heard
NEAR_SHARE = 0.1  # of a model's clips from which one that is alike is chosen, at a share of 0
SQUEEZED = 0.5  # of its length to which a sound may be shortened; what is longer than that is faded out


class Shares:
    """The shares of some models over time; at every moment they add up to 1."""

    def __init__(self, curves: Sequence[Curve]) -> None:
        """Keep the curve of each model."""
        self._curves = tuple(curves)

    def at(self, seconds: Doubles) -> Doubles:
        """Return the shares at times (n,), (models, n)."""
        shares = np.maximum(np.stack([value_at(curve, seconds) for curve in self._curves]), 0.0)
        found: Doubles = shares / shares.sum(0)
        return found

    def most(self, first_seconds: float, last_seconds: float) -> Doubles:
        """Return the largest share of each model between two times, (models,)."""
        inside = [time for curve in self._curves for time, _ in breakpoints(curve)]
        times = [first_seconds, last_seconds, *(time for time in inside if first_seconds < time < last_seconds)]
        most: Doubles = self.at(np.array(times)).max(1)
        return most


@dataclass(frozen=True)
class Member:
    """A model in a blend.

    Attributes:
        renderer: The model.
        bank: Its sliders.
        level: By which its sounds are multiplied.
    """

    renderer: Renderer
    bank: Bank
    level: float


@dataclass(frozen=True)
class Part:
    """What one model brings to an event.

    Attributes:
        place: Of the model among those of the blend.
        member: The model.
        event: As the model has it.
        stretch: By how much its sound is longer than by itself.
        share: Of the model when the event begins.
    """

    place: int
    member: Member
    event: Event
    stretch: float
    share: float


def meet(members: Sequence[Member], shares: Shares, settings: GenerateSettings) -> Iterator[tuple[Part, ...]]:
    """Write the score of a blend: for each event what each model brings that is heard in it.

    Args:
        members: The models.
        shares: Theirs, over time.
        settings: Of the output.
    """
    scores = [compose(settings, member.renderer.space.clips, member.renderer.guide.places) for member in members]
    for events in zip(*scores, strict=True):
        begin, longest = events[0].start / SAMPLE_RATE, events[0].longest
        last = begin + (LONGEST_SECONDS if longest is None else longest / SAMPLE_RATE)
        heard = np.flatnonzero(shares.most(begin, last) > SILENT)
        share = shares.at(np.array([begin]))[heard, 0]
        present = [
            Part(place, members[place], events[place], 1.0, part)
            for place, part in zip(heard.tolist(), share.tolist(), strict=True)
        ]
        yield make_equally_long(make_alike(present, settings.seed), settings)


def make_alike(parts: Sequence[Part], seed: int) -> tuple[Part, ...]:
    """Let each model begin an event from a clip whose descriptors are near those that all would have together.

    What they would have together lies between the clips of their own scores. The less the share of a model, the more
    clips it chooses from, so that a blend does not always come back to the few that are most alike.

    Args:
        parts: What each model brings by itself.
        seed: Of the output.
    """
    share = np.array([part.share for part in parts])
    values = [part.member.renderer.guide.values for part in parts]
    own = np.stack([found[part.event.clip] for found, part in zip(values, parts, strict=True)])
    known = ~np.isnan(own).any(1) & (share > SILENT)
    if is_alone(share) or not known.any():
        return tuple(parts)
    wanted = share[known] @ own[known] / share[known].sum()
    spans = _spans(parts)
    made = []
    for part, found in zip(parts, values, strict=True):
        distance = np.nan_to_num((((found - wanted) / spans) ** 2).sum(1), nan=np.inf)
        count = min(int(np.isfinite(distance).sum()), 1 + round((1.0 - part.share) * NEAR_SHARE * len(found)))
        near = np.argsort(distance, kind="stable")[:count]
        clip = int(near[event_rng(seed, part.event.index, "blend").integers(count)]) if count else part.event.clip
        made.append(replace(part, event=replace(part.event, clip=clip)))
    return tuple(made)


def make_equally_long(parts: Sequence[Part], settings: GenerateSettings) -> tuple[Part, ...]:
    """Give the sounds of an event one length: the mean of theirs, as ratios, by the shares of the models.

    Args:
        parts: What each model brings.
        settings: Of the output.
    """
    share = np.array([part.share for part in parts])
    if is_alone(share):
        return tuple(parts)
    natural = np.array([count_frames(one.member.renderer, one.member.bank, settings, one.event) for one in parts])
    longest = parts[0].event.longest
    ends = natural if longest is None else np.minimum(natural, -(-longest // LATENT_HOP))
    length = float(np.exp(share @ np.log(ends)))
    stretches = np.where(natural > ends, 1.0, np.maximum(SQUEEZED, length / ends))
    end = round(length) * LATENT_HOP
    return tuple(
        replace(
            part,
            stretch=stretch,
            event=replace(part.event, longest=end if longest is None else min(longest, end)) if cut else part.event,
        )
        for part, stretch, cut in zip(parts, stretches.tolist(), natural * stretches > length + 1.0, strict=True)
    )


def is_alone(share: Doubles) -> bool:
    """Return whether one of some shares is all there is."""
    return bool(share.max() >= 1.0 - SILENT)


def _spans(parts: Sequence[Part]) -> Doubles:
    """Return how far the corpora reach together on each descriptor, (descriptors,)."""
    reaches = [[part.member.renderer.space.chart.reach(name) for part in parts] for name in NAMES]
    return np.array(
        [
            max(max(one.high for one in some) - min(one.low for one in some), *(one.least for one in some))
            for some in reaches
        ]
    )
