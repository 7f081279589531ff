"""Where the models of a blend meet: for each event the sounds that they bring to it, alike and equally long."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
import scipy  # its parts are loaded where they are used: most outputs need none of them
from numpy.typing import NDArray

from engine.curves import Curve, breakpoints, value_at
from engine.generation.event.way import count_frames
from engine.generation.mix.output import Choose
from engine.generation.renderer import Renderer
from engine.generation.score.composing import LONGEST_EVENT_SECONDS, Event, event_rng
from engine.generation.sliders.bank import Bank
from engine.latent.chart import NAMES
from engine.settings import GenerateSettings
from engine.units import LATENT_HOP, SAMPLE_RATE

Floats = NDArray[np.float32]
Doubles = NDArray[np.float64]

SILENT_SHARE = 1e-6  # share below which a model is not heard
CLIPS_AT_ONCE = 512  # clips of each model that are paired at once
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
    """The contribution of one model to an event.

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


class Matching:
    """Which clips of the models of a blend are alike."""

    def __init__(self, members: Sequence[Member]) -> None:
        """Keep the models; what is asked for is found once."""
        self._members = tuple(members)
        self._found: dict[tuple[int, int], list[tuple[int, ...]]] = {}

    def partners(self, leader: int, clip: int, other: int) -> tuple[int, ...]:
        """Return the clips of one model that are paired with a clip of another one."""
        if (leader, other) not in self._found:
            pair = [self._members[leader].renderer, self._members[other].renderer]
            some, others = (one.guide.values for one in pair)
            self._found[leader, other] = pair_clips(some, others, _spans(pair))
        return self._found[leader, other][clip]


def meet(
    members: Sequence[Member],
    shares: Shares,
    settings: GenerateSettings,
    choose: Choose,
    matching: Matching | None,
) -> Iterator[tuple[Part, ...]]:
    """Write the score of a blend: for each event what each model brings that is heard in it.

    Args:
        members: The models.
        shares: Theirs, over time.
        settings: Of the output.
        choose: Chooses the events of each model.
        matching: Which clips of the models are alike; None where their places on the map decide.
    """
    scores = [choose(member.renderer.space.clips, member.renderer.guide.places) for member in members]
    for events in zip(*scores, strict=True):
        begin, longest = events[0].start / SAMPLE_RATE, events[0].longest
        last = begin + (LONGEST_EVENT_SECONDS if longest is None else longest / SAMPLE_RATE)
        heard = np.flatnonzero(shares.most(begin, last) > SILENT_SHARE).tolist()
        share = shares.at(np.array([begin]))[:, 0]
        parts = tuple(Part(place, members[place], events[place], 1.0, float(share[place])) for place in heard)
        yield make_equally_long(make_alike(parts, matching, settings.seed) if matching else parts, settings)


def make_alike(parts: Sequence[Part], matching: Matching, seed: int) -> tuple[Part, ...]:
    """Let the models bring sounds that are alike: to the clip of the one with the largest share, those paired with it.

    Args:
        parts: What each model brings by itself.
        matching: Of the models.
        seed: Of the output.
    """
    leader = max(parts, key=lambda part: part.share)

    def matched(part: Part) -> Part:
        if part is leader:
            return part
        partners = matching.partners(leader.place, leader.event.clip, part.place)
        choice = event_rng(seed, part.event.index, "blend").integers(len(partners))
        return replace(part, event=replace(part.event, clip=partners[choice]))

    return tuple(map(matched, parts))


def pair_clips(some: Floats, others: Floats, spans: Doubles) -> list[tuple[int, ...]]:
    """Pair the clips of two models by their descriptors, so that all clips of either come as often.

    That is a linear assignment, of blocks of clips that are about equally bright where there are very many. To take
    the nearest clip instead would come back to the few that lie towards the other corpus, and so to other means.

    Args:
        some: Descriptors in the order of NAMES, (clips, descriptors), NaN where they are not known.
        others: Those of the other model.
        spans: What counts as far, (descriptors,).

    Returns:
        For each of the first clips, those that are paired with it.
    """
    scaled = [_filled(values) / spans for values in (some, others)]
    count = max(map(len, scaled))
    ordered = [np.argsort(values[:, 0], kind="stable") for values in scaled]
    first, second = (order[np.arange(count) * len(order) // count] for order in ordered)
    partners: list[list[int]] = [[] for _ in some]
    for low in range(0, count, CLIPS_AT_ONCE):
        rows, columns = first[low : low + CLIPS_AT_ONCE], second[low : low + CLIPS_AT_ONCE]
        distance = ((scaled[0][rows][:, None] - scaled[1][columns][None]) ** 2).sum(-1)
        for row, column in zip(*scipy.optimize.linear_sum_assignment(distance), strict=True):
            partners[int(rows[row])].append(int(columns[column]))
    return [tuple(sorted(set(found))) for found in partners]


def _filled(values: Floats) -> Doubles:
    """Return descriptors (clips, descriptors), those that are not known replaced by the mean of the others."""
    known = np.isfinite(values.sum(1))
    mean = values[known].mean(0) if known.any() else np.zeros(values.shape[1])
    filled: Doubles = np.where(known[:, None], values, mean).astype(np.float64)
    return filled


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
    return bool(share.max() >= 1.0 - SILENT_SHARE)


def _spans(renderers: Sequence[Renderer]) -> Doubles:
    """Return how far some corpora reach together on each descriptor, (descriptors,)."""
    reaches = [[renderer.space.chart.reach(name) for renderer in renderers] for name in NAMES]
    return np.array(
        [
            max(max(one.high for one in some) - min(one.low for one in some), *(one.least for one in some))
            for some in reaches
        ]
    )
