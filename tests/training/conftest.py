from collections.abc import Callable
from pathlib import Path

import pytest
from small_corpus import make_corpus, noise, struck
from small_network import small_vae

from engine.dataset.augment import VALIDATION, Reservoir
from engine.dataset.clips import find_clips
from engine.training.loop import Trainer
from engine.training.schedule import Recipe

RECIPE = Recipe(batch=2, frames=16, reservoir=6, renewed=1)


@pytest.fixture
def new_trainer(tmp_path: Path) -> Callable[..., Trainer]:
    """Make equal trainers: same network, same material in the same order, same noise."""
    corpus = make_corpus(tmp_path, struck(440, 0.5), noise(0.3))
    clips = find_clips(corpus)

    def make(seed: int = 0) -> Trainer:
        reservoir = Reservoir(corpus, clips, frames=RECIPE.frames, size=RECIPE.reservoir, seed=seed)
        held = Reservoir(corpus, clips, frames=RECIPE.frames, size=4, seed=9, augmentation=VALIDATION)
        return Trainer(small_vae(), reservoir, held.batch(4), RECIPE, seed)

    return make
