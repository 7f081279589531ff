import numpy as np
import pytest
from small_corpus import noise, tone

from engine.audio.loudness import loudness_lufs, power_to_lufs
from engine.generation.event.loudness import HIGHEST_PEAK, MOST_RAISED_DB, match_energy, weighted_energy


def test_the_energy_of_a_block_is_what_its_loudness_is_made_of():
    sound = np.stack([noise(0.4), tone(300.0, 0.4, 0.2)], 1).astype(np.float32)
    of_a_block = power_to_lufs(np.float64(weighted_energy(sound) / len(sound)))
    assert of_a_block == pytest.approx(loudness_lufs(sound), abs=0.01)


def test_silence_around_a_sound_does_not_count_and_length_counts_half():
    short = noise(0.4)[:, None].astype(np.float32)
    among = np.pad(short, ((9_600, 20_000), (0, 0)))
    assert weighted_energy(among) == pytest.approx(weighted_energy(short), rel=1e-3)
    longer = noise(1.6)[:, None].astype(np.float32)
    assert weighted_energy(longer) == pytest.approx(2 * weighted_energy(short), rel=0.05)


@pytest.mark.parametrize("share", [0.01, 1.0, 20.0])
def test_a_sound_gets_the_energy_that_is_asked(share: float):
    sound = 0.1 * noise(0.3)[:, None].astype(np.float32)
    matched = match_energy(sound, share * weighted_energy(sound))
    assert weighted_energy(matched) == pytest.approx(share * weighted_energy(sound), rel=1e-4)
    assert matched == pytest.approx(sound * np.sqrt(share), rel=1e-4)


def test_what_is_nearly_silent_is_not_raised_without_end():
    sound = 1e-5 * noise(0.3)[:, None].astype(np.float32)
    raised = match_energy(sound, 1e9)
    assert 20 * np.log10(np.abs(raised).max() / np.abs(sound).max()) == pytest.approx(MOST_RAISED_DB, abs=0.01)


def test_beside_silence_a_sound_falls_silent():
    assert not match_energy(noise(0.3)[:, None].astype(np.float32), 0.0).any()


def test_silence_stays_silent():
    silence = np.zeros((480, 2), np.float32)
    assert match_energy(silence, 1.0) is silence


def test_a_deep_sound_is_not_raised_into_an_enormous_wave():
    deep = tone(25.0, 0.5, 0.5)[:, None].astype(np.float32)
    assert np.abs(match_energy(deep, 1e9)).max() == pytest.approx(HIGHEST_PEAK, rel=1e-5)
    loud = 3 * deep / np.abs(deep).max()
    assert match_energy(loud, 1e9) == pytest.approx(loud)


def test_what_is_deep_makes_room_for_what_is_heard():
    high, deep = (tone(hz, 0.5, level)[:, None].astype(np.float32) for hz, level in ((3_000.0, 0.01), (40.0, 0.9)))
    energy = weighted_energy(20 * high)
    matched = match_energy(high + deep, energy)
    assert weighted_energy(matched) == pytest.approx(energy, rel=1e-3)
    assert np.abs(matched).max() <= HIGHEST_PEAK
    untouched = match_energy(high + deep, weighted_energy(high + deep))
    assert untouched == pytest.approx(high + deep, rel=1e-5)


def test_a_peak_gives_way_to_a_sound_that_is_softer_for_it():
    struck = tone(400.0, 0.5, 0.1)[:, None].astype(np.float32)
    struck[2_400:2_448] *= 25.0
    wanted = 4.0 * weighted_energy(struck)
    matched = match_energy(struck, wanted)
    assert np.abs(matched).max() <= HIGHEST_PEAK
    assert weighted_energy(matched) > 1.5 * weighted_energy(struck * HIGHEST_PEAK / np.abs(struck).max())
    body, raised = struck[12_000:, 0], matched[12_000:, 0]
    assert raised @ body / (body @ body) == pytest.approx(2.0, rel=0.05)
