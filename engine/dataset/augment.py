"""Training material without end from little: excerpts of the corpus at other speeds, stretched, filtered and mixed.

A reservoir holds some hundred excerpts as spectra. Each step replaces a few and draws a batch, so that memory does
not grow with the corpus and no excerpt is seen often. Speed changes are exact (the recording is resampled: pitch and
time move together); stretching costs nothing (the analysis hop changes, the pitch stays); mixing adds powers, which
is what two unrelated sounds do on average.
"""

import math
from dataclasses import dataclass

import numpy as np
import soxr
import torch
from numpy.typing import NDArray
from torch import Tensor

from engine.dataset.clips import Clip
from engine.dataset.corpus import Corpus
from engine.features.mel import magnitude_to_log, magnitude_to_mel, mel_to_bin_weights, spectrum
from engine.units import HOP, LATENT_HOP, MEL_BANDS, N_FFT

EDGE_FRAMES = N_FFT // HOP  # analysed beyond an excerpt, so that its first frames see the sound before it


@dataclass(frozen=True)
class Augmentation:
    """How far the material is bent.

    Attributes:
        plain_share: Share of excerpts that are left at the speed they were recorded.
        semitones: Range of the change of speed, either way.
        stretch_octaves: Largest change of the analysis hop, either way.
        gain_neper: Largest change of level, either way.
        mix_share: Share of excerpts to which another is added.
        filter_share: Share of excerpts that are coloured by a random filter.
        filter_neper: Standard deviation of a filter's boosts and cuts.
    """

    plain_share: float = 0.5
    semitones: tuple[float, float] = (0.0, 4.0)
    stretch_octaves: float = 0.4
    gain_neper: float = 1.0
    mix_share: float = 0.4
    filter_share: float = 0.3
    filter_neper: float = 1.5


HELD_SEMITONES = (0.4, 0.6)  # changes of speed that training never hears: validation is measured on them
VALIDATION = Augmentation(0.0, HELD_SEMITONES, 0.0, 0.0, 0.0, 0.0)


@dataclass(frozen=True)
class Batch:
    """Spectra to learn from: log-mel (batch, 128, frames) and fine log-magnitude (batch, 1025, frames), neper."""

    log_mel: Tensor
    fine: Tensor


def clip_weights(clips: tuple[Clip, ...]) -> NDArray[np.float64]:
    """Return how often each clip is drawn, (clips,): longer ones more often, but short ones never seldom."""
    return np.sqrt([clip.frames for clip in clips])


class Reservoir:
    """Excerpts of a corpus, continually renewed."""

    def __init__(
        self,
        corpus: Corpus,
        clips: tuple[Clip, ...],
        *,
        frames: int,
        size: int,
        seed: int,
        augmentation: Augmentation | None = None,
        weights: NDArray[np.floating] | None = None,
    ) -> None:
        """Fill the reservoir.

        Args:
            corpus: The recordings.
            clips: Where their sounds are.
            frames: Length of an excerpt in analysis frames.
            size: Number of excerpts held.
            seed: Same seed, same excerpts in the same order.
            augmentation: How far to bend the material.
            weights: How often each clip is drawn, of any sum, (clips,); None: see `clip_weights`.
        """
        self.corpus, self.clips, self.frames = corpus, clips, frames
        self.bend = augmentation or Augmentation()
        self.rng = np.random.default_rng(seed)
        drawn = clip_weights(clips) if weights is None else weights
        self.weights = drawn / drawn.sum()
        self.excerpts = [self._excerpt() for _ in range(size)]

    def renew(self, count: int) -> None:
        """Replace `count` excerpts, chosen at random, by new ones."""
        for place in self.rng.integers(0, len(self.excerpts), count):
            self.excerpts[place] = self._excerpt()

    def batch(self, size: int) -> Batch:
        """Draw a batch, each excerpt at a new level, some mixed and coloured."""
        drawn = [self._coloured() for _ in range(size)]
        mel, fine = (torch.stack(parts) for parts in zip(*drawn, strict=True))
        return Batch(magnitude_to_log(mel), magnitude_to_log(fine))

    def _excerpt(self) -> tuple[Tensor, Tensor]:
        """Return mel (128, frames) and fine magnitude (1025, frames, half precision) of a random moment."""
        clip = self.clips[self.rng.choice(len(self.clips), p=self.weights)]
        plain = self.rng.random() < self.bend.plain_share
        speed = 1.0 if plain else 2.0 ** (self._semitones() / 12)
        hop = HOP if plain else round(HOP * 2.0 ** (self.rng.uniform(-1, 1) * self.bend.stretch_octaves))
        wanted = math.ceil((self.frames + 2 * EDGE_FRAMES) * hop * speed)
        recording = self.corpus.recordings[clip.recording]
        first, last = clip.first * LATENT_HOP, min(clip.last * LATENT_HOP, recording.samples)
        slack = round(0.25 * self.frames * hop * speed)
        latest = max(first - round(EDGE_FRAMES * hop * speed), last - wanted + slack)
        start = int(self.rng.integers(min(first - slack, latest), latest + 1))
        samples = self._read(recording.start, recording.samples, start, wanted)
        if speed != 1.0:
            samples = soxr.resample(samples, speed, 1.0, quality="MQ").astype(np.float32)
        magnitude = spectrum(torch.from_numpy(samples), hop).abs()[:, EDGE_FRAMES : EDGE_FRAMES + self.frames]
        return magnitude_to_mel(magnitude), magnitude.half()

    def _semitones(self) -> float:
        """Return a change of speed; what is held for validation is left out of everything else."""
        while True:
            change = self.rng.uniform(*self.bend.semitones)
            held = HELD_SEMITONES[0] <= change <= HELD_SEMITONES[1]
            if held == (self.bend.semitones == HELD_SEMITONES):
                return change * self.rng.choice((-1, 1))

    def _read(self, origin: int, length: int, start: int, count: int) -> NDArray[np.float32]:
        """Return `count` mono samples of a recording from `start`, silence outside of it."""
        low, high = max(0, start), min(length, start + count)
        mono = self.corpus.samples[origin + low : origin + max(low, high)].mean(axis=1)
        return np.pad(mono, (low - start, count - (low - start) - len(mono))).astype(np.float32)

    def _coloured(self) -> tuple[Tensor, Tensor]:
        """Return a drawn excerpt with a new level, perhaps mixed with another, perhaps filtered."""
        mel, fine = self._levelled()
        if self.rng.random() < self.bend.mix_share:
            other_mel, other_fine = self._levelled()
            mel, fine = torch.hypot(mel, other_mel), torch.hypot(fine, other_fine)
        if self.rng.random() < self.bend.filter_share:
            curve = self._filter()
            mel, fine = mel * curve[:, None], fine * (mel_to_bin_weights() @ curve)[:, None]
        return mel, fine

    def _levelled(self) -> tuple[Tensor, Tensor]:
        """Return a drawn excerpt at a new level."""
        mel, fine = self.excerpts[self.rng.integers(len(self.excerpts))]
        gain = math.exp(self.rng.uniform(-1, 1) * self.bend.gain_neper)
        return mel * gain, fine.float() * gain

    def _filter(self) -> Tensor:
        """Return a random gain for each mel band: a few bumps and dips of any breadth."""
        bumps = self.rng.integers(1, 6)
        centre = self.rng.uniform(0, MEL_BANDS, bumps)
        breadth = np.exp(self.rng.uniform(math.log(1.5), math.log(MEL_BANDS / 3), bumps))
        height = self.rng.normal(0, self.bend.filter_neper, bumps)
        bands = np.arange(MEL_BANDS)[:, None]
        curve = (height * np.exp(-0.5 * ((bands - centre) / breadth) ** 2)).sum(1)
        return torch.from_numpy(np.exp(curve).astype(np.float32))
