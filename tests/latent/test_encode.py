import numpy as np
import pytest
import torch
from small_corpus import noise
from small_network import small_vae

from engine.errors import ShapeError
from engine.features.mel import log_mel
from engine.latent import encode as stretches
from engine.latent.encode import decode, decode_mel, encode, hear
from engine.units import BINS, HOP, LATENT_HOP, LATENT_STRIDE, LOG_FLOOR, MEL_BANDS

CLOSE = {"atol": 1e-4, "rtol": 0}


@pytest.fixture
def vae():
    return small_vae()


def mono(seconds: float) -> np.ndarray:
    return noise(seconds).astype(np.float32)


@pytest.mark.parametrize("samples", [1, 960, 2_047, 2_048, 10_001])
def test_a_sound_becomes_as_many_latent_frames_as_hold_its_frames(vae, samples: int):
    track = encode(vae, mono(1.0)[:samples])
    assert track.shape == (-(-(1 + samples // HOP) // LATENT_STRIDE), vae.shape.latent)
    assert track.dtype == np.float32
    assert len(track) * LATENT_HOP > samples


@torch.no_grad()
def test_encoding_is_the_networks_mean_of_the_log_mel(vae):
    sound = mono(0.7)
    wanted = vae.encode(log_mel(torch.from_numpy(sound))[None])[0][0].T
    assert np.allclose(encode(vae, sound), wanted.numpy(), **CLOSE)


@pytest.mark.parametrize("seconds", [0.5, 2.0, 3.21])
@pytest.mark.parametrize("frames", [1, 7, 16])
def test_a_sound_in_stretches_is_encoded_as_at_once(vae, monkeypatch, seconds: float, frames: int):
    sound = mono(seconds)
    at_once = encode(vae, sound)
    monkeypatch.setattr(stretches, "STRETCH_FRAMES", frames)
    assert np.allclose(encode(vae, sound), at_once, **CLOSE)


@pytest.mark.parametrize("samples", [1, 511, 960, 30_000])
@pytest.mark.parametrize("frames", [1, 5, 512])
def test_the_log_mel_that_was_heard_is_the_sounds(vae, monkeypatch, samples: int, frames: int):
    monkeypatch.setattr(stretches, "STRETCH_FRAMES", frames)
    sound = mono(1.0)[:samples]
    track, spectrum = hear(vae, sound)
    assert spectrum.shape == (1 + samples // HOP, MEL_BANDS)
    assert np.allclose(spectrum, log_mel(torch.from_numpy(sound)).T.numpy(), **CLOSE)
    assert np.array_equal(track, encode(vae, sound))


@pytest.mark.parametrize("frames", [1, 7, 16])
def test_a_track_in_stretches_is_decoded_as_at_once(vae, monkeypatch, frames: int):
    track = np.random.default_rng(0).standard_normal((45, vae.shape.latent)).astype(np.float32)
    mel, fine = decode_mel(vae, track), decode(vae, track).fine()
    monkeypatch.setattr(stretches, "STRETCH_FRAMES", frames)
    assert np.allclose(decode_mel(vae, track), mel, **CLOSE)
    assert np.allclose(decode(vae, track).fine(), fine, **CLOSE)


def test_a_sound_longer_than_a_stretch_is_encoded_and_decoded_as_the_network_does_at_once(vae):
    sound = mono((stretches.STRETCH_FRAMES + 30) * LATENT_HOP / 48_000)
    track = encode(vae, sound)
    with torch.no_grad():
        mean = vae.encode(log_mel(torch.from_numpy(sound))[None])[0]
        mel, fine = vae.decode(mean)
    assert np.allclose(track, mean[0].T.numpy(), **CLOSE)
    assert np.allclose(decode_mel(vae, track), mel[0].T.numpy(), **CLOSE)
    assert np.allclose(decode(vae, track).fine(), fine[0].T.numpy(), **CLOSE)


def test_decoded_spectra_have_four_frames_for_each_latent_frame_inside_the_floor(vae):
    track = encode(vae, np.zeros(30_000, np.float32))
    mel, fine = decode_mel(vae, track), decode(vae, track).fine()
    assert mel.shape == (LATENT_STRIDE * len(track), MEL_BANDS)
    assert fine.shape == (LATENT_STRIDE * len(track), BINS)
    assert min(mel.min(), fine.min()) >= np.log(LOG_FLOOR) - 1e-5


@pytest.mark.parametrize("shape", [(0,), (100, 1), (1, 100)])
def test_a_sound_of_another_shape_is_refused(vae, shape):
    with pytest.raises(ShapeError, match=r"has shape \(samples,\), not"):
        encode(vae, np.zeros(shape, np.float32))


@pytest.mark.parametrize("shape", [(0, 5), (5,), (1, 5, 5)])
def test_a_track_of_another_shape_is_refused(vae, shape):
    for decoding in (decode_mel, decode):
        with pytest.raises(ShapeError, match=r"has shape \(latent frames, latent\), not"):
            decoding(vae, np.zeros(shape, np.float32))


def test_a_track_with_another_number_of_latent_numbers_is_refused(vae):
    with pytest.raises(ShapeError, match="the decoder takes"):
        decode_mel(vae, np.zeros((4, vae.shape.latent + 1), np.float32))
