from functools import partial

import numpy as np
import pytest
from small_corpus import noise, struck, tone

from engine.properties.emphasis import emphasise, transpose
from engine.units import SAMPLE_RATE


def column(sound: np.ndarray) -> np.ndarray:
    return sound[:, None].astype(np.float32)


def note(*semitones: float, seconds: float = 0.5) -> np.ndarray:
    """Return sines of equal level above 440 Hz, (samples, 1)."""
    return column(sum(tone(440 * 2 ** (step / 12), seconds, 0.2) for step in semitones))


def peak_hz(sound: np.ndarray) -> float:
    spectrum = np.abs(np.fft.rfft(sound[:, 0] * np.hanning(len(sound)), 1 << 19))
    return float(spectrum.argmax() * SAMPLE_RATE / (1 << 19))


@pytest.mark.parametrize(("semitones", "hz"), [(12, 880.0), (-12, 220.0), (7, 659.26), (-5, 329.63), (1, 466.16)])
def test_a_transposed_tone_has_its_new_pitch_and_length(semitones: int, hz: float):
    plain = column(tone(440, 1.0))
    turned = transpose(plain, semitones)
    assert peak_hz(turned) == pytest.approx(hz, rel=5e-4)
    assert len(turned) == pytest.approx(len(plain) * 440 / hz, abs=1.5)
    assert turned.dtype == np.float32
    inside = slice(2_000, -2_000)
    assert np.abs(turned[inside]).max() == pytest.approx(0.5, abs=0.005)


def test_transposing_by_nothing_is_the_sound_itself():
    plain = column(tone(440, 0.1))
    assert transpose(plain, 0) is plain


def test_transposing_there_and_back_is_the_sound():
    plain = column(tone(1_000, 1.0))
    back = transpose(transpose(plain, 5), -5)[: len(plain)]
    assert back[4_000:-4_000] == pytest.approx(plain[4_000 : len(back) - 4_000], abs=1e-3)


def gains(**of: float) -> np.ndarray:
    """Return the gain of each pitch class: `at_4=-12.0` is one of -12 dB at C sharp."""
    gain_db = np.zeros(12)
    for name, value in of.items():
        gain_db[int(name.removeprefix("at_"))] = value
    return gain_db


@pytest.mark.parametrize("cut_db", [-24.0, -6.0, 12.0])
def test_an_emphasised_pitch_class_has_its_gain_against_the_others(cut_db: float):
    plain = note(0, 4, seconds=2.0)
    out = emphasise(plain, gains(at_4=cut_db))

    def level_db(sound: np.ndarray, hz: float) -> float:
        inside = sound[9_600:-9_600, 0].astype(float)
        wave = np.exp(-2j * np.pi * hz * np.arange(len(inside)) / SAMPLE_RATE) * np.hanning(len(inside))
        return float(20 * np.log10(abs(inside @ wave)))

    root, third = 440.0, 440.0 * 2 ** (4 / 12)
    before, after = (level_db(sound, third) - level_db(sound, root) for sound in (plain, out))
    assert after - before == pytest.approx(cut_db, abs=0.1)


@pytest.mark.parametrize("sound", ["noise", "struck", "chord"])
def test_emphasis_keeps_the_energy(sound: str):
    plain = {"noise": column(noise(1.0)), "struck": column(struck(220, 1.0)), "chord": note(0, 4, 7)}[sound]
    out = emphasise(plain, np.random.default_rng(0).uniform(-24, 24, 12))
    assert out.shape == plain.shape
    assert out.dtype == np.float32
    assert (out.astype(float) ** 2).mean() == pytest.approx((plain.astype(float) ** 2).mean(), rel=1e-3)


@pytest.mark.parametrize("at", [1_000, 24_000])
def test_emphasis_rings_after_a_click_and_not_before(at: int):
    click = np.zeros((48_000, 1), np.float32)
    click[at] = 1.0
    out = emphasise(click, np.random.default_rng(1).uniform(-24, 24, 12))[:, 0].astype(float)
    before, after = (out[:at] ** 2).sum(), (out[at + 1 :] ** 2).sum()
    assert after > 1e-2 * (out**2).sum()
    assert before < 1e-3 * after


def test_without_gains_nothing_is_emphasised():
    plain = note(0, 4)
    assert emphasise(plain, np.zeros(12)) is plain


def test_channels_are_emphasised_alike_and_nothing_is_changed_in_place():
    mono = struck(220, 1.0)
    sound = np.stack([mono, -0.5 * mono], 1).astype(np.float32)
    before = sound.copy()
    for change in (partial(emphasise, gain_db=gains(at_0=12.0, at_5=-20.0)), partial(transpose, semitones=3)):
        out = change(sound)
        assert out[:, 1] == pytest.approx(-0.5 * out[:, 0], abs=1e-5)
        assert np.array_equal(sound, before)
