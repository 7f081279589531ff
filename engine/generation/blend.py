"""An output of several models: their sounds for each event, morphed into one.

    meet ─► the sound of each model ─► morph ─► shape ─► harmony ─► place ─► lay over ─► room

When an event begins does not depend on the model, so every model has a sound for every event. At a share of 1 a model
sounds as it does by itself.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from engine.curves import Curve, closed
from engine.dataset.corpus import with_channels
from engine.features.timbre import TIMBRE
from engine.generation.bank import compile_bank
from engine.generation.harmony import Harmony
from engine.generation.laying import fade
from engine.generation.meeting import SILENT, Member, Part, Shares, meet
from engine.generation.morph import morph
from engine.generation.render import ahead, ask_harmony, find_level, lay_out, open_places, render
from engine.generation.renderer import Renderer
from engine.generation.score import Event
from engine.generation.shaping import Wanted, look_at, shape
from engine.generation.sound import make_sound
from engine.latent.chart import Reach
from engine.settings import GenerateSettings
from engine.units import HOP, SAMPLE_RATE

Floats = NDArray[np.float32]
Doubles = NDArray[np.float64]

MOMENT_SECONDS = 1.0  # apart, where timbre is brought between the models
SHAPED = 1.0  # of what is missing then
LONGEST = 1e9  # seconds, later than anything
SHARE_POINTS = 64  # at which shares that change are averaged


def render_blend(
    renderers: Sequence[Renderer], curves: Sequence[Curve], settings: GenerateSettings
) -> Iterator[Floats]:
    """Render an output of several models block by block, before the limiter.

    Args:
        renderers: The models.
        curves: The share of each, a number or a curve over time; at every moment they add up to 1.
        settings: What to make; its own `blend` is not looked at.

    Yields:
        Samples (block, channels), as `render` does. They have the channels of the model that has most of them.
    """
    if settings.loop:
        curves = [closed(curve, settings.duration) for curve in curves]
    heard = Shares(curves).most(0.0, LONGEST if settings.one_shot else settings.duration) > SILENT
    present = [renderer for renderer, is_heard in zip(renderers, heard, strict=True) if is_heard]
    if len(present) == 1:
        yield from render(present[0], settings)
        return
    shares = Shares([curve for curve, is_heard in zip(curves, heard, strict=True) if is_heard])
    put, channels = open_places(settings, max(renderer.space.corpus.channels for renderer in present))
    members = [
        Member(one, compile_bank(settings, one.certificate, one.space.chart), find_level(one, settings))
        for one in present
    ]
    made = ahead(meet(members, shares, settings), lambda parts: (parts, make_together(parts, shares, settings)))
    fitted = _in_harmony(made, members, shares, settings)
    yield from lay_out(((event.start, put(event, samples)) for event, samples in fitted), settings, channels)


def make_together(parts: Sequence[Part], shares: Shares, settings: GenerateSettings) -> Floats:
    """Make the sound of one event of several models, (samples, channels), as loud as it is in the output.

    Args:
        parts: What each of the models that are heard brings.
        shares: Of all models, over time.
        settings: Of the output.
    """
    channels = max(part.member.renderer.space.corpus.channels for part in parts)
    sounds = [_sound(part, settings, channels) for part in parts]
    if len(parts) == 1:
        return sounds[0]
    frames = max(map(len, sounds)) // HOP + 1
    seconds = parts[0].event.start / SAMPLE_RATE + np.arange(frames) * (HOP / SAMPLE_RATE)
    share = shares.at(seconds)[[part.place for part in parts]]
    share /= share.sum(0)
    return fade(_between(morph(sounds, share), sounds, share, parts, settings.seed + parts[0].event.index))


def _sound(part: Part, settings: GenerateSettings, channels: int) -> Floats:
    """Return what one model brings, as loud as it is in an output of its own."""
    made = make_sound(part.member.renderer, part.member.bank, settings, part.event, part.stretch)
    return with_channels(made.samples, channels) * np.float32(part.member.level)


def _between(mixed: Floats, sounds: Sequence[Floats], share: Doubles, parts: Sequence[Part], seed: int) -> Floats:
    """Bring the timbre of a mixed sound between the timbres of those that are in it, moment by moment.

    Args:
        mixed: Shape (samples, channels).
        sounds: What is in it, each (samples, channels).
        share: Of each, (sounds, frames).
        parts: What they are.
        seed: Of the noise that fills valleys.
    """
    count = max(1, round(len(mixed) / SAMPLE_RATE / MOMENT_SECONDS))
    edges = np.linspace(0, len(mixed), count + 1).astype(int)
    before, wanted = np.zeros((2, count, len(TIMBRE)))
    for place, (first, last) in enumerate(pairwise(edges.tolist())):
        weight = share[:, first // HOP : last // HOP + 1].mean(1)
        heard = np.array([len(sound) > first and bool(sound[first:last].any()) for sound in sounds])
        before[place] = look_at(mixed[first:last])
        timbres = [
            look_at(sound[first:last]) if there else np.zeros(len(TIMBRE))
            for sound, there in zip(sounds, heard, strict=True)
        ]
        total = weight[heard].sum()
        wanted[place] = (weight * heard) @ np.stack(timbres) / total if total else before[place]
    spans = sum(weight * part.member.renderer.spans for weight, part in zip(share.mean(1), parts, strict=True))
    asked = Wanted(
        wanted.astype(np.float32), np.sign(wanted - before), np.full(count, SHAPED), (edges[1:] + edges[:-1]) / 2
    )
    return shape(mixed, asked, np.asarray(spans, np.float32), seed).sound


def _in_harmony(
    sounds: Iterable[tuple[tuple[Part, ...], Floats]],
    members: Sequence[Member],
    shares: Shares,
    settings: GenerateSettings,
) -> Iterator[tuple[Event, Floats]]:
    """Fit sounds to those before them, as `in_harmony` does; what is asked lies between the models."""
    if not any(member.bank.curves for member in members):
        yield from ((parts[0].event, sound) for parts, sound in sounds)
        return
    seconds = np.linspace(0.0, settings.duration, SHARE_POINTS)
    reaches = [member.renderer.space.chart.reach("tension") for member in members]
    low, high, least = shares.at(seconds).mean(1) @ [[one.low, one.high, one.least] for one in reaches]
    harmony = Harmony(Reach(float(low), float(high), float(least)))
    for parts, sound in sounds:
        share = np.array([part.share for part in parts])
        asked = [ask_harmony(part.member.renderer, part.member.bank, settings, part.event) for part in parts]
        tension, hold = share @ [[one.tension, one.hold] for one in asked]
        expected = share @ np.stack([one.expected for one in asked])
        yield (
            parts[0].event,
            harmony.fit(sound, float(tension), expected, float(hold), plain=any(one.plain for one in asked)),
        )
