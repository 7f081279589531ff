"""The way of one event through the latent space: along a recording's own trajectory, towards another's, and astray.

Length is a property of the event: both trajectories are stretched to it behind their attacks, so a long sound morphs
into a short one without being cut to it.
"""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter1d

from engine.features.descriptors import chroma
from engine.generation.score.composing import Event, event_rng
from engine.generation.score.flow import ClipEdges
from engine.generation.walk.notes import ClipNotes
from engine.generation.walk.onward import Onward
from engine.generation.walk.stretching import ATTACK_FRAMES, stretch_track
from engine.latent.space import SoundSpace
from engine.once import built_once
from engine.sliders import NEAR_MIDDLE
from engine.units import LATENT_HOP, SAMPLE_RATE

Floats = NDArray[np.float32]
Doubles = NDArray[np.float64]

MORPH = (0.2, 1.0)  # range of the share of the second sound, times novelty
DRIFT = 0.25  # how far that share moves during the event, times novelty
ASTRAY = 0.35  # standard deviations that the walk strays from the trajectory, times novelty
STRAY_FRAMES = 6.0  # latent frames (0.26 s) over which it strays
LENGTH_SPREAD = 0.25  # standard deviation of the logarithm of the length, times novelty
NEAREST_SHARE = 0.15  # of the other clips from which the second sound is chosen at novelty 0; all at novelty 1
FAMILIAR = 1.7  # power that makes the middle of the novelty control still sound like the recordings


@dataclass(frozen=True)
class Guide:
    """Facts about a sound space that walks need, computed once."""

    space: SoundSpace

    @built_once
    def centres(self) -> Floats:
        """Return the mean latent of each clip in units of the corpus's spread, (clips, latent)."""
        means = [self.space.track(clip).mean(0) for clip in self.space.clips]
        return (np.stack(means) / (self.space.spread + 1e-3)).astype(np.float32)

    @built_once
    def places(self) -> Floats:
        """Return where the middle of each clip lies on the map, (clips, 2)."""
        return self.space.chart.to_map(np.stack([self.space.track(clip).mean(0) for clip in self.space.clips]))

    @built_once
    def chromas(self) -> Doubles:
        """Return the pitch classes of each clip, (clips, 12), as shares of its energy."""
        corpus = self.space.corpus
        parts = [
            corpus.recorded(corpus.recordings[clip.recording])[clip.first * LATENT_HOP : clip.last * LATENT_HOP]
            for clip in self.space.clips
        ]
        found = np.stack([chroma(part.mean(1).astype(np.float64)) for part in parts])
        shares: Doubles = found / np.maximum(found.sum(1, keepdims=True), 1e-12)
        return shares

    @built_once
    def values(self) -> Floats:
        """Return the descriptors of each clip, (clips, descriptors), NaN where none of its moments was measured."""
        moments, hop = self.space.chart.moments, LATENT_HOP / SAMPLE_RATE
        values = np.full((len(self.space.clips), moments.values.shape[1]), np.nan, np.float32)
        for index, clip in enumerate(self.space.clips):
            inside = (moments.recordings == clip.recording) & (moments.seconds >= (clip.first - 0.5) * hop)
            inside &= moments.seconds < (clip.last - 0.5) * hop
            if inside.any():
                values[index] = moments.values[inside].mean(0)
        return values

    @built_once
    def edges(self) -> ClipEdges:
        """Return how each clip begins and ends."""
        return ClipEdges(self.space)

    @built_once
    def onward(self) -> Onward:
        """Return how sounds go on that do not end."""
        return Onward(self.space)

    @built_once
    def notes(self) -> ClipNotes:
        """Return the notes of the recordings."""
        return ClipNotes(self.space)

    @built_once
    def stray_axes(self) -> Floats:
        """Return the directions and sizes in which the corpus varies, (directions, latent): rows times unit noise.

        There are as many directions as latent numbers, or as latent frames where the corpus has fewer.
        """
        frames = self.space.frames
        _, size, axes = np.linalg.svd(frames - frames.mean(0), full_matrices=False)
        return (size[:, None] / np.sqrt(len(frames)) * axes).astype(np.float32)


@dataclass(frozen=True)
class Wish:
    """The clips that sliders would like a walk to be made of.

    Attributes:
        moves: How far each descriptor is to go, (descriptors,).
        weights: What a unit of each is worth, (descriptors,).
        strength: How much of it to follow at each latent frame, (frames,), 0 to 1.
    """

    moves: Doubles
    weights: Doubles
    strength: Doubles


class Walked(NamedTuple):
    """The walk of an event.

    Attributes:
        track: Latent frames, (frames, latent).
        level: Below which each of them is not to fall, (frames,), dB; None where that is open.
    """

    track: Floats
    level: Doubles | None = None


def walk(guide: Guide, event: Event, seed: int, novelty: float, stillness: float = 0.0, stretch: float = 1.0) -> Floats:
    """Return the latent track of an event, (latent frames, latent); see `walk_along`."""
    return walk_along(guide, event, seed, novelty, stillness, stretch).track


def walk_along(
    guide: Guide, event: Event, seed: int, novelty: float, stillness: float = 0.0, stretch: float = 1.0
) -> Walked:
    """Return the walk of an event.

    Args:
        guide: Of the sound space.
        event: From the score.
        seed: Of the output.
        novelty: 0 follows the recording to the letter, 1 goes far from it.
        stillness: 0 to 1: how far a sound is drawn out that would not be by itself.
        stretch: By how much it is longer than by itself.
    """
    if event.join and event.join.goes_on:
        return _walk_on(guide, event, seed, novelty)
    space = guide.space
    clip = space.clips[event.clip]
    rng, second, share, length = _plan(guide, event, seed, novelty, stillness)
    frames = max(ATTACK_FRAMES + 1, round(length * stretch))
    sustained = 1.0 if clip.sustained else min(1.0, stillness / NEAR_MIDDLE)
    first, second = (stretch_track(track, frames, sustained) for track in (space.track(clip), second))
    track = _astray(guide, first, second, share, novelty, rng)
    return Walked(track if event.longest is None else track[: max(1, -(-event.longest // LATENT_HOP))])


def _walk_on(guide: Guide, event: Event, seed: int, novelty: float) -> Walked:
    """Return the walk of an event that goes on as long as the score says."""
    rng = event_rng(seed, event.index, "walk")
    second = _companion(guide, event.clip, novelty**FAMILIAR, rng)
    share = novelty**FAMILIAR * rng.uniform(*MORPH)
    frames = max(1, -(-(event.longest or 1) // LATENT_HOP))
    ways = event_rng(seed, event.index, "onward")
    own, other = (_go_on(guide, clip, frames, ways) for clip in (event.clip, second))
    track = _astray(guide, own.track, other.track, share, novelty, rng)
    if own.level is None or other.level is None:
        return Walked(track)
    return Walked(track, (1.0 - share) * own.level + share * other.level)


def _go_on(guide: Guide, index: int, frames: int, rng: np.random.Generator) -> Walked:
    """Return the way on from a clip; one that has none is walked to and fro."""
    clip, is_begun = guide.space.clips[index], guide.edges.of(index).begin == "onset"
    way = guide.onward.way(guide.onward.begin_of(clip, is_begun), frames, rng)
    return Walked(stretch_track(guide.space.track(clip), frames, 1.0)) if way is None else Walked(*way)


def stray(guide: Guide, event: Event, track: Floats, seed: int, novelty: float) -> Floats:
    """Return a walk that is given (latent frames, latent) as far astray as novelty asks; its length stays.

    Args:
        guide: Of the sound space.
        event: That walks so; its clip is the one which the walk is most like.
        track: The walk.
        seed: Of the output.
        novelty: 0 leaves the walk as it is, 1 goes far from it.
    """
    rng, second, share, _ = _plan(guide, event, seed, novelty, 0.0)
    sustained = float(guide.space.clips[event.clip].sustained)
    return _astray(guide, track, stretch_track(second, len(track), sustained), share, novelty, rng)


def nearest_clip(guide: Guide, track: Floats) -> int:
    """Return the index of the clip that a walk (latent frames, latent) is most like."""
    middle = track.mean(0) / (guide.space.spread + 1e-3)
    return int(((guide.centres - middle) ** 2).sum(1).argmin())


def natural_frames(guide: Guide, event: Event, seed: int, novelty: float, stillness: float = 0.0) -> int:
    """Return how many latent frames an event would last if the score did not end it; see `walk`."""
    if event.join and event.join.goes_on:
        return max(1, -(-(event.longest or 1) // LATENT_HOP))
    return max(ATTACK_FRAMES + 1, round(_plan(guide, event, seed, novelty, stillness)[3]))


def _plan(
    guide: Guide, event: Event, seed: int, novelty: float, stillness: float
) -> tuple[np.random.Generator, Floats, float, float]:
    """Return what is left of a walk's random numbers, the track that it goes towards, how far, and its length."""
    rng = event_rng(seed, event.index, "walk")
    novelty = novelty**FAMILIAR
    space = guide.space
    clip = space.clips[event.clip]
    first = space.track(clip)
    second = space.track(space.clips[_companion(guide, event.clip, novelty, rng)])
    share = novelty * rng.uniform(*MORPH)
    length = np.exp(
        (1 - share) * np.log(len(first)) + share * np.log(len(second)) + rng.normal(0, LENGTH_SPREAD * novelty)
    )
    wanted = (event.drawn_out or 0) / LATENT_HOP * (1.0 if clip.sustained else stillness)
    return rng, second, share, float(max(length, wanted))


def _astray(
    guide: Guide, first: Floats, second: Floats, share: float, novelty: float, rng: np.random.Generator
) -> Floats:
    """Return a walk along two trajectories of one length (latent frames, latent), and beside them.

    Args:
        guide: Of the sound space.
        first: Where the walk begins from.
        second: Towards which it goes.
        share: How far it goes there.
        novelty: As a person sets it.
        rng: Of what is left to chance.
    """
    novelty = novelty**FAMILIAR
    drift = novelty * DRIFT * _wander(rng, len(first), 1)
    blend = np.clip(share + drift, 0.0, 1.0).astype(np.float32)
    beside = novelty * ASTRAY * _wander(rng, len(first), len(guide.stray_axes)) @ guide.stray_axes
    along: Floats = ((1 - blend) * first + blend * second + beside).astype(np.float32)
    return along


def expect_chroma(guide: Guide, event: Event, seed: int, novelty: float) -> Doubles:
    """Return the chroma that an event has by its walk, (12,), as shares of its energy."""
    rng = event_rng(seed, event.index, "walk")
    novelty = novelty**FAMILIAR
    second = _companion(guide, event.clip, novelty, rng)
    share = novelty * rng.uniform(*MORPH)
    return (1 - share) * guide.chromas[event.clip] + share * guide.chromas[second]


def pull_towards(
    guide: Guide, event: Event, track: Floats, wish: Wish, among: NDArray[np.bool_] | None = None
) -> Floats:
    """Return a walk that is drawn towards the clip that a wish fits best.

    The clip is the same however strong the wish is, so that a slider morphs into it and does not jump. A walk that
    begins from a clip which was not measured stays as it is, and so does one that may be drawn to none.

    Args:
        guide: Of the sound space.
        event: That walks so.
        track: The walk, (frames, latent).
        wish: Of the sliders.
        among: Clips that it may be drawn to, (clips,); None for all.
    """
    values = guide.values
    if np.isnan(values[event.clip]).any():
        return track
    missing = np.nan_to_num((values - values[event.clip] - wish.moves) * wish.weights, nan=np.inf)
    price = (missing**2).sum(1)
    if among is not None:
        price = np.where(among, price, np.inf)
        if not np.isfinite(price).any():
            return track
    best = int(np.argmin(price))
    clip = guide.space.clips[best]
    towards = stretch_track(guide.space.track(clip), len(track), float(clip.sustained))
    share = wish.strength[:, None].astype(np.float32)
    pulled: Floats = (1 - share) * track + share * towards
    return pulled


def move_on_map(guide: Guide, track: Floats, places: Doubles) -> Floats:
    """Move a walk so that its middle lies at a place on the map, as far as the cloud of the corpus reaches.

    Args:
        guide: Of the sound space.
        track: Latent frames, (frames, latent).
        places: For each frame, (frames, 2).
    """
    chart = guide.space.chart
    here = chart.basis.to_coordinates(track)
    far = np.zeros_like(here)
    far[:, :2] = places * chart.map_scale - here[:, :2].mean(0)
    out = np.linalg.norm(here + far, axis=1).max()
    room = max(chart.basis.radius, float(np.linalg.norm(here, axis=1).max()))
    moved: Floats = track + chart.basis.to_offset(far * min(1.0, room / out))
    return moved


def _companion(guide: Guide, clip: int, novelty: float, rng: np.random.Generator) -> int:
    """Choose the clip towards which the walk goes: near at low novelty, any at high."""
    distance = ((guide.centres - guide.centres[clip]) ** 2).sum(1)
    order = np.argsort(distance)[1:]
    if len(order) == 0:
        return clip
    reach = max(1, round(len(order) * (NEAREST_SHARE + (1 - NEAREST_SHARE) * novelty)))
    return int(order[rng.integers(reach)])


def _wander(rng: np.random.Generator, frames: int, dimensions: int) -> Floats:
    """Return smooth noise of unit variance, (frames, dimensions)."""
    reach = int(4 * STRAY_FRAMES)
    noise = gaussian_filter1d(rng.standard_normal((frames + 2 * reach, dimensions)), STRAY_FRAMES, axis=0)
    return (noise[reach:-reach] * np.sqrt(2 * STRAY_FRAMES * np.sqrt(np.pi))).astype(np.float32)
