"""Walks, steered: their timbre moved through the latent space, their motion stilled or stirred, their level kept."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter1d

from engine.features.movement import mel_loudness
from engine.generation.score.composing import Event, event_rng, latent_seconds
from engine.generation.sliders.bank import Bank
from engine.generation.walk.walking import Guide, Wish, pull_towards
from engine.latent.basis import Basis
from engine.latent.chart import NAMES
from engine.latent.encode import Decoded, decode
from engine.latent.steer import Steerer
from engine.sliders import LIMIT, TIMBRE
from engine.units import DB_PER_NEPER, LATENT_STRIDE

Floats = NDArray[np.float32]
Doubles = NDArray[np.float64]

PULL = 0.8  # share of the best fitting clip at the end of a slider
PULL_HOLD = 0.4  # weight of what a fitting clip is to leave as it is, against 1 for what is to move
STANDING_FRAMES = 6  # latent frames that stand for a moment
QUIET_DB = 25.0  # below the loudest moment: softer frames do not stand for it
APART_SECONDS = 1.0  # apart, where sliders move during an event
DISCOVERED_REACH = 2.0  # standard deviations at the end of a discovered slider
STILL_FRAMES = 16.0  # latent frames over which a stilled walk is averaged, 0.7 s
STILL_QUIET_DB = 40.0  # below the loudest frame: how little a soft frame can count in the average
STIR_FRAMES = 1.2  # latent frames over which a stirred walk changes, 50 ms
STIR_REACH = 0.7  # standard deviations at full motion
STIR_MARGIN = 10  # frames on both sides of a stirred walk, so that smoothing has no edge
LIFT_LIMITS = (-10.0, 3.0)  # neper


@dataclass(frozen=True)
class Steered:
    """A steered walk.

    Attributes:
        track: Latent frames, (frames, latent).
        lift: What keeps the level of the walk as it was, for each decoded frame, (4 * frames,), neper; None where
            nothing was changed.
        walked: What the network makes of the walk; None where nothing was changed and it was not known.
        decoded: What it makes of the steered walk; None where nothing was changed and it was not known.
    """

    track: Floats
    lift: Floats | None = None
    walked: Decoded | None = None
    decoded: Decoded | None = None

    @property
    def is_changed(self) -> bool:
        """Return whether sliders changed the walk."""
        return self.lift is not None


class Way(NamedTuple):
    """The walk of an event.

    Attributes:
        event: From the score.
        track: Latent frames, (frames, latent).
        decoded: What the network makes of it, where that is known already.
    """

    event: Event
    track: Floats
    decoded: Decoded | None = None


class Pull(NamedTuple):
    """How walks are drawn to clips.

    Attributes:
        share: Of the best fitting clip at the end of a slider.
        keeps_notes: Whether a walk of clear pitch is drawn to clips of its pitch only.
    """

    share: float
    keeps_notes: bool


@dataclass(frozen=True)
class _Walk:
    """A walk that is to be steered.

    Attributes:
        event: From the score.
        track: Latent frames, (frames, latent).
        seconds: When each is heard, (frames,).
        motion: What is asked of its motion at each, -1 still to 1 moving, (frames,).
        is_timbral: Whether its timbre is to move.
        decoded: What the network makes of it.
        loudness: Of each decoded frame, (4 * frames,), LUFS.
    """

    event: Event
    track: Floats
    seconds: Doubles
    motion: Doubles
    is_timbral: bool
    decoded: Decoded
    loudness: Doubles

    @property
    def levels(self) -> Doubles:
        """Return how loud each latent frame is, (frames,), LUFS."""
        levels: Doubles = self.loudness.reshape(-1, LATENT_STRIDE).max(1)
        return levels


def steer_walks(
    guide: Guide,
    steerer: Steerer,
    bank: Bank,
    walks: Sequence[Way],
    seed: int,
    *,
    pull: float = PULL,
    keep_notes: bool = False,
) -> list[Steered]:
    """Steer the walks of some events by the sliders of their times; the decoder is faster with several at once.

    Args:
        guide: Of the sound space.
        steerer: Of the model.
        bank: The sliders.
        walks: Of some events from the score.
        seed: Of the output.
        pull: Share of the best fitting clip at the end of a slider; 0 keeps to the sounds of the walk.
        keep_notes: Whether a walk from a clip of clear pitch is drawn towards clips of its pitch only.
    """
    asked = [_ask(guide, bank, way) for way in walks]
    timbral = [walk for walk in asked if walk and walk.is_timbral]
    moved = iter(_steer_timbre(guide, steerer, bank, timbral, Pull(pull, keep_notes)))
    return [
        _finish(guide, walk, next(moved) if walk.is_timbral else way.track, seed) if walk else _leave(way)
        for walk, way in zip(asked, walks, strict=True)
    ]


def _leave(way: Way) -> Steered:
    """Return a walk that no slider changes."""
    return Steered(way.track, walked=way.decoded, decoded=way.decoded)


def _ask(guide: Guide, bank: Bank, way: Way) -> _Walk | None:
    """Return a walk with what sliders ask of it, None where they ask nothing."""
    event, track, known = way
    seconds = latent_seconds(event.start, len(track))
    is_timbral = not bank.rests((*TIMBRE, *bank.discovered), seconds[0], seconds[-1])
    motion = bank.drives("motion", seconds) / LIMIT
    if not is_timbral and not motion.any():
        return None
    decoded = known or decode(guide.space.vae, track)
    return _Walk(event, track, seconds, motion, is_timbral, decoded, mel_loudness(decoded.log_mel))


def _finish(guide: Guide, walk: _Walk, moved: Floats, seed: int) -> Steered:
    """Return a walk whose timbre has been moved, its motion stilled or stirred, and at the level that it had."""
    if walk.motion.any():
        rng = event_rng(seed, walk.event.index, "motion")
        stilled = still(moved, np.maximum(-walk.motion, 0.0), walk.levels)
        moved = stir(stilled, np.maximum(walk.motion, 0.0), guide.space.chart.basis, rng)
    decoded = decode(guide.space.vae, moved)
    if walk.decoded.lift is not None:
        decoded = decoded.raised(walk.decoded.lift)
    missing = (walk.loudness - mel_loudness(decoded.log_mel)) / DB_PER_NEPER
    return Steered(moved, np.clip(missing, *LIFT_LIMITS).astype(np.float32), walk.decoded, decoded)


def _wish(bank: Bank, values: Floats, seconds: Doubles, pull: float) -> Wish:
    """Return what timbre sliders would like a walk to be made of, which begins from a clip with some descriptors."""
    drives = np.stack([bank.drives(name, seconds) for name in TIMBRE], 1)
    strongest = drives[np.abs(drives).argmax(0), np.arange(len(TIMBRE))]
    moves, weights = np.zeros(len(NAMES)), np.zeros(len(NAMES))
    for place, name in enumerate(NAMES):
        reach = bank.chart.reach(name)
        weights[place] = PULL_HOLD / reach.span
        if name in TIMBRE and strongest[TIMBRE.index(name)]:
            drive = strongest[TIMBRE.index(name)]
            moves[place] = reach.move(float(values[place]), float(np.copysign(LIMIT, drive)))
            weights[place] = abs(drive) / np.abs(strongest).max() / reach.span
    return Wish(moves, weights, pull * np.abs(drives).max(1) / LIMIT)


@dataclass(frozen=True)
class _Moments:
    """The frames that stand for the moments of a walk.

    Attributes:
        places: Their middles, in latent frames, (moments,).
        times: When they are heard, (moments,), seconds.
        walked: Frames of the walk, (moments, STANDING_FRAMES, latent).
        pulled: The same frames of the walk as it was drawn towards a clip.
        whole: All of that walk, (frames, latent).
    """

    places: Doubles
    times: Doubles
    walked: Floats
    pulled: Floats
    whole: Floats


def _steer_timbre(guide: Guide, steerer: Steerer, bank: Bank, walks: Sequence[_Walk], pull: Pull) -> list[Floats]:
    """Find the offset of each moment of some walks, and add what lies between those of a walk."""
    if not walks:
        return []
    stands = [_stand(guide, bank, walk, pull) for walk in walks]
    walked, pulled, times = (
        np.concatenate([getattr(one, part) for one in stands]) for part in ("walked", "pulled", "times")
    )
    drives = np.stack([bank.drives(name, times) for name in TIMBRE], 1)
    start = np.zeros((len(times), steerer.basis.directions), np.float32)
    for direction, name in zip(bank.chart.discovered, bank.discovered, strict=True):
        start += np.outer(bank.drives(name, times) / LIMIT * DISCOVERED_REACH, direction).astype(np.float32)
    look = steerer.look(walked)
    wanted = (look.timbre + bank.moves(TIMBRE, look.timbre, times)).astype(np.float32)
    offsets = steerer.steer(pulled, wanted, drives != 0, start, look)
    ends = np.cumsum([len(one.times) for one in stands])
    return [_offset(steerer.basis, one, part) for one, part in zip(stands, np.split(offsets, ends[:-1]), strict=True)]


def _stand(guide: Guide, bank: Bank, walk: _Walk, pull: Pull) -> _Moments:
    """Return what stands for the moments of a walk, as it is and drawn towards a clip."""
    wish, whole = _wish(bank, guide.values[walk.event.clip], walk.seconds, pull.share), walk.track
    if pull.share:
        among = guide.notes.others_of(walk.event.clip) if pull.keeps_notes else None
        whole = pull_towards(guide, walk.event, walk.track, wish, among)
    places, reach = moments_of(bank, walk.seconds)
    rows = np.stack([standing_for(walk.levels, place, reach) for place in places])
    times = np.interp(places, np.arange(len(whole)), walk.seconds)
    return _Moments(places, times, walk.track[rows], whole[rows], whole)


def _offset(basis: Basis, moments: _Moments, offsets: Floats) -> Floats:
    """Return a walk that goes by offsets at its moments (moments, directions)."""
    frames = np.arange(len(moments.whole))
    along = np.stack([np.interp(frames, moments.places, column) for column in offsets.T], 1).astype(np.float32)
    return (moments.whole + basis.to_offset(along)).astype(np.float32)


def moments_of(bank: Bank, seconds: Doubles) -> tuple[Doubles, float]:
    """Return the moments of an event: one where no slider changes while it sounds, else APART_SECONDS apart.

    Args:
        bank: The sliders.
        seconds: When each latent frame of the event is heard, (frames,).

    Returns:
        Their middles, (moments,), and how far each reaches to both sides, in latent frames.
    """
    last = len(seconds) - 1
    if bank.is_still((*TIMBRE, "motion", *bank.discovered), seconds[0], seconds[-1]):
        return np.array([last / 2]), len(seconds) / 2
    places = np.linspace(0, last, 1 + max(1, round((seconds[-1] - seconds[0]) / APART_SECONDS)))
    return places, max(0.5, (places[1] - places[0]) / 2)


def standing_for(levels: Doubles, place: float, reach: float) -> NDArray[np.int64]:
    """Return the latent frames that stand for a moment: loud ones around it, STANDING_FRAMES of them, evenly chosen."""
    frames = np.arange(len(levels))
    around = frames[np.abs(frames - place) <= reach]
    loud = around[levels[around] > levels[around].max() - QUIET_DB]
    return loud[np.linspace(0, len(loud) - 1, STANDING_FRAMES).round().astype(int)]


def still(track: Floats, amount: Doubles, levels: Doubles) -> Floats:
    """Return a walk that changes less: drawn towards its own average over STILL_FRAMES.

    Args:
        track: Latent frames, (frames, latent).
        amount: 0 to 1 at each, (frames,).
        levels: Of each, (frames,), LUFS: soft frames count less in the average.
    """
    if not amount.any():
        return track
    weight = 10 ** (np.maximum(levels, levels.max() - STILL_QUIET_DB) / 20)[:, None]
    average = gaussian_filter1d(track * weight, STILL_FRAMES, axis=0, mode="nearest")
    average /= gaussian_filter1d(weight, STILL_FRAMES, axis=0, mode="nearest")
    stilled: Floats = (track + amount[:, None] * (average - track)).astype(np.float32)
    return stilled


def stir(track: Floats, amount: Doubles, basis: Basis, rng: np.random.Generator) -> Floats:
    """Return a walk that changes more: smooth noise is added in all directions of the corpus.

    Args:
        track: Latent frames, (frames, latent).
        amount: 0 to 1 at each, (frames,).
        basis: Of the corpus.
        rng: Of the noise.
    """
    if not amount.any():
        return track
    noise = rng.standard_normal((len(track) + 2 * STIR_MARGIN, basis.directions))
    noise = gaussian_filter1d(noise, STIR_FRAMES, axis=0)[STIR_MARGIN:-STIR_MARGIN]
    noise *= np.sqrt(2 * STIR_FRAMES * np.sqrt(np.pi)) * STIR_REACH
    stirred: Floats = (track + amount[:, None] * basis.to_offset(noise.astype(np.float32))).astype(np.float32)
    return stirred
