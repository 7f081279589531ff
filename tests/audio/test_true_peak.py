import numpy as np
import pytest
from scipy.signal import resample

from engine.audio.true_peak import REACH, WORST_OVERSHOOT, peaks_from, true_peak_db
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


def test_silence_has_a_floor():
    assert true_peak_db(np.zeros((100, 2), np.float32)) == -200
    assert true_peak_db(np.zeros((0, 2), np.float32)) == -200


def test_too_few_neighbours_are_refused():
    with pytest.raises(ShapeError, match=str(2 * REACH)):
        peaks_from(np.zeros((REACH, 1), np.float32))
