"""The variational autoencoder: log-mel frames to a few latent numbers and back, with a fine spectrum beside them.

log-mel (batch, 128, frames) ─┬─ broad encoder, all bands at once ─┬─► mean, log-variance (batch, latent, frames / 4)
                              └─ local encoder, patch by patch ────┘
latent ─┬─ broad decoder ─┬────────────────────────► fine log-magnitude (batch, 1025, frames)
        └─ local decoder ─┴─► log-mel (batch, 128, frames)

The broad path knows whole spectra: what belongs together in these recordings. The local path knows patches, with the
same weights at every frequency: a partial is a partial wherever it stands, so sounds that were never heard come
through as well. Nearly all of the work happens at the latent rate of 23 frames per second, which makes training on a
laptop a matter of minutes.
"""

import math

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from engine.errors import ShapeError
from engine.features.mel import mel_to_bin_weights
from engine.model.blocks import (
    ChannelNorm,
    PlaneBlock,
    PlaneNorm,
    ResidualBlock,
    fold_frames,
    fold_plane,
    unfold_frames,
    unfold_plane,
)
from engine.model.shape import HINT_CHANNELS, PATCH_BANDS, PATCH_ROWS, PATCH_VALUES, VaeShape
from engine.units import BINS, LATENT_STRIDE, LOG_FLOOR, MEL_BANDS

LOG_VARIANCE_LIMITS = (-10.0, 4.0)
FIRST_LOG_VARIANCE = -4.0  # little noise at first: a latent number that starts as noise is never taken into use
LOG_LIMITS = (math.log(LOG_FLOOR), 3.0)  # neper: silence, and well above full scale


class Vae(nn.Module):
    """Convolutional VAE on the log-mel frame of `engine.features.mel`."""

    band_mean: Tensor
    scale: Tensor

    def __init__(self, shape: VaeShape) -> None:
        super().__init__()
        if PATCH_ROWS % shape.regions:
            raise ShapeError(f"regions = {shape.regions}: must divide {PATCH_ROWS}")
        self.shape = shape
        rows = shape.rows
        self.register_buffer("band_mean", torch.zeros(MEL_BANDS))
        self.register_buffer("scale", torch.ones(()))
        self.encoder = nn.Sequential(
            nn.Conv1d(MEL_BANDS * LATENT_STRIDE, shape.width, 1),
            *(ResidualBlock(shape.width) for _ in range(shape.depth)),
            ChannelNorm(shape.width),
        )
        self.broad_latent = nn.Conv1d(shape.width, 2 * shape.broad, 1)
        self.local_encoder = nn.Sequential(
            nn.Conv2d(PATCH_VALUES, shape.local_width, 1),
            *(PlaneBlock(shape.local_width) for _ in range(shape.local_depth)),
            PlaneNorm(shape.local_width),
        )
        self.regional_latent = nn.Conv2d(shape.local_width, 2 * shape.regional, (rows, 1), stride=(rows, 1))
        self.decoder = nn.Sequential(
            nn.Conv1d(shape.broad, shape.width, 3, padding=1),
            *(ResidualBlock(shape.width) for _ in range(shape.depth)),
            ChannelNorm(shape.width),
        )
        self.to_frames = nn.Conv1d(shape.width, shape.detail_width * LATENT_STRIDE, 1)
        self.detail = nn.Sequential(ResidualBlock(shape.detail_width), ChannelNorm(shape.detail_width))
        self.hint = nn.Conv1d(shape.width, HINT_CHANNELS * PATCH_ROWS, 1)
        self.hint_to_patch = nn.Conv2d(HINT_CHANNELS, shape.local_width, 1)
        self.region_to_patches = nn.ConvTranspose2d(shape.regional, shape.local_width, (rows, 1), stride=(rows, 1))
        self.place = nn.Parameter(torch.zeros(1, shape.local_width, PATCH_ROWS, 1))
        self.local_decoder = nn.Sequential(
            *(PlaneBlock(shape.local_width) for _ in range(shape.local_depth)),
            PlaneNorm(shape.local_width),
            nn.Conv2d(shape.local_width, PATCH_VALUES, 1),
        )
        self.mel_head = nn.Conv1d(shape.detail_width, MEL_BANDS, 1)
        self.fine_head = nn.Conv1d(shape.detail_width, BINS, 1)
        for layer, numbers in ((self.broad_latent, shape.broad), (self.regional_latent, shape.regional)):
            if layer.bias is not None:
                nn.init.constant_(layer.bias[numbers:], FIRST_LOG_VARIANCE)

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
        broad = self.broad_latent(self.encoder(fold_frames(standard, LATENT_STRIDE)))
        regional = self.regional_latent(self.local_encoder(fold_plane(standard, PATCH_BANDS, LATENT_STRIDE)))
        broad_mean, broad_variance = broad.chunk(2, dim=1)
        regional_mean, regional_variance = (part.flatten(1, 2) for part in regional.chunk(2, dim=1))
        mean = torch.cat([broad_mean, regional_mean], dim=1)
        return mean, torch.cat([broad_variance, regional_variance], dim=1).clamp(*LOG_VARIANCE_LIMITS)

    def decode_hidden(self, latent: Tensor) -> tuple[Tensor, Tensor]:
        """Return log-mel (batch, 128, frames) and the hidden frames (batch, detail_width, frames) behind it.

        The log-mel is as the network says it, not clamped: a clamp would leave what lies below the floor without a
        gradient, and training could never bring it back.

        Raises:
            ShapeError: `latent` does not have three axes, or not the network's numbers.
        """
        frames, local = self._unfold(latent)
        hidden = self.detail(frames)
        return self._log_mel(hidden, local), hidden

    def _unfold(self, latent: Tensor) -> tuple[Tensor, Tensor]:
        """Return what both decoders say at the frame rate: (batch, detail_width, frames) and (batch, 128, frames)."""
        if latent.dim() != 3 or latent.shape[1] != self.shape.latent:
            raise ShapeError(f"the decoder takes (batch, {self.shape.latent}, frames), not {tuple(latent.shape)}")
        batch, _, frames = latent.shape
        broad, regional = latent[:, : self.shape.broad], latent[:, self.shape.broad :]
        whole = self.decoder(broad)
        patches = self.region_to_patches(regional.reshape(batch, self.shape.regional, self.shape.regions, frames))
        hint = self.hint_to_patch(self.hint(whole).reshape(batch, HINT_CHANNELS, PATCH_ROWS, frames))
        local = unfold_plane(self.local_decoder(patches + hint + self.place), PATCH_BANDS, LATENT_STRIDE)
        return unfold_frames(self.to_frames(whole), LATENT_STRIDE), local

    def _log_mel(self, hidden: Tensor, local: Tensor) -> Tensor:
        return (self.mel_head(hidden) + local) * self.scale + self.band_mean[:, None]

    def decode_mel(self, latent: Tensor) -> Tensor:
        """Return only the log-mel, shape (batch, 128, frames), neper, inside what a log-mel can be."""
        return self.decode_hidden(latent)[0].clamp(*LOG_LIMITS)

    def fine(self, log_mel: Tensor, hidden: Tensor) -> Tensor:
        """Return the fine log-magnitude (batch, 1025, frames): the mel spread over bins, plus what the bins add."""
        spread = F.linear(log_mel.transpose(1, 2), mel_to_bin_weights(log_mel.device))
        added = F.linear(hidden.transpose(1, 2), self.fine_head.weight[..., 0], self.fine_head.bias)
        return (spread + added * self.scale).transpose(1, 2)

    def decode(self, latent: Tensor) -> tuple[Tensor, Tensor]:
        """Return log-mel (batch, 128, 4 * frames) and fine log-magnitude (batch, 1025, 4 * frames), neper."""
        log_mel, hidden = self.decode_hidden(latent)
        return log_mel.clamp(*LOG_LIMITS), self.fine(log_mel, hidden).clamp(*LOG_LIMITS)
