"""How a training spends its time: budget, learning rate, divergence weight, and a network sized to the machine."""

import math
import time
from dataclasses import dataclass


@dataclass(frozen=True)
class Recipe:
    """The numbers of the optimisation.

    Attributes:
        batch: Excerpts in a step.
        frames: Analysis frames in an excerpt.
        reservoir: Excerpts held in memory.
        renewed: Excerpts replaced in each step.
        peak_rate: Highest learning rate of AdamW.
        kl_weight: Final weight of the divergence, per nat of a latent frame.
        weight_decay: Of AdamW.
        gradient_norm: Largest norm of a step's gradient.
        average: Final decay of the moving average of the weights, per step.
    """

    batch: int = 16
    frames: int = 64
    reservoir: int = 384
    renewed: int = 2
    peak_rate: float = 2e-3
    kl_weight: float = 5e-5
    weight_decay: float = 1e-2
    gradient_norm: float = 1.0
    average: float = 0.998


WARM_UP_STEPS = 50
LAST_RATE_SHARE = 0.02  # of the peak rate, at the end
KL_WARM_UP_SHARE = 0.25  # of the training over which the divergence gains its weight


class Budget:
    """How much of the training is done, by steps or by the clock."""

    def __init__(self, *, steps: int | None, seconds: float, done: float = 0.0) -> None:
        """Start the clock.

        Args:
            steps: Exact number of steps, or None to go by the clock.
            seconds: Seconds the steps may take when `steps` is None.
            done: Share already done before, 0 to 1, when a training is resumed.
        """
        self.steps, self.seconds, self.done = steps, max(seconds, 0.0), done
        self.started = time.monotonic()

    def share(self, step: int) -> float:
        """Return how much is done before step number `step`, 0 to 1."""
        if self.steps is not None:
            return min(1.0, step / self.steps)
        return 1.0 if self.seconds == 0 else min(1.0, self.done + self.elapsed() / self.seconds * (1 - self.done))

    def elapsed(self) -> float:
        """Return the seconds since the start."""
        return time.monotonic() - self.started

    def seconds_left(self, step: int) -> float:
        """Return an estimate of the seconds until the last step."""
        if self.steps is None:
            return max(0.0, self.seconds - self.elapsed())
        return self.elapsed() / max(1, step) * (self.steps - step)


def learning_rate(recipe: Recipe, step: int, share: float) -> float:
    """Return the learning rate: a short linear rise, then half a cosine down to LAST_RATE_SHARE of the peak."""
    falling = 0.5 * (1 + math.cos(math.pi * share)) * (1 - LAST_RATE_SHARE) + LAST_RATE_SHARE
    return recipe.peak_rate * min(1.0, (step + 1) / WARM_UP_STEPS) * falling


def kl_weight(recipe: Recipe, share: float) -> float:
    """Return the weight of the divergence, rising to its final value over the first quarter."""
    return recipe.kl_weight * min(1.0, share / KL_WARM_UP_SHARE)
