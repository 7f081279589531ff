"""A batch that suits the machine and the time: measured, not guessed."""

import statistics
import time
from copy import deepcopy
from dataclasses import replace

import torch

from engine.model.losses import vae_losses
from engine.model.vae import Vae
from engine.training.schedule import Recipe
from engine.units import BINS, MEL_BANDS

MEASURED_STEPS = 3
FEW_STEPS = 500  # with fewer, smaller batches teach more
MANY_STEPS = 4_000  # with more, larger batches teach better
SMALLEST_BATCH, LARGEST_BATCH = 4, 64


def size_batch(vae: Vae, seconds: float, recipe: Recipe) -> Recipe:
    """Return the recipe with the batch that makes the most of a time budget on this machine.

    Args:
        vae: The network, on its device; it is not changed.
        seconds: That the steps may take.
        recipe: Its batch is where the search begins.
    """
    batch = recipe.batch
    steps = seconds / measure_step(vae, recipe)
    while steps < FEW_STEPS and batch > SMALLEST_BATCH:
        batch, steps = batch // 2, steps * 2
    while steps > MANY_STEPS and batch < LARGEST_BATCH:
        batch, steps = batch * 2, steps / 2
    return with_batch(recipe, batch)


def with_batch(recipe: Recipe, batch: int) -> Recipe:
    """Return a recipe for another batch, its material renewed as fast for each excerpt that is drawn."""
    return replace(recipe, batch=batch, renewed=max(1, recipe.renewed * batch // recipe.batch))


def measure_step(vae: Vae, recipe: Recipe) -> float:
    """Return the seconds that one training step takes here, median of a few after one to warm up."""
    trial = deepcopy(vae).train()
    device = trial.band_mean.device
    log_mel = torch.zeros(recipe.batch, MEL_BANDS, recipe.frames, device=device)
    fine = torch.zeros(recipe.batch, BINS, recipe.frames, device=device)
    taken = []
    for offset in range(MEASURED_STEPS + 1):
        begun = time.monotonic()
        losses = vae_losses(trial, log_mel, fine, kl_weight=recipe.kl_weight, offset=offset)
        losses.total.backward()
        taken.append((time.monotonic() - begun) if losses.total.isfinite() else 0.0)  # reading it waits for the device
    return max(statistics.median(taken[1:]), 1e-4)
