"""Everything that is slow the first time, done before anybody waits for it."""

import numpy as np
from numpy.typing import NDArray

from engine.dataset.corpus import GAP, Corpus, Recording
from engine.generation.blending.blend import open_blend
from engine.generation.mix.output import play, play_event
from engine.generation.novelty.novelty import NoveltyMeter
from engine.generation.renderer import Renderer, prepare
from engine.latent.space import listen
from engine.model.base import load_base
from engine.settings import GenerateSettings
from engine.sliders import LIMIT, SLIDERS
from engine.units import SAMPLE_RATE, seconds_to_samples

Floats = NDArray[np.float32]

PITCHES_HZ = (220.0, 311.0, 440.0)  # of the sounds that the first output of a program is made of
WARM_SECONDS = 0.5  # of each
SHORT = GenerateSettings(duration=0.4, density=8.0, source=0.5, sliders={"brightness": LIMIT / 2})
IN_SPACE = SHORT.model_copy(update={"channels": "binaural", "movement": "orbit", "width": 5.0, "distance": 3.0})


def warm_up() -> None:
    """Render short outputs of a computed model: libraries are loaded, tables filled, and first calls made.

    Afterwards the first output of a person's model takes no longer than the next.
    """
    renderer = prepare(listen(load_base(), _compute_corpus()))
    half = LIMIT / 2
    for settings in (
        SHORT.model_copy(update={"sliders": {name: half * (-1) ** place for place, name in enumerate(SLIDERS)}}),
        IN_SPACE.model_copy(update={"sliders": dict.fromkeys(SLIDERS, -half)}),
    ):
        for _ in play(open_blend([renderer, renderer], [0.5, 0.5], settings)):
            pass
    warm_renderer(renderer)


def warm_renderer(renderer: Renderer) -> None:
    """Compute of a model what its first event, and the first comparison with its recordings, would have to wait for."""
    meter = NoveltyMeter(renderer)
    meter.update(warm_events(renderer))
    meter.result()


def warm_events(renderer: Renderer) -> Floats:
    """Make an event of a model with a slider, which is slow the first time; return its samples (samples, channels)."""
    return play_event(open_blend([renderer], [1.0], SHORT), 0).samples


def _compute_corpus() -> Corpus:
    """Return a corpus of struck tones, in memory."""
    seconds = np.arange(seconds_to_samples(WARM_SECONDS)) / SAMPLE_RATE
    tones = [np.sin(2 * np.pi * hz * seconds) * np.exp(-4 * seconds) for hz in PITCHES_HZ]
    samples = np.concatenate([np.pad(tone, (GAP, 0)) for tone in tones] + [np.zeros(GAP)]).astype(np.float32)
    starts = [GAP + place * (GAP + len(seconds)) for place in range(len(tones))]
    recordings = [Recording(f"{hz:g}", start, len(seconds)) for hz, start in zip(PITCHES_HZ, starts, strict=True)]
    return Corpus(samples[:, None], tuple(recordings))
