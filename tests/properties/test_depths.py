import numpy as np
import pytest

from engine.generation.sliders.looking import look_at
from engine.generation.sliders.shaping import Wanted, shape
from engine.properties.colouring import sound_of, spectra_of
from engine.properties.depths import HARMLESS, MARGIN, depth_of, hold_depths
from engine.units import SAMPLE_RATE

SPANS = np.array([1.0, 6.0, 0.5, 20.0, 0.2], np.float32)


def sines(**amplitudes: float) -> np.ndarray:
    """Return a second of sines, (samples, 1), from `hz40=0.5` and the like."""
    t = np.arange(SAMPLE_RATE) / SAMPLE_RATE
    return sum(size * np.sin(2 * np.pi * float(hz[2:]) * t) for hz, size in amplitudes.items())[:, None].astype("f4")


def held(sound: np.ndarray, depth: float) -> np.ndarray:
    spectra = np.stack([spectra_of(channel) for channel in sound.T])
    changed = hold_depths(spectra, depth)
    return np.stack([sound_of(channel, len(sound)) for channel in (spectra if changed is None else changed)], axis=1)


def level(sound: np.ndarray, hz: float) -> float:
    """Return the amplitude of a sine in the middle of a sound (samples, 1)."""
    part = sound[SAMPLE_RATE // 4 : -SAMPLE_RATE // 4, 0]
    return 2 * abs(np.exp(-2j * np.pi * hz * np.arange(len(part)) / SAMPLE_RATE) @ part) / len(part)


def test_depth_is_the_energy_below_80_hz_over_that_up_to_500():
    assert depth_of(sines(hz40=0.2, hz300=0.4, hz2000=0.7)) == pytest.approx(0.25, rel=0.02)
    assert depth_of(sines(hz300=0.4)) < 1e-3


def test_depths_that_have_grown_are_as_strong_as_they_may_be_and_nothing_else_changes():
    made = held(sines(hz30=0.6, hz300=0.2, hz2000=0.1), 0.5)
    assert level(made, 30) ** 2 == pytest.approx(MARGIN * 0.5 * 0.2**2, rel=0.05)
    assert level(made, 300) == pytest.approx(0.2, rel=0.01)
    assert level(made, 2000) == pytest.approx(0.1, rel=0.001)


def test_as_much_as_before_is_left_alone():
    sound = sines(hz40=0.3, hz300=0.3)
    assert held(sound, depth_of(sound)) == pytest.approx(sound, abs=2e-6)
    spectra = spectra_of(sound[:, 0])[None]
    assert hold_depths(spectra, depth_of(sound)) is None


def test_so_little_as_cannot_be_heard_may_always_be_there():
    faint = float(np.sqrt(0.5 * HARMLESS))
    spectra = spectra_of(sines(hz30=faint, hz2000=1.0)[:, 0])[None]
    assert hold_depths(spectra, 0.0) is None


def test_channels_keep_their_balance():
    sound = np.hstack([sines(hz30=0.6, hz300=0.2), sines(hz30=0.3, hz300=0.2)])
    made = held(sound, 0.1)
    assert level(made[:, :1], 30) / level(made[:, 1:], 30) == pytest.approx(2.0, rel=0.01)


@pytest.mark.parametrize(("depth", "grows"), [(0.05, False), (None, True)])
def test_a_sound_made_thin_is_not_left_with_its_depths(depth: float | None, grows: bool):
    sound = sines(hz30=0.2, hz150=0.4, hz450=0.3, hz900=0.2, hz3000=0.05)
    traits, direction = look_at(sound)[None], np.zeros((1, 5))
    traits[0, 1], direction[0, 1] = traits[0, 1] - 6.0, -1.0
    wanted = Wanted(traits, direction, np.ones(1), np.array([SAMPLE_RATE / 2]), depth)
    made = shape(sound, wanted, SPANS, 0).sound
    assert (depth_of(made) > 1.05 * MARGIN * 0.05) == grows
