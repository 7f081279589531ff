#!/usr/bin/env python3
"""Make engine/model/base.safetensors, the ears that every model starts with: python scripts/pretrain.py.

A network is trained on imagined sound only (scripts/imagination.py), so the shipped weights owe nothing to anybody's
recordings. The file is written every 500 steps and at the end: the program can be stopped at any time. The same seed,
steps and threads give the same file on the same machine.
"""

from engine.units import HOP, N_FFT  # the engine comes before torch: it says how torch's threads wait

# isort: split
import argparse
import os
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import torch
from imagination import imagine
from torch import Tensor

from engine.dataset.augment import Batch
from engine.features.mel import magnitude_to_log, magnitude_to_mel, spectrum
from engine.model.base import BASE_FILE, BASE_SHAPE
from engine.model.checkpoint import save_tensors
from engine.model.losses import vae_losses
from engine.model.vae import Vae
from engine.training.loop import Trainer
from engine.training.schedule import Recipe

BASE_PATH = Path(__file__).resolve().parents[1] / "engine" / "model" / BASE_FILE
RESERVOIR = 1_000
VALIDATION_EXCERPTS = 64
EDGE_FRAMES = N_FFT // 2 // HOP  # at both ends of an excerpt, where the analysis window reaches beyond it
MIX_SHARE = 0.3  # of the steps whose excerpts are added to one another
NEAR_NEPER = (-1.5, 1.0)  # change of level of one half of the excerpts
FAR_NEPER = (-4.5, 1.0)  # and of the other half, so that quiet sound (to -60 dB) is always present
LOOK_EVERY, SAVE_EVERY = 100, 500  # steps


class ImaginedReservoir:
    """Spectra of imagined excerpts, continually renewed; it feeds a trainer as a corpus's reservoir does."""

    def __init__(self, *, frames: int, size: int, seed: int) -> None:
        """Fill the reservoir with `size` excerpts of `frames` analysis frames; the seed fixes all that follow."""
        self.frames = frames
        self.rng = np.random.default_rng(seed)
        self.excerpts = [self._excerpt() for _ in range(size)]

    def renew(self, count: int) -> None:
        """Replace `count` excerpts, chosen at random, by new ones."""
        for place in self.rng.integers(0, len(self.excerpts), count):
            self.excerpts[place] = self._excerpt()

    def batch(self, size: int) -> Batch:
        """Draw a batch, each excerpt at a new level, in some steps each mixed with another."""
        drawn = [self.excerpts[place] for place in self.rng.integers(0, len(self.excerpts), size)]
        near = self.rng.random(size) < 0.5
        neper = np.where(near, self.rng.uniform(*NEAR_NEPER, size), self.rng.uniform(*FAR_NEPER, size))
        gain = torch.from_numpy(np.exp(neper).astype(np.float32))[:, None, None]
        mel = torch.stack([mel for mel, _ in drawn]) * gain
        fine = torch.stack([fine for _, fine in drawn]).float() * gain
        if self.rng.random() < MIX_SHARE:
            other = torch.from_numpy(self.rng.permutation(size))
            mel, fine = torch.hypot(mel, mel[other]), torch.hypot(fine, fine[other])
        return Batch(magnitude_to_log(mel), magnitude_to_log(fine))

    def log_mels(self) -> Tensor:
        """Return the log-mel of all excerpts as they are, (128, frames of all)."""
        return torch.cat([magnitude_to_log(mel) for mel, _ in self.excerpts], dim=1)

    def _excerpt(self) -> tuple[Tensor, Tensor]:
        """Return mel (128, frames) and fine magnitude (1025, frames, half precision) of a new sound."""
        sound = imagine(self.rng, (self.frames + 2 * EDGE_FRAMES) * HOP)
        magnitude = spectrum(torch.from_numpy(sound)).abs()[:, EDGE_FRAMES : EDGE_FRAMES + self.frames]
        return magnitude_to_mel(magnitude), magnitude.half()


def new_network(heard: Tensor) -> Vae:
    """Return an untrained network that standardises its input by what was heard, log-mel (128, frames)."""
    vae = Vae(BASE_SHAPE)
    vae.band_mean.copy_(heard.mean(1))
    vae.scale.copy_((heard - heard.mean(1, keepdim=True)).std())
    return vae


def save_base(path: Path, vae: Vae) -> None:
    """Write the weights in half precision, as `engine.model.base` reads them."""
    save_tensors(path, {name: tensor.half() for name, tensor in vae.state_dict().items()})


@torch.no_grad()
def measure(vae: Vae, held: Batch) -> tuple[float, float]:
    """Return the distance of decoded and true spectra on held material, mel and fine, neper."""
    losses = vae_losses(vae, held.log_mel, held.fine, kl_weight=0.0, offset=0, noise=torch.Generator().manual_seed(0))
    return float(losses.mel), float(losses.fine)


def pretrain(path: Path, steps: int, seed: int, recipe: Recipe) -> None:
    """Train a network on imagined sound and write the moving average of its weights.

    Args:
        path: The file to write.
        steps: Of training.
        seed: Of the sounds, the first weights and the latent noise.
        recipe: The numbers of the optimisation.
    """
    torch.manual_seed(seed)
    started = time.monotonic()
    reservoir = ImaginedReservoir(frames=recipe.frames, size=recipe.reservoir, seed=seed)
    held = ImaginedReservoir(frames=recipe.frames, size=VALIDATION_EXCERPTS, seed=seed + 1).batch(VALIDATION_EXCERPTS)
    trainer = Trainer(new_network(reservoir.log_mels()), reservoir, held, recipe, seed)
    print(f"{recipe.reservoir} excerpts imagined in {time.monotonic() - started:.0f} s", flush=True)
    for step in range(1, steps + 1):
        trainer.step((step - 1) / steps)
        if step % LOOK_EVERY == 0 or step == steps:
            mel, fine = measure(trainer.average, held)
            seconds = time.monotonic() - started
            print(f"step {step} of {steps}  {seconds:.0f} s  mel {mel:.3f}  fine {fine:.3f} neper", flush=True)
        if step % SAVE_EVERY == 0 or step == steps:
            save_base(path, trainer.average)


def main() -> None:
    """Read the command line and train."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--steps", type=int, default=9_000, help="of training (default: %(default)s)")
    parser.add_argument("--seed", type=int, default=0, help="of everything random (default: %(default)s)")
    parser.add_argument("--out", type=Path, default=BASE_PATH, help="file to write (default: %(default)s)")
    parser.add_argument("--threads", type=int, default=os.cpu_count(), help="of the computation (default: all)")
    chosen = parser.parse_args()
    if chosen.steps < 1 or chosen.seed < 0 or chosen.threads < 1 or not chosen.out.parent.is_dir():
        parser.error("--steps and --threads start at 1, --seed at 0, and the folder of --out must exist")
    torch.set_num_threads(chosen.threads)
    pretrain(chosen.out, chosen.steps, chosen.seed, replace(Recipe(), reservoir=RESERVOIR))


if __name__ == "__main__":
    main()
