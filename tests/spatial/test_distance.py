import numpy as np
import pytest
from scipy.signal import butter, sosfiltfilt

from engine.errors import ParameterError, ShapeError
from engine.settings import SpaceSettings
from engine.spatial.air import air_absorption_db
from engine.spatial.distance import Distance, direct_to_reverberant_db, distance_to_levels, distance_to_metres
from engine.units import SAMPLE_RATE

NOISE = np.random.default_rng(0).normal(0, 0.1, (30_000, 2)).astype(np.float32)
FAR = [0.1, 1.0, 3.0, 5.0, 7.0, 10.0]
DIRECT_SAMPLES = 64  # the sound itself is over before the room answers


def brought(sound, distance, sizes=(30_000,), **settings):
    stage = Distance(SpaceSettings(distance=distance, **settings))
    blocks, at = [], 0
    while at < len(sound):
        size = sizes[len(blocks) % len(sizes)]
        blocks.append(stage.process(sound[at : at + size]))
        at += size
    return np.concatenate([*blocks, stage.flush()])


def click(samples=1):
    sound = np.zeros((samples, 2), np.float32)
    sound[0] = 1.0
    return sound


def gain_db(response, hz):
    return 20 * np.log10(np.abs(np.fft.rfft(response, SAMPLE_RATE)[np.asarray(hz)]))


def middle_energy(sound):
    """Return the energy from 350 to 1400 Hz."""
    padded = np.pad(sound.astype(float), ((9_600, 9_600), (0, 0)))
    band = butter(4, [354, 1_414], "band", fs=SAMPLE_RATE, output="sos")
    return (sosfiltfilt(band, padded, axis=0) ** 2).sum()


def measured_ratio_db(distance):
    heard = brought(click(), distance)
    direct = np.zeros_like(heard)
    direct[:DIRECT_SAMPLES] = heard[:DIRECT_SAMPLES]
    return 10 * np.log10(middle_energy(direct) / middle_energy(heard - direct))


@pytest.mark.parametrize("distance", FAR[1:])
def test_the_ratio_of_sound_and_room_is_the_declared_one(distance):
    declared = direct_to_reverberant_db(distance_to_metres(distance))
    assert measured_ratio_db(distance) == pytest.approx(declared, abs=0.5)


def test_farther_is_farther_over_the_whole_range():
    metres = [distance_to_metres(position) for position in np.arange(-10, 10.5, 0.5)]
    assert (np.diff(metres) > 0).all()
    assert [metres[0], metres[20], metres[-1]] == pytest.approx([0.4, 1.0, 45.0])
    ratios = [direct_to_reverberant_db(far) for far in metres]
    assert ratios[:21] == [60.0] * 21
    assert (np.diff(ratios[20:]) < 0).all()
    measured = [measured_ratio_db(position) for position in FAR]
    assert (np.diff(measured) < 0).all()


@pytest.mark.parametrize("sizes", [(30_000,), (1, 4_096)])
def test_as_recorded_passes_to_the_bit(sizes):
    assert np.array_equal(brought(NOISE, 0.0, sizes), NOISE)


def test_far_sounds_lose_what_air_takes():
    direct = brought(click(), 10.0)[:DIRECT_SAMPLES, 0]
    hz = np.array([1_000, 4_000, 8_000, 12_000])
    lost = gain_db(direct, 500) - gain_db(direct, hz)
    assert lost == pytest.approx(44 * (air_absorption_db(hz) - air_absorption_db(np.array([500.0]))), abs=0.5)


def test_near_sounds_gain_bass_and_level_and_nothing_else():
    nearest = brought(click(), -10.0)[:, 0]
    assert gain_db(nearest, [2_000, 20_000]) == pytest.approx([2.4, 2.4], abs=0.1)  # 0.3 * 20 log10(1 / 0.4)
    formula = np.abs((1 + 343 / (2j * np.pi * 60 * 0.4)) / (1 + 343 / (2j * np.pi * 60 * 1.0)))
    assert gain_db(nearest, 60) - 2.39 == pytest.approx(20 * np.log10(formula), abs=0.1)
    bass = [gain_db(brought(click(), position)[:, 0], 50) for position in (-10, -7, -4, -1)]
    assert (np.diff(bass) < 0).all()
    assert np.array_equal(*brought(np.repeat(NOISE[:, :1], 2, axis=1), -5.0).T)


def test_level_falls_gently_and_steadily():
    energies = [10 * np.log10(middle_energy(brought(click(), position))) for position in (-10, -5, *FAR)]
    assert (np.diff(energies) < 0).all()
    assert -12 < energies[-1] - energies[2] < -8


@pytest.mark.parametrize("distance", [-6.0, 4.0])
def test_blocks_of_any_size_give_the_same(distance):
    whole = brought(NOISE, distance)
    assert np.abs(brought(NOISE, distance, (1, 999, 4_096)) - whole).max() < 1e-6


def test_mono_stays_mono_and_the_room_opens_with_width():
    middle = np.repeat(NOISE[:, :1], 2, axis=1)
    assert np.array_equal(*brought(middle, 8.0, width=-10.0).T)
    sides = []
    for width in (-10.0, -5.0, 0.0, 10.0):
        heard = brought(middle, 8.0, width=width)
        sides.append(((heard[:, 0] - heard[:, 1]) ** 2).sum())
    assert sides[0] == 0.0
    assert sides[1] < sides[2] == sides[3]


def test_silence_stays_silent_and_what_sounds_on_is_given():
    assert not brought(np.zeros((5_000, 2), np.float32), 6.0).any()
    long = brought(click(), 6.0, reverb_seconds=1.0)
    assert SAMPLE_RATE < len(long) < 2 * SAMPLE_RATE
    assert np.abs(long[-100:]).max() < 1e-4 * np.abs(long).max()
    near = brought(click(), -6.0)
    assert np.abs(near[-10:]).max() < 1e-4
    assert Distance(SpaceSettings(distance=3.0)).process(NOISE[:0]).shape == (0, 2)


def test_what_cannot_be_is_refused():
    with pytest.raises(ParameterError, match="distance = 11: must be from -10 to 10"):
        distance_to_metres(11.0)
    with pytest.raises(ShapeError, match=r"\(samples, 2\), this one \(10, 1\)"):
        Distance(SpaceSettings()).process(np.zeros((10, 1), np.float32))


@pytest.mark.parametrize("ends", [(-10.0, 10.0), (10.0, -10.0), (0.0, 7.0), (-8.0, -2.0), (3.0, 9.0)])
@pytest.mark.parametrize("sizes", [(30_000,), (1, 999, 4_096)])
def test_a_distance_that_moves_is_where_it_rests_the_sound_at_that_distance(ends, sizes):
    third = 10_000 / SAMPLE_RATE
    moved = brought(NOISE, ((third, ends[0]), (2 * third, ends[1])), sizes)
    early, late = slice(0, 9_728), slice(20_224, 30_000)
    assert np.abs(moved[early] - brought(NOISE, ends[0])[early]).max() < 1e-6
    assert np.abs(moved[late] - brought(NOISE, ends[1])[late]).max() < 1e-6


@pytest.mark.parametrize("distance", [-6.0, 0.0, 4.0])
def test_a_curve_of_one_value_is_that_value(distance):
    assert np.array_equal(brought(NOISE, ((0.0, distance), (0.3, distance))), brought(NOISE, distance))


@pytest.mark.parametrize("ends", [(-10.0, 10.0), (10.0, 0.0)])
def test_a_distance_that_moves_makes_no_steps(ends):
    sine = 0.3 * np.sin(2 * np.pi * 300 * np.arange(30_000) / SAMPLE_RATE).astype(np.float32)
    sound = np.stack([sine, sine], axis=1)
    moved = brought(sound, ((0.1, ends[0]), (0.4, ends[1])))[:30_000]
    steepest = max(np.abs(np.diff(brought(sound, end)[:30_000], axis=0)).max() for end in ends)
    assert np.abs(np.diff(moved, axis=0)).max() < 1.05 * steepest
    assert np.abs(np.diff(moved, 2, axis=0)).max() < 0.01  # a step of 1 % of the sound would be more


def test_the_ratio_of_sound_and_room_follows_a_moving_distance():
    ratios = []
    for seconds in (0.0, 1.0, 2.0, 3.0):
        distance = float(np.interp(seconds, [0.0, 3.0], [2.0, 9.0]))
        stage = Distance(SpaceSettings(distance=((0.0, 2.0), (3.0, 9.0))), round(seconds * SAMPLE_RATE))
        direct = stage.process(click(DIRECT_SAMPLES))
        declared = 20 * np.log10(np.abs(np.fft.rfft(direct[:, 0], SAMPLE_RATE)[700]))
        levels = distance_to_levels(distance)
        ratios.append(20 * np.log10(levels.direct / levels.room))
        assert declared == pytest.approx(20 * np.log10(levels.direct), abs=0.2)
        assert ratios[-1] == pytest.approx(direct_to_reverberant_db(distance_to_metres(distance)), abs=1e-6)
    assert (np.diff(ratios) < 0).all()


def test_the_room_follows_a_moving_width():
    middle = np.repeat(NOISE[:, :1], 2, axis=1)
    opened = brought(middle, 8.0, width=((0.2, -10.0), (0.4, 0.0)))
    assert np.array_equal(*opened[:9_472].T)
    assert np.array_equal(opened[19_456:30_000], brought(middle, 8.0)[19_456:30_000])
