import pytest
import torch
from torch.distributions import Normal, kl_divergence

from engine.model.losses import FINE_EVERY, FINE_WEIGHT, vae_losses
from engine.model.vae import Vae
from engine.units import BINS, MEL_BANDS


@pytest.fixture
def batch(random):
    mel = -6 + torch.randn(2, MEL_BANDS, 10, generator=random)
    return mel, -6 + torch.randn(2, BINS, 10, generator=random)


def losses(vae: Vae, batch, *, kl_weight: float = 0.01, offset: int = 1, seed: int = 5):
    return vae_losses(vae, *batch, kl_weight=kl_weight, offset=offset, noise=torch.Generator().manual_seed(seed))


@torch.no_grad()
def test_the_parts_are_what_a_hand_computes(vae, batch):
    mel, fine = batch
    found = losses(vae, batch)
    mean, log_variance = vae.encode(mel)
    draw = torch.randn(mean.shape, generator=torch.Generator().manual_seed(5))
    decoded, hidden = vae.decode_hidden(mean + draw * log_variance.exp().sqrt())
    whole = vae.fine(decoded, hidden)
    wanted_mel = sum((decoded[..., t] - mel[..., t]).abs().mean() for t in range(10)) / 10
    compared = [1, 5, 9]
    wanted_fine = sum((whole[..., t] - fine[..., t]).abs().mean() for t in compared) / len(compared)
    posterior = Normal(mean, (log_variance / 2).exp())
    divergence = kl_divergence(posterior, Normal(0.0, 1.0)).sum(1).mean()
    assert found.mel == pytest.approx(float(wanted_mel), rel=1e-5)
    assert found.fine == pytest.approx(float(wanted_fine), rel=1e-5)
    assert found.divergence == pytest.approx(float(divergence), rel=1e-5)
    total = (wanted_mel + FINE_WEIGHT * wanted_fine) / 2.0 + 0.01 * divergence
    assert found.total == pytest.approx(float(total), rel=1e-5)


@pytest.mark.parametrize(
    ("mean", "log_variance", "nats"), [(0.0, 0.0, 0.0), (2.0, 0.0, 2.0), (0.0, 2.0, 2.194528), (0.0, -2.0, 0.567668)]
)
def test_the_divergence_of_known_gaussians(vae, batch, monkeypatch, mean: float, log_variance: float, nats: float):
    shape = (2, vae.shape.latent, 3)
    known = (torch.full(shape, mean), torch.full(shape, log_variance))
    monkeypatch.setattr(vae, "encode", lambda _: known)
    assert losses(vae, batch).divergence == pytest.approx(vae.shape.latent * nats, abs=1e-5)


@pytest.mark.parametrize("offset", range(2 * FINE_EVERY))
def test_the_offset_says_which_frames_fine_spectra_count(vae, batch, offset: int):
    mel, fine = batch
    other = fine.clone()
    other[..., [t for t in range(10) if t % FINE_EVERY != offset % FINE_EVERY]] += 1.0
    assert losses(vae, (mel, other), offset=offset).fine == losses(vae, batch, offset=offset).fine
    moved = fine.clone()
    moved[..., offset % FINE_EVERY] += 1.0
    assert losses(vae, (mel, moved), offset=offset).fine != losses(vae, batch, offset=offset).fine


def test_the_same_noise_gives_the_same_losses_and_other_noise_does_not(vae, batch):
    assert losses(vae, batch, seed=1).total == losses(vae, batch, seed=1).total
    assert losses(vae, batch, seed=1).total != losses(vae, batch, seed=2).total


def test_every_weight_gets_a_gradient(vae, batch):
    losses(vae.train(), batch).total.backward()
    assert all(value.grad is not None and value.grad.abs().sum() > 0 for value in vae.parameters())


def test_a_mel_below_the_floor_still_pulls_the_network_up(vae, batch):
    with torch.no_grad():
        vae.mel_head.bias.fill_(-50.0)
    losses(vae.train(), batch).total.backward()
    assert (vae.mel_head.bias.grad < 0).all()


def test_three_steps_lower_the_loss_of_a_batch(vae, batch):
    optimiser = torch.optim.AdamW(vae.train().parameters(), lr=2e-3)
    seen = []
    for _ in range(4):
        found = losses(vae, batch, offset=0)
        optimiser.zero_grad()
        found.total.backward()
        optimiser.step()
        seen.append(float(found.total.detach()))
    assert seen == sorted(seen, reverse=True)
    assert seen[-1] < seen[0] - 0.01
