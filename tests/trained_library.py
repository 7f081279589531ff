"""Fixtures of a library with a model that was really trained, if only for a moment: for a conftest to import."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from quick_training import make_quick, train_on
from small_corpus import noise, struck, tone, write_sounds


@pytest.fixture(scope="session")
def recordings(tmp_path_factory) -> Path:
    """Five short good recordings."""
    folder = tmp_path_factory.mktemp("good")
    write_sounds(folder, struck(220, 0.5), struck(330, 0.4, seed=1), tone(440, 0.6, 0.3), noise(0.3), struck(150, 0.4))
    return folder


@pytest.fixture(scope="session")
def trained_home(tmp_path_factory, recordings: Path) -> Iterator[Path]:
    """A data folder with one model, "sax"."""
    home = tmp_path_factory.mktemp("home")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SDA_HOME", str(home))
        make_quick(patch)
        train_on(recordings)
    return home


@pytest.fixture
def library(trained_home: Path, data_home: Path) -> Path:
    """The test's own data folder, with a copy of the model "sax"."""
    shutil.copytree(trained_home, data_home)
    return data_home
