"""What the benchmark plays: a voice without a recording, and the baseline that needs no model."""

import numpy as np
import resynthesis

from engine.units import BINS, HOP, MEL_BANDS, N_FFT, SAMPLE_RATE
from engine.vocoder.search import build_voice
from engine.vocoder.strand import Strand


def make_strands():
    rng = np.random.default_rng(0)
    parts = [
        (0, 2_048, 1.0),
        (0, 2_048, 2 ** (1 / 12)),
        (1, 30_000, 1.0),
        (2, 60_000, 1.0),
        (2, 60_000, 2 ** (-1 / 12)),
    ]
    frames = rng.normal(-5, 2, (len(parts), 2, 40, MEL_BANDS)).astype(np.float32)
    return [Strand(*part, recorded=both[0], heard=both[1]) for part, both in zip(parts, frames, strict=True)]


def test_a_left_out_recording_is_gone_at_every_speed_and_the_others_are_as_before():
    samples, strands = np.zeros((100_000, 1), np.float32), make_strands()
    found = resynthesis.leave_out(build_voice(samples, strands), 0)
    wanted = build_voice(samples, strands[2:])
    assert set(found.recordings) == {1, 2}
    for name in ("centres", "speeds", "strands", "recordings", "recorded", "heard"):
        np.testing.assert_allclose(getattr(found, name), getattr(wanted, name))


def test_the_exact_mel_of_a_tone_comes_back_as_that_tone():
    tone = 0.5 * np.sin(2 * np.pi * 440 * np.arange(SAMPLE_RATE) / SAMPLE_RATE).astype(np.float32)
    found = resynthesis.invert_exact_mel(tone)
    middle = np.abs(np.fft.rfft(found[SAMPLE_RATE // 4 : SAMPLE_RATE // 4 + N_FFT] * np.hanning(N_FFT)))
    assert len(found) == len(tone)
    assert abs(middle.argmax() * SAMPLE_RATE / N_FFT - 440) < 2 * SAMPLE_RATE / N_FFT
    assert 0.4 < found[HOP:-HOP].std() / tone.std() < 1.6
    assert middle.shape == (BINS,)


def test_judged_files_are_spread_evenly():
    names = list("abcdefghi")
    assert resynthesis.spread(names, 3) == {"a", "e", "i"}
    assert resynthesis.spread(names, 20) == set(names)
    assert resynthesis.spread(names, 0) == resynthesis.spread([], 5) == set()
