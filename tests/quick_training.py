"""Whole trainings for tests: real in every stage, with a small network and little material."""

from collections.abc import Callable, Collection
from pathlib import Path

import pytest
from small_network import small_vae

from engine.settings import TrainSettings
from engine.studio import opening, session, train
from engine.studio.train import Event, TrainReport
from engine.training.schedule import Recipe

RECIPE = Recipe(batch=2, frames=16, reservoir=6, renewed=1)


def make_quick(patch: pytest.MonkeyPatch) -> None:
    """Let trainings begin with a small network, and use little material and one thread."""
    patch.setattr(session, "load_base", small_vae)
    patch.setattr(session, "Recipe", lambda: RECIPE)
    patch.setattr(session, "VALIDATION_EXCERPTS", 4)
    for module in (session, opening):
        patch.setattr(module, "set_threads", lambda threads=1: threads)


def never() -> bool:
    return False


def forget(_: Event) -> None:
    return None


def train_on(
    folder: Path,
    name: str = "sax",
    *,
    on_event: Callable[[Event], None] = forget,
    should_stop: Callable[[], bool] = never,
    leave_out: Collection[str] = (),
    **settings: object,
) -> TrainReport:
    """Train, for six steps and without measuring sliders unless told otherwise."""
    made = TrainSettings(**{"steps": 6, "device": "cpu", "measure": False, **settings})
    return train.train(folder, name, made, on_event=on_event, should_stop=should_stop, leave_out=leave_out)
