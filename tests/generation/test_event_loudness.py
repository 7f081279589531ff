import numpy as np
import pytest
from small_corpus import noise, tone

from engine.audio.loudness import loudness_lufs, power_to_lufs
from engine.generation.loudness import LOUDEST_DB, match_energy, weighted_energy
from engine.units import SAMPLE_RATE


def test_weighted_energy_is_what_loudness_is_made_of():
    sound = np.stack([0.1 * noise(1.0), tone(300.0, 1.0, 0.2)], 1).astype(np.float32)
    assert power_to_lufs(np.float64(weighted_energy(sound) / SAMPLE_RATE)) == pytest.approx(
        loudness_lufs(sound), abs=0.2
    )


@pytest.mark.parametrize("share", [0.01, 1.0, 30.0])
def test_a_sound_gets_the_energy_that_is_asked(share: float):
    sound = 0.1 * noise(0.3)[:, None].astype(np.float32)
    matched = match_energy(sound, share * weighted_energy(sound))
    assert weighted_energy(matched) == pytest.approx(share * weighted_energy(sound), rel=1e-4)
    assert matched == pytest.approx(sound * np.sqrt(share), rel=1e-4)


def test_what_is_nearly_silent_is_not_raised_without_end():
    sound = 1e-4 * noise(0.3)[:, None].astype(np.float32)
    raised = match_energy(sound, 1e9)
    assert 20 * np.log10(np.abs(raised).max() / np.abs(sound).max()) == pytest.approx(LOUDEST_DB, abs=0.01)


def test_silence_stays_silent():
    silence = np.zeros((480, 2), np.float32)
    assert match_energy(silence, 1.0) is silence
