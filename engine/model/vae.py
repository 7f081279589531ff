"""The variational autoencoder: log-mel frames to a few latent numbers and back, with a fine spectrum beside them.

log-mel (batch, 128, frames) ─ standardise ─ encoder ─► mean, log-variance (batch, latent, frames / 4)
latent ─ decoder ─► log-mel (batch, 128, frames) and fine log-magnitude (batch, 1025, frames)

Nearly all of the work happens at the latent rate of 23 frames per second, which is what makes training on a laptop
a matter of minutes.
"""

import math
from dataclasses import asdict, dataclass

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from engine.errors import ShapeError
from engine.features.mel import mel_to_bin_weights
from engine.model.blocks import ChannelNorm, ResidualBlock, fold_frames, unfold_frames
from engine.units import BINS, LATENT_STRIDE, LOG_FLOOR, MEL_BANDS

LOG_VARIANCE_LIMITS = (-10.0, 4.0)
FIRST_LOG_VARIANCE = -4.0  # little noise at first: a latent number that starts as noise is never taken into use
LOG_LIMITS = (math.log(LOG_FLOOR), 3.0)  # neper: silence, and well above full scale


@dataclass(frozen=True)
class VaeShape:
    """The size of a network; with the frame of `engine.units` it fixes every tensor's shape.

    Attributes:
        latent: Numbers per latent frame.
        width: Channels at the latent rate.
        depth: Residual blocks in the encoder, and again in the decoder.
        detail_width: Channels at the frame rate, just before the outputs.
    """

    latent: int = 16
    width: int = 256
    depth: int = 5
    detail_width: int = 128

    def to_dict(self) -> dict[str, int]:
        """Return the fields as plain numbers for JSON."""
        return asdict(self)


class Vae(nn.Module):
    """Convolutional VAE on the log-mel frame of `engine.features.mel`."""

    band_mean: Tensor
    scale: Tensor

    def __init__(self, shape: VaeShape) -> None:
        super().__init__()
        self.shape = shape
        self.register_buffer("band_mean", torch.zeros(MEL_BANDS))
        self.register_buffer("scale", torch.ones(()))
        self.encoder = nn.Sequential(
            nn.Conv1d(MEL_BANDS * LATENT_STRIDE, shape.width, 1),
            *(ResidualBlock(shape.width) for _ in range(shape.depth)),
            ChannelNorm(shape.width),
            nn.Conv1d(shape.width, 2 * shape.latent, 1),
        )
        with torch.no_grad():
            self.encoder[-1].bias[shape.latent :] = FIRST_LOG_VARIANCE
        self.decoder = nn.Sequential(
            nn.Conv1d(shape.latent, shape.width, 3, padding=1),
            *(ResidualBlock(shape.width) for _ in range(shape.depth)),
            ChannelNorm(shape.width),
            nn.Conv1d(shape.width, shape.detail_width * LATENT_STRIDE, 1),
        )
        self.detail = nn.Sequential(ResidualBlock(shape.detail_width), ChannelNorm(shape.detail_width))
        self.mel_head = nn.Conv1d(shape.detail_width, MEL_BANDS, 1)
        self.fine_head = nn.Conv1d(shape.detail_width, BINS, 1)

    def encode(self, log_mel: Tensor) -> tuple[Tensor, Tensor]:
        """Return mean and log-variance of the latent, each (batch, latent, ceil(frames / 4)).

        Args:
            log_mel: Shape (batch, 128, frames), neper; frames that do not fill the last latent frame are completed
                by repeating the last one.

        Raises:
            ShapeError: `log_mel` does not have three axes, or not 128 bands.
        """
        if log_mel.dim() != 3 or log_mel.shape[1] != MEL_BANDS:
            raise ShapeError(f"the encoder takes (batch, {MEL_BANDS}, frames), not {tuple(log_mel.shape)}")
        missing = -log_mel.shape[-1] % LATENT_STRIDE
        padded = F.pad(log_mel, (0, missing), mode="replicate") if missing else log_mel
        standard = (padded - self.band_mean[:, None]) / self.scale
        mean, log_variance = self.encoder(fold_frames(standard, LATENT_STRIDE)).chunk(2, dim=1)
        return mean, log_variance.clamp(*LOG_VARIANCE_LIMITS)

    def decode_hidden(self, latent: Tensor) -> tuple[Tensor, Tensor]:
        """Return log-mel (batch, 128, frames) and the hidden frames (batch, detail_width, frames) behind it.

        The log-mel is as the network says it, not clamped: a clamp would leave what lies below the floor without a
        gradient, and training could never bring it back.
        """
        if latent.dim() != 3 or latent.shape[1] != self.shape.latent:
            raise ShapeError(f"the decoder takes (batch, {self.shape.latent}, frames), not {tuple(latent.shape)}")
        hidden = self.detail(unfold_frames(self.decoder(latent), LATENT_STRIDE))
        log_mel = self.mel_head(hidden) * self.scale + self.band_mean[:, None]
        return log_mel, hidden

    def decode_mel(self, latent: Tensor) -> Tensor:
        """Return only the log-mel, shape (batch, 128, frames), neper, inside what a log-mel can be."""
        return self.decode_hidden(latent)[0].clamp(*LOG_LIMITS)

    def fine(self, log_mel: Tensor, hidden: Tensor) -> Tensor:
        """Return the fine log-magnitude (batch, 1025, frames): the mel spread over bins, plus what the bins add."""
        spread = mel_to_bin_weights(log_mel.device) @ log_mel
        return spread + self.fine_head(hidden) * self.scale

    def decode(self, latent: Tensor) -> tuple[Tensor, Tensor]:
        """Return log-mel (batch, 128, 4 * frames) and fine log-magnitude (batch, 1025, 4 * frames), neper."""
        log_mel, hidden = self.decode_hidden(latent)
        return log_mel.clamp(*LOG_LIMITS), self.fine(log_mel, hidden).clamp(*LOG_LIMITS)
