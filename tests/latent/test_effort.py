"""How much is heard of a corpus: all that may be, or the part that there is time for."""

import pytest
from small_corpus import make_corpus, noise
from small_network import small_vae

from engine.dataset.clips import find_clips
from engine.latent import effort as module
from engine.latent import portraits
from engine.latent.chart import draw_chart
from engine.latent.effort import Effort, estimate_listening, frames_to_hear, limit_effort
from engine.latent.encode import encode
from engine.latent.portraits import count_described
from engine.latent.tracks import HEARD_FRAMES, choose_speeds, count_frames
from engine.units import HOP, SAMPLE_RATE


@pytest.fixture
def clock(monkeypatch):
    """A clock by which hearing the trial takes one second, and describing it another."""
    now = iter(range(1_000))
    monkeypatch.setattr(module.time, "monotonic", lambda: float(next(now)))
    for name in ("decode_mel", "encode", "describe"):
        monkeypatch.setattr(module, name, lambda *_: None)


def test_the_estimate_grows_with_what_is_heard(clock, tmp_path):  # noqa: ARG001
    short, long = make_corpus(tmp_path / "a", noise(6.0)), make_corpus(tmp_path / "b", noise(12.0))
    first, second = (estimate_listening(small_vae(), corpus) for corpus in (short, long))
    assert second == pytest.approx(2 * first, rel=0.01)
    assert first == pytest.approx(module.LISTENING_MARGIN * 5 * 6.0 / module.TRIAL_SECONDS, rel=0.01)


def test_the_chart_has_its_part_in_the_estimate(clock, tmp_path):  # noqa: ARG001
    corpus = make_corpus(tmp_path, noise(6.0))
    clips = find_clips(corpus)
    alone, both = estimate_listening(small_vae(), corpus), estimate_listening(small_vae(), corpus, clips)
    described = count_described(corpus, clips)
    assert 6.0 < described <= 13.0
    assert both - alone == pytest.approx(module.LISTENING_MARGIN * described / module.TRIAL_SECONDS)


def test_a_very_large_corpus_takes_no_longer_than_all_that_may_be_heard(clock, tmp_path, monkeypatch):  # noqa: ARG001
    corpus = make_corpus(tmp_path, noise(12.0))
    monkeypatch.setattr(module, "Effort", lambda: Effort(300))
    assert frames_to_hear(corpus) == 300
    wanted = module.LISTENING_MARGIN * 300 * HOP / (module.TRIAL_SECONDS * SAMPLE_RATE)
    assert estimate_listening(small_vae(), corpus) == pytest.approx(wanted)


def test_where_there_is_time_all_that_may_be_is_heard(tmp_path):
    corpus = make_corpus(tmp_path, noise(1.0))
    assert limit_effort(corpus, 10.0, 10.0) == Effort(HEARD_FRAMES, 1.0)


def test_where_there_is_not_a_share_is_heard_and_never_less_than_the_least(tmp_path, monkeypatch):
    corpus = make_corpus(tmp_path, noise(4.0))
    whole = len(choose_speeds(corpus)) * count_frames(corpus)
    assert frames_to_hear(corpus) == whole
    monkeypatch.setattr(module, "LEAST_FRAMES", 50)
    assert limit_effort(corpus, 10.0, 5.0) == Effort(whole // 2, 0.5)
    assert limit_effort(corpus, 1_000.0, 1.0) == Effort(50, module.LEAST_DETAIL)
    assert limit_effort(corpus, 1_000.0, -3.0) == Effort(50, module.LEAST_DETAIL)


def test_a_chart_in_less_detail_takes_fewer_descriptors(tmp_path, monkeypatch):
    monkeypatch.setattr(portraits, "MOST_PORTRAITS", 4)
    monkeypatch.setattr(portraits, "MOST_MOMENTS", 8)
    corpus = make_corpus(tmp_path, *[noise(0.6, seed) for seed in range(10)])
    clips, vae = find_clips(corpus), small_vae()
    tracks = tuple(encode(vae, corpus.mono(recording)) for recording in corpus.recordings)
    whole, half, least = (draw_chart(corpus, clips, tracks, detail=detail) for detail in (1.0, 0.5, 0.0))
    assert [len(one.moments.seconds) for one in (whole, half, least)] == [8, 4, 1]
