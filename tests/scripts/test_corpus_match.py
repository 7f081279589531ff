"""Matching generated sounds with a corpus: the ends of its scales are where they should be."""

import corpus_match
import numpy as np
import pytest
from measures import SAMPLE_RATE


def make_tones(seed: int, count: int = 8):
    rng = np.random.default_rng(seed)
    time = np.arange(2 * SAMPLE_RATE) / SAMPLE_RATE
    return [
        sum(np.sin(2 * np.pi * pitch * order * time) / order for order in range(1, 9))
        * np.exp(-rng.uniform(0, 3) * time)
        for pitch in rng.uniform(100, 600, count)
    ]


def test_sounds_like_the_corpus_are_close_and_cover_it():
    found = corpus_match.match(make_tones(1), make_tones(2, 30))
    assert abs(found.mmd) < 0.1
    assert found.coverage > 0.4
    assert 0.2 < found.copy_ratio < 1.5


def test_the_corpus_itself_is_all_covered_and_a_copy():
    found = corpus_match.match(make_tones(1), make_tones(1))
    assert found.coverage == 1.0
    assert found.copy_ratio == pytest.approx(0.0, abs=1e-3)
    assert found.mmd < 0.05


def test_white_noise_is_the_far_end():
    noises = [np.random.default_rng(10 + i).normal(0, 0.1, 5 * SAMPLE_RATE) for i in range(3)]
    found = corpus_match.match(make_tones(1), noises)
    assert found.mmd == pytest.approx(1.0, abs=0.05)
    assert found.coverage == 0.0
    assert found.copy_ratio > 2


def test_silence_has_no_moments_and_too_few_recordings_no_match():
    assert len(corpus_match.moments(np.zeros(SAMPLE_RATE))) == 0
    assert corpus_match.match(make_tones(1, 3), make_tones(2)) is None
    assert corpus_match.match(make_tones(1), []) is None


def test_discrepancy_equals_its_double_sum():
    a, b = np.random.default_rng(0).normal(size=(2, 5, 3))

    def kernel(x, y):
        return np.exp(-np.sum((x - y) ** 2) / (2 * 1.5**2))

    def inside(rows):
        return np.mean([kernel(rows[i], rows[j]) for i in range(5) for j in range(5) if i != j])

    wanted = inside(a) + inside(b) - 2 * np.mean([kernel(x, y) for x in a for y in b])
    assert corpus_match.discrepancy(a, b, 1.5) == pytest.approx(wanted)
