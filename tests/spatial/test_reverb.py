import math

import numpy as np
import pytest
from scipy.signal import butter, sosfiltfilt

from engine.errors import ParameterError, ShapeError
from engine.spatial.reverb import CORNER_HZ, DELAYS, FEEDBACK, HIGH_SHARE, LINES, Reverb, decay_filters, tail_samples
from engine.units import SAMPLE_RATE

NOISE = np.random.default_rng(0).normal(0, 0.1, (20_000, 2)).astype(np.float32)


def answer_to_a_click(seconds, samples, channels=(0, 1)):
    click = np.zeros((samples, 2), np.float32)
    click[0, list(channels)] = 1.0
    return Reverb(seconds).process(click).astype(np.float64)


@pytest.fixture(scope="module")
def answer():
    return answer_to_a_click(2.4, 4 * SAMPLE_RATE, channels=(0,))


def octave(sound, hz):
    edges = [hz / 2**0.5, hz * 2**0.5]
    return sosfiltfilt(butter(4, edges, "band", fs=SAMPLE_RATE, output="sos"), sound, axis=0)


def decay_seconds(sound):
    """Return the time of 60 dB, from -5 to -35 dB of the energy still to come (Schroeder 1965, ISO 3382)."""
    left_db = 10 * np.log10(np.cumsum((sound**2)[::-1])[::-1] + 1e-20)
    begin, end = np.searchsorted(left_db[0] - left_db, [5.0, 35.0])
    slope = np.polyfit(np.arange(begin, end) / SAMPLE_RATE, left_db[begin:end], 1)[0]
    return -60.0 / slope


def wanted_seconds(seconds, hz):
    """Return what the filters promise: loss of each delay over its length."""
    numerators, denominators = decay_filters(seconds)
    turn = np.exp(-2j * np.pi * hz / SAMPLE_RATE * np.arange(2))
    loss_db = -20 * np.log10(np.abs(numerators @ turn) / np.abs(denominators @ turn))
    return 60.0 / (loss_db / (DELAYS / SAMPLE_RATE))


@pytest.mark.parametrize("hz", [250, 500, 1_000, 2_000, 4_000, 8_000, 16_000])
def test_every_octave_decays_as_promised(answer, hz):
    assert decay_seconds(octave(answer[:, 1], hz)) == pytest.approx(wanted_seconds(2.4, hz).mean(), rel=0.05)


def test_a_long_room_is_long_and_a_short_one_short():
    short = answer_to_a_click(0.8, 2 * SAMPLE_RATE)[:, 0]
    assert decay_seconds(octave(short, 1_000)) == pytest.approx(wanted_seconds(0.8, 1_000).mean(), rel=0.08)
    long = answer_to_a_click(6.0, 7 * SAMPLE_RATE)[:, 0]
    assert decay_seconds(octave(long, 500)) == pytest.approx(wanted_seconds(6.0, 500).mean(), rel=0.05)


def test_all_delays_decay_alike_at_every_frequency():
    for hz in (100, 1_000, CORNER_HZ, 10_000, 20_000):
        assert np.ptp(wanted_seconds(2.4, hz)) < 0.02
    assert wanted_seconds(2.4, 0.1)[0] == pytest.approx(2.4, rel=1e-3)
    assert wanted_seconds(2.4, SAMPLE_RATE / 2)[0] == pytest.approx(2.4 * HIGH_SHARE, rel=1e-3)
    losses = [60 / wanted_seconds(2.4, hz)[0] for hz in (0.1, CORNER_HZ, SAMPLE_RATE / 2)]
    assert losses[1] == pytest.approx((losses[0] + losses[2]) / 2, rel=1e-3)


def test_delays_share_no_factor_and_the_matrix_keeps_energy():
    assert all(math.gcd(int(a), int(b)) == 1 for a in DELAYS for b in DELAYS if a != b)
    assert all(delay % divisor for delay in DELAYS for divisor in range(2, 64))
    assert np.allclose(FEEDBACK @ FEEDBACK.T, np.eye(LINES))


def test_around_700_hz_as_much_energy_comes_out_as_goes_in():
    for channels in ((0,), (1,), (0, 1)):
        heard = octave(np.pad(answer_to_a_click(2.4, 4 * SAMPLE_RATE, channels), ((4_800, 0), (0, 0))), 707)
        click = np.zeros(SAMPLE_RATE)
        click[24_000] = 1.0
        came_in = len(channels) * (octave(click, 707) ** 2).sum()
        assert 10 * np.log10((heard**2).sum() / came_in) == pytest.approx(0.0, abs=0.5)


def test_echoes_are_dense_from_the_start(answer):
    """Abel and Huang (2006): the share of samples beyond one standard deviation, 1 for Gaussian noise."""
    for begin in range(1_440, SAMPLE_RATE, 1_440):
        window = answer[begin : begin + 1_440, 0]
        assert (np.abs(window) > window.std()).mean() / math.erfc(1 / math.sqrt(2)) > 0.8


def test_no_tone_stands_out_of_the_end(answer):
    window = answer[SAMPLE_RATE : SAMPLE_RATE + (1 << 15), 0] * np.hanning(1 << 15)
    power = np.abs(np.fft.rfft(window))[100:3_000] ** 2  # 150 Hz to 4.4 kHz
    smooth = np.convolve(power, np.ones(201) / 201, "same")
    assert 10 * np.log10((power / smooth).max()) < 12.0  # noise of that length: 9 to 10 dB


def test_left_and_right_are_unlike(answer):
    late = answer[4_800:]
    assert abs(np.corrcoef(late.T)[0, 1]) < 0.05
    both = answer_to_a_click(2.4, 2 * SAMPLE_RATE)
    assert abs(np.corrcoef(both.T)[0, 1]) < 0.1


@pytest.mark.parametrize("size", [1, 100, 1_447, 1_448, 7_000])
def test_blocks_of_any_size_give_the_same(size):
    sound = NOISE if size > 1 else NOISE[:1_500]
    whole = Reverb(1.5).process(sound)
    room = Reverb(1.5)
    parts = np.concatenate([room.process(sound[at : at + size]) for at in range(0, len(sound), size)])
    assert np.abs(parts - whole).max() < 1e-6


def test_it_goes_on_for_as_long_as_one_likes():
    room = Reverb(0.8)
    room.process(NOISE)
    for _ in range(8):
        rest = room.process(np.zeros((20_000, 2), np.float32))
    assert np.abs(rest).max() < 1e-9


def test_answers_add_up_and_silence_stays_silent():
    other = NOISE[::-1]
    both = Reverb(2.0).process(NOISE + other)
    assert np.abs(both - Reverb(2.0).process(NOISE) - Reverb(2.0).process(other)).max() < 1e-5
    assert not Reverb(2.0).process(np.zeros((5_000, 2), np.float32)).any()


def test_after_the_tail_it_is_80_db_down(answer):
    energy = np.cumsum((answer[:, 1] ** 2)[::-1])[::-1]
    assert 10 * np.log10(energy[tail_samples(2.4)] / energy[0]) < -76.0


def test_what_cannot_be_is_refused():
    with pytest.raises(ParameterError, match=r"0\.5 s: must be from 0\.8 to 12 seconds"):
        Reverb(0.5)
    with pytest.raises(ShapeError, match=r"\(samples, 2\), this one \(10, 1\)"):
        Reverb(1.0).process(np.zeros((10, 1), np.float32))
