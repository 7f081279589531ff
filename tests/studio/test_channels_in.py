"""The channels that the person chooses are those that a model learns, grows by and is driven with."""

from pathlib import Path

import numpy as np
import pytest
import soundfile
from quick_training import forget, never, train_on
from small_corpus import struck, tone, write_sounds

from engine.dataset.corpus import load_corpus
from engine.settings import GrowSettings
from engine.studio.grow import extend
from engine.studio.models import find_model
from engine.studio.reconstruct import reconstruct

pytestmark = pytest.mark.usefixtures("library")
LEFT, RIGHT = struck(220, 0.4), tone(330, 0.4)


@pytest.fixture
def sided(tmp_path: Path) -> Path:
    """A recording with another sound on each side."""
    ((_, path),) = write_sounds(tmp_path / "sided", np.stack([LEFT, RIGHT], axis=1))
    return path


def learned(model: str) -> list[np.ndarray]:
    corpus = load_corpus(find_model(model).path)
    assert corpus.channels == 1
    return [corpus.recorded(one)[:, 0] for one in corpus.recordings]


def test_one_side_is_learned_and_another_added(sided: Path):
    train_on(sided.parent, "left", channels_in="left")
    assert np.allclose(learned("left")[0], LEFT, atol=1e-6)
    more = GrowSettings(steps=4, device="cpu", measure=False, channels_in="right")
    extend("left", sided.parent, more, on_event=forget, should_stop=never)
    first, second = learned("left")
    assert np.allclose(first, LEFT, atol=1e-6)
    assert np.allclose(second, RIGHT, atol=1e-6)


def test_one_side_drives_a_model(sided: Path, tmp_path: Path):
    write_sounds(tmp_path / "alone", RIGHT)
    made = [tmp_path / "chosen.wav", tmp_path / "alone.wav", tmp_path / "both.wav"]
    reconstruct("sax", [sided], made[0], channels_in="right")
    reconstruct("sax", [tmp_path / "alone" / "0.wav"], made[1])
    reconstruct("sax", [sided], made[2])
    chosen, alone, both = (soundfile.read(path)[0] for path in made)
    assert np.array_equal(chosen, alone)
    assert not np.array_equal(chosen, both)
