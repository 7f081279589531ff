import numpy as np
import pytest
from small_corpus import noise, struck, tone

from engine.features.descriptors import chroma
from engine.generation.event.loudness import match_energy, weighted_energy
from engine.properties.emphasis import emphasise, transpose
from engine.properties.prospect import fine_spectrum, foresee, foresee_warmth
from engine.properties.warmth import warmth

SOUNDS = {
    "noise": noise(1.0),
    "deep": struck(70.0, 1.0),
    "chord": sum(tone(hz, 1.0, 0.2) for hz in (110.0, 138.6, 164.8, 1_760.0)),
    "hiss above the chroma": tone(220.0, 1.0, 0.1) + np.diff(noise(1.0), append=0.0),
}


def shares(energies: np.ndarray) -> np.ndarray:
    return energies / energies.sum()


def made(sound: np.ndarray, semitones: int, gain_db: np.ndarray) -> np.ndarray:
    plain = sound[:, None].astype(np.float32)
    out = match_energy(emphasise(transpose(plain, semitones), gain_db), weighted_energy(plain))
    return chroma(out[:, 0].astype(float))


@pytest.mark.parametrize("name", SOUNDS)
def test_without_a_change_the_chroma_is_foreseen_as_it_is(name: str):
    sound = SOUNDS[name]
    found = foresee(fine_spectrum(sound), 0).chromas(np.zeros((1, 12)))[0]
    is_now = chroma(sound.astype(float))
    assert found.sum() == pytest.approx(is_now.sum(), rel=0.15)
    assert np.abs(shares(found) - shares(is_now)).max() < 0.02


@pytest.mark.parametrize("semitones", [-6, -1, 0, 4])
@pytest.mark.parametrize("name", SOUNDS)
def test_the_chroma_of_what_is_made_is_foreseen(name: str, semitones: int):
    gains_db = np.random.default_rng(semitones + 6).uniform(-20, 0, (3, 12))
    found = foresee(fine_spectrum(SOUNDS[name]), semitones).chromas(gains_db)
    for foreseen, gain_db in zip(found, gains_db, strict=True):
        is_made = made(SOUNDS[name], semitones, gain_db)
        assert foreseen.sum() == pytest.approx(is_made.sum(), rel=0.5)
        assert np.abs(shares(foreseen) - shares(is_made)).max() < 0.12


@pytest.mark.parametrize("semitones", [-6, -1, 0, 4])
@pytest.mark.parametrize("sound", [noise(1.0), SOUNDS["chord"], tone(600.0, 1.0, 0.2) + tone(1_800.0, 1.0, 0.2)])
def test_the_warmth_of_what_is_made_is_foreseen(sound: np.ndarray, semitones: int):
    out = transpose(sound[:, None].astype(np.float32), semitones)[:, 0].astype(float)
    assert foresee_warmth(fine_spectrum(sound), semitones) == pytest.approx(warmth(out), abs=0.5)


def test_silence_is_foreseen_as_silence():
    assert not foresee(fine_spectrum(np.zeros(4_800)), 3).chromas(np.zeros((2, 12))).any()
