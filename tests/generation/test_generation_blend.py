from functools import partial

import numpy as np
import pytest
from small_corpus import noise, struck, tone

from engine.audio.loudness import loudness_lufs
from engine.curves import add_curves
from engine.generation.blending.blend import render_blend
from engine.generation.blending.meeting import Matching, Member, Shares, meet, pair_clips
from engine.generation.event.way import count_frames
from engine.generation.novelty.novelty import NoveltyMeter
from engine.generation.render import find_level, render
from engine.generation.renderer import prepare
from engine.generation.score.composing import compose
from engine.generation.sliders.bank import compile_bank
from engine.properties.describing import describe
from engine.settings import GenerateSettings
from engine.units import LATENT_HOP, SAMPLE_RATE

SETTINGS = GenerateSettings(duration=1.2, density=3.0, source=1.0, seed=4)


@pytest.fixture(scope="module")
def pair(space, space_at, tmp_path_factory):
    """A mono model, and a stereo one with more clips."""
    sounds = [np.stack([struck(150 + 90 * place, 0.3, seed=place), noise(0.3, place)], axis=1) for place in range(6)]
    return prepare(space), prepare(space_at(tmp_path_factory.mktemp("other"), *sounds))


def joined(blocks) -> np.ndarray:
    return np.concatenate(list(blocks))


def all_of(settings):
    """Choose all events of an output."""
    return partial(compose, settings)


def members(pair, settings=SETTINGS):
    return [
        Member(one, compile_bank(settings, one.certificate, one.space.chart), find_level(one, settings)) for one in pair
    ]


@pytest.mark.parametrize("settings", [
    SETTINGS,
    SETTINGS.model_copy(update={"one_shot": True}),
    SETTINGS.model_copy(update={"loop": True}),
    SETTINGS.model_copy(update={"sliders": {"brightness": 5.0, "tension": 4.0}, "source": 0.5}),
], ids=["plain", "one shot", "loop", "sliders"])  # fmt: skip
@pytest.mark.parametrize("constant", [True, False])
def test_a_model_that_has_the_whole_share_sounds_as_by_itself(pair, settings, constant: bool):
    for place, alone in enumerate(pair):
        shares = [float(place == 0), float(place == 1)]
        curves = shares if constant else [((0.0, share), (9.0, share)) for share in shares]
        assert np.array_equal(joined(render_blend(pair, curves, settings)), joined(render(alone, settings)))


def test_until_another_model_is_heard_an_output_is_that_of_the_first(pair):
    settings = GenerateSettings(duration=3.0, density=3.0, source=1.0, channels="mono")
    curves = [((0.0, 1.0), (2.0, 1.0), (3.0, 0.0)), ((0.0, 0.0), (2.0, 0.0), (3.0, 1.0))]
    made, alone = joined(render_blend(pair, curves, settings)), joined(render(pair[0], settings))
    assert np.allclose(made[:SAMPLE_RATE], alone[:SAMPLE_RATE], atol=1e-6)
    assert not np.allclose(made[-SAMPLE_RATE // 2 :], alone[-SAMPLE_RATE // 2 :], atol=1e-3)


def test_a_blend_has_its_duration_most_channels_and_the_same_samples_each_time(pair):
    first, second = (joined(render_blend(pair, [0.5, 0.5], SETTINGS)) for _ in range(2))
    assert first.shape == (round(1.2 * SAMPLE_RATE), 2)
    assert np.array_equal(first, second)
    assert np.isfinite(first).all()
    assert np.abs(first).max() > 1e-3
    assert joined(render_blend(pair, [0.5, 0.5], SETTINGS.model_copy(update={"channels": "mono"}))).shape[1] == 1


@pytest.mark.parametrize("update", [
    {"loop": True}, {"one_shot": True}, {"at": (0.2, -0.3)}, {"sliders": {"brightness": 6.0, "attack": -5.0}},
    {"source": 0.0}, {"density": 20.0}, {"channels": "binaural"},
], ids=str)  # fmt: skip
def test_every_kind_of_output_can_be_blended(pair, update):
    sound = joined(render_blend(pair, [0.4, 0.6], SETTINGS.model_copy(update=update)))
    assert np.isfinite(sound).all()
    assert np.abs(sound).max() > 1e-3


def test_four_models_can_be_blended(pair):
    assert len(joined(render_blend([*pair, *pair], [0.1, 0.2, 0.3, 0.4], SETTINGS))) == round(1.2 * SAMPLE_RATE)


def test_a_model_that_is_not_heard_in_an_event_brings_nothing_to_it(pair):
    settings = GenerateSettings(duration=8.0, density=1.0)
    shares = Shares([((0.0, 1.0), (5.0, 1.0), (6.0, 0.0)), ((0.0, 0.0), (5.0, 0.0), (6.0, 1.0))])
    some = members(pair)
    heard = [[part.place for part in parts] for parts in meet(some, shares, settings, all_of(settings), Matching(some))]
    assert heard[0] == [0]
    assert heard[-1] == [1]
    assert [0, 1] in heard


def test_shares_add_up_to_1_and_know_their_peaks():
    rising = ((0.0, 0.0), (4.0, 0.5), (8.0, 0.0))
    shares = Shares([add_curves([(-1.0, rising)], 1.0), rising])
    assert np.allclose(shares.at(np.linspace(0, 9, 50)).sum(0), 1.0)
    assert shares.most(0.0, 8.0).tolist() == [1.0, 0.5]
    assert shares.most(3.0, 5.0).tolist() == [0.625, 0.5]


def test_sounds_of_an_event_are_as_long_as_the_mean_of_their_ratios(pair):
    settings = GenerateSettings(one_shot=True, novelty=0.0)
    some = members(pair)
    for share in (0.25, 0.5):
        (parts,) = meet(some, Shares([1.0 - share, share]), settings, all_of(settings), Matching(some))
        frames = [count_frames(one.member.renderer, one.member.bank, settings, one.event) for one in parts]
        wanted = frames[0] ** (1.0 - share) * frames[1] ** share
        for part, natural in zip(parts, frames, strict=True):
            end = np.inf if part.event.longest is None else part.event.longest / LATENT_HOP
            assert min(natural * part.stretch, end) == pytest.approx(wanted, abs=1.0)
        assert all(part.stretch >= 0.5 for part in parts)


def test_clips_are_paired_one_to_one_with_what_is_most_alike():
    some = np.array([[0.0], [1.0], [2.0]], np.float32)
    others = np.array([[12.1], [10.0], [11.2], [10.1], [12.0], [11.0]], np.float32)
    pairs = pair_clips(some, others, np.ones(1))
    assert pairs == [(1, 3), (2, 5), (0, 4)]
    back = pair_clips(others, some, np.ones(1))
    assert [found[0] for found in back] == [2, 0, 1, 0, 2, 1]


def test_clips_that_were_not_measured_are_paired_too(pair):
    some = np.array([[np.nan, 0.0], [1.0, 1.0]], np.float32)
    assert sorted(sum(pair_clips(some, np.zeros((2, 2), np.float32), np.ones(2)), ())) == [0, 1]
    matching = Matching(members(pair))
    assert all(matching.partners(0, clip, 1) for clip in range(len(pair[0].space.clips)))


def test_the_nearest_recording_is_looked_for_in_all_models(pair):
    for place, alone in enumerate(pair):
        meter = NoveltyMeter(*pair)
        for block in render(alone, SETTINGS.model_copy(update={"novelty": 0.0, "density": 1.0})):
            meter.update(block)
        found = meter.result()
        assert found is not None
        assert found.whose == place
        assert found.score < 0.3


def test_add_curves_meets_every_breakpoint():
    assert add_curves([(-1.0, 0.25)], 1.0) == 0.75
    assert add_curves([], 1.0) == 1.0
    assert add_curves([(2.0, ((0.0, 0.0), (2.0, 1.0))), (1.0, ((1.0, 3.0),))]) == ((0.0, 3.0), (1.0, 4.0), (2.0, 5.0))


def test_half_way_between_a_tone_and_a_noise_is_between_them(space_at, tmp_path):
    models = [prepare(space_at(tmp_path / "a", tone(440, 0.5))), prepare(space_at(tmp_path / "b", noise(0.5)))]
    settings = GenerateSettings(one_shot=True, source=1.0, novelty=0.0)
    made = [joined(render_blend(models, [1.0 - share, share], settings)) for share in (0.0, 0.5, 1.0)]
    found = [describe(sound[:, 0]) for sound in made]
    for name in ("brightness", "warmth", "texture"):
        low, high = sorted([found[0][name], found[2][name]])
        assert low < found[1][name] < high
    low, high = sorted([loudness_lufs(made[0]), loudness_lufs(made[2])])
    assert low <= loudness_lufs(made[1]) <= high
