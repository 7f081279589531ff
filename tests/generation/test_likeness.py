import numpy as np
import pytest
import torch
from small_corpus import noise, struck, tone

from engine.errors import ShapeError
from engine.features.mel import log_mel
from engine.generation.novelty.likeness import MOST_DB, unlikeness_db


def stretch(samples: np.ndarray) -> np.ndarray:
    """Log-mel of the middle of a sound, (1, 16, mels)."""
    return log_mel(torch.from_numpy(samples.astype(np.float32))).T.numpy()[None, 4:20]


@pytest.mark.parametrize("sound", [tone(440, 0.4), noise(0.4), struck(220, 0.4)], ids=["tone", "noise", "struck"])
@pytest.mark.parametrize("gain", [0.03, 1.0, 2.0])
def test_a_sound_is_like_itself_at_any_level(sound, gain: float):
    assert unlikeness_db(stretch(sound), stretch(gain * sound))[0] < 0.02 * MOST_DB


def test_other_sounds_are_as_unlike_as_can_be_and_silence_is_like_nothing():
    assert unlikeness_db(stretch(tone(300, 0.4)), stretch(tone(3_000, 0.4)))[0] > 0.9 * MOST_DB
    assert unlikeness_db(stretch(tone(300, 0.4)), stretch(np.zeros(19_200)))[0] > 0.9 * MOST_DB
    assert unlikeness_db(stretch(np.zeros(19_200)), stretch(np.zeros(19_200)))[0] == MOST_DB


def test_it_does_not_matter_which_is_which():
    one, other = stretch(struck(220, 0.4)), stretch(struck(330, 0.4, seed=1))
    assert unlikeness_db(one, other)[0] == pytest.approx(unlikeness_db(other, one)[0], abs=0.2)


def test_a_sound_under_another_one_is_still_recognised():
    under = tone(440, 0.4) + tone(660, 0.4, 0.3)
    alone, both = stretch(under), stretch(under + 0.2 * struck(2_000, 0.4))
    assert unlikeness_db(both, alone)[0] < 0.75 * unlikeness_db(both, stretch(tone(550, 0.4)))[0]


def test_one_is_compared_with_many_as_with_each():
    one = stretch(struck(220, 0.4))
    many = np.concatenate([stretch(noise(0.4)), stretch(tone(440, 0.4)), one])
    assert np.allclose(unlikeness_db(one, many), [unlikeness_db(one, other[None])[0] for other in many], atol=1e-4)
    assert np.allclose(unlikeness_db(many, many), 0.0, atol=1e-4)


@pytest.mark.parametrize("shapes", [((1, 3, 128), (2, 4, 128)), ((2, 3, 128), (3, 3, 128)), ((3, 128), (3, 128))])
def test_stretches_of_other_shapes_are_refused(shapes):
    with pytest.raises(ShapeError, match="pairs, frames, mels"):
        unlikeness_db(*(np.zeros(shape, np.float32) for shape in shapes))
