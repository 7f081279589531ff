"""Losses: the autoencoder is to return the mel and the fine spectrum, by a latent without idle numbers."""

from dataclasses import dataclass

import torch
from torch import Tensor

from engine.model.vae import Vae

FINE_WEIGHT = 0.3  # of the fine spectrum against the mel
FINE_EVERY = 4  # only every fourth frame's fine spectrum is computed in a step, a different fourth each time


@dataclass(frozen=True)
class Losses:
    """One step's losses; `total` is what is minimised, the others are means in neper, and nats a latent frame."""

    total: Tensor
    mel: Tensor
    fine: Tensor
    divergence: Tensor


def vae_losses(
    vae: Vae, log_mel: Tensor, fine: Tensor, *, kl_weight: float, offset: int, noise: torch.Generator | None = None
) -> Losses:
    """Return the losses of one batch, the latent drawn by the reparameterisation trick (Kingma and Welling 2014).

    Args:
        vae: The network.
        log_mel: Shape (batch, 128, frames), neper.
        fine: Fine log-magnitude, (batch, 1025, frames), neper.
        kl_weight: Weight of the divergence from the unit Gaussian.
        offset: Which frames' fine spectra are compared: offset, offset + FINE_EVERY, …
        noise: Source of the latent noise.
    """
    mean, log_variance = vae.encode(log_mel)
    draw = torch.randn(mean.shape, generator=noise, device="cpu").to(mean.device)
    decoded, hidden = vae.decode_hidden(mean + draw * torch.exp(log_variance / 2))
    few = slice(offset % FINE_EVERY, log_mel.shape[-1], FINE_EVERY)
    mel_loss = (decoded[..., : log_mel.shape[-1]] - log_mel).abs().mean()
    fine_loss = (vae.fine(decoded[..., few], hidden[..., few]) - fine[..., few]).abs().mean()
    divergence = 0.5 * (mean.square() + log_variance.exp() - 1 - log_variance).sum(1).mean()
    total = (mel_loss + FINE_WEIGHT * fine_loss) / vae.scale + kl_weight * divergence
    return Losses(total, mel_loss.detach(), fine_loss.detach(), divergence.detach())
