from itertools import islice

import numpy as np
import pytest
from small_corpus import noise, struck

from engine.device import count_cores
from engine.generation.event import sound as sounding
from engine.generation.render import render
from engine.generation.renderer import LEVEL_DB, LOUD_CLIP_PERCENTILE, prepare
from engine.generation.score.composing import compose
from engine.generation.walk.walking import walk
from engine.settings import GenerateSettings
from engine.units import LATENT_HOP, SAMPLE_RATE, db_to_amplitude, seconds_to_samples


@pytest.fixture(scope="module")
def renderer(space):
    return prepare(space)


def rendered(renderer, **settings) -> np.ndarray:
    made = GenerateSettings(**{"source": 1.0, "duration": 1.0, **settings})
    return np.concatenate(list(render(renderer, made)))


@pytest.mark.parametrize("seconds", [0.1, 0.37, 1.0, 3.2])
@pytest.mark.parametrize("density", [0.1, 3.0, 20.0])
def test_an_output_lasts_exactly_its_duration(renderer, seconds: float, density: float):
    sound = rendered(renderer, duration=seconds, density=density)
    assert sound.shape == (seconds_to_samples(seconds), 1)
    assert sound.dtype == np.float32
    assert np.abs(sound).max() > 1e-3


def test_the_same_seed_makes_the_same_samples_and_another_seed_others(renderer):
    first, second, other = (rendered(renderer, seed=seed, source=0.7) for seed in (4, 4, 5))
    assert np.array_equal(first, second)
    assert not np.array_equal(first, other)


def test_a_one_shot_has_the_length_of_its_walk(renderer):
    for seed in range(5):
        settings = GenerateSettings(one_shot=True, seed=seed, source=1.0, novelty=0.7)
        event = next(compose(settings, renderer.space.clips, renderer.guide.places))
        (sound,) = render(renderer, settings)
        assert len(sound) == len(walk(renderer.guide, event, seed, 0.7)) * LATENT_HOP
        assert np.abs(sound[[0, -1]]).max() < 1e-3


def test_one_shots_of_neighbouring_seeds_play_the_whole_corpus(renderer):
    clips, places = renderer.space.clips, renderer.guide.places
    chosen = {next(compose(GenerateSettings(one_shot=True, seed=seed), clips, places)).clip for seed in range(12)}
    assert chosen == set(range(len(clips)))


def test_mono_and_stereo_can_be_asked_for(renderer, make_space):
    stereo = prepare(make_space(np.stack([struck(330, 0.4), noise(0.4)], axis=1)))
    for one, channels, wanted in [
        (renderer, "auto", 1),
        (renderer, "stereo", 2),
        (stereo, "auto", 2),
        (stereo, "mono", 1),
    ]:
        assert rendered(one, channels=channels).shape == (SAMPLE_RATE, wanted)
    spread = rendered(renderer, channels="stereo")
    assert not np.allclose(spread[:, 0], spread[:, 1])
    both = rendered(stereo, channels="auto")
    assert not np.allclose(both[:, 0], both[:, 1])
    assert np.allclose(rendered(stereo, channels="mono")[:, 0], both.mean(1), atol=1e-6)


def test_hours_come_in_blocks_of_which_only_the_next_few_are_made(renderer, monkeypatch):
    made = []
    sound = sounding.make_sound
    monkeypatch.setattr(sounding, "make_sound", lambda *of, **how: made.append(of[-1].event.index) or sound(*of, **how))
    settings = GenerateSettings(duration=36_000.0, density=4.0, source=1.0)
    blocks = list(islice(render(renderer, settings), 5))
    assert set(range(5)) <= set(made)
    assert max(made) < 6 + count_cores()
    starts = [event.start for event in islice(compose(settings, renderer.space.clips, renderer.guide.places), 6)]
    assert np.cumsum([len(block) for block in blocks]).tolist() == starts[1:]


def test_a_loud_clip_plays_at_the_level_of_an_output(renderer):
    loud = np.percentile([clip.peak for clip in renderer.space.clips], LOUD_CLIP_PERCENTILE)
    assert renderer.gain * loud == pytest.approx(db_to_amplitude(LEVEL_DB))


def test_a_corpus_of_the_shortest_recordings_can_be_rendered(make_space):
    renderer = prepare(make_space(noise(0.02), noise(0.03, 1)))
    for settings in ({"novelty": 1.0}, {"source": 0.0}, {"density": 20.0}, {"duration": 0.1}):
        sound = rendered(renderer, **settings)
        assert np.isfinite(sound).all()
        assert np.abs(sound).max() > 0
