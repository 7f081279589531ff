import math

import numpy as np
import pytest
from small_corpus import noise, tone

from engine.audio.loudness import loudness_lufs
from engine.errors import ShapeError
from engine.features.descriptors import (
    GATE_DB,
    INTERVAL_WEIGHTS,
    LOUDNESS_LUFS,
    MEL_HOP,
    ROUGHNESS_WINDOW,
    WINDOW,
    chroma,
    chroma_to_tension,
    magnitude,
    normalise,
    width,
)
from engine.properties.attack import attack
from engine.properties.brightness import brightness
from engine.properties.describing import PROPERTIES, describe
from engine.properties.motion import motion
from engine.properties.roughness import roughness
from engine.properties.tension import tension
from engine.properties.texture import texture
from engine.properties.warmth import warmth
from engine.sliders import CHARTED
from engine.units import SAMPLE_RATE

BIN_HZ = SAMPLE_RATE / WINDOW
ROUGHNESS_BIN_HZ = SAMPLE_RATE / ROUGHNESS_WINDOW
MIDDLE_HZ = 2_454.5  # of the mel bands of motion: 32 lie below and 32 above


def chord(*semitones: float, seconds: float = 2.0, root_hz: float = 440.0) -> np.ndarray:
    """Return sines of equal level, so many semitones above `root_hz`."""
    return sum(tone(root_hz * 2 ** (step / 12), seconds, 0.1) for step in semitones)


def shares(*classes: int) -> np.ndarray:
    """Return a chroma with equal energy in some pitch classes."""
    return np.bincount(classes, minlength=12) / len(classes)


def clicks(rate: int, seconds: int) -> np.ndarray:
    """Return single samples at a steady rate, the first a twentieth of a second in."""
    sound = np.zeros(seconds * SAMPLE_RATE)
    sound[SAMPLE_RATE // 20 :: SAMPLE_RATE // rate] = 0.5
    return sound


def test_there_is_a_descriptor_for_every_slider():
    assert [name for name, one in PROPERTIES.items() if one.measure] == list(CHARTED)


@pytest.mark.parametrize("sound", [tone(440, 1.0, 0.01), noise(2.0), noise(0.1)], ids=["soft tone", "noise", "blip"])
def test_what_is_measured_has_normal_loudness(sound: np.ndarray):
    normal = normalise(sound)
    assert loudness_lufs(normal[:, None].astype(np.float32)) == pytest.approx(LOUDNESS_LUFS, abs=0.01)
    assert np.allclose(normal / normal.max(), sound / sound.max(), atol=1e-9)


@pytest.mark.parametrize("level_db", [-40.0, -20.0, 12.0])
def test_descriptors_do_not_depend_on_the_level(level_db: float):
    sound = noise(1.0) * np.linspace(0.1, 1.0, SAMPLE_RATE) + tone(300, 1.0, 0.1)
    other = describe(sound * 10 ** (level_db / 20))
    assert other == pytest.approx(describe(sound), abs=1e-4)


@pytest.mark.parametrize("shape", [(0,), (100, 1), (2, 100)])
def test_what_is_no_mono_sound_is_refused(shape):
    with pytest.raises(ShapeError, match=r"has shape \(samples,\), not"):
        describe(np.zeros(shape))


@pytest.mark.parametrize("samples", [1, 479, 480, 5_000, 48_000])
def test_silence_is_dark_thin_smooth_and_still(samples: int):
    found = describe(np.zeros(samples))
    assert found["brightness"] == pytest.approx(math.log2(100.0))
    assert (found["warmth"], found["roughness"]) == pytest.approx((-60.0, -4.0))
    assert (found["attack"], found["motion"]) == (0.0, 0.0)
    assert np.isfinite(list(found.values())).all()


def test_a_spectrum_reads_one_at_the_bin_of_a_full_scale_sine_and_half_beside_it():
    spectra = magnitude(tone(64 * BIN_HZ, 1.0, 1.0), WINDOW, 512)[4:-6]
    assert np.allclose(spectra[:, 63:66], [0.5, 1.0, 0.5], atol=1e-6)
    assert spectra[:, :62].max() < 1e-6


@pytest.mark.parametrize("hz", [1_000.0, 1_234.5, 5_000.0, 12_000.0])
def test_the_brightness_of_a_sine_is_its_octave(hz: float):
    assert brightness(tone(hz, 2.0)) == pytest.approx(math.log2(hz), abs=0.01)


def test_the_brightness_of_two_sines_is_that_of_their_mean_by_magnitude():
    sound = tone(100 * BIN_HZ, 2.0, 0.3) + tone(400 * BIN_HZ, 2.0, 0.1)
    assert brightness(sound) == pytest.approx(math.log2((3 * 100 + 400) / 4 * BIN_HZ), abs=0.005)


def test_the_brightness_of_white_noise_is_the_middle_between_100_hz_and_the_highest():
    assert brightness(noise(4.0)) == pytest.approx(math.log2((100 + SAMPLE_RATE / 2) / 2), abs=0.01)


def test_what_is_too_soft_to_be_heard_beside_the_rest_does_not_count():
    faint = 10 ** (-(GATE_DB + 6) / 20)
    quiet = np.concatenate([tone(1_000, 1.0), faint * tone(8_000, 1.0)])
    loud = np.concatenate([tone(1_000, 1.0), 0.5 * tone(8_000, 1.0)])
    assert brightness(quiet) == pytest.approx(brightness(tone(1_000, 1.0)), abs=0.005)
    assert brightness(loud) > math.log2(1_000) + 0.5


@pytest.mark.parametrize(("low", "high"), [(0.3, 0.3), (0.3, 0.15), (0.05, 0.3)])
def test_warmth_is_the_share_of_the_energy_below_500_hz(low: float, high: float):
    sound = tone(10 * BIN_HZ, 2.0, low) + tone(100 * BIN_HZ, 2.0, high)
    assert warmth(sound) == pytest.approx(10 * math.log10(low**2 / (low**2 + high**2)), abs=0.005)


@pytest.mark.parametrize(("place", "wanted"), [(1, -60.0), (5, -3.01), (20, -3.01), (24, -60.0)])
def test_warmth_goes_from_80_to_500_hz(place: int, wanted: float):
    sound = np.hanning(2 * SAMPLE_RATE) * (tone(place * BIN_HZ, 2.0) + tone(200 * BIN_HZ, 2.0))
    assert warmth(sound) == pytest.approx(wanted, abs=1.0)


@pytest.mark.parametrize(("first", "second"), [(40, 43), (40, 44), (100, 106), (200, 204), (40, 80)])
@pytest.mark.parametrize("softer", [1.0, 0.5])
def test_the_roughness_of_two_sines_is_that_of_vassilakis(first: int, second: int, softer: float):
    low_hz, gap_hz = first * ROUGHNESS_BIN_HZ, (second - first) * ROUGHNESS_BIN_HZ
    sound = tone(low_hz, 2.0, 0.3) + tone(low_hz + gap_hz, 2.0, 0.3 * softer)
    s = 0.24 / (0.0207 * low_hz + 18.96) * gap_hz
    wanted = 0.5 * softer**0.1 * (2 * softer / (1 + softer)) ** 3.11 * (math.exp(-3.51 * s) - math.exp(-5.75 * s))
    assert roughness(sound) == pytest.approx(math.log10(wanted + 1e-4), abs=0.002)


def test_a_semitone_is_rougher_than_a_fifth_and_an_octave_and_a_unison_is_smooth():
    semitone, fifth, octave, unison = (roughness(chord(0, step)) for step in (1, 7, 12, 0))
    assert semitone > fifth + 0.5
    assert fifth > octave + 0.5
    assert octave > unison == -4.0


@pytest.mark.parametrize(("hz", "pitch_class"), [(440, 0), (880, 0), (932.33, 1), (1_046.5, 3), (1_567.98, 10)])
def test_the_chroma_of_a_sine_is_its_pitch_class(hz: float, pitch_class: int):
    energies = chroma(tone(hz, 2.0))
    assert energies[pitch_class] > 0.99 * energies.sum()


def test_the_chroma_of_a_chord_has_the_energies_of_its_tones():
    sound = tone(440, 2.0, 0.3) + tone(440 * 2 ** (4 / 12), 2.0, 0.15)
    energies = chroma(sound)
    assert energies[4] / energies[0] == pytest.approx(0.25, rel=0.02)
    assert energies[[0, 4]].sum() > 0.99 * energies.sum()


@pytest.mark.parametrize("pitch_class", range(12))
def test_a_single_pitch_class_has_no_tension(pitch_class: int):
    assert chroma_to_tension(shares(pitch_class)) == pytest.approx(0.0, abs=1e-9)


@pytest.mark.parametrize("interval", range(1, 12))
def test_the_tension_of_an_interval_is_that_of_bernardes(interval: int):
    vector = [w * math.cos(math.pi * interval * (k + 1) / 12) for k, w in enumerate((3, 8, 11.5, 15, 14.5, 7.5))]
    wanted = 1 - np.linalg.norm(vector) / np.linalg.norm([3, 8, 11.5, 15, 14.5, 7.5])
    assert chroma_to_tension(shares(0, interval)) == pytest.approx(wanted, abs=1e-9)
    assert tension(chord(0, interval)) == pytest.approx(wanted, abs=0.01)


def test_all_pitch_classes_alike_are_the_greatest_tension():
    assert chroma_to_tension(np.ones(12)) == pytest.approx(1.0)
    assert len(INTERVAL_WEIGHTS) == 6


def test_a_cluster_is_tenser_than_a_triad_than_a_fifth_than_a_tone():
    cluster, semitone, triad, fifth, single = (
        tension(chord(*steps)) for steps in ((0, 1, 2, 6), (0, 1), (0, 4, 7), (0, 7), (0,))
    )
    assert cluster > semitone > triad > fifth > single
    assert single < 0.01
    assert cluster - triad > 0.2


@pytest.mark.parametrize("semitones", range(1, 12))
def test_tension_is_the_same_in_every_key(semitones: int):
    major = shares(0, 4, 7)
    assert chroma_to_tension(np.roll(major, semitones)) == pytest.approx(chroma_to_tension(major), abs=1e-9)


def test_attack_is_the_mean_of_the_steepest_rises_one_for_each_second():
    rises_db = (0.0, 3.0, 6.0, 9.0)
    steps = [10 ** ((level - 30) / 20) * np.ones(int(0.8 * SAMPLE_RATE)) for level in np.cumsum(rises_db)]
    sound = tone(1_000, 3.2) * np.concatenate(steps)
    assert attack(normalise(sound)) == pytest.approx((3.0 + 6.0 + 9.0) / 3, abs=1e-3)


def test_attack_is_no_more_than_what_can_be_heard():
    assert attack(normalise(clicks(2, 3))) == pytest.approx(GATE_DB)


@pytest.mark.parametrize("seconds", [0.05, 0.1, 0.4, 0.9])
def test_the_attack_of_a_swell_is_its_slope(seconds: float):
    level_db = np.minimum(0.0, 40.0 * (np.arange(SAMPLE_RATE) / SAMPLE_RATE / seconds - 1))
    sound = tone(1_000, 1.0) * 10 ** (level_db / 20)
    assert attack(normalise(sound)) == pytest.approx(0.4 / seconds, abs=0.01)


def test_a_steady_tone_has_no_attack():
    assert attack(tone(1_000, 2.0)) == pytest.approx(0.0, abs=1e-6)


def halves(seconds: float) -> list[np.ndarray]:
    """Return pulses on the grid of frames, the lower and the upper half of the mel bands: every frame is the same."""
    samples = round(seconds * SAMPLE_RATE)
    pulses = np.zeros(samples)
    pulses[::MEL_HOP] = 1.0
    spectrum, hz = np.fft.rfft(pulses), np.fft.rfftfreq(samples, 1 / SAMPLE_RATE)
    return [np.fft.irfft(spectrum * half, samples) for half in (hz < MIDDLE_HZ, hz >= MIDDLE_HZ)]


def test_a_steady_sound_does_not_move():
    low, high = halves(2.0)
    assert motion(low + high) < 0.003


@pytest.mark.parametrize("seconds", [0.25, 0.5])
@pytest.mark.parametrize("neper", [0.1, 0.5, 1.0])
def test_motion_is_the_change_of_the_spectrum_over_100_ms(seconds: float, neper: float):
    low, high = halves(4.0)
    balance = np.where(np.arange(len(low)) / SAMPLE_RATE // seconds % 2, neper, -neper)
    turning = low * np.exp(balance) + high * np.exp(-balance)
    assert motion(turning[9_600:-9_600]) == pytest.approx(2 * neper * 0.1 / seconds, rel=0.03)


@pytest.mark.parametrize("hz", [300.0, 1_000.0, 4_000.0])
def test_only_level_is_no_motion(hz: float):
    fading = tone(hz, 2.0) * np.linspace(1.0, 0.2, 96_000)
    assert motion(normalise(fading)) < 3 * motion(normalise(tone(hz, 2.0)))


def test_the_texture_of_white_noise_is_the_flatness_of_exponential_power():
    assert texture(normalise(noise(4.0))) == pytest.approx(-10 * np.euler_gamma / math.log(10), abs=0.03)


def test_texture_goes_from_a_tone_to_noise():
    mixed = [texture(normalise(tone(1_000, 2.0, 0.3) + noise(2.0, level=level))) for level in (0, 0.001, 0.01, 0.1, 1)]
    assert mixed == sorted(mixed)
    assert mixed[0] < -90


@pytest.mark.parametrize(
    ("left", "right", "wanted"),
    [(1.0, -1.0, 0.0), (1.0, 1.0, -60.0), (1.0, 0.0, 10 * math.log10(0.5)), (3.0, 1.0, 10 * math.log10(0.2))],
)
def test_the_width_of_one_sound_on_two_channels(left: float, right: float, wanted: float):
    mono = noise(1.0)
    assert width(np.stack([left * mono, right * mono], 1)) == pytest.approx(wanted, abs=0.001)


def test_the_width_of_two_sounds_is_half_of_the_energy():
    assert width(np.stack([noise(4.0, 1), noise(4.0, 2)], 1)) == pytest.approx(10 * math.log10(0.5), abs=0.05)


@pytest.mark.parametrize("shape", [(10,), (10, 1), (10, 3), (2, 10)])
def test_the_width_of_what_is_not_stereo_is_refused(shape):
    with pytest.raises(ShapeError, match=r"stereo sound \(samples, 2\), not"):
        width(np.zeros(shape))
