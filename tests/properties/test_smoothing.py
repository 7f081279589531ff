import numpy as np
import pytest
from scipy.ndimage import gaussian_filter1d

from engine.properties.smoothing import smooth_frames


@pytest.mark.parametrize("frames", [1, 2, 7, 12, 40, 300, 1100])
@pytest.mark.parametrize("deviation", [0.7, 3.0, 32.0])
@pytest.mark.parametrize("kind", [np.float32, np.float64])
@pytest.mark.parametrize("mode", ["nearest", "reflect"])
def test_frames_are_smoothed_as_another_implementation_does(frames: int, deviation: float, kind: type, mode: str):
    values = np.random.default_rng(frames).standard_normal((frames, 5)).astype(kind)
    smooth = smooth_frames(values, deviation, is_mirrored=mode == "reflect")
    assert smooth.dtype == kind
    assert smooth == pytest.approx(gaussian_filter1d(values, deviation, axis=0, mode=mode), abs=1e-5)


def test_a_constant_stays():
    assert smooth_frames(np.full((50, 2), 3.0), 9.0) == pytest.approx(3.0, abs=1e-9)
