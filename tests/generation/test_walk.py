import numpy as np
import pytest
from small_corpus import noise, struck

from engine.dataset.clips import Clip
from engine.generation.score import Event
from engine.generation.walk import ATTACK_FRAMES, Guide, walk
from engine.units import LATENT_HOP


@pytest.fixture(scope="module")
def guide(space) -> Guide:
    return Guide(space)


def natural(clip: int, index: int = 0) -> Event:
    return Event(index, 0, clip, None, None)


def clip_index(guide: Guide, recording: int) -> int:
    return next(index for index, clip in enumerate(guide.space.clips) if clip.recording == recording)


@pytest.mark.parametrize("recording", [0, 1, 2, 4])
@pytest.mark.parametrize("seed", [0, 5])
def test_without_novelty_the_walk_is_the_clips_own_track(guide, recording: int, seed: int):
    clip = clip_index(guide, recording)
    track = walk(guide, natural(clip), seed, 0.0)
    assert np.allclose(track, guide.space.track(guide.space.clips[clip]), atol=1e-6)
    assert track.dtype == np.float32


def test_a_sound_shorter_than_an_attack_is_held_for_the_shortest_walk(guide):
    clip = clip_index(guide, 3)
    assert guide.space.clips[clip].frames == 1
    track = walk(guide, natural(clip), 0, 0.0)
    assert np.array_equal(track, guide.space.track(guide.space.clips[clip]).repeat(ATTACK_FRAMES + 1, 0))


@pytest.mark.parametrize("latent_frames", [60, 100, 333])
def test_a_sustained_sound_is_drawn_out_between_its_own_beginning_and_end(guide, latent_frames: int):
    index = clip_index(guide, 2)
    clip = guide.space.clips[index]
    own = guide.space.track(clip)
    assert clip.sustained
    track = walk(guide, Event(0, 0, index, None, latent_frames * LATENT_HOP), 0, 0.0)
    assert len(track) == latent_frames
    assert np.allclose(track[: int(0.3 * (len(own) - 1))], own[: int(0.3 * (len(own) - 1))], atol=1e-5)
    assert np.allclose(track[-1], own[-1], atol=1e-5)
    assert (track >= own.min(0) - 1e-5).all()
    assert (track <= own.max(0) + 1e-5).all()
    widest = np.abs(np.diff(own, axis=0)).max(0)
    assert (np.abs(np.diff(track, axis=0)).max(0) <= 3 * widest + 1e-5).all()


def test_a_struck_sound_is_not_drawn_out(guide):
    index = clip_index(guide, 0)
    clip = guide.space.clips[index]
    assert not clip.sustained
    assert len(walk(guide, Event(0, 0, index, None, 500 * LATENT_HOP), 0, 0.0)) == clip.frames


def test_a_walk_is_the_same_for_the_same_seed_and_place_only(guide):
    index = clip_index(guide, 0)
    walks = [walk(guide, natural(index, place), seed, 0.6) for seed, place in [(1, 0), (1, 0), (2, 0), (1, 1)]]
    assert np.array_equal(walks[0], walks[1])
    for other in walks[2:]:
        assert walks[0].shape != other.shape or not np.allclose(walks[0], other)


def test_novelty_leads_away_from_the_recordings(guide):
    corpus = np.concatenate(guide.space.tracks)

    def distance(novelty: float) -> float:
        walks = [walk(guide, natural(index % len(guide.space.clips), index), 3, novelty) for index in range(24)]
        frames = np.concatenate(walks)
        return float(np.sqrt(((frames[:, None] - corpus) ** 2).sum(-1).min(1)).mean())

    distances = [distance(novelty) for novelty in (0.0, 0.3, 0.6, 1.0)]
    assert distances[0] == pytest.approx(0.0, abs=1e-5)
    assert distances == sorted(distances)
    assert distances[2] > 1.5 * distances[1]


@pytest.mark.parametrize("novelty", [0.0, 0.2, 0.5, 1.0])
def test_walks_of_every_clip_at_any_novelty_are_finite_and_long_enough(guide, novelty: float):
    longest = max(clip.frames for clip in guide.space.clips)
    for clip in range(len(guide.space.clips)):
        track = walk(guide, natural(clip, clip), 9, novelty)
        assert track.shape[1] == guide.space.vae.shape.latent
        assert ATTACK_FRAMES < len(track) <= 3 * longest
        assert np.isfinite(track).all()


def test_the_axes_of_straying_have_the_variance_of_the_corpus(guide):
    frames = np.concatenate(guide.space.tracks)
    wanted = np.cov(frames.T, bias=True)
    assert np.allclose(guide.stray_axes.T @ guide.stray_axes, wanted, atol=1e-4 * wanted.max())


def test_centres_are_the_means_of_the_clips_in_deviations(guide):
    clip: Clip = guide.space.clips[1]
    wanted = guide.space.track(clip).mean(0) / (np.concatenate(guide.space.tracks).std(0) + 1e-3)
    assert np.allclose(guide.centres[1], wanted, rtol=1e-4)


@pytest.mark.parametrize("sounds", [[noise(0.02)], [struck(440, 0.1)], [noise(0.02), noise(0.02, 1)]])
def test_a_corpus_with_fewer_frames_than_latent_numbers_can_be_walked(make_space, sounds):
    space = make_space(*sounds)
    assert sum(map(len, space.tracks)) < space.vae.shape.latent
    track = walk(Guide(space), natural(0), 1, 1.0)
    assert track.shape[1] == space.vae.shape.latent
    assert np.isfinite(track).all()
