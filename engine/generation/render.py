"""From latent tracks to sound: decode, let the recordings speak, dream what they lack; then lay events over each other.

An output is made block by block: what has been written is forgotten, so an hour needs no more memory than a minute.
"""

import math
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.dataset.corpus import with_channels
from engine.device import count_cores
from engine.generation.score import Event, compose
from engine.generation.walk import Guide, walk
from engine.latent.encode import decode_fine, decode_mel
from engine.latent.space import SoundSpace
from engine.settings import GenerateSettings
from engine.units import (
    HOP,
    LATENT_HOP,
    LOG_FLOOR,
    N_FFT,
    SAMPLE_RATE,
    db_to_amplitude,
    seconds_to_samples,
)
from engine.vocoder.blend import cross_fade, dreamt_parts, fine_to_magnitude, trust
from engine.vocoder.corpus import ALIGN_SAMPLES, best_slide, channel_balance, find_path, speak, spread
from engine.vocoder.pghi import magnitude_to_samples

Floats = NDArray[np.float32]

LEVEL_DB = -6.0  # full-scale level that a loud clip of the corpus has in an output
LOUD_PERCENTILE = 90.0
FADE_IN_SECONDS = 0.002
FADE_OUT_SECONDS = 0.08
CUT_SECONDS = 0.5  # over which a sound fades that the score ends before its natural end
STRETCH_FRAMES = 512  # latent frames of a long track that are sung at once, 22 seconds
JOIN_FRAMES = 24  # latent frames (1 s) that two stretches share; they are joined in its middle
JOIN_SAMPLES = 2 * HOP  # over which they are cross-faded


@dataclass(frozen=True)
class Renderer:
    """A sound space made ready for rendering."""

    guide: Guide
    gain: float

    @property
    def space(self) -> SoundSpace:
        """Return the sound space."""
        return self.guide.space


def prepare(space: SoundSpace) -> Renderer:
    """Make a sound space ready for rendering: measure what is needed once for all events."""
    loud = float(np.percentile([clip.peak for clip in space.clips], LOUD_PERCENTILE))
    return Renderer(Guide(space), db_to_amplitude(LEVEL_DB) / max(loud, 1e-4))


def sing(space: SoundSpace, track: Floats, source: float, seed: int = 0) -> Floats:
    """Turn a latent track into sound.

    Args:
        space: The open model.
        track: Shape (latent frames, latent).
        source: 1 the recordings carry the sound, 0 it is dreamt; between, they carry it where they fit.
        seed: Of what is random in dreamt phases.

    Returns:
        Samples (latent frames * LATENT_HOP, channels of the corpus).
    """
    wanted = one_frame_more(decode_mel(space.vae, track))
    path = find_path(space.voice, wanted)
    share = trust(path, source)
    recorded = speak(space.voice, path, wanted)
    parts = dreamt_parts(share)
    if not parts:
        return recorded
    magnitude = fine_to_magnitude(one_frame_more(decode_fine(space.vae, track)), LOG_FLOOR)
    dreamt = np.zeros(len(recorded), np.float32)
    for first, last in parts:
        part = magnitude[:, first : last + 1]
        dreamt[first * HOP : last * HOP] = magnitude_to_samples(part, (last - first) * HOP, seed=seed).numpy()
    if recorded.shape[1] == 1:
        return cross_fade(recorded, dreamt[:, None], share)
    return cross_fade(recorded, spread(dreamt, channel_balance(space.voice, path)), share)


def one_frame_more(spectrum: Floats) -> Floats:
    """Return a spectrum (frames, bands) with its last frame held: the last sample needs a frame on its other side."""
    return np.concatenate([spectrum, spectrum[-1:]])


def sing_long(space: SoundSpace, track: Floats, source: float, seed: int = 0) -> Iterator[Floats]:
    """Turn a latent track of any length into blocks of sound.

    Neighbouring stretches share JOIN_FRAMES. Each is slid so that its wave meets the wave of the one before: a
    stretch whose search began elsewhere sings the same frames, but may sing them some milliseconds apart.
    """
    tail = np.zeros((0, space.corpus.channels), np.float32)
    half = JOIN_FRAMES // 2
    for first in range(0, len(track), STRETCH_FRAMES):
        last = min(len(track), first + STRETCH_FRAMES)
        low, high = max(0, first - half), min(len(track), last + half)
        sung = sing(space, track[low:high], source, seed)
        begin = (first - low) * LATENT_HOP
        if len(tail):
            begin += best_slide(tail, sung[begin - ALIGN_SAMPLES :][: N_FFT + 2 * ALIGN_SAMPLES]) - ALIGN_SAMPLES
        body = (last - first) * LATENT_HOP
        sung = _lengthened(sung[begin:], body)
        if len(tail):
            fade = np.linspace(0, 1, JOIN_SAMPLES, dtype=np.float32)[:, None]
            sung[:JOIN_SAMPLES] = tail[:JOIN_SAMPLES] * (1 - fade) + sung[:JOIN_SAMPLES] * fade
        yield sung[:body]
        tail = _lengthened(sung[body : body + N_FFT], N_FFT) if last < len(track) else tail[:0]


def render(renderer: Renderer, settings: GenerateSettings) -> Iterator[Floats]:
    """Render an output block by block, before the limiter.

    Args:
        renderer: The sound space, prepared.
        settings: What to make.

    Yields:
        Samples (block, channels); together exactly the duration, or the natural length of a one-shot.
    """
    space = renderer.space
    channels = {"mono": 1, "stereo": 2, "auto": space.corpus.channels}[settings.channels]
    events = compose(settings, space.clips)
    gain = renderer.gain / math.sqrt(max(1.0, _layers(space, settings)))
    sounds = ((event, gain * with_channels(sound, channels)) for event, sound in _ahead(renderer, events, settings))
    if settings.one_shot:
        yield from (sound for _, sound in sounds)
    else:
        yield from lay_over(sounds, seconds_to_samples(settings.duration), channels)


def lay_over(sounds: Iterable[tuple[Event, Floats]], total: int, channels: int) -> Iterator[Floats]:
    """Add sounds at their starts, yielding what no later sound can change any more.

    Args:
        sounds: Events in order of time, with their samples (samples, channels).
        total: Length of the output in samples; what goes beyond it is cut.
        channels: Of the output.
    """
    pending = np.zeros((0, channels), np.float32)
    done = 0
    for event, sound in sounds:
        ready = min(event.start, total) - done
        if ready > 0:
            pending = _lengthened(pending, ready)
            yield pending[:ready]
            pending, done = pending[ready:], done + ready
        offset = event.start - done
        heard = sound[: max(0, total - event.start)]
        pending = _lengthened(pending, offset + len(heard))
        pending[offset : offset + len(heard)] += heard
    if total > done:
        yield _lengthened(pending, total - done)[: total - done]


def fade(sound: Floats, seconds_in: float = FADE_IN_SECONDS, seconds_out: float = FADE_OUT_SECONDS) -> Floats:
    """Return a sound (samples, channels) that begins and ends at zero; no fade takes more than a quarter of it."""
    faded = sound.copy()
    rise = min(seconds_to_samples(seconds_in), len(sound) // 4)
    fall = min(seconds_to_samples(seconds_out), len(sound) // 4)
    faded[:rise] *= _half_cosine(rise)[:, None]
    faded[len(sound) - fall :] *= _half_cosine(fall)[::-1, None]
    return faded


def _ahead(renderer: Renderer, events: Iterable[Event], settings: GenerateSettings) -> Iterator[tuple[Event, Floats]]:
    """Render events in order, a few at once: each needs only one core, and none needs another."""
    workers = count_cores()
    with ThreadPoolExecutor(workers) as pool:
        waiting: deque[tuple[Event, Future[Floats]]] = deque()
        for event in events:
            waiting.append((event, pool.submit(_sound, renderer, event, settings)))
            if len(waiting) > workers:
                first, sound = waiting.popleft()
                yield first, sound.result()
        for first, sound in waiting:
            yield first, sound.result()


def _sound(renderer: Renderer, event: Event, settings: GenerateSettings) -> Floats:
    """Render one event, (samples, channels of the corpus)."""
    track = walk(renderer.guide, event, settings.seed, settings.novelty)
    if event.longest is not None:
        track = track[: max(1, -(-event.longest // LATENT_HOP))]
    sung = sing(renderer.space, track, settings.source, settings.seed + event.index)
    if event.longest is None or event.longest >= len(sung):
        return fade(sung)
    return fade(sung[: event.longest], seconds_out=CUT_SECONDS)


def _layers(space: SoundSpace, settings: GenerateSettings) -> float:
    """Return how many events sound at once on average."""
    if settings.one_shot:
        return 1.0
    typical = float(np.median([clip.seconds for clip in space.clips]))
    longest = next(compose(settings, space.clips)).longest
    seconds = min(typical, longest / SAMPLE_RATE) if longest else typical
    return settings.density * seconds


def _lengthened(samples: Floats, length: int) -> Floats:
    """Return samples with zeros behind them so that there are at least `length`."""
    return samples if len(samples) >= length else np.pad(samples, ((0, length - len(samples)), (0, 0)))


def _half_cosine(length: int) -> Floats:
    """Return a rise from 0 to 1 with flat ends."""
    return (0.5 - 0.5 * np.cos(np.pi * (np.arange(length) + 0.5) / max(1, length))).astype(np.float32)
