import pytest
import torch

from engine.errors import ShapeError
from engine.features.mel import spectrum
from engine.units import HOP
from engine.vocoder.griffin_lim import refine_phase, spectrum_to_samples

FINE = HOP // 2


@pytest.fixture
def noise():
    return 0.1 * torch.randn(20_001, generator=torch.Generator().manual_seed(0))


@pytest.mark.parametrize("hop", [FINE, HOP])
def test_a_spectrum_goes_back_to_the_samples_it_came_from(noise, hop):
    back = spectrum_to_samples(spectrum(noise, hop), hop, noise.shape[0])
    torch.testing.assert_close(back, noise, atol=1e-6, rtol=0)


def test_what_a_sound_already_has_is_left_alone(noise):
    whole = noise[: 78 * FINE]
    refined = spectrum_to_samples(refine_phase(spectrum(whole, FINE), FINE, 3), FINE, whole.shape[0])
    torch.testing.assert_close(refined, whole, atol=1e-5, rtol=0)


def inconsistency(transform):
    samples = spectrum_to_samples(transform, FINE, (transform.shape[1] - 1) * FINE)
    return float((spectrum(samples, FINE).abs() - transform.abs()).norm() / transform.norm())


def test_rounds_bring_a_spectrum_nearer_to_a_sound_and_keep_its_magnitude(noise):
    magnitude = spectrum(noise, FINE).abs()
    turned = torch.rand(magnitude.shape, generator=torch.Generator().manual_seed(1)) * 6.28
    errors = [inconsistency(refine_phase(torch.polar(magnitude, turned), FINE, rounds)) for rounds in (0, 5, 20)]
    assert errors[0] > 2 * errors[1] > 2.5 * errors[2]
    torch.testing.assert_close(refine_phase(torch.polar(magnitude, turned), FINE, 5).abs(), magnitude)


def test_fixed_bins_keep_their_phase(noise):
    start = torch.polar(spectrum(noise, FINE).abs(), torch.zeros(1))
    fixed = torch.zeros(start.shape, dtype=torch.bool)
    fixed[:, :20] = True
    refined = refine_phase(start, FINE, 4, fixed)
    assert torch.equal(refined[fixed], start[fixed])
    assert not torch.allclose(refined[~fixed], start[~fixed])


def test_frames_that_do_not_reach_are_refused(noise):
    with pytest.raises(ShapeError, match="frames at hop 512 cannot make"):
        spectrum_to_samples(spectrum(noise, HOP), HOP, 10 * noise.shape[0])
