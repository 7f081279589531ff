import tracemalloc

import numpy as np
import pytest
import soxr
from small_corpus import noise, struck, tone

from engine.errors import ShapeError
from engine.generation.novelty import novelty as measuring
from engine.generation.novelty.moments import FRAMES, LEAST_USUAL_DB, PHASES, RecordedMoments
from engine.generation.novelty.novelty import MOMENT_SAMPLES, MOST_HEARD, STEP, Novelty, NoveltyMeter
from engine.generation.render import render
from engine.generation.renderer import prepare
from engine.settings import GenerateSettings
from engine.units import LOG_FLOOR, MEL_BANDS, SAMPLE_RATE


def sung(seed: int, seconds: float) -> np.ndarray:
    """A phrase of struck notes with overtones, each only once, (samples,)."""
    random = np.random.default_rng(seed)
    notes = []
    for number in range(round(seconds / 0.25)):
        pitch, bright = random.uniform(150, 900), random.uniform(0.1, 0.9)
        decay = random.uniform(0.05, 0.3)
        notes.append(sum(bright**place * struck(place * pitch, 0.25, decay, number) for place in (1, 2, 3)))
    return 0.5 * np.concatenate(notes)


PHRASES = (sung(0, 3.0), sung(1, 2.5), tone(330, 1.2, 0.2), sung(2, 0.5), struck(990, 0.045))


@pytest.fixture(scope="module")
def renderer(space_at, tmp_path_factory):
    return prepare(space_at(tmp_path_factory.mktemp("phrases"), *PHRASES))


def measured(renderer, sound: np.ndarray, size: int = 7_000) -> Novelty | None:
    meter = NoveltyMeter(renderer)
    for at in range(0, len(sound), size):
        meter.update(np.asarray(sound[at : at + size], np.float32).reshape(len(sound[at : at + size]), -1))
    return meter.result()


@pytest.mark.parametrize("recording", range(len(PHRASES)))
@pytest.mark.parametrize("gain", [0.05, 1.0])
def test_a_recording_itself_is_a_copy_of_itself(renderer, recording: int, gain: float):
    found = measured(renderer, gain * PHRASES[recording])
    assert found.nearest == f"{recording}.wav"
    assert 0 <= found.at < len(PHRASES[recording]) / SAMPLE_RATE
    assert found.score < 0.1


@pytest.mark.parametrize(("seconds", "most"), [(0.1, 0.35), (0.2, 0.15), (0.3, 0.15), (1.0, 0.1)])
@pytest.mark.parametrize("first", [0, 1, 10_101, 54_321])
def test_an_excerpt_is_found_at_its_moment(renderer, seconds: float, most: float, first: int):
    excerpt = PHRASES[0][first : first + round(seconds * SAMPLE_RATE)]
    found = measured(renderer, -0.3 * excerpt)
    assert found.nearest == "0.wav"
    begin = first / SAMPLE_RATE
    assert begin - 0.1 <= found.at <= begin + max(0.0, seconds - MOMENT_SAMPLES / SAMPLE_RATE) + 0.1
    assert found.score < most


def test_a_transposed_copy_is_a_copy(renderer):
    higher = soxr.resample(PHRASES[1][30_000:90_000], 2 ** (1 / 12), 1.0)
    found = measured(renderer, higher)
    assert found.nearest == "1.wav"
    assert 30_000 / SAMPLE_RATE - 0.1 <= found.at <= 90_000 / SAMPLE_RATE
    assert found.score < 0.15


@pytest.mark.parametrize(
    "sound",
    [noise(2.0), noise(2.0, 5) * np.sin(np.arange(96_000) / 4_000), tone(2_500, 2.0), struck(3_000, 1.0, 0.5, 9)],
    ids=["noise", "waves of noise", "whistle", "struck"],
)
def test_a_sound_that_has_nothing_to_do_with_the_recordings_is_new(renderer, sound):
    assert measured(renderer, sound).score > 0.75


def test_the_more_else_sounds_over_a_copy_the_newer_it_is(renderer):
    copy, other = PHRASES[0][:96_000], sung(7, 2.0)
    scores = [measured(renderer, copy + share * other).score for share in (0.0, 0.03, 0.1, 0.3, 1.0)]
    assert scores == sorted(scores)
    assert scores[0] < 0.05
    assert scores[-1] > 0.4


def test_the_score_is_a_share_of_the_usual_distance(renderer):
    meter = NoveltyMeter(renderer)
    meter.update(sung(7, 2.0).astype(np.float32)[:, None])
    moments = measuring._hear(np.stack(meter._moments))
    distances = [found.distance_db for found in renderer.moments.nearest(moments)]
    shares = np.minimum(1.0, np.array(distances) / renderer.moments.usual_db)
    assert meter.result().score == pytest.approx(shares.mean(), abs=1e-4)


@pytest.mark.parametrize("size", [1, 333, 9_984, 100_000])
def test_the_result_does_not_depend_on_the_blocks(renderer, size: int):
    sound = sung(8, 0.75)
    assert measured(renderer, sound, size) == measured(renderer, sound, len(sound))


def test_both_channels_are_heard(renderer):
    left = PHRASES[0][:50_000]
    assert measured(renderer, np.stack([left, left], axis=1)) == measured(renderer, left)
    assert measured(renderer, np.stack([left, 2 * noise(50_000 / SAMPLE_RATE)], axis=1)).score > 0.5


@pytest.mark.parametrize("samples", [0, 100, 20_000])
def test_what_cannot_be_heard_is_not_measured(renderer, samples: int):
    assert measured(renderer, np.zeros(samples)) is None


def test_silence_between_sounds_does_not_count(renderer):
    copy = PHRASES[0][:24_000]
    assert measured(renderer, np.concatenate([copy, np.zeros(200_000)])) == measured(
        renderer, np.pad(copy, (0, 10_000))
    )


@pytest.mark.parametrize("moments", [1, MOST_HEARD, MOST_HEARD + 1, 300])
def test_moments_are_evenly_spread_and_bounded_however_long_the_output(renderer, moments: int):
    ramp = np.arange((moments - 1) * STEP + MOMENT_SAMPLES, dtype=np.float32)
    meter = NoveltyMeter(renderer)
    for at in range(0, len(ramp), 50_000):
        meter.update(ramp[at : at + 50_000, None])
        assert len(meter._held) <= MOMENT_SAMPLES + 50_000
    starts = np.array([moment[0] for moment in meter._moments])
    assert len(starts) <= MOST_HEARD
    assert len(starts) > min(moments, MOST_HEARD) / 2
    assert starts[0] == 0
    assert len(set(np.diff(starts))) <= 1
    assert len(ramp) - starts[-1] < 2 * meter._step + MOMENT_SAMPLES


def test_an_hour_takes_no_more_memory_than_a_minute(renderer):
    block = noise(1.0)[:, None].astype(np.float32)

    def memory(blocks: int) -> int:
        meter = NoveltyMeter(renderer)
        tracemalloc.start()
        for _ in range(blocks):
            meter.update(block)
        size, _ = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return size

    assert memory(3_600) < 1.2 * memory(60)


def test_a_block_without_channels_is_refused(renderer):
    with pytest.raises(ShapeError, match="samples, channels"):
        NoveltyMeter(renderer).update(np.zeros(100, np.float32))


@pytest.mark.parametrize(
    "shape",
    [(1, PHASES, FRAMES + 1, MEL_BANDS), (1, PHASES, 3, MEL_BANDS), (1, FRAMES, 128), (1, 1, FRAMES, 128)],
)
def test_moments_of_another_shape_are_refused(renderer, shape):
    with pytest.raises(ShapeError, match="moments have shape"):
        renderer.moments.nearest(np.zeros(shape, np.float32))


def test_a_render_at_no_novelty_copies_and_at_full_novelty_does_not(renderer):
    def score(novelty: float) -> float:
        scores = []
        for seed in range(6):
            made = render(renderer, GenerateSettings(one_shot=True, seed=seed, novelty=novelty, source=1.0, flow=0.0))
            scores.append(measured(renderer, np.concatenate(list(made))).score)
        return float(np.mean(scores))

    scores = [score(novelty) for novelty in (0.0, 0.5, 1.0)]
    assert scores == sorted(scores)
    assert scores[0] < 0.2


@pytest.mark.parametrize("sounds", [[noise(0.1)], [struck(440, 0.1)], [tone(300, 1.0)] * 2, [sung(0, 3.0)]])
def test_any_corpus_has_a_usual_distance_and_copies_are_found_in_it(space_at, tmp_path, sounds):
    renderer = prepare(space_at(tmp_path, *sounds))
    assert renderer.moments.usual_db >= LEAST_USUAL_DB
    assert measured(renderer, sounds[0]).score < 0.1
    assert measured(renderer, tone(5_000, 0.5)).score > 0.5


def test_a_silent_recording_is_never_the_nearest(space_at, tmp_path):
    renderer = prepare(space_at(tmp_path / "two", np.zeros(20_000), sung(0, 0.5)))
    assert measured(renderer, noise(0.5)).nearest == "1.wav"
    assert isinstance(renderer.moments, RecordedMoments)
    assert np.isfinite(measured(renderer, noise(0.5)).score)
    assert renderer.space.voice.recorded.min() == pytest.approx(np.log(LOG_FLOOR), abs=0.01)
