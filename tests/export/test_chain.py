import numpy as np
import pytest

from engine.audio.limiter import TruePeakLimiter
from engine.audio.true_peak import true_peak_db
from engine.export.chain import clean, finish
from engine.settings import ExportSettings

NOISE = np.random.default_rng(0).normal(0, 0.1, (24_001, 2)).astype(np.float32)


def in_blocks(sound, size=1_000):
    return [sound[at : at + size] for at in range(0, len(sound), size)]


def finished(sound, gain_db, rate, size=1_000):
    return np.concatenate(list(finish(in_blocks(sound, size), gain_db, 2, rate, TruePeakLimiter(2, -1.0, rate))))


def test_what_needs_nothing_passes_to_the_bit():
    untouched = np.concatenate(list(clean(in_blocks(NOISE), ExportSettings(remove_dc=False))))
    assert np.array_equal(finished(untouched, 0.0, 48_000), NOISE)


def test_an_offset_leaves_no_step_at_a_faded_end():
    offset = np.full((48_000, 1), 0.5, np.float32)
    faded = np.concatenate(list(clean(in_blocks(offset), ExportSettings(fade_in=0.5, fade_out=0.1))))
    assert np.abs(faded[[0, -1]]).max() < 1e-6
    assert np.abs(np.diff(faded[:, 0])).max() < 1e-3


@pytest.mark.parametrize("rate", [44_100, 48_000, 192_000])
def test_length_gain_and_ceiling_are_right_at_every_rate(rate):
    quiet = finished(NOISE, -6.02, rate)
    assert len(quiet) == round(24_001 * rate / 48_000)
    assert np.std(quiet) == pytest.approx(np.std(NOISE) / 2, rel=0.1)  # the highest frequencies are lost
    assert -1.5 < true_peak_db(finished(NOISE, 20.0, rate)) <= -1.0


@pytest.mark.parametrize("rate", [44_100, 48_000])
def test_the_result_does_not_depend_on_the_blocks(rate):
    assert np.array_equal(finished(NOISE, 12.0, rate, 777), finished(NOISE, 12.0, rate, 30_000))
