import numpy as np
import pytest

from engine.audio.mixdown import mix_down


@pytest.mark.parametrize("channels", [1, 2])
@pytest.mark.parametrize("samples", [0, 1, 1000])
def test_the_mix_is_the_mean_of_the_channels(samples: int, channels: int):
    sound = np.random.default_rng(0).standard_normal((samples, channels)).astype(np.float32)
    before = sound.copy()
    mixed = mix_down(sound)
    assert mixed.dtype == np.float32
    assert np.array_equal(mixed, sound.mean(1))
    mixed += 1.0
    assert np.array_equal(sound, before)
