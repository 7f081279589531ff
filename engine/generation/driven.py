"""A recording of a person's own as the driver: its sounds are the events, and its latent track is their walk.

    recording ─► takes ─► astray ─► steer ─► sing ─► shape ─► harmony ─► morph with other models ─► lay over

A take begins where a sound begins. Where none does for long, it begins in the middle of one, and neighbours are
cross-faded.
"""

from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.audio.ends import FADE_IN_SECONDS
from engine.curves import Curve, value_at
from engine.dataset.clips import find_takes
from engine.dataset.corpus import with_channels
from engine.generation.blending.blend import ask_between, merge
from engine.generation.blending.meeting import SILENT_SHARE, Member, Part, Shares
from engine.generation.event.sound import make_sound
from engine.generation.event.way import Walk
from engine.generation.mix.ahead import ahead, never
from engine.generation.mix.harmony import Harmony
from engine.generation.mix.laying import lay_over
from engine.generation.mix.together import change_mix
from engine.generation.render import ask_harmony
from engine.generation.renderer import Renderer
from engine.generation.score.composing import Event
from engine.generation.score.edges import Edges
from engine.generation.sliders.bank import compile_bank
from engine.generation.sliders.steering import Way, steer_walks
from engine.generation.walk.walking import nearest_clip, stray
from engine.latent.checks import Check
from engine.settings import GenerateSettings
from engine.units import LATENT_HOP, N_FFT, SAMPLE_RATE
from engine.vocoder.corpus import ALIGN_SAMPLES, best_slide

Floats = NDArray[np.float32]
Doubles = NDArray[np.float64]

LONGEST_TAKE = 384  # latent frames of a take, 16 seconds
JOIN_FRAMES = 12  # latent frames, 0.5 s, over which takes meet where no sound begins
FALL_SECONDS = 0.02  # over which a take gives way to a sound that begins


@dataclass(frozen=True)
class Take:
    """A part of the recording that is played as one event.

    Attributes:
        index: Its place among all.
        first: Its first latent frame.
        last: One past its last, what is shared with the next one included.
        edges: How it comes and goes.
        gap_seconds: Until the next one begins.
    """

    index: int
    first: int
    last: int
    edges: Edges
    gap_seconds: float


def drive(
    renderers: Sequence[Renderer],
    curves: Sequence[Curve],
    settings: GenerateSettings,
    tracks: Sequence[Floats],
    levels: Doubles,
    *,
    should_stop: Callable[[], bool] = never,
) -> Generator[Floats, None, None]:
    """Play a recording with sliders, novelty, and other models.

    Args:
        renderers: The models.
        curves: The share of each.
        settings: Sliders, novelty, source and seed are looked at.
        tracks: The recording as each model hears it, (latent frames, latent).
        levels: Of the recording in each latent frame, dB, (latent frames,).
        should_stop: Asked often, from several threads.

    Yields:
        Samples (block, channels), as many as there are latent frames, and as the recording is in time. They have the
        channels of the model that has most of them.

    Raises:
        Cancelled: it was time to stop.
    """
    members = [Member(one, compile_bank(settings, one.certificate, one.space.chart), 1.0) for one in renderers]
    shares, channels = Shares(curves), max(one.space.corpus.channels for one in renderers)

    def make(take: Take, check: Check) -> tuple[Take, Floats]:
        begin, end = take.first * LATENT_HOP / SAMPLE_RATE, take.last * LATENT_HOP / SAMPLE_RATE
        share = shares.at(np.array([begin]))[:, 0]
        heard = np.flatnonzero(shares.most(begin, end) > SILENT_SHARE).tolist()
        walked = [_walk(members[place], settings, tracks[place], take, check) for place in heard]
        parts = [
            Part(place, members[place], walk.event, 1.0, float(share[place]))
            for place, walk in zip(heard, walked, strict=True)
        ]
        sounds = [
            with_channels(_play(part.member, settings, walk, check), channels)
            for part, walk in zip(parts, walked, strict=True)
        ]
        return take, merge(sounds, parts, shares, settings.seed)

    with closing(ahead(cut_into_takes(levels), make, should_stop)) as made:
        laid = lay_over(_meeting(made), len(levels) * LATENT_HOP, channels)
        yield from change_mix(laid, ask_between(members, shares, settings))


def cut_into_takes(levels: Doubles) -> list[Take]:
    """Return the takes of a recording, in order of time; together they are all of it.

    Args:
        levels: In each latent frame, dB.
    """
    found, join_seconds = find_takes(levels, LONGEST_TAKE), JOIN_FRAMES * LATENT_HOP / SAMPLE_RATE
    takes = []
    for index, (first, last, is_onset) in enumerate(found):
        goes_on = index + 1 < len(found) and not found[index + 1][2]
        edges = Edges(FADE_IN_SECONDS if is_onset else join_seconds, join_seconds if goes_on else FALL_SECONDS)
        end = min(len(levels), last + JOIN_FRAMES) if goes_on else last
        takes.append(Take(index, first, end, edges, (last - first) * LATENT_HOP / SAMPLE_RATE))
    return takes


def _meeting(made: Iterable[tuple[Take, Floats]]) -> Iterator[tuple[int, Floats]]:
    """Yield the first sample and the sound of each take, slid by up to 16 ms where it comes out of the one before.

    Two takes sing the same frames, but not the same waves: in the middle of their cross-fade they are to meet.
    """
    begun, before = 0, np.zeros((0, 1), np.float32)
    for take, sound in made:
        start, middle = take.first * LATENT_HOP, JOIN_FRAMES * LATENT_HOP // 2
        onward = before[start + middle - begun :][:N_FFT]
        field = sound[middle:][: N_FFT + 2 * ALIGN_SAMPLES]
        is_joined = not take.edges.is_onset and len(onward) == N_FFT and len(field) == N_FFT + 2 * ALIGN_SAMPLES
        begun, before = start, sound[best_slide(onward, field) if is_joined else 0 :]
        yield begun, before


def _walk(member: Member, settings: GenerateSettings, track: Floats, take: Take, check: Check) -> Walk:
    """Return a take's walk in one model, astray and steered."""
    guide, start = member.renderer.guide, take.first * LATENT_HOP
    own = track[take.first : take.last]
    event = Event(take.index, start, nearest_clip(guide, own), None, None, take.gap_seconds)
    novelty = float(value_at(settings.novelty, start / SAMPLE_RATE))
    astray = stray(guide, event, own, settings.seed, novelty)
    check()
    (steered,) = steer_walks(guide, member.renderer.steerer, member.bank, [Way(event, astray)], settings.seed, pull=0.0)
    return Walk(event, astray, steered, edges=take.edges)


def _play(member: Member, settings: GenerateSettings, walk: Walk, check: Check) -> Floats:
    """Return the sound of a take in one model, as tense as was asked; it keeps its pitch."""
    renderer, bank = member.renderer, member.bank
    samples = make_sound(renderer, bank, settings, walk, check=check).samples
    asked = ask_harmony(renderer, bank, settings, walk.event)
    if not asked.tension:
        return samples
    alone = Harmony(bank.chart.reach("tension"), renderer.spans)  # nothing has sounded: nothing is transposed
    return alone.fit(samples, asked.tension, asked.expected, 0.0, emphasis=asked.emphasis)
