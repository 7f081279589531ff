import numpy as np
import pytest
import soxr
from small_corpus import noise, struck, tone

from engine.generation.novelty import MOST_EXCERPTS, STRIDE, Novelty, NoveltyIndex, NoveltyMeter
from engine.generation.render import render
from engine.generation.renderer import prepare
from engine.settings import GenerateSettings
from engine.units import SAMPLE_RATE


@pytest.fixture(scope="module")
def index(space) -> NoveltyIndex:
    return NoveltyIndex(space)


def measured(index: NoveltyIndex, sound: np.ndarray, size: int = 4_096) -> Novelty:
    meter = NoveltyMeter(index)
    sound = sound.astype(np.float32)
    for first in range(0, len(sound), size):
        meter.listen(sound[first : first + size])
    return meter.result()


def recording(space, number: int) -> np.ndarray:
    return np.array(space.corpus.recorded(space.corpus.recordings[number]))


@pytest.mark.parametrize("number", [0, 1, 2, 3, 4])
def test_a_recording_is_a_copy_of_itself(space, index, number: int):
    result = measured(index, recording(space, number))
    assert result.nearest == f"{number}.wav"
    assert result.score < 0.1


@pytest.mark.parametrize("gain", [1.0, 0.1, 3.0])
@pytest.mark.parametrize("first", [0, 12_345, 33_333, 60_001, 95_000])
def test_an_excerpt_at_any_level_names_its_recording_and_its_moment(space, index, first: int, gain: float):
    result = measured(index, gain * recording(space, 4)[first : first + SAMPLE_RATE // 2])
    assert result.nearest == "4.wav"
    assert result.at == pytest.approx(first / SAMPLE_RATE, abs=0.1)
    assert result.score < 0.1


def test_what_follows_the_copy_does_not_hide_it(space, index):
    copied = recording(space, 4)[24_000:48_000]
    result = measured(index, np.concatenate([tone(5_000, 0.5)[:, None], copied, tone(3_000, 1.0)[:, None]]))
    assert (result.nearest, result.at) == ("4.wav", pytest.approx(0.5, abs=0.1))
    assert 0.3 < result.score < 0.9


def test_a_copy_transposed_by_a_semitone_is_a_copy(space, index):
    faster = soxr.resample(recording(space, 4)[:48_000], 2 ** (1 / 12), 1.0)
    result = measured(index, faster)
    assert result.nearest == "4.wav"
    assert result.score < 0.15


def test_a_copy_under_another_sound_is_nearer_than_no_copy(space, index):
    other = 0.1 * tone(4_321, 1.0)[:, None]
    under = measured(index, recording(space, 4)[:48_000] + other)
    assert under.nearest == "4.wav"
    assert under.score < 0.5 * measured(index, noise(1.0, 77)[:, None] + other).score


@pytest.mark.parametrize(
    "sound", [tone(5_000, 2.0), noise(2.0, 99), struck(2_345, 1.0, 0.05, seed=8)], ids=["tone", "noise", "struck"]
)
def test_what_the_corpus_does_not_hold_is_new(index, sound: np.ndarray):
    assert measured(index, sound[:, None]).score > 0.7


def test_silence_copies_nothing(index):
    assert measured(index, np.zeros((48_000, 1))) == Novelty("", 0.0, 1.0)
    assert NoveltyMeter(index).result() == Novelty("", 0.0, 1.0)


@pytest.mark.parametrize("samples", [1, 500, 5_000, 23_000])
def test_a_short_output_is_measured_too(space, index, samples: int):
    result = measured(index, recording(space, 4)[:samples])
    assert 0.0 <= result.score <= 1.0
    assert np.isfinite(result.at)


def test_the_result_does_not_depend_on_the_blocks_nor_on_the_channels(space, index):
    sound = np.concatenate([recording(space, 4), recording(space, 2)])
    whole = measured(index, sound, len(sound))
    assert measured(index, sound, 777) == whole
    assert measured(index, np.repeat(sound, 2, axis=1)) == whole


def test_a_long_output_is_held_in_little_memory(index):
    meter = NoveltyMeter(index)
    block = np.zeros((SAMPLE_RATE, 1), np.float32)
    for _ in range(600):
        meter.listen(block)
        assert len(meter._excerpts) <= MOST_EXCERPTS
        assert len(meter._held) <= SAMPLE_RATE
    assert len(meter._excerpts) * meter._stride >= 600 * SAMPLE_RATE - meter._stride
    assert meter._stride > STRIDE


def test_outputs_of_the_recordings_themselves_are_less_new_than_others(space, index):
    renderer = prepare(space)

    def score(novelty: float) -> float:
        scores = []
        for seed in range(3):
            settings = GenerateSettings(one_shot=True, novelty=novelty, source=1.0, seed=seed)
            scores.append(measured(index, np.concatenate(list(render(renderer, settings)))).score)
        return float(np.mean(scores))

    assert score(0.0) < score(1.0)


@pytest.mark.parametrize(
    "sounds", [(noise(1.0),), (tone(300, 0.4),), (struck(220, 0.05),)], ids=["long", "tone", "blip"]
)
def test_a_corpus_of_one_sound_can_be_compared_with(make_space, sounds):
    index = NoveltyIndex(make_space(*sounds))
    assert index.scale > 0
    assert measured(index, sounds[0][:, None]).score < 0.1
    assert measured(index, noise(1.0, 5)[:, None]).score > 0.5


def test_a_stereo_corpus_is_compared_by_the_mix_of_both_channels(make_space):
    space = make_space(
        np.stack([noise(1.0), noise(1.0, 1)], axis=1), np.stack([tone(300, 1.0), tone(400, 1.0)], axis=1)
    )
    result = measured(NoveltyIndex(space), recording(space, 0)[10_000:40_000])
    assert result.nearest == "0.wav"
    assert result.at == pytest.approx(10_000 / SAMPLE_RATE, abs=0.1)
    assert result.score < 0.1
