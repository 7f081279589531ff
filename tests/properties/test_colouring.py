import numpy as np
import pytest
import torch
from small_corpus import noise, struck

from engine.features.descriptors import normalise
from engine.properties.brightness import brightness
from engine.properties.colouring import (
    COLOURED,
    LIMITS,
    colour_of,
    find_means,
    presence,
    sound_of,
    spectra_of,
    tint,
)
from engine.properties.texture import texture
from engine.properties.timbre import measure_timbre
from engine.properties.warmth import warmth
from engine.units import SAMPLE_RATE

MEASURES = (brightness, warmth, texture)
FREE = np.stack([LIMITS, LIMITS])


def chord(seconds: float = 1.0) -> np.ndarray:
    t = np.arange(int(seconds * SAMPLE_RATE)) / SAMPLE_RATE
    partials = [np.sin(2 * np.pi * 220 * k * t) / k for k in range(1, 20)]
    hiss = 1e-3 * np.random.default_rng(3).standard_normal(len(t))
    return (0.1 * sum(partials) + hiss).astype(np.float32)


def coloured(
    sound: np.ndarray, *means: float, seed: int = 1, loudest: float = 1.0, lifts_hiss: bool = True
) -> np.ndarray:
    spectra = spectra_of(sound)
    along = np.tile(means, (len(spectra), 1)).astype(float)
    return sound_of(tint(spectra, along, [seed], len(sound), loudest, lifts_hiss=lifts_hiss), len(sound))


def measured(sound: np.ndarray) -> np.ndarray:
    return np.array([measure(normalise(sound)) for measure in MEASURES])


@pytest.mark.parametrize("sound", [chord(), struck(330, 0.7), noise(0.5)])
def test_no_means_leave_the_sound_as_it_is(sound):
    assert coloured(sound, 0.0, 0.0, 0.0) == pytest.approx(sound, abs=2e-6)


def test_what_is_measured_on_frames_is_what_is_measured_on_sound():
    sound = chord()
    assert colour_of(np.abs(spectra_of(sound))[4:-4]) == pytest.approx(measured(sound)[:3], abs=0.5)


def test_a_shelf_warms_a_tilt_brightens_deep_valleys_are_tonal_and_filled_ones_noisy():
    sound = chord()
    plain = measured(sound)
    assert measured(coloured(sound, 6.0, 0.0, 0.0))[1] > plain[1] + 0.5
    assert measured(coloured(sound, 0.0, 3.0, 0.0))[0] > plain[0] + 0.3
    assert measured(coloured(sound, 0.0, 0.0, 0.8))[2] < plain[2] - 0.3
    assert measured(coloured(sound, 0.0, 0.0, -1.0))[2] > plain[2] + 2.0


def test_a_shelf_is_as_many_db_as_it_says():
    t = np.arange(SAMPLE_RATE) / SAMPLE_RATE
    low = (0.1 * np.sin(2 * np.pi * 60 * t)).astype(np.float32)
    middle = slice(SAMPLE_RATE // 4, -SAMPLE_RATE // 4)
    gain_db = 20 * np.log10(np.abs(coloured(low, 9.0, 0.0, 0.0)[middle]).max() / 0.1)
    tilt_db = 2.0 * np.log2(100 / 1300)
    assert gain_db == pytest.approx(9.0, abs=0.2)
    gain_db = 20 * np.log10(np.abs(coloured(low, 0.0, 2.0, 0.0)[middle]).max() / 0.1)
    assert gain_db == pytest.approx(tilt_db, abs=0.2)


@pytest.mark.parametrize("means", [(12.0, 0.0), (-12.0, 0.0), (0.0, -3.0), (0.0, 3.0)])
def test_what_is_below_hearing_is_lowered_with_the_rest_but_not_raised(means):
    """What stands still is two thirds in the lowest bin of Hann windows and one third in the next, at 23 Hz."""
    still = np.full(SAMPLE_RATE, 0.1, np.float32)
    middle = slice(SAMPLE_RATE // 4, -SAMPLE_RATE // 4)
    gain = coloured(still, *means, 0.0)[middle].mean() / 0.1
    wanted_db = means[0] + means[1] * np.log2(100 / 1300)
    heard = (23.4375 / 20) ** 4 / (1 + (23.4375 / 20) ** 4)
    lowest_db, next_db = (0.0, heard * wanted_db) if wanted_db > 0 else (wanted_db, wanted_db)
    assert gain == pytest.approx(2 / 3 * 10 ** (lowest_db / 20) + 1 / 3 * 10 ** (next_db / 20), rel=1e-3)


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("brightness", 0.6),
        ("brightness", -0.4),
        ("warmth", 1.0),
        ("warmth", -4.0),
        ("texture", 12.0),
        ("texture", -4.0),
    ],
)
def test_means_are_found_that_reach_a_wanted_value(name: str, change: float):
    mono = np.abs(spectra_of(chord()))[8:-8:6]
    start, place = colour_of(mono), COLOURED.index(name)
    aim, weight = start.copy(), np.full(3, 0.02)
    aim[place] += change
    weight[place] = 1.0 / abs(change)
    means, _ = find_means(mono, aim, weight, FREE)
    made = np.abs(spectra_of(coloured(chord(), *means, seed=0)))[8:-8:6]
    assert colour_of(made)[place] - start[place] == pytest.approx(change, rel=0.25)
    assert (np.abs(means) <= LIMITS).all()


def test_where_nothing_is_wanted_no_means_are_found():
    mono = np.abs(spectra_of(chord()))[8:-8:6]
    assert not find_means(mono, colour_of(mono), np.ones(3), FREE)[0].any()


def test_the_same_seed_fills_valleys_with_the_same_noise():
    first, again, other = (coloured(chord(), 0.0, 0.0, -0.5, seed=seed) for seed in (1, 1, 2))
    assert np.array_equal(first, again)
    assert not np.allclose(first, other, atol=1e-4)


def test_a_mean_that_may_not_move_leaves_the_work_to_the_others():
    mono = np.abs(spectra_of(chord()))[8:-8:6]
    aim = colour_of(mono) + np.array([0.0, 0.0, 6.0])
    only_fill = np.array([[0.0, 0.0, 1.0], [0.0, 0.0, 0.3]])
    means, _ = find_means(mono, aim, np.array([0.0, 0.0, 0.1]), only_fill)
    assert (means[:2] == 0.0).all()
    made = np.abs(spectra_of(coloured(chord(), *means)))[8:-8:6]
    assert colour_of(made)[2] == pytest.approx(aim[2], abs=2.5)


def test_noise_that_fills_valleys_is_never_louder_than_it_may_be():
    sound, loudest = chord(), 0.004
    added = np.abs(spectra_of(coloured(sound, 0.0, 0.0, -1.0, loudest=loudest)) - spectra_of(sound))[4:-4]
    strongest = np.abs(spectra_of(sound))[4:-4].max(1, keepdims=True)
    assert np.sqrt((added**2).mean()) <= loudest * strongest.max()
    assert measured(coloured(sound, 0.0, 0.0, -1.0, loudest=loudest))[2] > measured(sound)[2] + 2.0


def loudness_between(sound: np.ndarray, low_hz: float, high_hz: float) -> float:
    hz = np.fft.rfftfreq(len(sound), 1 / SAMPLE_RATE)
    return float(10 * np.log10((np.abs(np.fft.rfft(sound)[(hz > low_hz) & (hz < high_hz)]) ** 2).sum()))


def test_hiss_above_the_partials_is_left_as_it_is_where_it_may_not_be_lifted():
    sound = chord()
    lifted, left = (coloured(sound, 0.0, 4.0, 0.0, lifts_hiss=lifts) for lifts in (True, False))
    hiss, partials = (10_000, 20_000), (2_000, 2_900)
    assert loudness_between(lifted, *hiss) > loudness_between(sound, *hiss) + 10.0
    assert loudness_between(left, *hiss) == pytest.approx(loudness_between(sound, *hiss), abs=1.0)
    assert loudness_between(left, *partials) == pytest.approx(loudness_between(lifted, *partials), abs=0.1)
    assert loudness_between(left, *partials) > loudness_between(sound, *partials) + 2.0


def test_presence_is_that_of_the_strongest_band_and_low_bands_are_always_present():
    hz = np.array([100.0, 2_000.0, 4_000.0, 8_000.0, 12_000.0])
    found = presence(np.array([[1e-4, 1.0, 1e-4, 10 ** (-40 / 20), 1e-4]], np.float32), hz)
    assert found == pytest.approx([1.0, 1.0, np.log(6 / 4) / np.log(2), 0.5, 0.0], abs=1e-3)


def test_where_one_mean_meets_its_limit_the_others_make_up_for_it():
    mono = np.abs(spectra_of(chord()))[8:-8:6]
    start, limits = colour_of(mono), FREE * [1.0, 1.0, 0.0] + [[0.0, 0.0, 0.0], [0.0, 0.0, 0.05]]
    means, _ = find_means(mono, start + np.array([0.5, 0.0, 0.0]), np.array([2.0, 0.02, 0.002]), limits)
    made = np.abs(spectra_of(coloured(chord(), *means, seed=0)))[8:-8:6]
    assert colour_of(made)[0] - start[0] == pytest.approx(0.5, rel=0.2)
    assert 0.0 <= means[2] <= 0.05


@pytest.mark.parametrize("sound", [chord(), struck(330, 0.7), noise(0.5), np.zeros(9_600, np.float32)])
def test_the_quick_measure_of_colour_is_the_one_that_steering_descends_on(sound):
    magnitude = np.abs(spectra_of(sound))
    slow = measure_timbre(torch.from_numpy(magnitude), COLOURED).numpy()
    assert colour_of(magnitude) == pytest.approx(slow, abs=1e-4)


def test_a_sound_that_is_all_warm_becomes_thin_though_the_first_20_db_change_nothing():
    t = np.arange(SAMPLE_RATE) / SAMPLE_RATE
    deep = (0.2 * np.sin(2 * np.pi * 200 * t) + 1e-3 * np.sin(2 * np.pi * 800 * t)).astype(np.float32)
    mono = np.abs(spectra_of(deep))[8:-8:6]
    start = colour_of(mono)
    assert start[1] > -0.01
    means, _ = find_means(mono, start - [0.0, 10.0, 0.0], np.array([0.1, 0.1, 0.0]), FREE)
    thinned = np.abs(spectra_of(coloured(deep, *means)))[8:-8:6]
    assert colour_of(thinned)[1] == pytest.approx(-10.0, abs=3.0)
