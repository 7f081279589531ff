"""The part of a large corpus that a model hears: the one that leaves the least without a like in it."""

from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from small_corpus import make_corpus, noise, tone

from engine.dataset.clips import Clip, find_clips
from engine.dataset.corpus import Corpus
from engine.latent import choice
from engine.latent.choice import choose_parts
from engine.latent.tracks import Part
from engine.units import LATENT_HOP, LATENT_STRIDE, SAMPLE_RATE

STRETCH = 4 * SAMPLE_RATE  # samples of each kind of sound before the next begins
KINDS = [tone(110, 4.0), noise(4.0), tone(3_000, 4.0)]
SECOND = SAMPLE_RATE // LATENT_HOP * LATENT_STRIDE  # analysis frames, about


@pytest.fixture
def varied(tmp_path: Path) -> Corpus:
    """Four files: ten stretches of one kind, two of the second, one of the third, and of the first again."""
    return make_corpus(tmp_path, np.tile(KINDS[0], 5), np.tile(KINDS[1], 2), KINDS[2], np.tile(KINDS[0], 5))


def seconds_of(parts: tuple[Part, ...]) -> float:
    return sum(part.last - part.first for part in parts) * LATENT_HOP / SAMPLE_RATE


def distance_to_nearest(corpus: Corpus, clips: tuple[Clip, ...], kept: tuple[Clip, ...]) -> float:
    """Return the mean distance of all moments to the nearest of those that are kept."""
    stretches = [[clip] for clip in clips]
    counts = choice._count_moments(stretches)
    distances = choice._distances(choice._look(corpus, stretches, counts, lambda: None), counts, lambda: None)
    return float(distances[[clip in kept for clip in clips]].min(0).mean())


def test_every_kind_of_sound_is_chosen_before_one_is_chosen_again(varied):
    parts, _ = choose_parts(varied, find_clips(varied), 23 * SECOND)
    assert {1, 2} <= {part.recording for part in parts}
    assert {0, 3} & {part.recording for part in parts}


def test_no_more_is_chosen_than_may_be_and_nearly_as_much(varied):
    for seconds in (9, 16, 30):
        parts, _ = choose_parts(varied, find_clips(varied), seconds * SECOND)
        assert seconds - 8.0 < seconds_of(parts) <= seconds


def test_one_stretch_is_chosen_in_any_case(varied):
    parts, clips = choose_parts(varied, find_clips(varied), 1)
    assert len(parts) == 1
    assert clips


def test_all_is_chosen_where_all_fits(varied):
    clips = find_clips(varied)
    parts, kept = choose_parts(varied, clips, 1_000 * SECOND)
    assert kept == clips
    assert [part.recording for part in parts] == [0, 1, 2, 3]


def test_parts_are_in_order_and_hold_the_clips_that_are_kept(varied):
    parts, kept = choose_parts(varied, find_clips(varied), 20 * SECOND)
    places = [(part.recording, part.first, part.last) for part in parts]
    assert places == sorted(places)
    assert all(a[0] != b[0] or a[2] < b[1] for a, b in pairwise(places))
    for clip in kept:
        assert any(a[0] == clip.recording and a[1] <= clip.first and clip.last <= a[2] for a in places)
    assert sum(clip.frames for clip in kept) == sum(last - first for _, first, last in places)


def test_the_choice_is_the_same_every_time(varied):
    clips = find_clips(varied)
    assert choose_parts(varied, clips, 20 * SECOND) == choose_parts(varied, clips, 20 * SECOND)


def test_it_covers_a_corpus_better_than_stretches_taken_evenly(tmp_path):
    rng = np.random.default_rng(3)
    seldom = [tone(float(pitch), 2.0) for pitch in rng.uniform(80, 8_000, 12)]
    usual = [noise(2.0, seed) for seed in range(36)]
    places = rng.permutation(48)
    corpus = make_corpus(tmp_path, *[[*seldom, *usual][place] for place in places])
    clips = find_clips(corpus)
    _, kept = choose_parts(corpus, clips, 27 * SECOND)
    evenly = clips[:: len(clips) // len(kept)]
    assert len(evenly) >= len(kept)
    chosen, even = (distance_to_nearest(corpus, clips, some) for some in (kept, evenly))
    assert chosen < 0.6 * even


def test_moments_that_are_too_many_are_looked_at_less_often(varied, monkeypatch):
    monkeypatch.setattr(choice, "MOST_MOMENTS", 12)
    counts = choice._count_moments(list(choice._stretches(find_clips(varied))))
    assert counts.sum() <= 20
    assert counts.min() == 1
    assert {1, 2} <= {part.recording for part in choose_parts(varied, find_clips(varied), 23 * SECOND)[0]}
