"""Building blocks that treat every frame alike, so that a result never depends on the length of an excerpt."""

import torch.nn.functional as F
from torch import Tensor, nn


class ChannelNorm(nn.Module):
    """Layer normalisation over the channels of each frame.

    Normalising over time instead would make a frame depend on what stands minutes away from it.
    """

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.norm = nn.LayerNorm(channels)

    def forward(self, x: Tensor) -> Tensor:
        """Normalise (batch, channels, frames)."""
        return self.norm(x.transpose(1, 2)).transpose(1, 2)


class ResidualBlock(nn.Module):
    """Pre-norm residual block: a dense three-tap convolution, GELU, and a mix of channels.

    Dense and not depthwise: on a CPU the dense convolution is one matrix product and runs at full speed.
    """

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.norm = ChannelNorm(channels)
        self.across_time = nn.Conv1d(channels, channels, 3, padding=1)
        self.across_channels = nn.Conv1d(channels, channels, 1)

    def forward(self, x: Tensor) -> Tensor:
        """Keep the shape (batch, channels, frames)."""
        return x + self.across_channels(F.gelu(self.across_time(self.norm(x))))


class PlaneNorm(nn.Module):
    """Layer normalisation over the channels of each cell of a plane of bands and frames."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.norm = nn.LayerNorm(channels)

    def forward(self, x: Tensor) -> Tensor:
        """Normalise (batch, channels, bands, frames)."""
        return self.norm(x.permute(0, 2, 3, 1)).permute(0, 3, 1, 2)


class PlaneBlock(nn.Module):
    """Pre-norm residual block over a plane of bands and frames, the same weights at every band."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.norm = PlaneNorm(channels)
        self.around = nn.Conv2d(channels, channels, 3, padding=1)
        self.across_channels = nn.Conv2d(channels, channels, 1)

    def forward(self, x: Tensor) -> Tensor:
        """Keep the shape (batch, channels, bands, frames)."""
        return x + self.across_channels(F.gelu(self.around(self.norm(x))))


def fold_frames(x: Tensor, stride: int) -> Tensor:
    """Stack every `stride` neighbouring frames.

    Turns (batch, channels, frames) into (batch, channels * stride, frames / stride).
    """
    batch, channels, frames = x.shape
    return x.reshape(batch, channels, frames // stride, stride).transpose(2, 3).reshape(batch, channels * stride, -1)


def unfold_frames(x: Tensor, stride: int) -> Tensor:
    """Undo `fold_frames`: (batch, channels * stride, frames) to (batch, channels, frames * stride)."""
    batch, channels, frames = x.shape
    return x.reshape(batch, channels // stride, stride, frames).transpose(2, 3).reshape(batch, channels // stride, -1)


def fold_plane(x: Tensor, bands: int, stride: int) -> Tensor:
    """Stack patches of `bands` neighbouring mel bands and `stride` frames.

    Turns (batch, mels, frames) into (batch, bands * stride, mels / bands, frames / stride).
    """
    batch, mels, frames = x.shape
    patches = x.reshape(batch, mels // bands, bands, frames // stride, stride).permute(0, 2, 4, 1, 3)
    return patches.reshape(batch, bands * stride, mels // bands, frames // stride)


def unfold_plane(x: Tensor, bands: int, stride: int) -> Tensor:
    """Undo `fold_plane`: back to (batch, mels, frames)."""
    batch, _, rows, columns = x.shape
    patches = x.reshape(batch, bands, stride, rows, columns).permute(0, 3, 1, 4, 2)
    return patches.reshape(batch, rows * bands, columns * stride)
