from functools import partial
from pathlib import Path

import pytest
from small_corpus import make_corpus, noise, struck, tone
from small_network import small_vae

from engine.latent.space import SoundSpace, listen


def space_of(folder: Path, *sounds) -> SoundSpace:
    return listen(small_vae(), make_corpus(folder, *sounds))


@pytest.fixture(scope="session")
def space(tmp_path_factory) -> SoundSpace:
    """A sound space of two struck sounds, a sustained one, a blip and a long noise, mono."""
    sounds = (struck(220, 0.6), struck(440, 0.5, seed=1), tone(330, 1.2, 0.2), noise(0.03), noise(2.5, 2))
    return space_of(tmp_path_factory.mktemp("space"), *sounds)


@pytest.fixture(scope="session")
def space_at():
    """Make the sound space of some sounds in a folder."""
    return space_of


@pytest.fixture
def make_space(tmp_path: Path):
    return partial(space_of, tmp_path)
