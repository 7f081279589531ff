import numpy as np
import pytest

from engine.audio.dc_offset import CORNER_HZ, remove_dc_offset

TIME = np.arange(96_000) / 48_000


def cleaned(sound, size=777):
    blocks = [sound[at : at + size] for at in range(0, len(sound), size)]
    return np.concatenate(list(remove_dc_offset(blocks)))


def sine(hz):
    return np.sin(2 * np.pi * hz * TIME)[:, None].astype(np.float32)


def test_an_offset_is_gone_after_half_a_second():
    result = cleaned(0.1 * sine(440) + 0.5)
    assert result[24_000:].mean() == pytest.approx(0.0, abs=1e-4)


@pytest.mark.parametrize(("hz", "loss_db"), [(CORNER_HZ, 3.01), (20, 0.1), (1_000, 0.0)])
def test_what_can_be_heard_keeps_its_level(hz, loss_db):
    second = slice(48_000, None)  # whole periods
    level = np.std(cleaned(sine(hz))[second]) / np.std(sine(hz)[second])
    assert -20 * np.log10(level) == pytest.approx(loss_db, abs=0.02)


def test_the_result_does_not_depend_on_the_blocks():
    noise = np.random.default_rng(0).normal(size=(10_000, 2)).astype(np.float32)
    assert np.array_equal(cleaned(noise, 1_001), cleaned(noise, 10_000))


def test_silence_stays_silence():
    assert not cleaned(np.zeros((1_000, 1), np.float32)).any()
