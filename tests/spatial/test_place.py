import numpy as np
import pytest

from engine.errors import ParameterError, ShapeError
from engine.settings import SpaceSettings
from engine.spatial.motion import home
from engine.spatial.place import open_space, place, sideways_factors
from engine.units import SAMPLE_RATE


def pink(seed, samples=12_000):
    spectrum = np.fft.rfft(np.random.default_rng(seed).normal(size=samples))
    sound = np.fft.irfft(spectrum / np.sqrt(np.maximum(np.arange(len(spectrum)), 10.0)), samples)
    return (0.1 * sound / sound.std()).astype(np.float32)


MONO = pink(0)[:, None]
STEREO = np.random.default_rng(1).normal(0, 0.1, (12_000, 2)).astype(np.float32)
WAYS = [(channels, motion) for channels in ("stereo", "binaural") for motion in ("still", "orbit", "drift")]


def placed(sound, channels, start=0, index=0, seed=1, **settings):
    return place(open_space(SpaceSettings(**settings), channels), sound, start, index, seed)


def side_share_db(sound):
    energy = (sound.astype(float) ** 2).sum() * 2
    return 10 * np.log10(((sound[:, 0] - sound[:, 1]).astype(float) ** 2).sum() / energy + 1e-6)


@pytest.mark.parametrize(("channels", "motion"), WAYS)
@pytest.mark.parametrize("sound", [MONO, STEREO], ids=["mono", "stereo"])
def test_everything_becomes_two_channels_a_little_longer(sound, channels, motion):
    heard = placed(sound, channels, movement=motion)
    assert heard.shape[1] == 2
    assert heard.dtype == np.float32
    assert len(sound) <= len(heard) < len(sound) + 2_000
    assert np.isfinite(heard).all()
    dry, wet = (sound**2).mean(), (heard[: len(sound)] ** 2).mean()
    assert abs(10 * np.log10(wet / dry)) < 6.0


@pytest.mark.parametrize("channels", ["stereo", "binaural"])
def test_sounds_are_where_their_place_is(channels):
    for index in range(8):
        side = np.sin(np.radians(home(index, 1)[0]))
        left, right = (placed(MONO, channels, index=index).astype(float) ** 2).sum(axis=0)
        if abs(side) > 0.2:
            assert (right > left) == (side > 0)


@pytest.mark.parametrize(("channels", "motion"), WAYS)
def test_width_opens_a_whole_output(channels, motion):
    shares = []
    for width in (-10, -8, -5, -2, 0, 3, 6, 10):
        space = open_space(SpaceSettings(movement=motion, width=width, orbit_seconds=2.0), channels)
        mix = np.zeros((SAMPLE_RATE + 4_000, 2))
        for index in range(6):
            sound = place(space, pink(index)[:, None], 6_000 * index, index, 1)
            mix[6_000 * index : 6_000 * index + len(sound)] += sound
        shares.append(side_share_db(mix))
    assert shares[0] == pytest.approx(-60.0, abs=0.1)
    assert (np.diff(shares) > 0.0).all()
    assert shares[4] - shares[2] > 1.5


def test_recorded_stereo_that_keeps_still_passes_to_the_bit():
    assert placed(STEREO, "stereo") is STEREO


def test_recorded_stereo_moves_with_its_motion():
    quarter = SAMPLE_RATE // 4
    tone = np.repeat(np.sin(np.arange(SAMPLE_RATE) * 0.2)[:, None], 2, axis=1).astype(np.float32)
    heard = placed(tone, "stereo", movement="orbit", orbit_seconds=1.0).astype(float)
    louder = [(heard[at : at + 2_000] ** 2).sum(axis=0).argmax() for at in range(0, SAMPLE_RATE - 2_000, quarter // 4)]
    assert set(louder) == {0, 1}


def test_the_channels_of_stereo_are_on_their_sides_of_the_head():
    left_only = STEREO * (1, 0)
    heard = placed(left_only.astype(np.float32), "binaural", seed=3)
    turned = np.sin(np.radians(home(0, 3)[0] - 30))
    left, right = (heard.astype(float) ** 2).sum(axis=0)
    assert (right > left) == (turned > 0)


@pytest.mark.parametrize(("channels", "motion"), WAYS)
def test_the_same_seed_and_index_give_the_same_samples(channels, motion):
    first, again, other = (placed(MONO, channels, 4_800, index, movement=motion, width=4) for index in (2, 2, 3))
    assert np.array_equal(first, again)
    assert not np.array_equal(first, other)


def test_still_sounds_do_not_depend_on_when_they_begin():
    assert np.array_equal(placed(MONO, "binaural", 0), placed(MONO, "binaural", 99_999))
    assert not np.array_equal(
        placed(MONO, "binaural", 0, movement="orbit"), placed(MONO, "binaural", 9, movement="orbit")
    )


@pytest.mark.parametrize("channels", ["stereo", "binaural"])
def test_silence_and_nothing_stay_what_they_are(channels):
    assert not placed(np.zeros((500, 1), np.float32), channels, movement="drift", width=5).any()
    assert placed(np.zeros((0, 1), np.float32), channels).shape[1] == 2


def test_a_persons_own_hrtf_is_used_and_read_again_when_it_changes(write_sofa):
    path = write_sofa()
    own = placed(MONO, "binaural", hrtf=path, index=1)
    assert not np.array_equal(own, placed(MONO, "binaural", index=1))
    assert (
        open_space(SpaceSettings(hrtf=path), "binaural").listener
        is open_space(SpaceSettings(hrtf=path, width=3), "binaural").listener
    )
    path.unlink()
    with pytest.raises(ParameterError, match=r"own\.sofa: does not exist"):
        open_space(SpaceSettings(hrtf=path), "binaural")


def test_the_sideways_factor_is_the_middle_and_the_ends():
    assert sideways_factors(np.array([-10.0, 0.0, 10.0])).tolist() == [0.0, 1.0, 8.0]


def test_a_wrong_shape_is_refused():
    for shape in ((100,), (100, 3)):
        with pytest.raises(ShapeError, match=r"\(samples, 1 or 2\)"):
            placed(np.zeros(shape, np.float32), "stereo")


def moving(sound, channels, curve, start=0, period=None, **settings):
    return place(open_space(SpaceSettings(width=curve, **settings), channels, period), sound, start, 1, 1)


@pytest.mark.parametrize(("channels", "motion"), WAYS)
@pytest.mark.parametrize("sound", [MONO, STEREO], ids=["mono", "stereo"])
def test_a_width_that_moves_is_where_it_rests_the_sound_of_that_width(sound, channels, motion):
    moved = moving(sound, channels, ((0.1, -9.0), (0.15, 8.0)), movement=motion)
    early, late = slice(0, 4_500), slice(8_000, 12_000)
    for part, width in ((early, -9.0), (late, 8.0)):
        still = placed(sound, channels, index=1, movement=motion, width=width)
        assert np.abs(moved[part] - still[part]).max() < 1e-5
    assert np.array_equal(
        moving(sound, channels, ((0.0, 3.0), (9.0, 3.0)), movement=motion),
        placed(sound, channels, index=1, movement=motion, width=3.0),
    )


@pytest.mark.parametrize("channels", ["stereo", "binaural"])
def test_a_sound_hears_the_part_of_the_curve_that_it_lasts(channels):
    curve = ((1.0, -10.0), (2.0, 10.0))
    assert np.array_equal(moving(MONO, channels, curve), placed(MONO, channels, index=1, width=-10.0))
    assert np.array_equal(moving(MONO, channels, curve, 3 * SAMPLE_RATE), placed(MONO, channels, index=1, width=10.0))


@pytest.mark.parametrize("channels", ["stereo", "binaural"])
def test_a_sound_across_the_seam_of_a_loop_hears_its_curve_begin_again(channels):
    curve = ((0.0, -10.0), (1.0, 6.0), (2.0, -10.0))
    later = moving(MONO, channels, curve, 7 * SAMPLE_RATE, 2.0)
    assert np.abs(later - moving(MONO, channels, curve, SAMPLE_RATE, 2.0)).max() < 1e-6
    assert not np.array_equal(later, moving(MONO, channels, curve, 7 * SAMPLE_RATE))


@pytest.mark.parametrize("channels", ["stereo", "binaural"])
def test_a_width_that_moves_makes_no_steps(channels):
    sine = 0.3 * np.sin(2 * np.pi * 300 * np.arange(12_000) / SAMPLE_RATE).astype(np.float32)[:, None]
    steepest = max(np.abs(np.diff(placed(sine, channels, index=1, width=w), axis=0)).max() for w in range(-10, 11, 5))
    moved = moving(sine, channels, ((0.0, -10.0), (0.2, 10.0), (0.25, -10.0)))
    assert np.abs(np.diff(moved, axis=0)).max() < 1.1 * steepest
