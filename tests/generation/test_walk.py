import numpy as np
import pytest
from small_corpus import noise, struck

from engine.dataset.clips import Clip
from engine.generation.score.composing import Event
from engine.generation.walk.walking import ATTACK_FRAMES, Guide, Wish, expect_chroma, move_on_map, pull_towards, walk
from engine.latent.chart import NAMES
from engine.properties.describing import describe
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


@pytest.mark.parametrize("stillness", [0.0, 0.5, 1.0])
def test_stillness_draws_out_what_would_not_be_by_itself(guide, stillness: float):
    index = clip_index(guide, 0)
    track = walk(guide, Event(0, 0, index, None, 80 * LATENT_HOP), 0, 0.0, stillness)
    assert len(track) == max(guide.space.clips[index].frames, round(80 * stillness))


def test_stillness_changes_no_sound_that_is_drawn_out_anyway(guide):
    event = Event(0, 0, clip_index(guide, 2), None, 80 * LATENT_HOP)
    assert np.array_equal(walk(guide, event, 0, 0.3, 1.0), walk(guide, event, 0, 0.3, 0.0))


@pytest.mark.parametrize("longest", [1, LATENT_HOP, 5 * LATENT_HOP + 1, 10**9])
def test_a_walk_is_no_longer_than_the_score_lets_it_be(guide, longest: int):
    index = clip_index(guide, 0)
    full = walk(guide, natural(index), 3, 0.5)
    cut = walk(guide, Event(0, 0, index, longest, None), 3, 0.5)
    assert np.array_equal(cut, full[: -(-longest // LATENT_HOP)])


def test_a_clip_lies_on_the_map_where_its_middle_does(guide):
    for clip, place in zip(guide.space.clips, guide.places, strict=True):
        assert guide.space.chart.to_map(guide.space.track(clip)).mean(0) == pytest.approx(place, abs=1e-4)


def test_the_descriptors_of_a_clip_are_the_means_of_its_moments(guide):
    corpus = guide.space.corpus
    for clip, values in zip(guide.space.clips, guide.values, strict=True):
        sound = np.array(corpus.recorded(corpus.recordings[clip.recording])).mean(1)
        found = []
        for first in range(clip.first, clip.last, 12):  # half a second is 12 latent frames
            if first == clip.first or clip.last - first >= 6:
                part = sound[first * LATENT_HOP : min(first + 12, clip.last) * LATENT_HOP]
                found.append(describe(np.pad(part, (0, max(0, LATENT_HOP - len(part))))))
        assert values == pytest.approx([np.mean([one[name] for one in found]) for name in NAMES], rel=1e-3, abs=1e-3)


def test_the_chroma_of_a_clip_is_its_pitch(guide):
    assert np.allclose(guide.chromas.sum(1), 1.0)
    assert guide.chromas[clip_index(guide, 2)].argmax() == 7  # 330 Hz is an E, and A is the first
    assert guide.chromas[clip_index(guide, 0)].argmax() == 0


def test_without_novelty_a_walk_sounds_of_its_own_pitches(guide):
    for clip in range(len(guide.space.clips)):
        assert expect_chroma(guide, natural(clip), 1, 0.0) == pytest.approx(guide.chromas[clip])


@pytest.mark.parametrize("seed", range(6))
def test_with_novelty_it_sounds_of_those_of_one_other_clip_too(guide, seed: int):
    expected = expect_chroma(guide, natural(2), seed, 0.8)
    assert expected.sum() == pytest.approx(1.0)
    away = expected - guide.chromas[2]
    others = np.delete(guide.chromas, 2, axis=0) - guide.chromas[2]
    along = others @ away / (others**2).sum(1)
    assert np.abs(away - along[:, None] * others).max(1).min() < 1e-9
    assert 0 < along[np.abs(away - along[:, None] * others).max(1).argmin()] < 1


def wish(guide: Guide, clip: int, towards: int, strength: np.ndarray) -> Wish:
    """Return the wish for exactly the descriptors of another clip."""
    return Wish(guide.values[towards] - guide.values[clip], np.ones(len(NAMES)), strength)


@pytest.mark.parametrize("towards", range(5))
def test_a_walk_is_drawn_to_the_clip_that_is_wished_for(guide, towards: int):
    track = walk(guide, natural(1), 0, 0.0)
    own = guide.space.track(guide.space.clips[towards])
    pulled = pull_towards(guide, natural(1), track, wish(guide, 1, towards, np.ones(len(track))))
    assert pulled.shape == track.shape
    assert pulled[0] == pytest.approx(own[0], abs=1e-5)
    if towards == 1:
        assert pulled == pytest.approx(track, abs=1e-5)


def test_a_wish_is_followed_as_strongly_as_it_says(guide):
    track = walk(guide, natural(1), 0, 0.0)
    full = pull_towards(guide, natural(1), track, wish(guide, 1, 2, np.ones(len(track))))
    strength = np.linspace(0, 1, len(track))
    part = pull_towards(guide, natural(1), track, wish(guide, 1, 2, strength))
    assert part == pytest.approx(track + strength[:, None] * (full - track), abs=1e-5)


def test_where_the_clip_was_not_measured_nothing_is_wished_for(space):
    guide = Guide(space)
    guide.values[1] = np.nan
    track = walk(guide, natural(1), 0, 0.0)
    wished = Wish(np.ones(len(NAMES)), np.ones(len(NAMES)), np.ones(len(track)))
    assert np.array_equal(pull_towards(guide, natural(1), track, wished), track)


def test_a_clip_that_was_not_measured_is_never_wished_for(space):
    guide = Guide(space)
    wished = wish(guide, 1, 2, np.ones(9))
    guide.values[2] = np.nan
    track = walk(guide, natural(1), 0, 0.0)[:9]
    pulled = pull_towards(guide, natural(1), track, wished)
    assert np.isfinite(pulled).all()
    assert np.abs(pulled[0] - space.track(space.clips[2])[0]).max() > 0.1


@pytest.mark.parametrize("place", [(0.0, 0.0), (0.2, -0.1), (-0.3, 0.1)])
def test_a_walk_moves_to_its_place_on_the_map_and_keeps_its_shape(guide, place: tuple[float, float]):
    track = walk(guide, natural(clip_index(guide, 2)), 0, 0.0)
    moved = move_on_map(guide, track, np.tile(place, (len(track), 1)))
    chart = guide.space.chart
    assert chart.to_map(moved).mean(0) == pytest.approx(place, abs=1e-4)
    assert moved - track == pytest.approx(np.tile(moved[0] - track[0], (len(track), 1)), abs=1e-4)
    others = chart.basis.to_coordinates(moved)[:, 2:], chart.basis.to_coordinates(track)[:, 2:]
    assert others[0] == pytest.approx(others[1], abs=1e-3)


def test_a_place_beyond_the_corpus_is_approached_but_not_reached(guide):
    track = walk(guide, natural(clip_index(guide, 2)), 0, 0.0)
    chart = guide.space.chart
    room = max(chart.basis.radius, float(np.linalg.norm(chart.basis.to_coordinates(track), axis=1).max()))
    here = chart.to_map(track).mean(0)
    for far in ((40.0, 0.0), (0.0, -40.0)):
        moved = move_on_map(guide, track, np.tile(far, (len(track), 1)))
        assert np.linalg.norm(chart.basis.to_coordinates(moved), axis=1).max() <= 2 * room
        towards = (chart.to_map(moved).mean(0) - here) @ (np.array(far) - here)
        assert towards > 0


def test_a_walk_can_pass_several_places(guide):
    track = walk(guide, Event(0, 0, clip_index(guide, 2), None, 60 * LATENT_HOP), 0, 0.0)
    places = np.linspace((-0.1, 0.1), (0.2, -0.1), len(track))
    moved = move_on_map(guide, track, places)
    chart = guide.space.chart
    wanted = chart.to_map(track) - chart.to_map(track).mean(0) + places
    assert chart.to_map(moved) == pytest.approx(wanted, abs=1e-4)
