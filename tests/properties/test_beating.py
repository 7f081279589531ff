import numpy as np
import pytest
from small_corpus import noise, struck, tone

from engine.features.descriptors import normalise
from engine.properties.beating import (
    BANDS_HZ,
    DEPTHS,
    LEAST,
    ROUGHEST,
    SLOWEST_HZ,
    change_roughness,
    measure_roughness,
)
from engine.properties.roughness import roughness
from engine.units import SAMPLE_RATE

CHORDS = {
    "fifth and octave": ((220, 0.2), (330, 0.2), (440, 0.2)),
    "seconds": ((440, 0.3), (470, 0.2), (880, 0.1), (930, 0.15)),
    "sawtooth": tuple((440 * order, 0.3 / order) for order in range(1, 20)),
    "cluster": ((440, 0.3), (466, 0.15), (494, 0.07), (880, 0.15), (932, 0.1), (1_320, 0.1), (1_400, 0.08)),
}


def changed(sound: np.ndarray, wanted: float) -> np.ndarray:
    """Return a sound at a roughness, or as it is where nothing helps."""
    made = change_roughness(sound, wanted)
    return sound if made is None else made


def chord(name: str, seconds: float = 1.5) -> np.ndarray:
    """Return one of CHORDS, (samples, 1)."""
    return sum(tone(hz, seconds, level) for hz, level in CHORDS[name])[:, None].astype(np.float32)


def energy_db(sound: np.ndarray) -> float:
    return float(10 * np.log10((sound.astype(np.float64) ** 2).mean()))


@pytest.mark.parametrize("name", CHORDS)
def test_roughness_is_measured_as_the_descriptor_does(name: str):
    assert measure_roughness(chord(name)) == pytest.approx(roughness(normalise(chord(name)[:, 0])), abs=0.15)


@pytest.mark.parametrize("name", CHORDS)
@pytest.mark.parametrize("more", [0.3, 0.5])
def test_a_rougher_sound_is_as_rough_as_was_wanted(name: str, more: float):
    plain = chord(name)
    wanted = measure_roughness(plain) + more
    rough = changed(plain, wanted)
    assert measure_roughness(rough) == pytest.approx(wanted, abs=0.15)
    assert roughness(normalise(rough[:, 0])) - roughness(normalise(plain[:, 0])) == pytest.approx(more, abs=0.15)


@pytest.mark.parametrize("less", [0.1, 0.25, 0.5])
def test_a_smoother_sound_is_as_smooth_as_was_wanted(less: float):
    plain = chord("cluster")
    wanted = measure_roughness(plain) - less
    smooth = changed(plain, wanted)
    assert measure_roughness(smooth) == pytest.approx(wanted, abs=0.07)
    assert roughness(normalise(smooth[:, 0])) < roughness(normalise(plain[:, 0])) - 0.75 * less


@pytest.mark.parametrize("name", CHORDS)
def test_the_more_is_wanted_the_rougher_it_gets(name: str):
    plain = chord(name)
    start = measure_roughness(plain)
    found = [measure_roughness(changed(plain, start + more)) for more in (-2, -0.3, 0.0, 0.3, 0.6, 1.0, 3.0)]
    assert (np.diff(found) > -0.02).all()
    assert found[-1] > found[2] + 0.5


def test_what_cannot_be_reached_is_approached_no_farther_than_it_helps():
    plain = chord("sawtooth")
    reached = changed(plain, measure_roughness(plain) + 9.0)
    steps = (changed(plain, measure_roughness(plain) + more) for more in (0.2, 0.4, 0.6))
    assert measure_roughness(reached) >= max(map(measure_roughness, steps))
    assert energy_db(reached) < energy_db(plain) + 10 * np.log10(1 + DEPTHS[-1] ** 2 / 2) / 2


@pytest.mark.parametrize("band", [7, 10])
def test_a_partial_beats_at_the_rate_at_which_it_is_roughest(band: int):
    hz = float(round(BANDS_HZ[band]))
    plain = tone(hz, 1.0, 0.3)[:, None].astype(np.float32)
    spectrum = np.abs(np.fft.rfft(changed(plain, 1.0)[:, 0]))
    rate_hz = max(SLOWEST_HZ, ROUGHEST / 0.24 * (0.0207 * hz + 18.96))
    sides = [int(hz) - 250 + int(np.argmax(spectrum[int(hz) - 250 : int(hz) - 20]))]
    sides += [int(hz) + 20 + int(np.argmax(spectrum[int(hz) + 20 : int(hz) + 250]))]
    assert sides == pytest.approx([hz - rate_hz, hz + rate_hz], abs=2.0)
    assert spectrum[sides[0]] == pytest.approx(spectrum[sides[1]], rel=0.2)


@pytest.mark.parametrize("name", CHORDS)
def test_beating_is_no_tremolo(name: str):
    plain = chord(name)
    rough = changed(plain, measure_roughness(plain) + 0.5)[4_800:-4_800, 0]
    blocks = 10 * np.log10((rough[: len(rough) // 4_800 * 4_800].reshape(-1, 4_800).astype(np.float64) ** 2).mean(1))
    assert np.ptp(blocks) < 1.0


@pytest.mark.parametrize("less", [0.1, 0.5])
def test_smoothing_takes_little_of_the_energy(less: float):
    plain = chord("cluster")
    smooth = changed(plain, measure_roughness(plain) - less)
    assert energy_db(plain) - 1.0 < energy_db(smooth) <= energy_db(plain)


def test_a_lone_partial_cannot_be_smoother():
    plain = tone(440, 1.0)[:, None].astype(np.float32)
    assert measure_roughness(plain) == pytest.approx(np.log10(LEAST), abs=1e-3)
    assert change_roughness(plain, -6.0) is None


@pytest.mark.parametrize("way", [-0.4, 0.4])
@pytest.mark.parametrize("samples", [100, 5_000, 60_001])
def test_length_channels_and_the_sound_itself_are_kept(way: float, samples: int):
    sound = np.stack([struck(330, 2.0)[:samples], noise(2.0, 3)[:samples]], 1).astype(np.float32)
    before = sound.copy()
    other = changed(sound, measure_roughness(sound) + way)
    assert other.shape == sound.shape
    assert other.dtype == np.float32
    assert np.isfinite(other).all()
    assert np.array_equal(sound, before)


@pytest.mark.parametrize("wanted", [-6.0, 1.0])
def test_silence_stays_silent(wanted: float):
    assert not changed(np.zeros((20_000, 1), np.float32), wanted).any()


def band_db(sound: np.ndarray, low_hz: float, high_hz: float) -> float:
    hz = np.fft.rfftfreq(len(sound), 1 / SAMPLE_RATE)
    power = np.abs(np.fft.rfft(sound[:, 0])) ** 2
    return float(10 * np.log10(power[(hz > low_hz) & (hz < high_hz)].sum() / power.sum() + 1e-9))


def test_high_partials_beat_first_and_deep_ones_where_that_is_not_enough():
    """Sidebands of high partials are of the same pitch to the ear; those of deep ones are other notes."""
    plain = chord("sawtooth")
    beside_440 = (350.0, 390.0)
    some, more = (changed(plain, measure_roughness(plain) + much) for much in (0.3, 1.5))
    assert band_db(some, *beside_440) < -50.0
    assert band_db(more, *beside_440) > -20.0
    assert measure_roughness(some) == pytest.approx(measure_roughness(plain) + 0.3, abs=0.1)
