import numpy as np
import pytest

from engine.errors import ParameterError, ShapeError
from engine.spatial.motion import HOP, count_points
from engine.spatial.stereo import PAN_TAPS, WIDEST, pan, side_gain, split, widen
from engine.units import SAMPLE_RATE

WIDTHS = [-10, -9, -7, -5, -3, -1, 0, 1, 3, 5, 7, 9, 10]
MOST_LOSS_DB = 10 * np.log10(1 + WIDEST) + 0.05


def pink(seed, samples=SAMPLE_RATE):
    spectrum = np.fft.rfft(np.random.default_rng(seed).normal(size=samples))
    sound = np.fft.irfft(spectrum / np.sqrt(np.maximum(np.arange(len(spectrum)), 30.0)), samples)
    return (0.1 * sound / sound.std()).astype(np.float32)


def drum(hz=60.0):
    time = np.arange(SAMPLE_RATE) / SAMPLE_RATE
    return (0.5 * np.sin(2 * np.pi * hz * time) * np.exp(-8 * time)).astype(np.float32)


def side_share_db(sound):
    middle, side = split(sound.astype(np.float64))
    return 10 * np.log10((side**2).sum() / ((middle**2).sum() + (side**2).sum()) + 1e-6)


def bands(sound):
    """Return the energy in third octaves from 50 Hz to 16 kHz."""
    power = np.abs(np.fft.rfft(sound.astype(np.float64), 1 << 17)) ** 2
    hz = np.fft.rfftfreq(1 << 17, 1 / SAMPLE_RATE)
    centres = 1000 * 2.0 ** (np.arange(-13, 13) / 3)
    return np.array([power[(hz >= c * 2 ** (-1 / 6)) & (hz < c * 2 ** (1 / 6))].sum() for c in centres])


def at(hz, sound):
    turn = np.exp(-2j * np.pi * hz * np.arange(len(sound)) / SAMPLE_RATE)
    return (sound * turn[:, None])[4_800:43_200].sum(axis=0)


def wide(sound, width, seed=0):
    return widen(sound, np.array([float(width)]), np.random.default_rng(seed))


@pytest.mark.parametrize(("hz", "late_us", "level_db"), [(100.0, 531, 7.1), (500.0, 251, 13.3), (4_000.0, 9, 21.4)])
def test_fully_right_the_left_channel_is_late_in_the_bass_and_soft_in_the_treble(hz, late_us, level_db):
    sine = np.sin(2 * np.pi * hz * np.arange(SAMPLE_RATE) / SAMPLE_RATE).astype(np.float32)
    left, right = at(hz, pan(sine, np.array([1.0]))[:SAMPLE_RATE])
    assert np.angle(right / left) / (2 * np.pi * hz) == pytest.approx(late_us * 1e-6, abs=10e-6)
    assert 20 * np.log10(abs(right / left)) == pytest.approx(level_db, abs=0.2)


def test_left_is_left_and_mirrors_right():
    left, right = pan(pink(0), np.array([-0.7])), pan(pink(0), np.array([0.7]))
    assert (left[:, 0] ** 2).sum() > 3 * (left[:, 1] ** 2).sum()
    assert np.abs(left[:, ::-1] - right).max() < 1e-6


def test_in_the_middle_both_channels_are_the_sound():
    placed = pan(pink(0), np.array([0.0]))
    assert np.abs(placed[:SAMPLE_RATE] - pink(0)[:, None]).max() < 1e-7
    assert placed.shape == (SAMPLE_RATE + PAN_TAPS - 1, 2)


@pytest.mark.parametrize("side", [-1.0, -0.4, 0.8])
@pytest.mark.parametrize("sound", [pink(1), drum()], ids=["pink", "drum"])
def test_the_energy_is_the_same_wherever_a_sound_is(side, sound):
    assert (pan(sound, np.array([side])) ** 2).sum() == pytest.approx(2 * (sound**2).sum(), rel=1e-3)


@pytest.mark.parametrize("sound", [pink(2), drum(), drum(900.0)], ids=["pink", "bass drum", "tone"])
@pytest.mark.parametrize("side", [0.0, 0.5, -1.0])
def test_wider_is_wider_over_the_whole_range_at_the_same_energy(sound, side):
    panned = pan(sound, np.array([side]))
    found = [wide(panned, width) for width in WIDTHS]
    shares = np.array([side_share_db(stereo) for stereo in found])
    assert (np.diff(shares) >= 0.0).all()
    assert (np.diff(shares)[1:] > 0.0).all() or side == 0.0
    assert shares[0] == pytest.approx(-60.0, abs=0.01)
    assert shares[-1] == pytest.approx(10 * np.log10(WIDEST / (1 + WIDEST)), abs=0.1)
    energies = [(stereo.astype(float) ** 2).sum() for stereo in found]
    assert energies == pytest.approx([energies[0]] * len(WIDTHS), rel=1e-3)


@pytest.mark.parametrize("width", [0.0, 5.0, 10.0])
@pytest.mark.parametrize("sound", [pink(3), drum(), drum(440.0)], ids=["pink", "bass drum", "tone"])
def test_in_mono_no_band_loses_three_decibels_and_none_is_coloured(sound, width):
    for side in (0.0, -0.6, 1.0):
        mono = wide(pan(sound, np.array([side])), width).mean(axis=1)
        heard = bands(sound) > 1e-9 * bands(sound).max()
        loss_db = 10 * np.log10(bands(sound)[heard] / bands(mono)[heard])
        assert loss_db.max() < MOST_LOSS_DB
        assert np.ptp(loss_db) < 0.1


def test_several_sounds_made_wide_stay_related_in_every_band():
    sides = np.linspace(-1, 1, 9)
    sounds = [wide(pan(pink(10 + n), sides[n : n + 1]), 10.0, seed=n) for n in range(9)]
    left, right = sum(sounds).T
    both, difference = bands(left + right), bands(left - right)
    correlation = (both - difference) / 4 / np.sqrt(bands(left) * bands(right))
    assert correlation[:2].min() > 0.5  # bass is in the middle
    assert correlation.min() > -0.35
    assert np.corrcoef(left, right)[0, 1] > 0.0


def test_mono_is_exact_and_zero_changes_nothing():
    stereo = np.stack([pink(4), pink(5)], axis=1)
    narrow = wide(stereo, -10.0)
    assert np.array_equal(narrow[:, 0], narrow[:, 1])
    assert wide(stereo, 0.0) is stereo


@pytest.mark.parametrize("likeness", [0.2, 0.5, 0.95], ids=["hardly related", "related", "nearly mono"])
def test_recorded_stereo_follows_too_and_keeps_its_sum(likeness):
    stereo = np.stack([pink(6), likeness * pink(6) + (1 - likeness) * pink(7)], axis=1)
    shares = [side_share_db(wide(stereo, width)) for width in WIDTHS]
    assert (np.diff(shares) > 0.02).all()
    before, after = bands(stereo.mean(axis=1)), bands(wide(stereo, 10.0).mean(axis=1))
    assert (10 * np.log10(before / after)).max() < MOST_LOSS_DB
    assert np.ptp(10 * np.log10(before / after)) < 0.1


def test_recorded_stereo_as_wide_as_mono_bears_is_not_made_wider():
    for likeness in (0.0, 0.1, 0.2, 0.6):
        stereo = np.stack([pink(6), likeness * pink(6) + (1 - likeness) * pink(7)], axis=1).astype(np.float64)
        recorded, widest = (
            10 * np.log10((x**2).mean() / (x.mean(axis=1) ** 2).mean()) for x in (stereo, wide(stereo, 10))
        )
        assert recorded <= widest + 1e-4
        assert widest < max(3.0, recorded + 1e-4)


def test_channels_that_cancel_are_not_raised_to_what_they_were():
    opposite = np.stack([pink(8), -pink(8)], axis=1)
    assert not wide(opposite, -10.0).any()
    assert np.abs(wide(opposite, -9.9)).max() < 0.1 * np.abs(opposite).max()
    assert wide(opposite, 10.0) is opposite


def test_a_moving_sound_moves_without_steps():
    sine = np.sin(2 * np.pi * 300 * np.arange(SAMPLE_RATE) / SAMPLE_RATE).astype(np.float32)
    points = np.arange(count_points(len(sine)))
    moved = pan(sine, np.sin(2 * np.pi * points * HOP / SAMPLE_RATE))
    assert np.abs(np.diff(moved[:SAMPLE_RATE], axis=0)).max() < 1.9 * np.abs(np.diff(sine)).max()
    quarter = SAMPLE_RATE // 4
    early, late = moved[quarter - 2_000 : quarter + 2_000], moved[3 * quarter - 2_000 : 3 * quarter + 2_000]
    assert (early[:, 1] ** 2).sum() > 5 * (early[:, 0] ** 2).sum()
    assert (late[:, 0] ** 2).sum() > 5 * (late[:, 1] ** 2).sum()


def test_silence_and_nothing_stay_what_they_are():
    assert not pan(np.zeros(500, np.float32), np.array([0.3])).any()
    assert not wide(np.zeros((500, 2), np.float32), 10.0).any()
    assert not pan(np.zeros(0, np.float32), np.array([0.3])).any()
    assert wide(np.zeros((0, 2), np.float32), -3.0).shape == (0, 2)


def test_the_same_seed_gives_the_same_samples():
    stereo = pan(pink(9), np.array([0.2]))
    assert np.array_equal(wide(stereo, 6.0, seed=1), wide(stereo, 6.0, seed=1))
    assert not np.array_equal(wide(stereo, 6.0, seed=1), wide(stereo, 6.0, seed=2))


def test_the_room_is_never_wider_than_it_is():
    assert side_gain(np.array([-10, 0, 10])).tolist() == [0.0, 1.0, 1.0]
    assert side_gain(np.array(-5)) == pytest.approx(0.25)


def test_what_cannot_be_is_refused():
    with pytest.raises(ShapeError, match=r"\(samples,\), this one \(9, 2\)"):
        pan(np.zeros((9, 2), np.float32), np.array([0.0]))
    with pytest.raises(ShapeError, match=r"1 or 3 sides, not \(2,\)"):
        pan(np.zeros(500, np.float32), np.zeros(2))
    with pytest.raises(ParameterError, match="from -1, left, to 1, right"):
        pan(np.zeros(500, np.float32), np.array([1.1]))
    with pytest.raises(ShapeError, match=r"\(samples, 2\), this one \(9,\)"):
        wide(np.zeros(9, np.float32), 0.0)
    with pytest.raises(ParameterError, match=r"width = 10\.5: must be from -10 to 10"):
        wide(np.zeros((9, 2), np.float32), 10.5)


def test_a_width_that_moves_is_where_it_rests_the_sound_of_that_width():
    sound = pan(pink(11), np.array([0.5]))
    points = np.arange(count_points(len(sound)))
    third = len(points) // 3
    for low, high in ((-10.0, 10.0), (2.0, 8.0), (-7.0, -3.0)):
        widths = np.interp(points, [third, 2 * third], [low, high])
        moved = widen(sound, widths, np.random.default_rng(0))
        begin, end = wide(sound, low), wide(sound, high)
        early, late = slice(0, third * HOP), slice((2 * third + 1) * HOP, len(sound))
        assert np.array_equal(moved[early], begin[early])
        assert np.abs(moved[late] - end[late]).max() < 1e-6


def test_a_width_that_moves_makes_no_steps():
    sine = np.sin(2 * np.pi * 300 * np.arange(SAMPLE_RATE) / SAMPLE_RATE).astype(np.float32)
    sound = pan(sine, np.array([0.6]))
    widths = 10.0 * np.sin(2 * np.pi * 3 * np.arange(count_points(len(sound))) * HOP / SAMPLE_RATE)
    steepest = max(np.abs(np.diff(wide(sound, width)[:SAMPLE_RATE], axis=0)).max() for width in (-10, 0, 10))
    assert np.abs(np.diff(widen(sound, widths, np.random.default_rng(0))[:SAMPLE_RATE], axis=0)).max() < 1.05 * steepest


def test_widths_that_are_all_the_same_are_one_width():
    sound = pan(pink(12), np.array([-0.3]))
    for width in (-6.0, 0.0, 4.0):
        assert np.array_equal(widen(sound, np.full(50, width), np.random.default_rng(0)), wide(sound, width))


def test_widths_of_the_wrong_shape_are_refused():
    with pytest.raises(ShapeError, match=r"\(points,\), these \(0,\)"):
        widen(np.zeros((9, 2), np.float32), np.zeros(0), np.random.default_rng(0))
    with pytest.raises(ParameterError, match="width = 11: must be from -10 to 10"):
        widen(np.zeros((9, 2), np.float32), np.array([0.0, 11.0]), np.random.default_rng(0))
