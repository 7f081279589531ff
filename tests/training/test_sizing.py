import pytest
import torch
from small_network import small_vae

from engine.training import sizing
from engine.training.schedule import Recipe
from engine.training.sizing import FEW_STEPS, LARGEST_BATCH, MANY_STEPS, SMALLEST_BATCH, measure_step, size_batch

RECIPE = Recipe(batch=16, frames=16, renewed=2)


@pytest.mark.parametrize(
    ("step_seconds", "batch"),
    [
        (60 / (FEW_STEPS - 1), 8),
        (60 / FEW_STEPS, 16),
        (60 / MANY_STEPS, 16),
        (60 / (MANY_STEPS + 1), 32),
        (100.0, SMALLEST_BATCH),
        (1e-4, LARGEST_BATCH),
    ],
)
def test_the_batch_suits_the_number_of_steps_that_the_time_allows(monkeypatch, step_seconds: float, batch: int):
    monkeypatch.setattr(sizing, "measure_step", lambda *_: step_seconds)
    sized = size_batch(small_vae(), 60.0, RECIPE)
    assert sized.batch == batch
    assert sized.renewed == max(1, batch // 8)
    assert (sized.frames, sized.peak_rate) == (RECIPE.frames, RECIPE.peak_rate)


@pytest.mark.parametrize("seconds", [0.0, -10.0])
def test_no_time_at_all_still_gives_a_batch(monkeypatch, seconds: float):
    monkeypatch.setattr(sizing, "measure_step", lambda *_: 0.2)
    assert size_batch(small_vae(), seconds, RECIPE).batch == SMALLEST_BATCH


def test_measuring_takes_a_positive_time_and_leaves_the_network_alone():
    vae = small_vae()
    before = {name: value.clone() for name, value in vae.state_dict().items()}
    assert measure_step(vae, RECIPE) > 0
    assert all(torch.equal(value, before[name]) for name, value in vae.state_dict().items())
    assert all(value.grad is None for value in vae.parameters())
    assert not vae.training
