"""Sounds of any length into the latent space and back, a stretch at a time, in constant memory."""

from collections.abc import Iterator
from copy import copy

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from engine.dataset.corpus import Mixed
from engine.errors import ShapeError
from engine.features.mel import log_mel
from engine.latent.checks import Check, carry_on
from engine.model.vae import LOG_LIMITS, Vae
from engine.units import HOP, LATENT_HOP, LATENT_STRIDE, N_FFT

Floats = NDArray[np.float32]

STRETCH_FRAMES = 512  # latent frames handled at once, 22 seconds
WINDOW_REACH = -(-N_FFT // LATENT_HOP)  # latent frames that an analysis window touches


def encode(vae: Vae, samples: Floats | Mixed) -> Floats:
    """Return the latent means of a mono sound; see `hear`."""
    return np.concatenate([track for track, _ in hear_stretches(vae, samples)])


def hear(vae: Vae, samples: Floats | Mixed, check: Check = carry_on) -> tuple[Floats, Floats]:
    """Return the latent means of a mono sound, and the log-mel from which they come.

    Args:
        vae: The network.
        samples: Shape (samples,), at SAMPLE_RATE.
        check: Called before each stretch; may raise to stop.

    Returns:
        The track (latent frames, latent), latent frame k covering frames 4 k to 4 k + 3; and the log-mel
        (frames, mels), neper.

    Raises:
        ShapeError: `samples` has more than one axis, or is empty.
    """
    tracks, spectra = zip(*hear_stretches(vae, samples, check), strict=True)
    return np.concatenate(tracks), np.concatenate(spectra)


def hear_stretches(
    vae: Vae, samples: Floats | Mixed, check: Check = carry_on, part: tuple[int, int] | None = None
) -> Iterator[tuple[Floats, Floats]]:
    """Yield what `hear` returns a stretch at a time, so that it need not be in memory as a whole.

    Args:
        vae: The network.
        samples: Shape (samples,), at SAMPLE_RATE.
        check: Called before each stretch; may raise to stop.
        part: First and one past the last latent frame that is heard; None hears all.

    Raises:
        ShapeError: `samples` has more than one axis, or is empty.
    """
    if samples.ndim != 1 or len(samples) == 0:
        raise ShapeError(f"a mono sound has shape (samples,), not {samples.shape}")
    total = -(-(1 + len(samples) // HOP) // LATENT_STRIDE)
    for stretch in _stretches(total, vae.shape.reach + WINDOW_REACH, part):
        check()
        yield _hear_stretch(vae, samples, *stretch)


@torch.inference_mode()
def _hear_stretch(
    vae: Vae, samples: Floats | Mixed, first: int, last: int, low: int, high: int
) -> tuple[Floats, Floats]:
    """Return track and log-mel of the latent frames first to last, from what is computed for low to high."""
    piece = torch.from_numpy(np.array(samples[low * LATENT_HOP : min(len(samples), high * LATENT_HOP)]))
    heard = log_mel(piece)[:, : (high - low) * LATENT_STRIDE]
    mean, _ = vae.encode(heard[None].to(_device(vae)))
    kept = slice((first - low) * LATENT_STRIDE, (last - low) * LATENT_STRIDE)
    return mean[0].T[first - low : last - low].cpu().numpy(), heard.T[kept].numpy()


class Decoded:
    """The network's account of a track: its log-mel, and on demand the fine spectrum behind it."""

    def __init__(self, vae: Vae, log_mel: Tensor, hidden: Tensor) -> None:
        """Keep what the network says, log-mel (mels, frames) and hidden frames (channels, frames), as `Vae` has it."""
        self._vae, self._unclamped, self._hidden = vae, log_mel, hidden
        self.lift: Floats | None = None  # that was added to each frame
        self.log_mel: Floats = log_mel.clamp(*LOG_LIMITS).T.cpu().numpy()  # (4 * latent frames, mels), neper

    def raised(self, lift: Floats) -> "Decoded":
        """Return the same with each frame louder by a lift (4 * latent frames,), neper."""
        louder = copy(self)
        louder.lift = lift if self.lift is None else self.lift + lift
        louder.log_mel = self.log_mel + lift[:, None]
        return louder

    @torch.inference_mode()
    def fine(self) -> Floats:
        """Return the fine log-magnitude, (4 * latent frames, bins), neper."""
        found = self._vae.fine(self._unclamped[None], self._hidden[None])[0]
        fine: Floats = found.clamp(*LOG_LIMITS).T.cpu().numpy()
        return fine if self.lift is None else fine + self.lift[:, None]


@torch.inference_mode()
def decode(vae: Vae, track: Floats, check: Check = carry_on) -> Decoded:
    """Decode a track (latent frames, latent); the check is called before each stretch, and may raise to stop."""
    decoded = []
    for part, cut in _parts(vae, track):
        check()
        decoded.append(_decoded(vae, part, cut))
    spectra, hidden = zip(*decoded, strict=True)
    return Decoded(vae, torch.cat(spectra, 1), torch.cat(hidden, 1))


def decode_mel(vae: Vae, track: Floats, check: Check = carry_on) -> Floats:
    """Return the log-mel that the network decodes for a track (latent frames, latent): (4 * latent frames, mels)."""
    return np.concatenate(list(decode_stretches(vae, track, check)))


def decode_stretches(vae: Vae, track: Floats, check: Check = carry_on) -> Iterator[Floats]:
    """Yield what `decode_mel` returns a stretch at a time, without what else the network knows of it."""
    for part, kept in _parts(vae, track):
        check()
        yield _decoded_mel(vae, part, kept)


@torch.inference_mode()
def _decoded_mel(vae: Vae, part: Tensor, kept: slice) -> Floats:
    """Return the log-mel of a stretch, (frames, mels), those frames that are kept."""
    log_mel: Floats = vae.decode_hidden(part)[0][0, :, kept].clamp(*LOG_LIMITS).T.cpu().numpy()
    return log_mel


def _decoded(vae: Vae, part: Tensor, kept: slice) -> tuple[Tensor, Tensor]:
    """Return log-mel (mels, frames) and hidden frames (channels, frames) of a stretch, those that are kept."""
    log_mel, hidden = vae.decode_hidden(part)
    return log_mel[0, :, kept], hidden[0, :, kept]


def _parts(vae: Vae, track: Floats) -> Iterator[tuple[Tensor, slice]]:
    """Yield stretches of a track (1, latent, latent frames) and which of their decoded frames to keep."""
    if track.ndim != 2 or len(track) == 0:
        raise ShapeError(f"a track has shape (latent frames, latent), not {track.shape}")
    for first, last, low, high in _stretches(len(track), vae.shape.reach):
        part = torch.from_numpy(np.ascontiguousarray(track[low:high].T))[None].to(_device(vae))
        yield part, slice((first - low) * LATENT_STRIDE, (last - low) * LATENT_STRIDE)


def _stretches(total: int, margin: int, part: tuple[int, int] | None = None) -> Iterator[tuple[int, int, int, int]]:
    """Yield what to keep (first, last) and what to compute for it (low, high), in latent frames of so many."""
    begin, end = part or (0, total)
    for first in range(begin, end, STRETCH_FRAMES):
        last = min(end, first + STRETCH_FRAMES)
        yield first, last, max(0, first - margin), min(total, last + margin)


def _device(vae: Vae) -> torch.device:
    return vae.band_mean.device
