"""One fine spectrum of every latent frame, as `Vae` decodes it, for a fraction of the work.

Who steers a walk decodes the same few latent frames again and again, and listens to one frame of each four. Here the
weights lie as these few products need them: channels last, so that no step copies, and only what leads to that frame.
"""

from typing import cast

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from engine.errors import ShapeError
from engine.features.mel import mel_to_bin_weights
from engine.model.blocks import ChannelNorm, PlaneBlock, PlaneNorm, ResidualBlock
from engine.model.shape import HINT_CHANNELS, PATCH_BANDS, PATCH_ROWS
from engine.model.vae import Vae
from engine.units import LATENT_STRIDE, MEL_BANDS


class InnerDecoder:
    """The decoder of a network whose weights stay as they are; it has no gradients."""

    @torch.inference_mode()
    def __init__(self, vae: Vae, inner: int) -> None:
        """Lay out the weights.

        Args:
            vae: The network.
            inner: Which of the frames of each latent frame is decoded, 1 to LATENT_STRIDE - 2.

        Raises:
            ShapeError: `inner` is a frame whose neighbours belong to other latent frames.
        """
        if not 1 <= inner <= LATENT_STRIDE - 2:
            raise ShapeError(f"inner = {inner}: must be 1 to {LATENT_STRIDE - 2}")
        self.shape = vae.shape
        first, *blocks, self._norm = vae.decoder
        self._first = _Taps(cast(nn.Conv1d, first))
        self._blocks = [_Block(cast(ResidualBlock, block)) for block in blocks]
        around = slice(inner - 1, inner + 2)
        self._to_frames = _Linear(*_rows(vae.to_frames, vae.shape.detail_width, LATENT_STRIDE, around))
        detail, self._detail_norm = vae.detail
        self._detail = _Block(cast(ResidualBlock, detail))
        self._lay_out_local(vae, inner)
        spread = mel_to_bin_weights(vae.band_mean.device)
        (mel, mel_bias), (fine, fine_bias) = _weights(vae.mel_head), _weights(vae.fine_head)
        self._of_local = vae.scale * spread
        self._of_hidden = vae.scale * (spread @ mel[..., 0] + fine[..., 0])
        self._constant = spread @ (vae.scale * mel_bias + vae.band_mean) + vae.scale * fine_bias

    def _lay_out_local(self, vae: Vae, inner: int) -> None:
        """Lay out the weights of the local path."""
        self._hint = _Linear(*_rows(vae.hint, HINT_CHANNELS, PATCH_ROWS, slice(None)))
        hint_to_patch, hint_bias = _weights(vae.hint_to_patch)
        patches, patch_bias = _weights(vae.region_to_patches)
        self._hint_to_patch = hint_to_patch.flatten(1)
        self._patches = patches[..., 0].transpose(1, 2).flatten(1).contiguous()  # (regional, rows * local_width)
        self._place = vae.place[0, :, :, 0].T + patch_bias + hint_bias
        *planes, self._plane_norm, last = vae.local_decoder
        self._planes = [_Plane(cast(PlaneBlock, plane)) for plane in planes]
        self._values = _Linear(*_rows(last, PATCH_BANDS, LATENT_STRIDE, slice(inner, inner + 1)))

    @torch.inference_mode()
    def fine(self, latent: Tensor) -> Tensor:
        """Return the fine log-magnitude of one frame of each latent frame, neper, (batch, latent frames, bins).

        Args:
            latent: Shape (batch, latent frames, latent).

        Raises:
            ShapeError: `latent` does not have three axes, or not the network's numbers.
        """
        if latent.dim() != 3 or latent.shape[2] != self.shape.latent:
            raise ShapeError(f"the inner decoder takes (batch, frames, {self.shape.latent}), not {tuple(latent.shape)}")
        whole = self._first(latent[..., : self.shape.broad])
        for block in self._blocks:
            whole = block(whole)
        whole = _normalised(whole, self._norm)
        frames = self._to_frames(whole).unflatten(2, (3, self.shape.detail_width))
        hidden = _normalised(self._detail.middle(frames), self._detail_norm)
        local = self._local(whole, latent[..., self.shape.broad :])
        return (
            torch.addmm(self._constant, hidden.flatten(0, 1), self._of_hidden.T)
            .addmm_(local.flatten(0, 1), self._of_local.T)
            .unflatten(0, latent.shape[:2])
        )

    def _local(self, whole: Tensor, regional: Tensor) -> Tensor:
        """Return what the local path adds to the log-mel, (batch, frames, mels)."""
        batch, frames, _ = whole.shape
        numbers = regional.unflatten(2, (self.shape.regional, self.shape.regions)).transpose(2, 3)
        hint = self._hint(whole).unflatten(2, (PATCH_ROWS, HINT_CHANNELS))
        plane = (numbers @ self._patches).reshape(batch, frames, PATCH_ROWS, self.shape.local_width)
        plane = plane + hint @ self._hint_to_patch.T + self._place
        for block in self._planes:
            plane = block(plane)
        return self._values(_normalised(plane, self._plane_norm)).reshape(batch, frames, MEL_BANDS)


def _normalised(x: Tensor, norm: nn.Module) -> Tensor:
    """Normalise over the channels, which come last."""
    layer = cast(ChannelNorm | PlaneNorm, norm).norm
    return F.layer_norm(x, layer.normalized_shape, layer.weight, layer.bias, layer.eps)


def _weights(layer: nn.Module) -> tuple[Tensor, Tensor]:
    """Return weight and bias of a layer."""
    return cast(Tensor, layer.weight), cast(Tensor, layer.bias)


def _rows(layer: nn.Module, outer: int, stride: int, kept: slice) -> tuple[Tensor, Tensor]:
    """Return weight and bias of a layer whose outputs (outer, stride) are wanted as (kept of stride, outer)."""
    weight, bias = _weights(layer)
    ordered = weight.flatten(1).unflatten(0, (outer, stride)).transpose(0, 1)[kept]
    return ordered.flatten(0, 1).contiguous(), bias.unflatten(0, (outer, stride)).T[kept].flatten()


class _Linear:
    """A product with a weight (out, in)."""

    def __init__(self, weight: Tensor, bias: Tensor) -> None:
        self.weight, self.bias = weight, bias

    def __call__(self, x: Tensor) -> Tensor:
        return F.linear(x, self.weight, self.bias)


class _Taps:
    """A convolution over three frames, (batch, frames, channels)."""

    def __init__(self, layer: nn.Conv1d) -> None:
        weight, bias = _weights(layer)
        self.product = _Linear(weight.transpose(1, 2).flatten(1).contiguous(), bias)

    def __call__(self, x: Tensor) -> Tensor:
        padded, frames = F.pad(x, (0, 0, 1, 1)), x.shape[1]
        return self.product(torch.cat([padded[:, tap : tap + frames] for tap in range(3)], 2))


class _Block:
    """A ResidualBlock."""

    def __init__(self, block: ResidualBlock) -> None:
        weight, bias = _weights(block.across_channels)
        self.norm, self.taps, self.mix = block.norm, _Taps(block.across_time), _Linear(weight[..., 0], bias)

    def __call__(self, x: Tensor) -> Tensor:
        return x + self.mix(F.gelu(self.taps(_normalised(x, self.norm))))

    def middle(self, x: Tensor) -> Tensor:
        """Return the result for the second of three frames (batch, frames, 3, channels)."""
        across = self.taps.product(_normalised(x, self.norm).flatten(2))
        return x[:, :, 1] + self.mix(F.gelu(across))


class _Plane:
    """A PlaneBlock, (batch, frames, bands, channels)."""

    def __init__(self, block: PlaneBlock) -> None:
        weight, self.bias = _weights(block.around)
        mix, mix_bias = _weights(block.across_channels)
        self.norm, self.mix = block.norm, _Linear(mix.flatten(1), mix_bias)
        self.weight = weight.transpose(2, 3).contiguous(memory_format=torch.channels_last)

    def __call__(self, x: Tensor) -> Tensor:
        planes = _normalised(x, self.norm).permute(0, 3, 1, 2)
        around = F.conv2d(planes, self.weight, self.bias, padding=1)
        return x + self.mix(F.gelu(around.permute(0, 2, 3, 1)))
