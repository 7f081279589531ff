import numpy as np
import pytest

from engine.audio.fade import fade

ONES = np.ones((10_000, 2), np.float32)


def faded(sound, in_samples, out_samples, size=777):
    blocks = [sound[at : at + size] for at in range(0, len(sound), size)]
    return np.concatenate(list(fade(blocks, in_samples, out_samples)))


@pytest.mark.parametrize("size", [1, 777, 10_000])
def test_the_gain_follows_half_a_cosine_at_both_ends(size):
    gain = faded(ONES, 1_000, 3_000, size)
    rise = np.sin(np.pi / 2 * np.arange(1_000) / 1_000) ** 2
    fall = np.sin(np.pi / 2 * np.arange(3_000) / 3_000) ** 2
    assert np.allclose(gain[:1_000, 0], rise, atol=1e-6)
    assert np.allclose(gain[-3_000:, 1], fall[::-1], atol=1e-6)
    assert np.array_equal(gain[1_000:-3_000], ONES[1_000:-3_000])
    assert gain[0, 0] == gain[-1, 0] == 0


def test_without_fades_the_sound_passes_to_the_bit():
    noise = np.random.default_rng(0).normal(size=(5_000, 1)).astype(np.float32)
    assert np.array_equal(faded(noise, 0, 0), noise)


def test_what_is_shorter_than_its_fade_out_is_all_fade():
    gain = faded(ONES[:500], 0, 2_000)[:, 0]
    assert len(gain) == 500
    assert gain[0] > 0.99
    assert gain[-1] == 0
    assert (np.diff(gain) <= 0).all()


def test_only_as_much_is_held_back_as_the_fade_out_lasts():
    given = iter([ONES[:1_000]] * 5)
    assert len(next(fade(given, 0, 1_500))) == 1_000
    assert len(list(given)) == 2


def test_what_came_in_is_not_changed():
    block = ONES.copy()
    list(fade([block], 100, 100))
    assert np.array_equal(block, ONES)


def test_nothing_stays_nothing():
    assert not list(fade([], 100, 100))
