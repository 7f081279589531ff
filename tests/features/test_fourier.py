import numpy as np
import pytest

from engine.features.fourier import frames_to_spectra, spectra_to_frames

FRAMES = np.random.default_rng(2).standard_normal((3, 2, 256))


def test_spectra_are_those_of_another_implementation():
    found = frames_to_spectra(FRAMES)
    assert found.dtype == np.complex64
    assert found == pytest.approx(np.fft.rfft(FRAMES), abs=1e-4)


@pytest.mark.parametrize("size", [256, 255])
def test_frames_come_back(size: int):
    frames = spectra_to_frames(frames_to_spectra(FRAMES[..., :size]), size)
    assert frames.dtype == np.float32
    assert frames == pytest.approx(FRAMES[..., :size], abs=1e-5)


@pytest.mark.parametrize("kind", [np.float32, np.float64])
def test_frames_that_lie_over_each_other_and_may_not_be_written_are_read(kind: type):
    sound = np.arange(1024, dtype=kind)
    sound.flags.writeable = False
    windows = np.lib.stride_tricks.sliding_window_view(sound, 256)[:: 64 if kind is np.float64 else 1000]
    assert spectra_to_frames(frames_to_spectra(windows), 256) == pytest.approx(windows, abs=1e-3)
