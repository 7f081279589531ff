"""Flow: whether sounds go on until others have come in, or end by themselves with air between them.

    flow ─► which events go on ─► when the next have come in ─► the way there (`onward.py`) ─► equal-power fades

An event that goes on lasts until the next one has come in. Where its clip begins in mid-sound it comes in just as the
one before goes, so that their powers add up to that of one; where a sound begins, it begins at once.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from engine.audio.ends import FADE_OUT_SECONDS, fade_ends
from engine.curves import Curve, add_curves, breakpoints
from engine.dataset.corpus import Corpus
from engine.dataset.edges import Edges, find_edges, is_single
from engine.generation.score.edges import CUT_SECONDS
from engine.sliders import LIMIT
from engine.units import seconds_to_samples

if TYPE_CHECKING:  # a score needs no torch
    from engine.latent.space import SoundSpace

Floats = NDArray[np.float32]
Doubles = NDArray[np.float64]

SINGLE_SHARE = 0.75  # of recordings and of their time, from which on a set is one of single events
RECORDINGS_LOOKED_AT = 60  # evenly over the set: who opens a large one waits for no more
SHORTEST_JOIN_SECONDS, LONGEST_JOIN_SECONDS = 0.3, 2.0  # over which a sound comes in, where there is as much
COMING_SHARE = 0.3  # of the time until the next event
DENSE_SECONDS = 1.5  # between events: below that they come in sooner, or none would be heard to begin
EARLY = 3.0  # power by which it comes in sooner than the one before goes: it is heard to begin, 1.6 dB louder
KNEE = 0.8  # of the time in which the next comes in: from there on a sound goes by the same dB in every moment
TAIL_SECONDS = 0.5  # over which it does so, as far as there is as much between events
TAIL_DB = 40.0  # by which it goes then
CLOSING_SECONDS = 2.5  # in which all goes at the end of an output
MOST_BEYOND_SECONDS = max(KNEE * LONGEST_JOIN_SECONDS + TAIL_SECONDS, CLOSING_SECONDS)  # of an event, into the next one
CLOSING_SHARE = 0.25  # of a short output
CLOSING_DB = 55.0  # by which it goes, ever faster
LAST_SECONDS = 0.05  # in which the rest goes


@dataclass(frozen=True)
class Close:
    """The end of an output, as one of its events meets it.

    Attributes:
        after: Samples from the start of the event to the end of the output.
        fall: Samples before the end in which all goes.
    """

    after: int
    fall: int

    def fade(self, sound: Floats) -> Floats:
        """Return the sound (samples, channels) of the event as it goes with the output."""
        rest = seconds_to_samples(LAST_SECONDS)
        begun = max(0, self.after - max(self.fall, rest))  # before that nothing goes
        left = self.after - np.arange(begun, len(sound)) - 0.5
        gone = np.clip(1.0 - left / max(1, self.fall), 0.0, 1.0)
        last = np.clip(left / rest, 0.0, 1.0)
        going = (last * 10 ** (-CLOSING_DB / 20 * gone**1.5)).astype(np.float32)
        return np.concatenate([sound[:begun], sound[begun:] * going[:, None]])


def find_close(left: float, duration: float) -> Close:
    """Return the end of an output of some seconds, so many seconds after the start of an event."""
    return Close(seconds_to_samples(left), seconds_to_samples(min(CLOSING_SECONDS, CLOSING_SHARE * duration)))


@dataclass(frozen=True)
class Join:
    """How an event meets its neighbours, in samples.

    Attributes:
        goes_on: Whether it lasts until the next has come in; else it ends as by itself, or as the score says.
        rise: Over which it comes in where its sound does not begin there.
        following: From its start to that of the next.
        fall: Over which the next comes in, and this one goes.
        tail: Over which the rest of it goes.
        close: Of the output; None in a loop.
    """

    goes_on: bool
    rise: int
    following: int
    fall: int
    tail: int
    close: Close | None

    @property
    def longest(self) -> int:
        """Return after how many samples it has gone where it goes on; the last ones go with the output."""
        ended = self.following + round(KNEE * self.fall) + self.tail
        if self.close is None:
            return ended
        return self.close.after if self.is_last else min(ended, self.close.after)

    @property
    def is_last(self) -> bool:
        """Return whether it goes with the output rather than as the next comes in."""
        return self.close is not None and self.following > self.close.after - self.close.fall

    def played(self, speed: float) -> "Join":
        """Return how an event meets its neighbours that will be played so many times faster afterwards."""
        rise, following, fall, tail = (round(speed * one) for one in (self.rise, self.following, self.fall, self.tail))
        close = self.close and Close(round(speed * self.close.after), round(speed * self.close.fall))
        return replace(self, rise=rise, following=following, fall=fall, tail=tail, close=close)


def join_events(goes_on: bool, gap: float, distance: float, later: float, close: Close | None) -> Join:
    """Return how an event meets its neighbours; times are in seconds.

    Args:
        goes_on: Whether it goes on until the next has come in.
        gap: Between two events, on average.
        distance: Until the next event.
        later: From there to the one after it.
        close: Of the output, None in a loop.
    """
    tail = seconds_to_samples(min(TAIL_SECONDS, gap))
    rise = seconds_to_samples(_coming(distance) * min(1.0, distance / DENSE_SECONDS) ** 2)
    return Join(goes_on, rise, seconds_to_samples(distance), seconds_to_samples(_coming(later)), tail, close)


def _coming(distance: float) -> float:
    """Return in how many seconds an event comes in that has so many until the next."""
    return min(LONGEST_JOIN_SECONDS, max(SHORTEST_JOIN_SECONDS, COMING_SHARE * distance), distance)


@dataclass(frozen=True)
class Passing:
    """How an event comes and goes that meets its neighbours; see `engine.generation.mix.laying.Edges`.

    Attributes:
        join: With its neighbours.
        is_begun: Whether a sound begins there.
        is_cut: Whether its sound would go on where it ends by itself.
        haste: How far it comes in at once all the same, 0 to 1.
    """

    join: Join
    is_begun: bool
    is_cut: bool
    haste: float = 0.0

    @property
    def is_onset(self) -> bool:
        """Return that its beginning may be shaped: what goes on has one as well."""
        return True

    def fade(self, sound: Floats, fall_seconds: float) -> Floats:
        """Return a sound (samples, channels) as it comes and goes; `fall_seconds` is what the score says."""
        join = self.join
        if join.goes_on:
            faded = fade_ends(sound, seconds_out=0.0)
            if not join.is_last:
                goes, going = faded[join.following :], _going(join)[:, None]
                goes[: len(going)] *= going[: len(goes)]
                goes[len(going) :] = 0.0
        else:
            is_short = fall_seconds == FADE_OUT_SECONDS and self.is_cut
            faded = fade_ends(sound, seconds_out=CUT_SECONDS if is_short else fall_seconds)
        if not self.is_begun:
            rise = min(round(join.rise * (1.0 - self.haste)), len(sound))
            faded[:rise] *= _coming_in(rise)[:, None]
        return faded if join.close is None else join.close.fade(faded)


def _coming_in(rise: int) -> Floats:
    """Return the gain of a sound that comes in, (samples,)."""
    missing = 1.0 - (np.arange(rise) + 0.5) / max(1, rise)
    return np.sqrt(1.0 - missing**EARLY).astype(np.float32)


def _going(join: Join) -> Floats:
    """Return the gain of a sound that goes as another one comes in, (samples,)."""
    knee = round(KNEE * join.fall)
    first = np.cos(0.5 * np.pi * (np.arange(knee) + 0.5) / max(1, join.fall))
    last = 10 ** (-TAIL_DB / 20 * (np.arange(join.tail) + 1) / max(1, join.tail))
    return np.concatenate([first, np.cos(0.5 * np.pi * KNEE) * last]).astype(np.float32)


class ClipEdges:
    """The edges of the clips of a model, each found when it is asked for."""

    def __init__(self, space: "SoundSpace") -> None:
        """Find nothing yet."""
        self._space = space
        self._known: dict[int, Edges] = {}

    def of(self, clip: int) -> Edges:
        """Return the edges of a clip by its index."""
        if clip not in self._known:
            corpus, one = self._space.corpus, self._space.clips[clip]
            self._known[clip] = find_edges(corpus.recorded(corpus.recordings[one.recording]), one)
        return self._known[clip]


def measure_flow(space: "SoundSpace", edges: ClipEdges, silent_share: float) -> float:
    """Return the flow that the recordings of a model have: 0 for single events, else the share that is not silent."""
    firsts: dict[int, int] = {}
    for index, clip in enumerate(space.clips):
        firsts.setdefault(clip.recording, index)
    places = np.unique(np.linspace(0, len(firsts) - 1, RECORDINGS_LOOKED_AT).round().astype(int))
    looked_at = [list(firsts.items())[place] for place in places.tolist()]
    singles = np.array([_is_single(space.corpus, recording, edges.of(clip)) for recording, clip in looked_at])
    seconds = np.array([space.corpus.recordings[recording].seconds for recording, _ in looked_at])
    share = (singles.mean() + float(singles @ seconds) / max(1e-9, float(seconds.sum()))) / 2
    return 0.0 if share >= SINGLE_SHARE else round(1.0 - silent_share, 2)


def _is_single(corpus: Corpus, recording: int, edges: Edges) -> bool:
    return is_single(corpus.recorded(corpus.recordings[recording]), edges)


def blended_flow(flows: Sequence[float], shares: Sequence[Curve]) -> Curve:
    """Return the flow that lies between those of some models, by the share of each."""
    between = add_curves(list(zip(flows, shares, strict=True)))

    def within(value: float) -> float:
        return min(1.0, max(0.0, round(value, 4)))

    if isinstance(between, tuple):
        return tuple((seconds, within(value)) for seconds, value in between)
    return within(between)


def share_going_on(flow: Curve, sounding_share: float) -> Curve:
    """Return the share of events that go on: all where as much is to sound as does in the recordings.

    Args:
        flow: As it is set.
        sounding_share: Of the time of the recordings.
    """

    def share(value: float) -> float:
        return min(1.0, value / max(sounding_share, 0.01))

    if isinstance(flow, tuple):
        return tuple((seconds, share(value)) for seconds, value in breakpoints(flow))
    return share(flow)


def haste_of(drive: float) -> float:
    """Return how far an event comes in at once for a drive of attack."""
    return min(1.0, max(0.0, drive / LIMIT))
