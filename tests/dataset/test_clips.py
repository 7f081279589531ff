from collections.abc import Callable
from functools import partial
from pathlib import Path

import numpy as np
import pytest
from small_corpus import make_corpus

from engine.dataset.clips import AUDIBLE_DB, LONGEST_SECONDS, Clip, find_clips, frame_levels
from engine.dataset.corpus import Corpus
from engine.units import LATENT_HOP, SAMPLE_RATE

RATE = SAMPLE_RATE


@pytest.fixture
def corpus_of(tmp_path: Path) -> Callable[..., Corpus]:
    return partial(make_corpus, tmp_path)


def hits(seconds: float, starts: list[float], decay_seconds: float = 0.05, seed: int = 0) -> np.ndarray:
    """Noise that decays from each start, silent before it."""
    time = np.arange(round(seconds * RATE)) / RATE
    noise = np.random.default_rng(seed).standard_normal(time.size)
    sound = np.zeros(time.size)
    for start in starts:
        after = time >= start
        sound[after] = 0.1 * noise[after] * np.exp(-(time[after] - start) / decay_seconds)
    return sound


@pytest.mark.parametrize("samples", [960, 1_024, 1_100, 2_047, 2_048, 5_000, 60_000])
@pytest.mark.parametrize("where", ["throughout", "at its first sample", "at its last sample"])
def test_every_recording_yields_a_clip_inside_it_with_its_peak(corpus_of, samples: int, where: str):
    sound = np.zeros(samples)
    sound[{"throughout": slice(None), "at its first sample": 0, "at its last sample": -1}[where]] = -0.5
    corpus = corpus_of(sound)
    (clip,) = find_clips(corpus)
    assert clip.recording == 0
    assert 0 <= clip.first < clip.last <= corpus.recordings[0].latent_frames
    assert clip.peak == pytest.approx(0.5)


@pytest.mark.parametrize("start", [9_000, 9_215, 9_216, 10_239, 10_240, 11_263, 11_264, 11_500])
def test_a_clip_begins_at_the_latent_frame_in_which_its_sound_begins(corpus_of, start: int):
    sound = np.zeros(RATE)
    sound[start : start + 20_000] = 0.3 * np.cos(np.arange(20_000))
    (clip,) = find_clips(corpus_of(sound))
    assert clip.first == start // LATENT_HOP
    assert (clip.last - 1) * LATENT_HOP < start + 20_000 <= clip.last * LATENT_HOP


def test_what_is_far_below_the_loudest_moment_is_not_part_of_a_short_clip(corpus_of):
    time = np.arange(2 * RATE) / RATE
    sound = 0.5 * np.sin(2 * np.pi * 440 * time) * 10 ** (-60 * time / 20)
    (clip,) = find_clips(corpus_of(sound))
    assert clip.first == 0
    assert clip.last * LATENT_HOP / RATE == pytest.approx(AUDIBLE_DB / 60, abs=0.05)
    assert clip.seconds == clip.frames * LATENT_HOP / RATE


def test_a_short_recording_is_one_clip_however_many_sounds_it_holds(corpus_of):
    clips = find_clips(corpus_of(hits(3.0, [0.2, 1.0, 2.0])))
    assert len(clips) == 1


def test_a_long_recording_is_cut_at_the_latent_frame_in_which_each_of_its_sounds_begins(corpus_of):
    starts = [0.5, 2.0, 3.3, 5.1, 7.0, 8.2, 10.0]
    clips = find_clips(corpus_of(hits(11.5, starts)))
    assert len(clips) == len(starts)
    begun = [clip.first * LATENT_HOP / RATE for clip in clips]
    for begin, start in zip(begun, starts, strict=True):
        assert begin <= start < begin + LATENT_HOP / RATE
    assert [clip.last for clip in clips[:-1]] == [clip.first for clip in clips[1:]]
    assert not any(clip.sustained for clip in clips)


def test_a_long_recording_in_which_nothing_starts_is_cut_into_equal_stretches(corpus_of):
    sound = 0.2 * np.sin(2 * np.pi * 220 * np.arange(20 * RATE) / RATE)
    clips = find_clips(corpus_of(sound))
    assert len(clips) == 3
    assert max(clip.seconds for clip in clips) <= LONGEST_SECONDS + LATENT_HOP / RATE
    assert max(clip.frames for clip in clips) - min(clip.frames for clip in clips) <= 1
    assert (clips[0].first, clips[-1].last * LATENT_HOP >= 20 * RATE - LATENT_HOP) == (0, True)


def test_a_long_silence_between_sounds_is_nobodys_clip(corpus_of):
    clips = find_clips(corpus_of(hits(40.0, [0.5, 39.0])))
    level = frame_levels(hits(40.0, [0.5, 39.0])[:, None].astype(np.float32), 938)
    assert all(level[clip.first : clip.last].max() > level.max() - AUDIBLE_DB for clip in clips)
    assert sum(clip.seconds for clip in clips) < 20


def test_a_steady_sound_is_sustained_and_a_struck_one_is_not(corpus_of):
    steady = 0.1 * np.sin(np.arange(RATE) / 10)
    struck = hits(1.0, [0.0], decay_seconds=0.1)
    first, second = find_clips(corpus_of(steady, struck))
    assert first.sustained
    assert not second.sustained


def test_clips_know_their_recording(corpus_of):
    clips = find_clips(corpus_of(hits(1.0, [0.1]), hits(20.0, [1.0, 9.0, 15.0]), hits(0.5, [0.0])))
    assert [clip.recording for clip in clips] == [0, 1, 1, 1, 2]


def test_stereo_is_heard_as_its_mean_and_peaks_as_its_louder_channel(corpus_of):
    tone = np.sin(np.arange(RATE) / 10)
    (clip,) = find_clips(corpus_of(np.stack([0.9 * tone, 0.1 * tone], axis=1)))
    assert clip.peak == pytest.approx(0.9, abs=1e-3)


def test_levels_are_the_rms_of_each_latent_frame():
    tone = 0.5 * np.sin(2 * np.pi * 1000 * np.arange(8 * LATENT_HOP) / RATE)
    levels = frame_levels(tone[:, None].astype(np.float32), 9)
    assert np.allclose(levels[1:7], 20 * np.log10(0.5 / np.sqrt(2)), atol=0.05)
    assert frame_levels(np.zeros((100, 1), np.float32), 1) == pytest.approx([-200.0])


def test_lengths_of_a_clip_agree():
    clip = Clip(0, 3, 26, True, 1.0)
    assert clip.frames == 23
    assert clip.seconds == pytest.approx(23 * 2048 / 48_000)
