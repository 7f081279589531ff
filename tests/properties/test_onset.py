import numpy as np
import pytest
from small_corpus import noise, struck, tone

from engine.features.descriptors import ATTACK_HOP, normalise
from engine.properties.attack import attack
from engine.properties.onset import HELD_DB, MOST_MADE_UP_DB, SLOWEST_DB, hold_contour, levels, shape_onset
from engine.units import SAMPLE_RATE

GAP = 0.5
STEEP = 12.0


def swelling(seconds: float) -> np.ndarray:
    rise = np.minimum(1.0, np.arange(round(1.5 * SAMPLE_RATE)) / SAMPLE_RATE / seconds)
    return rise * tone(440, 1.5)


SOUNDS = {
    "tone": tone(440, 1.5),
    "swelling": swelling(0.3),
    "struck": struck(330, 1.5, 0.4),
    "blip": struck(330, 1.5, 0.05),
    "noise": noise(1.5),
}


def column(sound: np.ndarray) -> np.ndarray:
    return sound[:, None].astype(np.float32)


def attack_after_silence(sound: np.ndarray) -> float:
    """Return the attack of a sound as it stands in an output, behind a second of silence."""
    return attack(normalise(np.concatenate([np.zeros(SAMPLE_RATE), sound[:, 0]])))


def energy_db(sound: np.ndarray) -> float:
    return float(10 * np.log10((sound.astype(np.float64) ** 2).mean()))


@pytest.mark.parametrize("name", SOUNDS)
def test_attack_grows_with_the_drive(name: str):
    drives = (-10, -8, -6, -4, -2, 0, 3, 6, 10)
    found = [attack_after_silence(shape_onset(column(SOUNDS[name]), drive, GAP, STEEP)) for drive in drives]
    assert (np.diff(found) > -0.1).all()
    assert found[-1] - found[0] > 15.0


@pytest.mark.parametrize("name", SOUNDS)
@pytest.mark.parametrize("drive", [-10, -5, -1, 1, 4])
def test_a_shaped_beginning_keeps_the_energy(name: str, drive: float):
    sound = column(SOUNDS[name])
    assert energy_db(shape_onset(sound, drive, GAP, STEEP)) == pytest.approx(energy_db(sound), abs=0.3)


@pytest.mark.parametrize("name", SOUNDS)
def test_what_is_lost_is_made_up_for_within_limits(name: str):
    sound = column(SOUNDS[name])
    shaped = shape_onset(sound, 10.0, GAP, STEEP)
    assert energy_db(sound) - MOST_MADE_UP_DB < energy_db(shaped) < energy_db(sound) + 0.01
    assert np.abs(shaped).max() <= np.abs(sound).max() * 10 ** (MOST_MADE_UP_DB / 20) * 1.001


@pytest.mark.parametrize("name", ["tone", "swelling", "struck"])
def test_the_softest_sound_rises_no_faster_than_it_may(name: str):
    shaped = shape_onset(column(SOUNDS[name]), -10.0, GAP, STEEP)
    assert np.diff(levels(shaped)).max() < SLOWEST_DB + 1.5  # the first 10 ms begin at one level


@pytest.mark.parametrize("steepest_db", [3.0, 20.0])
@pytest.mark.parametrize("drive", [-7.5, -5.0])
def test_between_a_steep_and_the_slowest_rise_the_drive_goes_by_ratios(steepest_db: float, drive: float):
    shaped = shape_onset(column(tone(1_000, 1.5)), drive, GAP, steepest_db)
    steepest = max(12.0, 1.5 * steepest_db)
    wanted = steepest ** (1 + drive / 10) * SLOWEST_DB ** (-drive / 10)
    inside = np.diff(levels(shaped))[1:]  # the first rise is that from the floor
    assert np.median(inside[inside > 0.5]) == pytest.approx(wanted, rel=0.05)


def test_the_sharpest_sound_starts_where_it_has_begun_and_decays_until_the_next():
    shaped = shape_onset(column(swelling(0.3)), 10.0, GAP, STEEP)
    assert len(shaped) == round(1.35 * SAMPLE_RATE)  # half of 0.3 s is 6 dB below the loudest
    level = levels(shaped)
    assert level[2] - level[round(GAP * 100) + 2] == pytest.approx(30.0 - 6.0, abs=2.0)


def test_without_a_drive_a_sound_is_left_alone():
    sound = column(SOUNDS["struck"])
    assert shape_onset(sound, 0.0, GAP, STEEP) is sound


@pytest.mark.parametrize("drive", [-10.0, 10.0])
@pytest.mark.parametrize("samples", [1, ATTACK_HOP, ATTACK_HOP + 1, 1_000])
def test_the_shortest_sounds_stay_sounds(drive: float, samples: int):
    shaped = shape_onset(column(noise(1.0)[:samples]), drive, GAP, STEEP)
    assert 0 < len(shaped) <= samples
    assert np.isfinite(shaped).all()
    assert np.abs(shaped).max() > 1e-3


@pytest.mark.parametrize("drive", [-10.0, 10.0])
def test_silence_stays_silent(drive: float):
    assert not shape_onset(np.zeros((48_000, 2), np.float32), drive, GAP, STEEP).any()


@pytest.mark.parametrize("drive", [-7.0, 7.0])
def test_both_channels_are_shaped_alike_and_nothing_is_changed_in_place(drive: float):
    sound = np.stack([SOUNDS["struck"], 0.25 * SOUNDS["struck"]], 1).astype(np.float32)
    before = sound.copy()
    shaped = shape_onset(sound, drive, GAP, STEEP)
    assert shaped[:, 1] == pytest.approx(0.25 * shaped[:, 0], abs=1e-6)
    assert np.array_equal(sound, before)
    assert shaped.dtype == np.float32


def test_levels_are_those_of_each_10_ms_but_no_more_than_60_db_apart():
    sound = column(np.concatenate([tone(1_000, 0.02, 0.5), tone(1_000, 0.02, 0.05), np.zeros(500)]))
    loud = 20 * np.log10(0.5) - 10 * np.log10(2)
    assert levels(sound) == pytest.approx([loud, loud, loud - 20, loud - 20, loud - 60, loud - 60], abs=1e-3)


@pytest.mark.parametrize("name", SOUNDS)
def test_a_sound_that_has_the_contour_is_left_as_it_is(name: str):
    sound = column(SOUNDS[name])
    assert hold_contour(sound, levels(sound)) == pytest.approx(sound, abs=1e-6)


def test_the_level_comes_and_goes_as_that_of_the_other_sound():
    steady, wavering = column(tone(440, 1.5)), column(noise(1.5))
    wavering *= 1.0 + 0.4 * np.sin(2 * np.pi * 3 * np.arange(len(wavering)) / SAMPLE_RATE)[:, None]
    held = levels(hold_contour(steady, levels(wavering)))
    wanted = levels(wavering)
    inside = slice(1, -1)
    assert np.std((held - wanted)[inside]) < 0.25 * np.std((levels(steady) - wanted)[inside])


def test_an_attack_is_brought_back():
    sound, plain = column(swelling(0.03)), column(swelling(0.008))
    held = hold_contour(sound, levels(plain))
    before, after, wanted = (attack_after_silence(one) for one in (sound, held, plain))
    assert abs(after - wanted) < 0.5 * abs(before - wanted)


def test_a_contour_is_changed_within_limits():
    sound = column(noise(1.0))
    gone = np.concatenate([np.zeros(50), np.full(50, -60.0)])
    change_db = levels(hold_contour(sound, gone)) - levels(sound)
    assert change_db[10:40] == pytest.approx(0.0, abs=HELD_DB + 0.01)
    assert (change_db[:48] - change_db[60]).min() > 0.9 * HELD_DB
    assert np.ptp(change_db) <= 2 * HELD_DB + 0.1


def test_a_shorter_contour_is_held_at_its_end():
    sound = column(tone(440, 1.0))
    held = hold_contour(sound, levels(sound)[:30])
    assert held == pytest.approx(sound, abs=1e-6)


def test_chance_in_a_tail_is_not_followed():
    rng, decay = np.random.default_rng(5), 10 ** (-np.arange(1.5 * SAMPLE_RATE) / SAMPLE_RATE)
    chance_db = rng.normal(0.0, 4.0, (2, len(decay) // ATTACK_HOP)).repeat(ATTACK_HOP, axis=1)
    sound, plain = (column(decay * noise(1.5) * 10 ** (level / 20)) for level in chance_db)
    gain_db = levels(hold_contour(sound, levels(plain))) - levels(sound)
    apart_db = levels(plain) - levels(sound)
    assert np.std(np.diff(gain_db)) < 0.5 * np.std(np.diff(apart_db))
