import io

import numpy as np
import pytest
import scipy.signal
import soundfile

from engine.dataset.likeness import compare_sounds, is_steady

RATE = 48_000
TIME = np.arange(3 * RATE) / RATE


def place(seed: int, level: float = 0.05) -> np.ndarray:
    """A quiet place: coloured noise, another take for each seed."""
    noise = np.random.default_rng(seed).standard_normal(len(TIME))
    return level * scipy.signal.lfilter([1], [1, -0.95], noise) / 3.2


def hum(phases: np.ndarray) -> np.ndarray:
    return sum(0.02 / k * np.sin(2 * np.pi * 50 * k * TIME + phases[k]) for k in range(1, 20))


def tones(seed: int) -> np.ndarray:
    phases = np.random.default_rng(seed).uniform(0, 6, 9)
    return sum(0.2 / k * np.sin(2 * np.pi * 220 * k * TIME + phases[k]) for k in range(1, 9))


def hit(decay: float, seconds: float = 0.8) -> np.ndarray:
    random, time = np.random.default_rng(3), TIME[: round(seconds * RATE)]
    noise = 0.2 * random.standard_normal(len(time)) * np.exp(-4 * decay * time)
    return 0.3 * np.sin(2 * np.pi * 90 * time) * np.exp(-decay * time) + noise


def likeness(one: np.ndarray, other: np.ndarray):
    return compare_sounds(one.astype(np.float32), other.astype(np.float32))


def coded(sound: np.ndarray, container: str, **settings) -> np.ndarray:
    file = io.BytesIO()
    soundfile.write(file, sound, RATE, format=container, **settings)
    file.seek(0)
    return soundfile.read(file, dtype="float32")[0]


@pytest.mark.parametrize("offset", [0.0, 0.01, 0.05])
def test_takes_of_one_place_with_an_offset_are_no_copies(offset: float):
    for seed in range(4):
        found = likeness(place(seed) * 0.1 + offset, place(seed + 10) * 0.1 + offset)
        assert not found.may_be_same
        assert found.correlation < 0.1


def test_takes_with_one_hum_are_no_copies():
    same = np.random.default_rng(0).uniform(0, 6, 20)
    for seed in range(4):
        assert not likeness(place(seed) * 0.1 + hum(same), place(seed + 10) * 0.1 + hum(same)).may_be_same


def test_equal_tones_at_another_phase_are_no_copies():
    for seed in range(4):
        noise = 1e-4 * np.random.default_rng(seed + 20).standard_normal((2, len(TIME)))
        assert not likeness(tones(seed) + noise[0], tones(seed + 10) + noise[1]).may_be_same


@pytest.mark.parametrize(
    "change",
    [
        lambda sound: 0.1 * sound,
        lambda sound: -0.5 * sound + 0.05,
        lambda sound: sound[2_400:],
        lambda sound: sound[: int(0.93 * len(sound))],
        lambda sound: np.pad(sound, (3_000, 0)),
        lambda sound: np.round(0.1 * sound * 2**15) / 2**15,
        lambda sound: coded(0.5 * sound, "MP3"),
        lambda sound: coded(sound, "OGG", subtype="VORBIS"),
    ],
    ids=["gain", "polarity and offset", "trimmed before", "trimmed behind", "later", "16 bit", "MP3", "Vorbis"],
)
@pytest.mark.parametrize("sound", [place(0), place(1) * 0.1 + tones(1)], ids=["place", "tones in a place"])
def test_a_copy_is_one_in_any_form(sound: np.ndarray, change):
    found = likeness(sound, change(sound))
    assert found.sure
    assert likeness(change(sound), sound).sure


def test_a_hit_with_another_decay_is_no_copy_and_a_softer_one_is():
    assert likeness(hit(4.0), 0.3 * hit(4.0)).sure
    found = likeness(hit(4.0), 0.3 * hit(4.0) * np.exp(-3 * TIME[: len(hit(4.0))]))
    assert not found.steady
    assert not found.may_be_same


def test_nothing_and_silence_are_like_nothing():
    sound, silence = place(0), np.zeros(RATE)
    assert likeness(sound, silence[:0]).correlation == 0
    assert likeness(sound, silence).correlation == likeness(silence, silence).correlation == 0
    assert not likeness(silence, silence).may_be_same


def test_steadiness_is_that_of_what_sounds_together():
    sound = place(0).astype(np.float32)
    later = np.pad(0.2 * sound, (4_800, 0))
    assert is_steady(sound, later, -4_800)
    assert is_steady(later, sound, 4_800)
    assert not is_steady(sound, later * np.linspace(0, 1, len(later), dtype=np.float32) ** 2, -4_800)
    assert is_steady(sound[:100], sound[:100], 0)
