import numpy as np
import pytest
from small_corpus import noise, struck, tone

from engine.generation.walk.onward import JOIN_FRAMES, Onward
from engine.units import LATENT_HOP, SAMPLE_RATE

SECOND = SAMPLE_RATE // LATENT_HOP


@pytest.fixture(scope="module")
def space(space_at, tmp_path_factory):
    """Two long noises that are alike, a tone that is not, and a struck sound."""
    return space_at(tmp_path_factory.mktemp("onward"), noise(6.0), tone(800, 8.0, 0.3), noise(5.0, 1), struck(220, 0.5))


def rng(seed: int = 0) -> np.random.Generator:
    return np.random.default_rng(seed)


def test_a_sound_goes_on_in_its_recording_as_long_as_that_lasts(space):
    onward = Onward(space)
    clip = space.clips[0]
    track = onward.way(onward.begin_of(clip, True), 5 * SECOND, rng()).track
    assert np.array_equal(track, space.tracks[0][clip.first : clip.first + 5 * SECOND])


@pytest.mark.parametrize("seconds", [0.1, 3.0, 8.0, 25.0])
def test_a_way_on_is_as_long_as_was_asked(space, seconds):
    onward, frames = Onward(space), round(seconds * SECOND)
    for clip in space.clips:
        track = onward.way(onward.begin_of(clip, True), frames, rng()).track
        assert track is not None
        assert track.shape == (frames, space.tracks[0].shape[1])
        assert np.isfinite(track).all()


def test_where_a_recording_ends_the_sound_goes_on_where_it_is_alike(space):
    onward, clip = Onward(space), space.clips[0]
    length = space.tracks[0].shape[0]
    spread = space.frames.std(0) + 1e-3
    middles = [(track / spread).mean(0) for track in space.tracks]
    for seed in range(6):
        track = onward.way(onward.begin_of(clip, True), length + 3 * SECOND, rng(seed)).track
        beyond = (track[length:] / spread).mean(0)
        distances = [float(((beyond - middle) ** 2).sum()) for middle in middles]
        assert int(np.argmin(distances)) in (0, 2)


def test_a_join_has_no_step(space):
    onward, clip = Onward(space), space.clips[0]
    length = space.tracks[0].shape[0]
    track = onward.way(onward.begin_of(clip, True), 2 * length, rng()).track
    steps = np.linalg.norm(np.diff(track, axis=0), axis=1)
    inside = np.linalg.norm(np.diff(space.tracks[0], axis=0), axis=1)
    assert steps[length - 2 * JOIN_FRAMES :].max() < 1.5 * inside.max()


def test_a_sound_that_swells_begins_where_it_has_come_in(make_space):
    swelling = noise(4.0) * np.linspace(0, 1, 4 * SAMPLE_RATE) ** 4
    space = make_space(np.concatenate([swelling, noise(3.0, 1)]))
    onward = Onward(space)
    assert onward.begin_of(space.clips[0], True) == space.clips[0].first
    assert onward.begin_of(space.clips[0], False) > space.clips[0].first + SECOND


def test_a_sound_without_another_place_has_no_way_on(make_space):
    space = make_space(tone(300, 0.6))
    assert Onward(space).way(0, 10 * SECOND, rng()) is None


def test_the_silent_share_is_that_of_the_recordings(make_space):
    space = make_space(np.concatenate([noise(2.0), np.zeros(2 * SAMPLE_RATE), noise(4.0, 1)]))
    assert Onward(space).silent_share == pytest.approx(0.25, abs=0.02)
