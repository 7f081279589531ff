"""An output: its score, the sound of each event, fitted to each other in harmony and laid over each other.

    score ─► sounds ─► harmony ─► lay over

It is made block by block: what has been written is forgotten, so an hour needs no more memory than a minute.
"""

import math
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor

import numpy as np
from numpy.typing import NDArray

from engine.curves import value_at
from engine.dataset.corpus import with_channels
from engine.device import count_cores
from engine.features.timbre import TIMBRE
from engine.generation.bank import Bank, compile_bank
from engine.generation.harmony import Harmony
from engine.generation.laying import lay_around, lay_over
from engine.generation.renderer import Renderer
from engine.generation.score import Event, compose
from engine.generation.sound import Account, Sound, make_sound
from engine.generation.walk import expect_chroma
from engine.settings import GenerateSettings
from engine.units import SAMPLE_RATE, seconds_to_samples

Floats = NDArray[np.float32]

FULL_HOLD = 2.0  # drive of a slider of timbre from which on tension is held where it would be without
DENSITY_POINTS = 64  # at which a density that changes is averaged


def render(
    renderer: Renderer, settings: GenerateSettings, on_account: Callable[[Account], None] | None = None
) -> Iterator[Floats]:
    """Render an output block by block, before the limiter.

    Args:
        renderer: The sound space, prepared.
        settings: What to make.
        on_account: Told how the timbre of each steered event came about.

    Yields:
        Samples (block, channels); together exactly the duration, or the natural length of a one-shot.
    """
    space = renderer.space
    bank = compile_bank(settings, renderer.certificate, space.chart)
    channels = {"mono": 1, "stereo": 2, "auto": space.corpus.channels}[settings.channels]
    events = compose(settings, space.clips, renderer.guide.places)
    made = _ahead(events, lambda event: make_sound(renderer, bank, settings, event))
    if on_account:
        made = _told(made, on_account)
    gain = renderer.gain / math.sqrt(max(1.0, count_layers(renderer, settings)))
    fitted = in_harmony(made, renderer, bank, settings)
    sounds = ((start, gain * with_channels(samples, channels)) for start, samples in fitted)
    if settings.one_shot:
        yield from (samples for _, samples in sounds)
    elif settings.loop:
        yield lay_around(sounds, seconds_to_samples(settings.duration), channels)
    else:
        yield from lay_over(sounds, seconds_to_samples(settings.duration), channels)


def in_harmony(
    sounds: Iterable[Sound], renderer: Renderer, bank: Bank, settings: GenerateSettings
) -> Iterator[tuple[int, Floats]]:
    """Fit sounds to those before them, in order of time; yield first sample and samples (samples, channels) of each."""
    if not bank.curves:
        yield from ((sound.event.start, sound.samples) for sound in sounds)
        return
    harmony = Harmony(bank.chart.reach("tension"))
    for sound in sounds:
        begin = sound.event.start / SAMPLE_RATE
        tension, roughness = bank.drive("tension", begin), bank.drive("roughness", begin)
        novelty = float(value_at(settings.novelty, begin))
        expected = expect_chroma(renderer.guide, sound.event, settings.seed, novelty)
        strongest = max(abs(bank.drive(name, begin)) for name in TIMBRE)
        is_plain = roughness != 0.0 and tension == 0.0
        hold = min(1.0, strongest / FULL_HOLD)
        yield sound.event.start, harmony.fit(sound.samples, tension, expected, hold, plain=is_plain)


def count_layers(renderer: Renderer, settings: GenerateSettings) -> float:
    """Return how many events sound at once on average."""
    if settings.one_shot:
        return 1.0
    typical = float(np.median([clip.seconds for clip in renderer.space.clips]))
    density = float(np.mean(value_at(settings.density, np.linspace(0.0, settings.duration, DENSITY_POINTS))))
    longest = next(compose(settings, renderer.space.clips, renderer.guide.places)).longest
    return density * (typical if longest is None else min(typical, longest / SAMPLE_RATE))


def _ahead(events: Iterable[Event], make: Callable[[Event], Sound]) -> Iterator[Sound]:
    """Make the sounds of events in order, a few at once: each needs only one core, and none needs another."""
    workers = count_cores()
    with ThreadPoolExecutor(workers) as pool:
        waiting: deque[Future[Sound]] = deque()
        for event in events:
            waiting.append(pool.submit(make, event))
            if len(waiting) > workers:
                yield waiting.popleft().result()
        for sound in waiting:
            yield sound.result()


def _told(sounds: Iterable[Sound], on_account: Callable[[Account], None]) -> Iterator[Sound]:
    for sound in sounds:
        if sound.account:
            on_account(sound.account)
        yield sound
