import numpy as np
import pytest
from small_corpus import noise, tone

from engine.features.descriptors import normalise
from engine.properties.colouring import sound_of, spectra_of
from engine.properties.levelling import AMOUNTS, Fluctuation, measure_motion
from engine.properties.motion import motion
from engine.units import N_FFT, SAMPLE_RATE


def swelling(depth_db: float = 6.0, seconds: float = 2.0) -> np.ndarray:
    """Return noise whose upper half swells against its lower half, twice a second."""
    rng = np.random.default_rng(5)
    samples = int(seconds * SAMPLE_RATE)
    spectrum = np.fft.rfft(rng.standard_normal(samples))
    hz = np.fft.rfftfreq(samples, 1 / SAMPLE_RATE)
    low, high = (np.fft.irfft(spectrum * part, samples) for part in (hz < 2_000, hz >= 2_000))
    swell = depth_db * np.sin(2 * np.pi * 2 * np.arange(samples) / SAMPLE_RATE)
    return normalise(low * 10 ** (swell / 20) + high * 10 ** (-swell / 20))


def magnitude(sound: np.ndarray) -> np.ndarray:
    return np.abs(spectra_of(sound)) * 4 / N_FFT


def levelled(sound: np.ndarray, amount: float) -> np.ndarray:
    spectra = spectra_of(sound)
    return sound_of(spectra * Fluctuation(np.abs(spectra)).gain(np.full(len(spectra), amount)), len(sound))


def test_motion_of_magnitudes_is_the_motion_that_is_described():
    for sound in (swelling(), normalise(noise(1.0)), normalise(tone(440, 1.0))):
        assert measure_motion(magnitude(sound)) == pytest.approx(motion(sound), rel=0.1, abs=0.02)


def test_a_sound_shorter_than_the_time_over_which_it_moves_does_not_move():
    assert measure_motion(magnitude(noise(0.05))) == 0.0


def test_the_more_is_added_the_more_it_moves():
    sound = swelling()
    found = [motion(normalise(levelled(sound, amount))) for amount in AMOUNTS if amount >= -1]
    assert found == sorted(found)
    assert found[0] < 0.75 * motion(sound)
    assert found[-1] > 1.3 * motion(sound)


@pytest.mark.parametrize("share", [0.8, 0.9, 1.15, 1.3])
def test_the_amount_that_is_found_brings_the_sound_near_the_motion_that_is_wanted(share: float):
    sound = swelling()
    amount = Fluctuation(magnitude(sound)).find_amount(share * measure_motion(magnitude(sound)))
    assert motion(normalise(levelled(sound, amount))) == pytest.approx(share * motion(sound), rel=0.12)


def test_a_motion_out_of_reach_takes_all_there_is():
    sound = magnitude(swelling())
    assert Fluctuation(sound).find_amount(0.0) == AMOUNTS[0]
    assert Fluctuation(sound).find_amount(99.0) == AMOUNTS[-1]


def test_each_frame_keeps_its_energy():
    frames = magnitude(swelling())
    energy = ((frames * Fluctuation(frames).gain(np.linspace(-1.5, 1.5, len(frames)))) ** 2).sum(1)
    assert energy == pytest.approx((frames**2).sum(1), rel=1e-6)


def test_silence_stays_silent():
    silent = np.zeros((20, N_FFT // 2 + 1))
    assert np.isfinite(Fluctuation(silent).gain(np.ones(20))).all()
    assert measure_motion(silent) == 0.0
