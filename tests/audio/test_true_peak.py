import numpy as np
import pytest
from scipy.signal import resample

from engine.audio.true_peak import REACH, WORST_OVERSHOOT, TruePeakMeter, peaks_from, true_peak_db
from engine.errors import ShapeError


def test_a_sine_between_its_samples_is_read_at_its_true_height():
    quarter = np.sin(2 * np.pi * np.arange(4_800) / 4 + np.pi / 4)[:, None].astype(np.float32)
    faded = quarter * np.hanning(4_800)[:, None].astype(np.float32)
    assert 20 * np.log10(np.abs(faded).max()) == pytest.approx(-3.01, abs=0.01)
    assert true_peak_db(faded) == pytest.approx(0.0, abs=0.05)


@pytest.mark.parametrize("seed", range(3))
def test_agrees_with_interpolation_by_fourier_transform(seed):
    spectrum = np.random.default_rng(seed).normal(size=(2, 2_049)) + 0j
    spectrum[:, 1_700:] = 0  # up to 19.9 kHz
    sound = np.fft.irfft(spectrum, axis=1).T * np.hanning(4_096)[:, None]
    expected = 20 * np.log10(np.abs(resample(sound, 64 * len(sound), axis=0)).max())
    assert true_peak_db(sound.astype(np.float32)) == pytest.approx(expected, abs=0.05)


def test_long_sounds_are_read_in_pieces_without_losing_a_peak():
    sound = np.zeros((200_000, 1), np.float32)
    sound[65_535:65_537] = 0.8  # the peak lies between two pieces
    assert true_peak_db(sound) == pytest.approx(true_peak_db(sound[65_000:66_000]), abs=1e-4)


def test_no_peak_exceeds_the_bound():
    signs = np.sign(np.random.default_rng(0).normal(size=(5_000, 1))).astype(np.float32)
    assert peaks_from(signs).max() <= WORST_OVERSHOOT


@pytest.mark.parametrize("size", [1, 50, 1_000])
def test_the_meter_reads_the_same_however_the_sound_is_cut(size):
    sound = np.random.default_rng(0).uniform(-1, 1, (3_000, 2)).astype(np.float32)
    meter = TruePeakMeter(2)
    for at in range(0, len(sound), size):
        meter.update(sound[at : at + size])
    assert meter.db() == pytest.approx(true_peak_db(sound), abs=1e-5)


@pytest.mark.parametrize("at", [0, 98])
def test_a_peak_at_either_end_is_not_missed(at):
    sound = np.zeros((100, 1), np.float32)
    sound[at : at + 2] = 0.5  # half way between two equal samples alone is 4 / π of them
    assert true_peak_db(sound) == pytest.approx(20 * np.log10(0.5 * 4 / np.pi), abs=0.1)
    sound[at + 1] = -0.5  # and between opposite ones the peaks lie outside
    assert true_peak_db(sound) == pytest.approx(true_peak_db(sound[::-1]), abs=1e-4)


def test_another_number_of_channels_is_refused_by_the_meter():
    with pytest.raises(ShapeError, match=r"\(samples, 2\)"):
        TruePeakMeter(2).update(np.zeros((10, 1), np.float32))


@pytest.mark.parametrize("above", [0.3, 0.9])
@pytest.mark.parametrize("samples", [1, 16, 17, 64, 5_000])
def test_every_peak_above_a_level_is_found_when_only_those_are_asked_for(above, samples):
    sound = np.random.default_rng(0).normal(0, 0.15, (samples + 2 * REACH - 1, 2)).astype(np.float32)
    every, high = peaks_from(sound), peaks_from(sound, above)
    assert np.array_equal(high[every > above], every[every > above])
    assert (high <= every).all()


def test_silence_has_a_floor():
    assert true_peak_db(np.zeros((100, 2), np.float32)) == -200
    assert true_peak_db(np.zeros((0, 2), np.float32)) == -200


def test_too_few_neighbours_are_refused():
    with pytest.raises(ShapeError, match=str(2 * REACH)):
        peaks_from(np.zeros((REACH, 1), np.float32))
