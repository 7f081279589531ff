import numpy as np
import pytest

from engine.audio.ends import FADE_IN_SECONDS, FADE_OUT_SECONDS, fade_ends, lengthened
from engine.generation.mix.laying import lay_over
from engine.units import seconds_to_samples


def events(random: np.random.Generator, count: int, total: int, channels: int):
    starts = np.sort(random.integers(0, total, count))
    starts[0] = 0
    for start in starts:
        length = int(random.integers(1, total // 2))
        yield int(start), random.standard_normal((length, channels)).astype(np.float32)


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("channels", [1, 2])
def test_laying_over_is_the_plain_sum_cut_to_length(seed: int, channels: int):
    total = 5_000
    sounds = list(events(np.random.default_rng(seed), 12, total, channels))
    plain = np.zeros((2 * total, channels), np.float32)
    for start, sound in sounds:
        plain[start : start + len(sound)] += sound
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
    out = np.concatenate(list(lay_over([(0, ones), (60, ones), (90, ones)], 80, 1)))[:, 0]
    assert out.tolist() == [1.0] * 60 + [2.0] * 20


def test_a_block_ends_where_the_next_sound_begins():
    ones = np.ones((100, 1), np.float32)
    blocks = list(lay_over([(0, ones), (30, ones), (30, ones), (70, ones)], 200, 1))
    assert [len(block) for block in blocks] == [30, 40, 130]


def test_a_sound_that_begins_in_silence_begins_at_its_time():
    (silence, sound) = lay_over([(50, np.ones((10, 1), np.float32))], 80, 1)
    assert silence.tolist() == [[0.0]] * 50
    assert sound[:, 0].tolist() == [1.0] * 10 + [0.0] * 20


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("begin", [-700, 1, 2_500, 4_999])
def test_from_any_sample_on_it_is_the_same_sum(seed: int, begin: int):
    sounds = [(start - 700, sound) for start, sound in events(np.random.default_rng(seed), 12, 5_700, 2)]
    whole = np.concatenate(list(lay_over(sounds, 5_000, 2, -700)))
    assert len(whole) == 5_700
    assert np.array_equal(np.concatenate(list(lay_over(sounds, 5_000, 2, begin))), whole[begin + 700 :])


def test_who_says_that_nothing_starts_before_a_sample_is_not_waited_for():
    ones = np.ones((100, 1), np.float32)
    taken = []

    def announced():
        for start, sound in [(0, ones), (60, ones[:0]), (60, ones)]:
            taken.append(start)
            yield start, sound

    blocks = lay_over(announced(), 200, 1)
    assert next(blocks)[:, 0].tolist() == [1.0] * 60
    assert taken == [0, 60]
    assert np.concatenate(list(blocks))[:, 0].tolist() == [2.0] * 40 + [1.0] * 60 + [0.0] * 40


def test_sounds_that_are_laid_stay_as_they_are():
    ones = np.ones((100, 1), np.float32)
    list(lay_over([(0, ones), (10, ones)], 60, 1))
    list(lay_over([(-20, ones), (40, ones)], 60, 1, -5))
    assert (ones == 1.0).all()


@pytest.mark.parametrize(("have", "length"), [(5, 8), (5, 5), (5, 2), (0, 3)])
def test_a_sound_is_made_longer_but_never_shorter(have: int, length: int):
    samples = np.ones((have, 2), np.float32)
    longer = lengthened(samples, length)
    assert len(longer) == max(have, length)
    assert (longer[:have] == 1.0).all()
    assert not longer[have:].any()


def test_a_fade_lasts_as_long_as_it_is_told_to_and_has_flat_ends():
    faded = fade_ends(np.ones((48_000, 1), np.float32), 0.1, 0.2)[:, 0]
    assert faded[:4_800] == pytest.approx(np.sin(np.pi / 2 * (np.arange(4_800) + 0.5) / 4_800) ** 2, abs=1e-5)
    assert faded[-9_600:] == pytest.approx(np.sin(np.pi / 2 * (np.arange(9_600) + 0.5) / 9_600)[::-1] ** 2, abs=1e-5)


@pytest.mark.parametrize("samples", [1, 3, 100, 400, 5_000, 48_000])
def test_fades_begin_and_end_near_zero_and_leave_the_middle(samples: int):
    ones = np.ones((samples, 2), np.float32)
    faded = fade_ends(ones)
    rise = min(seconds_to_samples(FADE_IN_SECONDS), samples // 2)
    fall = min(seconds_to_samples(FADE_OUT_SECONDS), samples // 4)
    assert (faded[rise : samples - fall] == 1).all()
    assert (np.diff(faded[:rise, 0]) > 0).all()
    assert (np.diff(faded[samples - fall :, 0]) < 0).all()
    assert faded.shape == ones.shape
    assert (ones == 1).all()
    if samples >= 400:
        assert faded[0, 0] < 0.001
        assert faded[-1, 0] < 0.001
