"""An output of several models: their sounds for each event, morphed into one.

    meet ─► the sound of each model ─► morph ─► shape ─► harmony ─► change beside others ─► place ─► lay over ─► …

When an event begins does not depend on the model, so every model has a sound for every event. At a share of 1 a model
sounds as it does by itself.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.audio.ends import fade_ends
from engine.curves import Curve, closed
from engine.dataset.corpus import with_channels
from engine.features.descriptors import chroma, chroma_to_tension
from engine.generation.blending.meeting import SILENT_SHARE, Matching, Member, Part, Shares, meet
from engine.generation.blending.morph import STRIKE_SECONDS, at_energy, morph
from engine.generation.event.sound import Sound, arrays_to_sound, recall, remember, sound_event, sound_to_arrays
from engine.generation.mix.ahead import never
from engine.generation.mix.carrying import Arrays, Carrying
from engine.generation.mix.harmony import MEMORY, SHORTEST_CHORD, Harmony
from engine.generation.mix.output import Output, close_space, open_places, play
from engine.generation.render import (
    Demand,
    ask_harmony,
    find_level,
    let_flow,
    level_of,
    open_output,
)
from engine.generation.renderer import Renderer
from engine.generation.score.composing import Event
from engine.generation.score.flow import blended_flow
from engine.generation.sliders.bank import compile_bank
from engine.generation.sliders.looking import TRAITS, look_at
from engine.generation.sliders.shaping import Wanted, shape
from engine.latent.checks import Check
from engine.properties.property import Reach, Request
from engine.settings import GenerateSettings
from engine.sliders import CHARTED
from engine.units import HOP, SAMPLE_RATE, seconds_to_samples

Floats = NDArray[np.float32]
Doubles = NDArray[np.float64]

BETWEEN_SECONDS = 1.0  # apart, where timbre is brought between the models
SHAPED = 1.0  # of what is missing then
LONGEST = 1e9  # seconds, later than anything
SHARE_POINTS = 64  # at which shares that change are averaged


def render_blend(
    renderers: Sequence[Renderer],
    curves: Sequence[Curve],
    settings: GenerateSettings,
    *,
    first: int = 0,
    should_stop: Callable[[], bool] = never,
) -> Iterator[Floats]:
    """Render an output of several models block by block, before the limiter; see `play`.

    Args:
        renderers: The models.
        curves: The share of each, a number or a curve over time; at every moment they add up to 1.
        settings: What to make; its own `blend` is not looked at.
        first: Sample to begin with.
        should_stop: Whether nobody listens any more.

    Yields:
        Samples (block, channels), as `render` does. They have the channels of the model that has most of them.
    """
    yield from play(open_blend(renderers, curves, settings), first, should_stop=should_stop)


def open_blend(renderers: Sequence[Renderer], curves: Sequence[Curve], settings: GenerateSettings) -> Output[Any, Any]:
    """Make settings ready for an output of several models; one that is heard alone is as by itself.

    Args:
        renderers: The models.
        curves: The share of each.
        settings: What to make; its own `blend` is not looked at.
    """
    settings = close_space(settings)
    flow = find_flow(renderers, curves, settings)
    if settings.loop:
        curves = [closed(curve, settings.duration) for curve in curves]
    heard = Shares(curves).most(0.0, LONGEST if settings.one_shot else settings.duration) > SILENT_SHARE
    present = [renderer for renderer, is_heard in zip(renderers, heard, strict=True) if is_heard]
    if len(present) == 1:
        return open_output(present[0], settings.model_copy(update={"flow": flow}))
    settings = let_flow(settings, flow, present[0])
    shares = Shares([curve for curve, is_heard in zip(curves, heard, strict=True) if is_heard])
    places = open_places(settings, max(renderer.space.corpus.channels for renderer in present))
    members = [
        Member(one, compile_bank(settings, one.certificate, one.space.chart), find_level(one, settings))
        for one in present
    ]
    matching = None if settings.at or settings.path else Matching(members)  # where a place is asked for, it decides
    return Output(
        settings,
        present[0],
        places.channels,
        lambda choose: meet(members, shares, settings, choose, matching),
        lambda parts, check: make_together(parts, shares, settings, check),
        lambda: _Chords(members, shares, settings).fit,
        places.put,
        _name_recording,
        _carry(settings),
        ask_between(members, shares, settings),
        places.ringing + seconds_to_samples(STRIKE_SECONDS),  # beginnings are shifted to meet
    )


def find_flow(renderers: Sequence[Renderer], curves: Sequence[Curve], settings: GenerateSettings) -> Curve:
    """Return the flow of an output: that which is set, or else that of the recordings, by the shares of the models.

    Args:
        renderers: The models.
        curves: The share of each.
        settings: Of the output.
    """
    if settings.flow is not None:
        return settings.flow
    shares = Shares(curves)
    heard = shares.most(0.0, LONGEST if settings.one_shot else settings.duration) > SILENT_SHARE
    flows = [one.flow if is_heard else 0.0 for one, is_heard in zip(renderers, heard, strict=True)]
    return blended_flow(flows, curves)


@dataclass(frozen=True)
class Together:
    """One event of several models.

    Attributes:
        parts: What each of the models that are heard brings.
        chromas: Of what each brings, (parts, 12).
        samples: Shape (samples, channels), as loud as it is in the output.
    """

    parts: tuple[Part, ...]
    chromas: Doubles
    samples: Floats


def _carry(settings: GenerateSettings) -> Carrying[tuple[Part, ...], Together]:
    """Return how the sounds of a blend are carried between processes: with that of each model, which is remembered."""

    def known(part: Part) -> Sound | None:
        return recall(part.member.renderer, part.member.bank, settings, part.event, part.stretch)

    def pack(made: Together) -> Arrays:
        heard = [(place, sound) for place, part in enumerate(made.parts) if (sound := known(part))]
        parts = {f"{place} {name}": array for place, sound in heard for name, array in sound_to_arrays(sound).items()}
        return {"samples": made.samples, "chromas": made.chromas, **parts}

    def unpack(parts: tuple[Part, ...], arrays: Arrays) -> Together:
        for place, part in enumerate(parts):
            own = {name.split(" ", 1)[1]: array for name, array in arrays.items() if name.startswith(f"{place} ")}
            if own:
                sound = arrays_to_sound(part.event, own)
                remember(part.member.renderer, part.member.bank, settings, sound, part.stretch)
        return Together(parts, arrays["chromas"], arrays["samples"])

    return Carrying(lambda parts: parts[0].event, lambda parts: all(map(known, parts)), pack, unpack)


def make_together(parts: tuple[Part, ...], shares: Shares, settings: GenerateSettings, check: Check) -> Together:
    """Make the sound of one event of several models.

    Args:
        parts: What each of the models that are heard brings.
        shares: Of all models, over time.
        settings: Of the output.
        check: Called between the steps.
    """
    channels = max(part.member.renderer.space.corpus.channels for part in parts)
    sounds = [_sound(part, settings, channels, check) for part in parts]
    check()
    chromas = np.stack([chroma(sound.mean(1).astype(np.float64)) for sound in sounds])
    merged = merge(sounds, parts, shares, settings.seed)
    return Together(parts, chromas, fade_ends(merged) if len(parts) > 1 else merged)


def merge(sounds: Sequence[Floats], parts: Sequence[Part], shares: Shares, seed: int) -> Floats:
    """Return one sound (samples, channels) of those that models bring to an event.

    Args:
        sounds: Of each part, (samples, channels).
        parts: What they are.
        shares: Of all models, over time.
        seed: Of the output.
    """
    if len(parts) == 1:
        return sounds[0]
    frames = max(map(len, sounds)) // HOP + 1
    seconds: Doubles = parts[0].event.start / SAMPLE_RATE + np.arange(frames, dtype=np.float64) * (HOP / SAMPLE_RATE)
    share = shares.at(seconds)[[part.place for part in parts]]
    share /= share.sum(0)
    mixed = _between(morph(sounds, share), sounds, share, parts, seed + parts[0].event.index)
    return at_energy(mixed, sounds, share.mean(1))


def _name_recording(parts: tuple[Part, ...]) -> str:
    """Return the name of the recording that an event begins from, in the model with the largest share."""
    leader = max(parts, key=lambda part: part.share)
    return leader.member.renderer.name_recording(leader.event)


def _sound(part: Part, settings: GenerateSettings, channels: int, check: Check) -> Floats:
    """Return what one model brings, as loud as it is in an output of its own."""
    made = sound_event(part.member.renderer, part.member.bank, settings, part.event, part.stretch, check)
    level = level_of(part.member.renderer, part.event, part.member.level)
    return with_channels(made.samples, channels) * np.float32(level)


def _between(mixed: Floats, sounds: Sequence[Floats], share: Doubles, parts: Sequence[Part], seed: int) -> Floats:
    """Bring the timbre of a mixed sound between the timbres of those that are in it, moment by moment.

    Args:
        mixed: Shape (samples, channels).
        sounds: What is in it, each (samples, channels).
        share: Of each, (sounds, frames).
        parts: What they are.
        seed: Of the noise that fills valleys.
    """
    count = max(1, round(len(mixed) / SAMPLE_RATE / BETWEEN_SECONDS))
    edges = np.linspace(0, len(mixed), count + 1).astype(int)
    before, wanted = np.zeros((2, count, len(TRAITS)))
    for place, (first, last) in enumerate(pairwise(edges.tolist())):
        weight = share[:, first // HOP : last // HOP + 1].mean(1)
        heard = np.array([len(sound) > first and bool(sound[first:last].any()) for sound in sounds])
        before[place] = look_at(mixed[first:last])
        timbres = [
            look_at(sound[first:last]) if there else np.zeros(len(TRAITS))
            for sound, there in zip(sounds, heard, strict=True)
        ]
        total = weight[heard].sum()
        wanted[place] = (weight * heard) @ np.stack(timbres) / total if total else before[place]
    spans = sum(weight * part.member.renderer.spans for weight, part in zip(share.mean(1), parts, strict=True))
    asked = Wanted(wanted, np.sign(wanted - before), np.full(count, SHAPED), (edges[1:] + edges[:-1]) / 2)
    return shape(mixed, asked, np.asarray(spans, np.float32), seed).sound


def ask_between(members: Sequence[Member], shares: Shares, settings: GenerateSettings) -> dict[str, Request]:
    """Return the requests of the sliders that any model has moved, between the models.

    Args:
        members: The models.
        shares: Of all of them, over time.
        settings: Of the output.
    """
    steered = {name for member in members for name in member.bank.curves}
    return {name: _ask_between(name, members, shares, settings) for name in CHARTED if name in steered}


def _ask_between(name: str, members: Sequence[Member], shares: Shares, settings: GenerateSettings) -> Request:
    asked = [member.bank.ask(name) for member in members]

    def drives(seconds: Doubles) -> Doubles:
        between: Doubles = (shares.at(seconds) * [one.drives(seconds) for one in asked]).sum(0)
        return between

    return Request(_mean_reach([one.reach for one in asked], shares, settings), drives)


def _mean_reach(reaches: Sequence[Reach], shares: Shares, settings: GenerateSettings) -> Reach:
    """Return the reach between those of some models, by their mean shares."""
    mean = _mean_shares(shares, settings)
    low, high, least = mean @ [[one.low, one.high, one.least] for one in reaches]
    return Reach(float(low), float(high), float(least))


def _mean_shares(shares: Shares, settings: GenerateSettings) -> Doubles:
    """Return the mean share of each model, (models,)."""
    mean: Doubles = shares.at(np.linspace(0.0, settings.duration, SHARE_POINTS)).mean(1)
    return mean


class _Chords:
    """Fits events to those before them, so that together they are as tense as lies between the models.

    Two sounds at once are tenser than either. So what each model has sounded by itself is remembered.
    """

    def __init__(self, members: Sequence[Member], shares: Shares, settings: GenerateSettings) -> None:
        self._settings = settings
        self._steered = any(member.bank.curves for member in members)
        self._alone = np.zeros((len(members), 12))
        reaches = [member.renderer.space.chart.reach("tension") for member in members]
        self._reach = _mean_reach(reaches, shares, settings)
        spans = _mean_shares(shares, settings) @ [member.renderer.spans for member in members]
        self._harmony = Harmony(self._reach, np.asarray(spans, np.float32))

    def fit(self, made: Together) -> tuple[Event, Floats]:
        """Return the next event, and its sound as it goes with those before."""
        event, sound = made.parts[0].event, made.samples
        if len(sound) < SHORTEST_CHORD:
            return event, sound
        own = chroma(sound.mean(1).astype(np.float64))
        asked = [ask_harmony(one.member.renderer, one.member.bank, self._settings, one.event) for one in made.parts]
        bases = [self._remember(*of) for of in zip(made.parts, made.chromas, asked, strict=True)]
        if len(made.parts) == 1 and not self._steered:
            self._harmony.hear(own)
            return event, sound
        share = np.array([part.share for part in made.parts])
        base, drive = share @ np.array([[base, one.tension] for base, one in zip(bases, asked, strict=True)])
        wanted = float(base) + (self._reach.move(float(base), float(drive)) if drive else 0.0)
        emphasis = min(one.emphasis for one in asked)
        fitted = self._harmony.bring(sound, own, wanted, emphasis=emphasis, longest=event.longest)
        return event, sound if fitted is None else at_energy(fitted, [sound], np.ones(1))

    def _remember(self, part: Part, own: Doubles, asked: Demand) -> float:
        """Return how tense a model by itself would be now."""
        would = self._alone[part.place] + asked.expected * own.sum() * asked.hold + own * (1.0 - asked.hold)
        self._alone[part.place] = MEMORY * would
        return float(chroma_to_tension(would))
