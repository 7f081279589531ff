import numpy as np
import pytest

from engine.dataset.augment import Reservoir, clip_weights
from engine.dataset.clips import Clip
from engine.training.rehearsal import NEW_SHARE, rehearsal_weights


def clips(*frames: int) -> tuple[Clip, ...]:
    return tuple(Clip(index, 0, count, False, 0.5) for index, count in enumerate(frames))


@pytest.mark.parametrize(
    ("known", "new", "share"),
    [([100] * 30, [100], NEW_SHARE[0]), ([100], [100] * 30, NEW_SHARE[1]), ([100] * 7, [100] * 3, 0.3)],
)
def test_new_recordings_are_heard_often_enough_and_never_more_than_what_was_known(known, new, share: float):
    weights = rehearsal_weights(clips(*known, *new), len(known))
    assert weights[len(known) :].sum() / weights.sum() == pytest.approx(share)


def test_inside_the_known_and_inside_the_new_length_counts_as_ever():
    every = clips(25, 100, 16, 400)
    weights = rehearsal_weights(every, 2)
    plain = clip_weights(every)
    assert weights[1] / weights[0] == pytest.approx(plain[1] / plain[0])
    assert weights[3] / weights[2] == pytest.approx(plain[3] / plain[2])
    assert np.array_equal(rehearsal_weights(every, 0), plain)


def test_a_reservoir_draws_as_often_as_the_weights_say(tmp_path):
    from small_corpus import make_corpus, tone

    corpus = make_corpus(tmp_path, tone(200, 0.3), tone(5_000, 0.3))
    both = tuple(
        Clip(index, 0, recording.latent_frames, True, 0.5) for index, recording in enumerate(corpus.recordings)
    )
    reservoir = Reservoir(corpus, both, frames=8, size=60, seed=1, weights=np.array([0.0, 3.0]))
    brightest = [int(mel.mean(1).argmax()) for mel, _ in reservoir.excerpts if mel.max() > 1e-3]
    assert min(brightest) > 60
