"""A recording that drives a model keeps its time and its level, and is moved as generated events are."""

from itertools import pairwise

import numpy as np
import pytest
from small_corpus import noise, struck, tone

from engine.audio.ends import FADE_IN_SECONDS
from engine.dataset.clips import frame_levels
from engine.generation.driven import FALL_SECONDS, JOIN_FRAMES, LONGEST_TAKE, cut_into_takes, drive
from engine.generation.event.sing import sing_long
from engine.generation.renderer import prepare
from engine.latent.encode import encode
from engine.properties.brightness import brightness
from engine.properties.onset import levels
from engine.properties.rises import SlowRises
from engine.settings import GenerateSettings
from engine.units import LATENT_HOP, SAMPLE_RATE


def played(spaces, recording: np.ndarray, shares=(1.0,), **given) -> np.ndarray:
    """Return a mono recording (samples,) played through models."""
    settings = GenerateSettings(**{"novelty": 0.0, "source": 1.0, "seed": 3, **given})
    tracks = [encode(space.vae, recording) for space in spaces]
    levels = frame_levels(recording[:, None], len(tracks[0]))
    blocks = drive([prepare(space) for space in spaces], list(shares), settings, tracks, levels)
    return np.concatenate(list(blocks))[: len(recording)]


@pytest.fixture(scope="module")
def recording() -> np.ndarray:
    """A struck sound, silence, another, and a tone: 10 s in all."""
    parts = [struck(220, 0.6), np.zeros(SAMPLE_RATE), struck(440, 0.5, seed=1), np.zeros(24_000), tone(330, 1.2, 0.2)]
    return np.concatenate([np.ravel(part) for part in parts]).astype(np.float32)


def test_takes_are_all_of_a_recording_in_order():
    level = np.full(1_000, -20.0)
    level[:40] = -200.0
    level[700:720] = -80.0
    takes = cut_into_takes(level)
    begins = [take.first for take in takes]
    assert begins[0] == 0
    assert begins == sorted(begins)
    assert takes[-1].last == 1_000
    for take, following in pairwise(takes):
        joined = following.edges.rise_seconds > FADE_IN_SECONDS
        assert take.last == following.first + (JOIN_FRAMES if joined else 0)
        assert take.edges.fall_seconds == (following.edges.rise_seconds if joined else FALL_SECONDS)
    assert max(take.last - take.first for take in takes) <= LONGEST_TAKE + JOIN_FRAMES
    onsets = [take.first for take in takes if take.edges.is_onset]
    assert any(abs(first - 40) <= 1 for first in onsets)
    assert any(abs(first - 720) <= 1 for first in onsets)


def test_without_anything_asked_for_it_is_as_the_model_hears_it(space, recording: np.ndarray):
    heard = played([space], recording)
    plain = np.concatenate(list(sing_long(space, encode(space.vae, recording), 1.0)))[: len(recording)]
    assert heard.shape == plain.shape
    octaves = [brightness(sound[:, 0].astype(np.float64)) for sound in (heard, plain)]
    assert octaves[0] == pytest.approx(octaves[1], abs=0.1)
    loud = levels(plain) > levels(plain).max() - 20.0
    assert np.median(np.abs(levels(heard) - levels(plain))[loud]) < 1.0  # a take may sing a tone milliseconds apart


def test_a_slider_moves_it_and_its_level_stays(space, recording: np.ndarray):
    dark, bright = (played([space], recording, sliders={"brightness": position}) for position in (-8.0, 8.0))
    octaves = [brightness(sound[:, 0].astype(np.float64)) for sound in (dark, bright)]
    assert octaves[1] > octaves[0] + 0.2
    loud = levels(played([space], recording))
    for sound in (dark, bright):
        apart = np.abs(levels(sound) - loud)[loud > loud.max() - 20.0]
        assert np.median(apart) < 3.0


def test_novelty_and_other_models_change_it_and_seeds_tell_takes_apart(
    space, space_at, tmp_path, recording: np.ndarray
):
    other = space_at(tmp_path, noise(0.8, 4), struck(600, 0.5, seed=7))
    plain = played([space], recording)
    astray, again, elsewhere = (played([space], recording, novelty=0.8, seed=seed) for seed in (3, 3, 4))
    assert (astray == again).all()
    assert np.abs(astray - plain).max() > 0.01
    assert np.abs(astray - elsewhere).max() > 0.01
    mixed = played([space, other], recording, (0.5, 0.5))
    assert mixed.shape == plain.shape
    assert np.abs(mixed - plain).max() > 0.01
    alone = played([space, other], recording, (1.0, 0.0))
    assert np.abs(alone - plain).max() < 1e-5


def test_a_long_sound_is_joined_without_a_hole(space):
    seconds = 2.5 * LONGEST_TAKE * LATENT_HOP / SAMPLE_RATE
    sound = np.ravel(tone(330, seconds, 0.2)).astype(np.float32)
    heard = played([space], sound, sliders={"brightness": 3.0})[:, 0].astype(np.float64)
    steps = heard[: len(heard) // 4_800 * 4_800].reshape(-1, 4_800)
    level = 10 * np.log10((steps**2).mean(1))[5:-5]
    assert level.min() > np.median(level) - 3.0


def test_attack_softens_the_mix_too_and_tension_each_take(
    space, recording: np.ndarray, monkeypatch: pytest.MonkeyPatch
):
    opened = []
    flush = SlowRises.flush

    def flushed(stage: SlowRises) -> np.ndarray:
        opened.append(stage)
        return flush(stage)

    monkeypatch.setattr(SlowRises, "flush", flushed)
    plain = played([space], recording)
    tense = played([space], recording, sliders={"tension": 8.0})
    assert opened == []
    assert np.abs(tense - plain).max() > 0.01
    soft = played([space], recording, sliders={"attack": -8.0})
    assert len(opened) == 1
    rises = [np.diff(levels(sound)).max() for sound in (soft, plain)]
    assert rises[0] < 0.7 * rises[1]
