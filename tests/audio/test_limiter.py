import numpy as np
import pytest
from scipy.signal import butter, resample_poly, sosfiltfilt

from engine.audio.limiter import LOOK_AHEAD_SECONDS, TruePeakLimiter
from engine.errors import ShapeError

TIME = np.arange(24_000) / 48_000
NOISE = np.random.default_rng(0).normal(0, 0.7, (24_000, 2))


def limited(sound, *sizes):
    limiter = TruePeakLimiter(sound.shape[1])
    blocks, at = [], 0
    while at < len(sound):
        size = sizes[len(blocks) % len(sizes)]
        blocks.append(limiter.process(sound[at : at + size]))
        at += size
    return np.concatenate([*blocks, limiter.flush()])


def measured_true_peak_db(sound):
    return 20 * np.log10(np.abs(resample_poly(sound.astype(np.float64), 8, 1, axis=0)).max())


def burst(at):
    sound = np.zeros((24_000, 1))
    sound[at] = 4.0
    return sound


@pytest.mark.parametrize(
    "sound",
    [
        NOISE,
        sosfiltfilt(butter(8, 15_000, fs=48_000, output="sos"), NOISE, axis=0),
        1.3 * np.sin(2 * np.pi * 12_000 * TIME + np.pi / 4)[:, None],
        1.3 * np.sin(2 * np.pi * 11_999 * TIME)[:, None],
        2.0 * np.sin(2 * np.pi * 997 * TIME)[:, None],
        3.0 * np.sin(2 * np.pi * 50 * TIME)[:, None],
        1.5 * np.sin(2 * np.pi * 20_000 * TIME + 0.3)[:, None],
        burst(0),
        burst(4_800),
        burst(23_999),
    ],
    ids=["noise", "dull noise", "quarter", "beside quarter", "tone", "bass", "high", "first", "seam", "last"],
)
def test_no_true_peak_exceeds_the_ceiling(sound):
    result = limited(sound.astype(np.float32), 4_096)
    assert result.shape == sound.shape
    assert -1.5 < measured_true_peak_db(result) <= -0.95


def test_the_result_does_not_depend_on_the_blocks():
    sound = NOISE.astype(np.float32)
    whole = limited(sound, len(sound))
    assert np.array_equal(limited(sound, 1_000), whole)
    assert np.array_equal(limited(sound, 1, 7, 9_000, 4_800), whole)


def test_what_stays_below_the_ceiling_passes_to_the_bit():
    sound = np.random.default_rng(1).uniform(-0.25, 0.25, (30_000, 2)).astype(np.float32)
    assert np.array_equal(limited(sound, 4_096), sound)


def test_a_sound_is_untouched_before_and_long_after_a_peak():
    sound = np.full((48_000, 1), 0.1, np.float32)
    sound[20_000] = 2.0
    result = limited(sound, 4_096)
    untouched = np.r_[0 : 20_000 - round(48_000 * LOOK_AHEAD_SECONDS) - 60, 32_000:48_000]
    assert np.array_equal(result[untouched], sound[untouched])
    assert result[20_000, 0] == pytest.approx(10 ** (-1 / 20), abs=0.01)


def test_the_gain_moves_smoothly():
    sound = np.full((24_000, 1), 0.1, np.float32)
    sound[10_000] = 2.0
    gain = limited(sound, 24_000)[:, 0] / sound[:, 0]
    assert np.abs(np.diff(20 * np.log10(gain))).max() < 0.1


def test_both_channels_get_the_same_gain():
    sound = np.stack([NOISE[:, 0], 0.01 * NOISE[:, 0]], axis=1).astype(np.float32)
    result = limited(sound, 4_096)
    assert np.allclose(result[:, 1], 0.01 * result[:, 0], atol=1e-6)


@pytest.mark.parametrize("samples", [0, 1, 100, 4_799, 4_800, 4_801, 10_003])
def test_as_many_samples_come_out_as_went_in(samples):
    assert limited(NOISE[:samples].astype(np.float32), 512).shape == (samples, 2)


def test_a_single_peak_is_over_in_a_moment():
    sound = np.full((24_000, 1), 0.1, np.float32)
    sound[10_000] = 2.0
    gain = limited(sound, 24_000)[:, 0] / sound[:, 0]
    assert gain[9_990] < 0.5
    assert gain[12_400] > 0.75  # 50 ms later
    assert (gain[16_000:] == 1).all()


def test_a_loud_bass_is_turned_down_and_not_bent():
    result = limited((3.0 * np.sin(2 * np.pi * 50 * TIME))[:, None].astype(np.float32), 4_096)[4_800:, 0]
    spectrum = np.abs(np.fft.rfft(result * np.hanning(len(result)))) ** 2
    tone = round(50 * len(result) / 48_000)
    others = spectrum[3:].sum() - spectrum[tone - 2 : tone + 3].sum()
    assert 10 * np.log10(others / spectrum.sum()) < -45


@pytest.mark.parametrize("rate", [44_100, 88_200, 192_000])
def test_the_ceiling_holds_at_every_sample_rate(rate):
    limiter = TruePeakLimiter(2, -3.0, rate)
    loud = 3 * NOISE.astype(np.float32)
    result = np.concatenate([limiter.process(loud), limiter.flush()])
    assert result.shape == loud.shape
    assert -3.5 < measured_true_peak_db(result) <= -2.95


def test_the_largest_reduction_is_told():
    limiter = TruePeakLimiter(1, -1.0)
    limiter.process(np.full((20_000, 1), 0.5, np.float32))
    assert limiter.most_reduction_db == 0
    limiter.process(2 * np.sin(2 * np.pi * 1_000 * TIME)[:, None].astype(np.float32))
    assert limiter.most_reduction_db == pytest.approx(6.02 + 1.0, abs=0.1)


def test_another_number_of_channels_is_refused():
    with pytest.raises(ShapeError, match=r"\(samples, 2\)"):
        TruePeakLimiter(2).process(np.zeros((10, 1), np.float32))
