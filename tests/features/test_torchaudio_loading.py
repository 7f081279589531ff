import subprocess
import sys

import numpy as np
import pytest
import torch

from engine.features.torchaudio_loading import EXTENSION, load_torchaudio

BINS, LOW_HZ, HIGH_HZ, BANDS, RATE = 1025, 30.0, 20_000.0, 128, 48_000


def hz_to_slaney(hz: np.ndarray) -> np.ndarray:
    """Slaney, Auditory Toolbox (1998): 3 mel per 200 Hz up to 1 kHz, above it 27 mel per factor 6.4."""
    return np.where(hz < 1000.0, 3.0 * hz / 200.0, 15.0 + 27.0 * np.log(np.maximum(hz, 1.0) / 1000.0) / np.log(6.4))


def slaney_to_hz(mel: np.ndarray) -> np.ndarray:
    return np.where(mel < 15.0, 200.0 * mel / 3.0, 1000.0 * 6.4 ** ((mel - 15.0) / 27.0))


def slaney_triangles() -> np.ndarray:
    """Triangles of height 1 between neighbouring corners, shape (bins, mels)."""
    ends = hz_to_slaney(np.array([LOW_HZ, HIGH_HZ]))
    corners = slaney_to_hz(np.linspace(*ends, BANDS + 2))
    bins = np.arange(BINS) * RATE / 2 / (BINS - 1)
    return np.stack([np.interp(bins, corners[band : band + 3], [0.0, 1.0, 0.0]) for band in range(BANDS)], axis=1)


def test_mel_filters_are_those_of_slaneys_formula():
    filters = load_torchaudio().functional.melscale_fbanks(
        BINS, LOW_HZ, HIGH_HZ, BANDS, RATE, norm=None, mel_scale="slaney"
    )
    assert filters.shape == (BINS, BANDS)
    np.testing.assert_allclose(filters.numpy(), slaney_triangles(), atol=2e-4)


def test_griffin_lim_keeps_the_pitch_of_a_sine():
    rate, hz = 8000, 1000.0
    window = torch.hann_window(512)
    sine = torch.sin(2 * torch.pi * hz * torch.arange(rate) / rate)
    magnitude = torch.stft(sine, 512, 128, window=window, return_complex=True).abs()
    made = load_torchaudio().functional.griffinlim(
        magnitude, window, 512, 128, 512, power=1.0, n_iter=8, momentum=0.9, length=rate, rand_init=False
    )
    assert torch.fft.rfft(made).abs().argmax().item() == pytest.approx(hz, abs=2)


def test_loading_twice_gives_the_same_module():
    assert load_torchaudio() is load_torchaudio()


def test_without_the_compiled_part_its_functions_refuse_and_the_rest_works():
    program = f"""
import sys
class NoCuda:
    def find_spec(self, name, path=None, target=None):
        if name == "{EXTENSION}":
            raise OSError("libc10_cuda.so: cannot open shared object file")
sys.meta_path.insert(0, NoCuda())
from engine.features.torchaudio_loading import load_torchaudio
torchaudio = load_torchaudio()
print(tuple(torchaudio.functional.melscale_fbanks(65, 0.0, 4000.0, 8, 8000).shape))
try:
    torchaudio._extension._check_cuda_version()
except RuntimeError as error:
    print(error)
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[0] == "(65, 8)"
    assert "not available" in done.stdout.splitlines()[1]


def test_several_threads_may_ask_first_at_once():
    program = """
import sys
from concurrent.futures import ThreadPoolExecutor
sys.setswitchinterval(1e-5)
from engine.features.torchaudio_loading import load_torchaudio
with ThreadPoolExecutor(8) as pool:
    found = set(map(id, pool.map(lambda _: load_torchaudio(), range(8))))
print(len(found))
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert (done.stdout, done.returncode) == ("1\n", 0), done.stderr
