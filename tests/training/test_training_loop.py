from types import SimpleNamespace

import pytest
import torch

from engine.dataset.augment import Batch
from engine.errors import ModelError
from engine.model.checkpoint import load_tensors, save_tensors
from engine.training.loop import LOOK_EVERY, VALIDATIONS, Trainer, run
from engine.training.schedule import Budget, learning_rate

SHARES = [step / 8 for step in range(8)]


def weights(trainer: Trainer) -> dict[str, torch.Tensor]:
    return {name: value.clone() for name, value in trainer.state().items()}


def assert_equal(first: dict[str, torch.Tensor], second: dict[str, torch.Tensor]) -> None:
    assert first.keys() == second.keys()
    assert [name for name in first if not torch.equal(first[name], second[name])] == []


def never() -> bool:
    return False


def test_the_same_seed_gives_the_same_weights_to_the_bit_and_another_does_not(new_trainer):
    first, second, other = new_trainer(1), new_trainer(1), new_trainer(2)
    losses = [[trainer.step(share) for share in SHARES[:3]] for trainer in (first, second, other)]
    assert losses[0] == losses[1] != losses[2]
    assert_equal(weights(first), weights(second))
    assert not torch.equal(first.state()["vae.mel_head.weight"], other.state()["vae.mel_head.weight"])


def test_steps_lower_the_loss_on_the_validation_material(new_trainer):
    trainer = new_trainer()
    before = trainer.validate()
    for _ in range(12):
        trainer.step(0.0)
    assert trainer.validate() < 0.98 * before


def test_a_training_interrupted_in_the_middle_goes_on_to_the_same_bits(new_trainer, tmp_path):
    straight, first = new_trainer(), new_trainer()
    for share in SHARES:
        straight.step(share)
    for share in SHARES[:4]:
        first.step(share)
    first.validate()
    save_tensors(tmp_path / "state", first.state())
    second = new_trainer()
    second.reservoir = first.reservoir
    second.restore(load_tensors(tmp_path / "state", second.expected_state()), first.best_validation)
    assert second.steps == 4
    assert second.best_validation == first.best_validation
    for share in SHARES[4:]:
        second.step(share)
    straight.best.load_state_dict(second.best.state_dict())
    assert_equal(weights(straight), weights(second))


def test_the_state_holds_what_is_expected_of_it_and_nothing_else(new_trainer):
    trainer = new_trainer()
    trainer.step(0.0)
    expected = trainer.expected_state()
    assert {name: (tuple(value.shape), value.dtype) for name, value in trainer.state().items()} == expected


def test_a_state_that_is_no_number_any_more_is_refused(new_trainer, tmp_path):
    trainer = new_trainer()
    trainer.step(0.0)
    save_tensors(tmp_path / "state", {**trainer.state(), "average.scale": torch.tensor(float("nan"))})
    with pytest.raises(ModelError, match="not finite"):
        load_tensors(tmp_path / "state", trainer.expected_state())


def test_the_average_follows_the_weights_slowly(new_trainer):
    trainer = new_trainer()
    name = "mel_head.weight"
    before = trainer.average.state_dict()[name].clone()
    trainer.step(0.0)
    after, stepped = trainer.average.state_dict()[name], trainer.vae.state_dict()[name]
    keep = min(trainer.recipe.average, 2 / 11)
    assert torch.allclose(after, keep * before + (1 - keep) * stepped, atol=1e-7)
    assert not torch.equal(after, stepped)


def test_the_optimiser_is_given_the_scheduled_learning_rate(new_trainer):
    trainer = new_trainer()
    for step, share in enumerate((0.0, 0.3, 0.9)):
        trainer.step(share)
        assert trainer.optimiser.param_groups[0]["lr"] == learning_rate(trainer.recipe, step, share)


def test_the_best_average_is_kept_when_a_later_one_is_worse(new_trainer):
    trainer = new_trainer()
    best = trainer.validate()
    kept = {name: value.clone() for name, value in trainer.best.state_dict().items()}
    with torch.no_grad():
        trainer.average.mel_head.bias.add_(5.0)
    assert trainer.validate() > best == trainer.best_validation
    assert_equal(dict(trainer.best.state_dict()), kept)


def test_validation_measures_the_mean_distance_of_the_average_networks_mel(new_trainer):
    trainer = new_trainer()
    trainer.step(0.0)
    with torch.no_grad():
        decoded = trainer.average.decode_mel(trainer.average.encode(trainer.validation.log_mel)[0])
    wanted = (decoded - trainer.validation.log_mel).abs().mean()
    assert trainer.validate() == pytest.approx(float(wanted), rel=1e-6)


def test_a_training_that_diverges_says_so_and_what_to_do(new_trainer, monkeypatch):
    trainer = new_trainer()
    bad = Batch(torch.full((2, 128, 16), float("inf")), torch.zeros(2, 1025, 16))
    monkeypatch.setattr(trainer.reservoir, "batch", lambda _: bad)
    with pytest.raises(ModelError, match="diverged in step 0; train again with another --seed"):
        trainer.step(0.0)


class Counted:
    """A trainer that only counts: steps, validations, and the shares it was given."""

    def __init__(self, clock: SimpleNamespace | None = None) -> None:
        self.steps, self.validated, self.shares, self.clock = 0, [], [], clock

    def step(self, share: float) -> float:
        self.shares.append(share)
        self.steps += 1
        if self.clock:
            self.clock.now += 1.0
        return float(self.steps)

    def validate(self) -> float:
        self.validated.append(self.steps)
        return 0.5


def test_a_budget_of_steps_makes_exactly_those_steps_and_tells_every_tenth():
    trainer = Counted()
    told = list(run(trainer, Budget(steps=25, seconds=0.0), should_stop=never))
    assert trainer.shares == [step / 25 for step in range(25)]
    assert [progress.step for progress in told] == [LOOK_EVERY, 2 * LOOK_EVERY, 25]
    assert [progress.loss for progress in told] == [5.5, 15.5, 23.0]
    assert told[-1].share == 1.0
    assert told[-1].seconds_left == 0.0
    assert all(progress.validation == 0.5 for progress in told)


def test_the_last_loss_stands_when_no_step_came_after_it():
    told = list(run(Counted(), Budget(steps=20, seconds=0.0), should_stop=never))
    assert [(progress.step, progress.loss) for progress in told] == [(10, 5.5), (20, 15.5), (20, 15.5)]


def test_validation_comes_with_the_first_step_then_at_even_shares_and_at_the_end():
    trainer = Counted()
    list(run(trainer, Budget(steps=400, seconds=0.0), should_stop=never))
    assert trainer.validated[0] == 1
    assert trainer.validated[-1] == 400
    assert VALIDATIONS <= len(trainer.validated) <= VALIDATIONS + 2
    assert all(
        later - sooner <= 400 / VALIDATIONS + 1
        for sooner, later in zip(trainer.validated, trainer.validated[1:], strict=False)
    )


def test_a_budget_of_time_ends_with_the_step_that_spends_it(monkeypatch):
    clock = SimpleNamespace(now=0.0)
    monkeypatch.setattr("engine.training.schedule.time", SimpleNamespace(monotonic=lambda: clock.now))
    trainer = Counted(clock)
    told = list(run(trainer, Budget(steps=None, seconds=12.5), should_stop=never))
    assert trainer.steps == 13
    assert told[-1].share == 1.0
    assert told[0].seconds_left == pytest.approx(2.5)


def test_a_request_to_stop_is_heard_before_the_next_step_and_the_best_is_measured():
    trainer = Counted()
    told = list(run(trainer, Budget(steps=100, seconds=0.0), should_stop=lambda: trainer.steps == 3))
    assert trainer.steps == 3
    assert trainer.validated == [1, 3]
    assert [(progress.step, progress.share) for progress in told] == [(3, 0.03)]


def test_a_training_stopped_before_its_first_step_still_tells_where_it_stands():
    trainer = Counted()
    (told,) = run(trainer, Budget(steps=100, seconds=0.0), should_stop=lambda: True)
    assert (told.step, told.share, told.loss) == (0, 0.0, 0.5)


def test_stopping_keeps_a_network_that_can_be_used(new_trainer):
    trainer = new_trainer()
    list(run(trainer, Budget(steps=50, seconds=0.0), should_stop=lambda: trainer.steps == 2))
    mean, _ = trainer.best.encode(trainer.validation.log_mel)
    assert torch.isfinite(trainer.best.decode(mean)[1]).all()
    assert trainer.best_validation is not None
