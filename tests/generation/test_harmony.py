from functools import partial

import numpy as np
import pytest
from small_corpus import noise, struck, tone

from engine.features.descriptors import chroma, chroma_to_tension
from engine.generation.harmony import MEMORY, SHORTEST_SAMPLES, Harmony, emphasise, transpose
from engine.latent.chart import Reach
from engine.units import SAMPLE_RATE

REACH = Reach(0.2, 0.7, 0.05)
NOWHERE = np.zeros(12)


def column(sound: np.ndarray) -> np.ndarray:
    return sound[:, None].astype(np.float32)


def note(*semitones: float, seconds: float = 0.5) -> np.ndarray:
    """Return sines of equal level above 440 Hz, (samples, 1)."""
    return column(sum(tone(440 * 2 ** (step / 12), seconds, 0.2) for step in semitones))


def shares(sound: np.ndarray) -> np.ndarray:
    energies = chroma(sound.mean(1).astype(np.float64))
    return energies / max(energies.sum(), 1e-12)


def heard(sounds: list[np.ndarray]) -> list[float]:
    """Return the tension of what sounds and is remembered at each event, from the second on."""
    memory, found = np.zeros(12), []
    for sound in sounds:
        memory = MEMORY * memory + chroma(sound.mean(1).astype(np.float64))
        found.append(float(chroma_to_tension(memory)))
    return found[1:]


def fitted(events: list[np.ndarray], drive: float, hold: float = 0.0) -> list[np.ndarray]:
    harmony = Harmony(REACH)
    return [harmony.fit(event, drive, shares(event), hold) for event in events]


def peak_hz(sound: np.ndarray) -> float:
    spectrum = np.abs(np.fft.rfft(sound[:, 0] * np.hanning(len(sound)), 1 << 19))
    return float(spectrum.argmax() * SAMPLE_RATE / (1 << 19))


MELODY = [0, 4, 7, 2, 9, 5, 11, 7, 0, 4]
CHORDS = [(0, 4, 7), (2, 5, 9), (0, 1, 7), (5, 9, 0), (7, 11, 2), (0, 4, 7)]
PIECES = {"melody": [note(step) for step in MELODY], "chords": [note(*steps) for steps in CHORDS]}


def test_without_a_drive_every_event_stays_as_it_is():
    for events in PIECES.values():
        assert all(out is event for out, event in zip(fitted(events, 0.0), events, strict=True))


@pytest.mark.parametrize("piece", PIECES)
def test_tension_goes_the_way_it_is_driven(piece: str):
    calm, plain, tense = (np.mean(heard(fitted(PIECES[piece], drive))) for drive in (-10.0, 0.0, 10.0))
    assert calm < plain - 0.05
    assert tense > plain + 0.1


@pytest.mark.parametrize("piece", PIECES)
def test_the_more_it_is_driven_the_tenser_it_gets(piece: str):
    found = [np.mean(heard(fitted(PIECES[piece], drive))) for drive in (-10.0, -5.0, 0.0, 5.0, 10.0)]
    assert found == sorted(found)


@pytest.mark.parametrize("drive", [-10.0, -4.0, 4.0, 10.0])
def test_the_events_keep_their_energy_while_their_harmony_changes(drive: float):
    for out, event in zip(fitted(PIECES["chords"], drive), PIECES["chords"], strict=True):
        assert (out.astype(float) ** 2).mean() == pytest.approx((event.astype(float) ** 2).mean(), rel=0.02)


def test_the_first_event_is_not_transposed():
    out = fitted([note(0)], 10.0)[0]
    assert len(out) == len(note(0))
    assert peak_hz(out) == pytest.approx(440.0, rel=0.002)


@pytest.mark.parametrize("drive", [-10.0, 10.0])
def test_what_is_to_stay_plain_is_only_transposed(drive: float):
    harmony = Harmony(REACH)
    for steps in CHORDS:
        out = harmony.fit(note(*steps), drive, shares(note(*steps)), 0.0, plain=True)
        turns = [np.abs(np.roll(shares(note(*steps)), turn) - shares(out)).max() for turn in range(12)]
        assert min(turns) < 0.03


def test_what_others_did_to_the_tension_is_undone_as_far_as_it_is_held():
    def away(hold: float) -> float:
        harmony = Harmony(REACH)
        before, meant, is_now = note(0), note(7), note(1, 2, 6)
        memory = MEMORY * chroma(harmony.fit(before, 0.0, shares(before), 0.0)[:, 0].astype(float))
        own = chroma(is_now[:, 0].astype(float))
        wanted = chroma_to_tension(memory + shares(meant) * own.sum())
        out = harmony.fit(is_now, 0.0, shares(meant), hold)
        return abs(float(chroma_to_tension(memory + chroma(out[:, 0].astype(float))) - wanted))

    assert away(1.0) < 0.5 * away(0.0)
    assert away(1.0) <= away(0.5) + 0.02 <= away(0.0) + 0.02


def test_a_sound_too_short_for_a_pitch_is_left_alone():
    harmony = Harmony(REACH)
    harmony.fit(note(0), 10.0, NOWHERE, 0.0)
    click = column(noise(1.0)[: SHORTEST_SAMPLES - 1])
    assert harmony.fit(click, 10.0, NOWHERE, 1.0) is click


@pytest.mark.parametrize("drive", [-10.0, 0.0, 10.0])
def test_silence_between_events_stays_silent(drive: float):
    events = [note(0), np.zeros((9_600, 1), np.float32), note(1)]
    outs = fitted(events, drive, 1.0)
    assert not outs[1].any()
    assert all(np.isfinite(out).all() for out in outs)


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
