from itertools import islice

import numpy as np
import pytest
from small_corpus import noise, struck, tone

from engine.device import count_cores
from engine.generation import render as rendering
from engine.generation.render import (
    FADE_IN_SECONDS,
    FADE_OUT_SECONDS,
    LEVEL_DB,
    LOUD_PERCENTILE,
    fade,
    lay_over,
    prepare,
    render,
    sing,
    sing_long,
)
from engine.generation.score import Event, compose
from engine.generation.walk import walk
from engine.settings import GenerateSettings
from engine.units import LATENT_HOP, N_FFT, SAMPLE_RATE, db_to_amplitude, seconds_to_samples

EDGE = 2 * N_FFT  # samples over which windows and decoder have not settled


@pytest.fixture(scope="module")
def renderer(space):
    return prepare(space)


def rendered(renderer, **settings) -> np.ndarray:
    made = GenerateSettings(**{"source": 1.0, "duration": 1.0, **settings})
    return np.concatenate(list(render(renderer, made)))


@pytest.mark.parametrize("recording", [0, 2, 4])
def test_the_track_of_a_recording_is_sung_as_that_recording(space, recording: int):
    sound = np.array(space.corpus.recorded(space.corpus.recordings[recording]))
    sung = sing(space, space.tracks[recording], 1.0)
    assert sung.shape == (len(space.tracks[recording]) * LATENT_HOP, 1)
    interior = slice(EDGE, len(sound) - EDGE)
    assert np.abs(sung[: len(sound)] - sound)[interior].max() < 0.01 * np.abs(sound).max()


@pytest.mark.parametrize("source", [0.0, 0.1])
def test_dreamt_sound_has_the_length_and_is_the_same_for_the_same_seed(space, source: float):
    track = space.tracks[0] + 3 * space.spread * (-1.0) ** np.arange(len(space.spread), dtype=np.float32)
    first, second, other = (sing(space, track, source, seed) for seed in (1, 1, 2))
    assert first.shape == (len(track) * LATENT_HOP, 1)
    assert np.isfinite(first).all()
    assert np.array_equal(first, second)
    assert not np.array_equal(first, other)


@pytest.mark.parametrize("stretch", [13, 20, 29])
def test_a_long_track_in_stretches_is_sung_as_at_once(space, monkeypatch, stretch: int):
    track = space.tracks[4]
    at_once = sing(space, track, 1.0)
    monkeypatch.setattr(rendering, "STRETCH_FRAMES", stretch)
    blocks = list(sing_long(space, track, 1.0))
    assert [len(block) for block in blocks[:-1]] == [stretch * LATENT_HOP] * (len(blocks) - 1)
    assert len(blocks) == -(-len(track) // stretch)
    joined = np.concatenate(blocks)
    assert joined.shape == at_once.shape
    assert np.abs(joined - at_once)[EDGE:-EDGE].max() < 1e-3


def test_a_track_shorter_than_a_stretch_is_sung_at_once(space):
    (block,) = sing_long(space, space.tracks[0], 1.0)
    assert np.array_equal(block, sing(space, space.tracks[0], 1.0))


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
        event = next(compose(settings, renderer.space.clips))
        (sound,) = render(renderer, settings)
        assert len(sound) == len(walk(renderer.guide, event, seed, 0.7)) * LATENT_HOP
        assert np.abs(sound[[0, -1]]).max() < 1e-3


def test_one_shots_of_neighbouring_seeds_play_the_whole_corpus(renderer):
    clips = {next(compose(GenerateSettings(one_shot=True, seed=seed), renderer.space.clips)).clip for seed in range(12)}
    assert clips == set(range(len(renderer.space.clips)))


def test_mono_and_stereo_can_be_asked_for(renderer, make_space):
    stereo = prepare(make_space(np.stack([struck(330, 0.4), noise(0.4)], axis=1)))
    for one, channels, wanted in [
        (renderer, "auto", 1),
        (renderer, "stereo", 2),
        (stereo, "auto", 2),
        (stereo, "mono", 1),
    ]:
        assert rendered(one, channels=channels).shape == (SAMPLE_RATE, wanted)
    doubled = rendered(renderer, channels="stereo")
    assert np.array_equal(doubled[:, 0], doubled[:, 1])
    assert np.array_equal(doubled[:, :1], rendered(renderer, channels="mono"))
    both = rendered(stereo, channels="auto")
    assert not np.allclose(both[:, 0], both[:, 1])
    assert np.allclose(rendered(stereo, channels="mono")[:, 0], both.mean(1), atol=1e-6)


def test_hours_come_in_blocks_of_which_only_the_next_few_are_made(renderer, monkeypatch):
    made = []
    sound = rendering._sound
    monkeypatch.setattr(rendering, "_sound", lambda *of: made.append(of[1].index) or sound(*of))
    settings = GenerateSettings(duration=36_000.0, density=4.0, source=1.0)
    blocks = list(islice(render(renderer, settings), 5))
    assert 6 <= len(made) <= 7 + count_cores()
    assert sorted(made) == list(range(len(made)))
    starts = [event.start for event in islice(compose(settings, renderer.space.clips), 6)]
    assert np.cumsum([len(block) for block in blocks]).tolist() == starts[1:]


def test_a_loud_clip_plays_at_the_level_of_an_output(renderer):
    loud = np.percentile([clip.peak for clip in renderer.space.clips], LOUD_PERCENTILE)
    assert renderer.gain * loud == pytest.approx(db_to_amplitude(LEVEL_DB))


def test_a_corpus_of_the_shortest_recordings_can_be_rendered(make_space):
    renderer = prepare(make_space(noise(0.02), noise(0.03, 1)))
    for settings in ({"novelty": 1.0}, {"source": 0.0}, {"density": 20.0}, {"duration": 0.1}):
        sound = rendered(renderer, **settings)
        assert np.isfinite(sound).all()
        assert np.abs(sound).max() > 0


def events(random: np.random.Generator, count: int, total: int, channels: int):
    starts = np.sort(random.integers(0, total, count))
    starts[0] = 0
    for index, start in enumerate(starts):
        length = int(random.integers(1, total // 2))
        yield Event(index, int(start), 0, None, None), random.standard_normal((length, channels)).astype(np.float32)


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("channels", [1, 2])
def test_laying_over_is_the_plain_sum_cut_to_length(seed: int, channels: int):
    total = 5_000
    sounds = list(events(np.random.default_rng(seed), 12, total, channels))
    plain = np.zeros((2 * total, channels), np.float32)
    for event, sound in sounds:
        plain[event.start : event.start + len(sound)] += sound
    blocks = list(lay_over(sounds, total, channels))
    assert np.allclose(np.concatenate(blocks), plain[:total], atol=1e-5)
    assert all(len(block) for block in blocks)


def test_blocks_that_were_given_out_do_not_change_any_more():
    sounds = list(events(np.random.default_rng(9), 6, 1_000, 1))
    kept, copies = [], []
    for block in lay_over(sounds, 1_000, 1):
        kept.append(block)
        copies.append(block.copy())
    assert all(np.array_equal(block, copy) for block, copy in zip(kept, copies, strict=True))


def test_laying_over_nothing_is_silence_of_the_length():
    (block,) = lay_over([], 300, 2)
    assert block.shape == (300, 2)
    assert not block.any()


def test_a_sound_beyond_the_end_is_cut_and_one_after_the_end_left_out():
    ones = np.ones((100, 1), np.float32)
    sounds = [(Event(0, 0, 0, None, None), ones), (Event(1, 60, 0, None, None), ones)]
    sounds.append((Event(2, 90, 0, None, None), ones))
    out = np.concatenate(list(lay_over(sounds, 80, 1)))[:, 0]
    assert out.tolist() == [1.0] * 60 + [2.0] * 20


@pytest.mark.parametrize("samples", [1, 3, 100, 400, 5_000, 48_000])
def test_fades_begin_and_end_near_zero_and_leave_the_middle(samples: int):
    ones = np.ones((samples, 2), np.float32)
    faded = fade(ones)
    rise = min(seconds_to_samples(FADE_IN_SECONDS), samples // 4)
    fall = min(seconds_to_samples(FADE_OUT_SECONDS), samples // 4)
    assert (faded[rise : samples - fall] == 1).all()
    assert (np.diff(faded[:rise, 0]) > 0).all()
    assert (np.diff(faded[samples - fall :, 0]) < 0).all()
    assert faded.shape == ones.shape
    assert (ones == 1).all()
    if samples >= 400:
        assert faded[0, 0] < 0.001
        assert faded[-1, 0] < 0.001


def test_a_dreamt_sound_stands_where_its_recording_stood(make_space):
    left_heavy = np.stack([tone(330, 1.0, 0.2), 0.25 * tone(330, 1.0, 0.2)], axis=1)
    space = make_space(left_heavy)
    left, right = sing(space, space.tracks[0], source=0.0)[4096:-4096].T
    assert np.std(left) / np.std(right) == pytest.approx(4.0, rel=0.05)
