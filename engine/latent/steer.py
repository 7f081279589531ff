"""Steering: the offset in a model's own directions that moves the timbre of a walk, and moves nothing else.

Descriptors bend through a latent space, so a straight line is a weak slider. The offset is found by descent instead:
damped Gauss-Newton steps (Levenberg 1944) through the decoder, slopes measured once for a walk and corrected by each
step (Broyden 1965). A step that leads to worse is taken back, and the next is shorter. One that hardly leads to better
is the last. Every descriptor that is not steered is held where it is, the walk pulls, and the cloud of the corpus is
never left.
"""

from collections import OrderedDict
from dataclasses import dataclass
from hashlib import blake2b

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from engine.errors import ShapeError
from engine.latent.basis import Basis
from engine.latent.ear import Ear
from engine.model.inner import InnerDecoder
from engine.model.vae import Vae
from engine.properties.timbre import measure_timbre
from engine.units import LOG_FLOOR

Floats = NDArray[np.float32]

NEWTON_STEPS = 4
MIDDLE_PULL = 0.01  # price of one squared standard deviation of offset, against one squared span of a descriptor
LATENT_HOLD = 0.7  # weight of a descriptor that is held, against 1 for one that is steered
PROBE = 0.25  # standard deviations over which slopes are measured
LONGEST_STEP = 1.5  # standard deviations
LEAST_STEP = 1e-3  # standard deviations
WORTH = 0.02  # of the price at the start, that a step to the better must save for another one
SHORTER = 0.5  # what is left of a step after which it was worse
REMEMBERED = 1_024  # looks
SEEN = 1  # of the frames that a latent frame decodes to, the one that is looked at
PROBED = 3  # of the frames that stand for a moment, every third tells the slopes: descents end as near as with all


@dataclass(frozen=True)
class Look:
    """Facts about latent frames before they are steered.

    Attributes:
        timbre: To be heard, (moments, 4).
        slopes: What a standard deviation in each direction adds to it, (moments, 4, directions).
    """

    timbre: Floats
    slopes: Tensor


class Steerer:
    """Finds offsets in the space of one model."""

    def __init__(self, vae: Vae, basis: Basis, ear: Ear, spans: Floats) -> None:
        """Keep what all descents need.

        Args:
            vae: The network.
            basis: The model's directions.
            ear: From decoded to heard timbre.
            spans: The corpus's range of each descriptor of TIMBRE, (4,): what counts as far.
        """
        self.basis, self.device = basis, vae.band_mean.device
        self._decoder = InnerDecoder(vae, SEEN)
        self._known: OrderedDict[bytes, Look] = OrderedDict()
        self.spans = self._tensor(np.maximum(spans, 1e-6))
        self.steps, self.matrix, self.constant = map(self._tensor, (basis.steps, ear.matrix, ear.constant))

    @torch.inference_mode()
    def measure(self, tracks: Floats) -> Floats:
        """Return the timbre to be heard of latent frames (moments, frames, latent), (moments, 4)."""
        nowhere = torch.zeros(len(tracks), 1, self.basis.directions, device=self.device)
        found: Floats = self._timbre(self._tensor(tracks), nowhere)[:, 0].cpu().numpy()
        return found

    @torch.inference_mode()
    def look(self, tracks: Floats) -> Look:
        """Return what is heard of latent frames (moments, frames, latent), and what every direction does to it.

        The same frames are looked at once: who moves a slider hears the same walks again and again.
        """
        key = blake2b(tracks.tobytes()).digest()
        found = self._known.get(key)
        if found is None:
            found = Look(self.measure(tracks), self._slopes(self._tensor(tracks[:, ::PROBED])))
            self._known[key] = found
            while len(self._known) > REMEMBERED:
                self._known.popitem(last=False)
        return found

    @torch.inference_mode()
    def steer(
        self, tracks: Floats, wanted: Floats, asked: NDArray[np.bool_], start: Floats, near: Look | None = None
    ) -> Floats:
        """Find the offset that moves timbre.

        Args:
            tracks: Latent frames that stand for each moment of the walk, (moments, frames, latent).
            wanted: Timbre to be heard at each, (moments, 4).
            asked: Which descriptors a slider moves, (moments, 4); the others are held, with less weight.
            start: Offsets to begin with and to stay near, (moments, directions).
            near: At a walk near by, whose slopes are nearly those at `tracks`; None looks at these.

        Returns:
            Offsets in the basis's directions, standard deviations, (moments, directions).

        Raises:
            ShapeError: the arrays do not belong together.
        """
        if tracks.ndim != 3 or start.shape != (len(tracks), self.basis.directions) or len(wanted) != len(tracks):
            raise ShapeError(
                f"{tracks.shape} tracks, {wanted.shape} wanted and {start.shape} start do not belong together"
            )
        walk, home, target = map(self._tensor, (tracks, start, wanted))
        weight = torch.where(torch.from_numpy(asked).to(self.device), 1.0, LATENT_HOLD) / self.spans
        slopes = (near or self.look(tracks)).slopes
        timbre = self._timbre(walk, home[:, None])[:, 0]
        at = home
        least = self._price(target - timbre, at - home, weight)
        first, longest = least, torch.full_like(least, LONGEST_STEP)
        has_arrived = torch.zeros_like(least, dtype=torch.bool)
        places = self._tensor(self.basis.to_coordinates(tracks))
        for _ in range(NEWTON_STEPS):
            step = self._step(slopes * weight[..., None], (target - timbre) * weight, at - home, longest[:, None])
            onward = self._inside(places, at + step)
            found, step = self._timbre(walk, onward[:, None])[:, 0], onward - at
            surprise = found - timbre - (slopes @ step[..., None])[..., 0]
            slopes = slopes + surprise[..., None] * step[:, None] / step.square().sum(-1).clamp_min(1e-6)[:, None, None]
            price = self._price(target - found, onward - home, weight)
            is_better = (price < least) & ~has_arrived
            at = torch.where(is_better[:, None], onward, at)
            timbre = torch.where(is_better[:, None], found, timbre)
            longest = torch.where(is_better, longest, (SHORTER * step.norm(dim=-1)).clamp_min(LEAST_STEP))
            has_arrived |= is_better & (least - price < WORTH * first)
            least = torch.where(is_better, price, least)
            if bool(has_arrived.all()):
                break
        offsets: Floats = at.cpu().numpy()
        return offsets

    def _slopes(self, walk: Tensor) -> Tensor:
        """Return what a standard deviation in each direction adds to the timbre, (moments, 4, directions)."""
        nowhere = torch.zeros(len(walk), 1, self.basis.directions, device=self.device)
        probes = PROBE * torch.eye(self.basis.directions, device=self.device)
        timbre, *probed = self._timbre(walk, torch.cat([nowhere, nowhere + probes], 1)).unbind(1)
        return (torch.stack(probed, -1) - timbre[..., None]) / PROBE

    def _timbre(self, walk: Tensor, offsets: Tensor) -> Tensor:
        """Return the timbre to be heard for offsets (moments, trials, directions), (moments, trials, 4)."""
        tracks = (walk[:, None] + (offsets @ self.steps)[:, :, None]).flatten(0, 1)
        magnitude = (self._decoder.fine(tracks).clamp_max(3.0).exp() - LOG_FLOOR).clamp_min(0.0)
        return (measure_timbre(magnitude) @ self.matrix + self.constant).reshape(*offsets.shape[:2], -1)

    def _step(self, slopes: Tensor, missing: Tensor, strayed: Tensor, longest: Tensor) -> Tensor:
        """Return one damped Gauss-Newton step, (moments, directions), no longer than it may be, (moments, 1)."""
        curve = slopes.transpose(1, 2) @ slopes + 2 * MIDDLE_PULL * torch.eye(slopes.shape[-1], device=self.device)
        pull = (slopes.transpose(1, 2) @ missing[..., None])[..., 0] - MIDDLE_PULL * strayed
        step = torch.linalg.solve(curve, pull)
        return step * (longest / step.norm(dim=-1, keepdim=True).maximum(longest))

    def _inside(self, places: Tensor, offsets: Tensor) -> Tensor:
        """Shorten offsets that would leave the cloud of the corpus, or go farther out than the walk is already.

        Args:
            places: Coordinates of the walk's frames, (moments, frames, directions).
            offsets: From there, (moments, directions).
        """
        radius = places.norm(dim=-1).amax(1).clamp_min(self.basis.radius)
        distance = (places + offsets[:, None]).norm(dim=-1).amax(1)
        return offsets * (radius / distance).clamp_max(1.0)[:, None]

    def _price(self, missing: Tensor, strayed: Tensor, weight: Tensor) -> Tensor:
        """Return what is paid for not having arrived and for having strayed, (moments,)."""
        return (missing * weight).square().sum(-1) + MIDDLE_PULL * strayed.square().sum(-1)

    def _tensor(self, values: Floats) -> Tensor:
        return torch.from_numpy(np.ascontiguousarray(values, np.float32)).to(self.device)
