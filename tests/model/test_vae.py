import math
from dataclasses import replace

import pytest
import torch
from small_network import SMALL

from engine.errors import ShapeError
from engine.features.mel import mel_to_bin_weights
from engine.model.shape import VaeShape
from engine.model.vae import FIRST_LOG_VARIANCE, LOG_LIMITS, LOG_VARIANCE_LIMITS, Vae
from engine.units import BINS, LATENT_STRIDE, LOG_FLOOR, MEL_BANDS


def noise_mel(frames, random, batch=1):
    return -6 + 2 * torch.randn(batch, MEL_BANDS, frames, generator=random)


def noise_latent(vae, frames, random):
    return torch.randn(1, vae.shape.latent, frames, generator=random)


@pytest.mark.parametrize("frames", [1, 2, 3, 4, 5, 8, 63])
def test_any_number_of_frames_becomes_latent_frames_that_cover_it(vae, random, frames: int):
    mean, log_variance = vae.encode(noise_mel(frames, random, batch=2))
    latent_frames = math.ceil(frames / LATENT_STRIDE)
    assert mean.shape == log_variance.shape == (2, vae.shape.latent, latent_frames)
    mel, fine = vae.decode(mean)
    assert mel.shape == (2, MEL_BANDS, LATENT_STRIDE * latent_frames)
    assert fine.shape == (2, BINS, LATENT_STRIDE * latent_frames)
    assert torch.equal(vae.decode_mel(mean), mel)


def test_frames_that_do_not_fill_the_last_latent_frame_are_completed_by_the_last_one(vae, random):
    mel = noise_mel(6, random)
    completed = torch.cat([mel, mel[..., -1:], mel[..., -1:]], -1)
    for short, whole in zip(vae.encode(mel), vae.encode(completed), strict=True):
        assert torch.equal(short, whole)


def test_encoding_an_excerpt_equals_encoding_the_whole_away_from_its_edges(vae, random):
    mel, reach = noise_mel(96, random), vae.shape.reach
    whole, _ = vae.encode(mel)
    excerpt, _ = vae.encode(mel[..., 32:72])
    assert torch.allclose(excerpt[..., reach:-reach], whole[..., 8 + reach : 18 - reach], atol=1e-5)


def test_what_lies_beyond_the_reach_of_the_encoder_changes_nothing(vae, random):
    mel, reach = noise_mel(80, random), vae.shape.reach
    changed = mel.clone()
    changed[..., 40:44] += 1.0
    moved = (vae.encode(mel)[0] - vae.encode(changed)[0]).abs().amax((0, 1))
    assert moved[10] > 1e-3
    assert moved[: 10 - reach].max() == 0
    assert moved[11 + reach :].max() == 0


def test_what_lies_beyond_the_reach_of_the_decoder_changes_nothing(vae, random):
    latent, reach = noise_latent(vae, 20, random), vae.shape.reach
    changed = latent.clone()
    changed[..., 10] += 1.0
    for before, after in zip(vae.decode(latent), vae.decode(changed), strict=True):
        moved = (before - after).abs().amax((0, 1)).reshape(-1, LATENT_STRIDE).amax(1)
        assert moved[10] > 1e-3
        assert moved[: 10 - reach].max() == 0
        assert moved[11 + reach :].max() == 0


def test_each_sound_of_a_batch_is_treated_by_itself(vae, random):
    mel = noise_mel(16, random, batch=3)
    assert torch.allclose(vae.encode(mel)[0][1:2], vae.encode(mel[1:2])[0], atol=1e-5)


@torch.no_grad()
def test_a_decoded_spectrum_stays_inside_what_a_spectrum_can_be(vae, random):
    latent = 1000 * noise_latent(vae, 50, random)
    vae.mel_head.weight.mul_(1000)
    vae.fine_head.weight.mul_(1000)
    for decoded in vae.decode(latent):
        assert decoded.min() == pytest.approx(math.log(LOG_FLOOR))
        assert decoded.max() == LOG_LIMITS[1]
    assert vae.decode_hidden(latent)[0].min() < 10 * LOG_LIMITS[0]


@torch.no_grad()
def test_the_log_variance_is_limited(vae, random):
    for value in vae.parameters():
        value.mul_(30)
    _, log_variance = vae.encode(noise_mel(64, random))
    assert (log_variance.min(), log_variance.max()) == LOG_VARIANCE_LIMITS


def test_a_new_network_adds_little_noise_to_any_number_of_its_latent(vae, random):
    _, log_variance = vae.encode(noise_mel(256, random))
    assert (log_variance.mean((0, 2)) - FIRST_LOG_VARIANCE).abs().max() < 1.0


def test_the_fine_spectrum_is_the_mel_spread_over_bins_plus_what_the_head_adds(vae, random):
    mel, hidden = vae.decode_hidden(noise_latent(vae, 3, random))
    added = vae.fine_head(hidden) * vae.scale
    assert torch.allclose(vae.fine(mel, hidden), mel_to_bin_weights() @ mel + added, atol=1e-5)


def test_band_mean_and_scale_standardise_what_goes_in_and_undo_it_on_the_way_out(vae, random):
    mel, latent = noise_mel(8, random), noise_latent(vae, 2, random)
    inside, outside = vae.encode(mel)[0], vae.decode_hidden(latent)[0]
    standard = (mel - vae.band_mean[:, None]) / vae.scale
    plain = (outside - vae.band_mean[:, None]) / vae.scale
    vae.band_mean.zero_()
    vae.scale.fill_(1.0)
    assert torch.allclose(vae.encode(standard)[0], inside, atol=1e-5)
    assert torch.allclose(vae.decode_hidden(latent)[0], plain, atol=1e-5)


@pytest.mark.parametrize("shape", [(MEL_BANDS, 8), (1, MEL_BANDS - 1, 8), (1, 8, MEL_BANDS), (1, 1, MEL_BANDS, 8)])
def test_a_mel_of_another_shape_is_refused(vae, shape):
    with pytest.raises(ShapeError, match=r"takes \(batch, 128, frames\), not"):
        vae.encode(torch.zeros(shape))


def test_a_latent_of_another_shape_is_refused(vae):
    numbers = vae.shape.latent
    for shape in [(numbers, 8), (1, numbers - 1, 8), (1, numbers + 1, 8), (1, 1, numbers, 8)]:
        for decode in (vae.decode, vae.decode_mel, vae.decode_hidden):
            with pytest.raises(ShapeError, match=rf"takes \(batch, {numbers}, frames\), not"):
                decode(torch.zeros(shape))


def test_a_shape_in_numbers_is_the_same_shape():
    assert VaeShape(**SMALL.to_dict()) == SMALL


@pytest.mark.parametrize("regions", [3, 5, 31])
def test_regions_that_do_not_divide_the_patches_are_refused(regions: int):
    with pytest.raises(ShapeError, match=f"regions = {regions}: must divide 32"):
        Vae(replace(SMALL, regions=regions))
