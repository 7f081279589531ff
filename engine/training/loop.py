"""The training itself: steps of AdamW, a moving average of the weights, the best of its moments kept."""

from collections.abc import Callable, Iterator
from copy import deepcopy

import torch
from torch import Tensor

from engine.dataset.augment import Batch, Reservoir
from engine.errors import ModelError
from engine.model.losses import vae_losses
from engine.model.vae import Vae
from engine.training.events import Progress
from engine.training.schedule import Budget, Recipe, kl_weight, learning_rate

LOOK_EVERY = 10  # steps between progress events
LEAST_STEPS = 5  # are made even when reading has used up the time
VALIDATIONS = 20  # measurements in a training

Tensors = dict[str, Tensor]


class Trainer:
    """A network on its way: its weights, their moving average, the best average so far, the optimiser."""

    def __init__(self, vae: Vae, reservoir: Reservoir, validation: Batch, recipe: Recipe, seed: int) -> None:
        """Prepare the first step.

        Args:
            vae: The network, on the device it is to be trained on.
            reservoir: Where batches come from.
            validation: Material that the reservoir does not draw.
            recipe: The numbers of the optimisation.
            seed: Of the latent noise.
        """
        self.vae, self.reservoir, self.validation, self.recipe = vae.train(), reservoir, validation, recipe
        self.device = next(vae.parameters()).device
        self.average = deepcopy(vae).requires_grad_(False).eval()
        self.best = deepcopy(self.average)
        self.best_validation: float | None = None
        self.optimiser = torch.optim.AdamW(
            vae.parameters(), lr=recipe.peak_rate, betas=(0.9, 0.99), weight_decay=recipe.weight_decay
        )
        self.noise = torch.Generator().manual_seed(seed)
        self.steps = 0

    def step(self, share: float) -> float:
        """Make one step and return the distance of decoded and true log-mel, neper.

        Raises:
            ModelError: the loss is no longer a number.
        """
        self.reservoir.renew(self.recipe.renewed)
        batch = self.reservoir.batch(self.recipe.batch)
        for group in self.optimiser.param_groups:
            group["lr"] = learning_rate(self.recipe, self.steps, share)
        losses = vae_losses(
            self.vae,
            batch.log_mel.to(self.device),
            batch.fine.to(self.device),
            kl_weight=kl_weight(self.recipe, share),
            offset=self.steps,
            noise=self.noise,
        )
        if not torch.isfinite(losses.total):
            raise ModelError(f"the training diverged in step {self.steps}; train again with another --seed")
        self.optimiser.zero_grad(set_to_none=True)
        losses.total.backward()
        torch.nn.utils.clip_grad_norm_(self.vae.parameters(), self.recipe.gradient_norm)
        self.optimiser.step()
        self.steps += 1
        keep = min(self.recipe.average, (self.steps + 1) / (self.steps + 10))
        torch._foreach_lerp_(list(self.average.parameters()), list(self.vae.parameters()), 1 - keep)
        return float(losses.mel)

    @torch.no_grad()
    def validate(self) -> float:
        """Measure the moving average on the validation material, keep it if it is the best so far, neper."""
        wanted = self.validation.log_mel.to(self.device)
        mean, _ = self.average.encode(wanted)
        decoded = self.average.decode_mel(mean)[..., : wanted.shape[-1]]
        distance = float((decoded - wanted).abs().mean())
        if self.best_validation is None or distance <= self.best_validation:
            self.best_validation = distance
            self.best.load_state_dict(self.average.state_dict())
        return distance

    def state(self) -> Tensors:
        """Return everything needed to go on later, as named tensors."""
        parts = {"vae": self.vae, "average": self.average, "best": self.best}
        tensors = {f"{part}.{name}": value for part, net in parts.items() for name, value in net.state_dict().items()}
        moments = self.optimiser.state_dict()["state"]
        tensors |= {f"optimiser.{i}.{name}": value for i, row in moments.items() for name, value in row.items()}
        return tensors | {"noise": self.noise.get_state(), "steps": torch.tensor(self.steps)}

    def expected_state(self) -> dict[str, tuple[tuple[int, ...], torch.dtype]]:
        """Return shape and type of every tensor that `state` holds after the first step."""
        networks = {
            f"{part}.{name}": value
            for part in ("vae", "average", "best")
            for name, value in self.vae.state_dict().items()
        }
        moments = {
            f"optimiser.{index}.{moment}": value
            for index, parameter in enumerate(self.vae.parameters())
            for moment, value in (("exp_avg", parameter), ("exp_avg_sq", parameter), ("step", torch.tensor(0.0)))
        }
        rest = {"noise": self.noise.get_state(), "steps": torch.tensor(0)}
        return {name: (tuple(v.shape), v.dtype) for name, v in {**networks, **moments, **rest}.items()}

    def restore(self, tensors: Tensors, best_validation: float | None) -> None:
        """Go on from what `state` returned."""
        for part, net in {"vae": self.vae, "average": self.average, "best": self.best}.items():
            net.load_state_dict(
                {name.removeprefix(f"{part}."): v for name, v in tensors.items() if name.startswith(f"{part}.")}
            )
        rows: dict[int, Tensors] = {}
        for name, value in tensors.items():
            if name.startswith("optimiser."):
                _, index, moment = name.split(".")
                rows.setdefault(int(index), {})[moment] = value
        self.optimiser.load_state_dict({**self.optimiser.state_dict(), "state": rows})
        self.noise.set_state(tensors["noise"])
        self.steps, self.best_validation = int(tensors["steps"]), best_validation


def run(trainer: Trainer, budget: Budget, *, should_stop: Callable[[], bool]) -> Iterator[Progress]:
    """Train until the budget is spent or the person stops, telling how it goes.

    The trainer's `best` network is usable from the first event on.

    Args:
        trainer: What to train; it is left at the end of the training.
        budget: Steps or seconds.
        should_stop: Asked before each step.

    Yields:
        One event every LOOK_EVERY steps and one at the end.
    """
    validation: float | None = None
    loss: float | None = None
    next_validation, losses = 0.0, []
    while not should_stop():
        share = budget.share(trainer.steps)
        if share >= 1.0 and (budget.steps is not None or trainer.steps >= LEAST_STEPS):
            break
        losses.append(trainer.step(share))
        if share >= next_validation:
            validation = trainer.validate()
            next_validation = share + 1 / VALIDATIONS
        if len(losses) == LOOK_EVERY:
            loss, losses = _mean(losses), []
            yield Progress(trainer.steps, share, budget.seconds_left(trainer.steps), loss, validation)
    validation = trainer.validate()
    if losses or loss is None:
        loss = _mean(losses) if losses else validation
    yield Progress(trainer.steps, budget.share(trainer.steps), 0.0, loss, validation)


def _mean(values: list[float]) -> float:
    return sum(values) / len(values)
