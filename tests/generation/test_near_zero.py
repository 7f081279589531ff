"""A slider hardly moved hardly changes what is heard, also where the score ends events.

The recordings carry the sound here: dreamt parts draw their phases anew where anything changes.
"""

import numpy as np
import pytest
from small_corpus import noise, struck, tone

from engine.generation.blending.blend import render_blend
from engine.generation.render import render
from engine.generation.renderer import prepare
from engine.settings import SPACE_SLIDERS, GenerateSettings
from engine.sliders import SLIDERS

HARDLY = (-0.001, 0.001)
SAME_LEVEL_DB, SAME_SOUND_DB = 0.05, -40.0


@pytest.fixture(scope="module")
def wide(space_at, tmp_path_factory):
    """A sound space of sounds whose channels differ, some in opposite ways."""
    sounds = [
        np.stack([struck(150 + 90 * place, 0.6, seed=place), noise(0.6, place)][:: 1 - 2 * (place % 2)], axis=1)
        for place in range(4)
    ]
    return space_at(tmp_path_factory.mktemp("wide"), *sounds)


@pytest.fixture(scope="module")
def steep(space_at, tmp_path_factory):
    """A sound space of sounds that begin late and rise at once, and of tones that beat."""
    late = [np.concatenate([0.01 * noise(0.2, place), struck(200 + 50 * place, 0.5)]) for place in range(3)]
    return space_at(tmp_path_factory.mktemp("steep"), *late, tone(330, 1.5, 0.3), tone(338, 1.5, 0.3))


def settings_of(**given) -> GenerateSettings:
    return GenerateSettings(
        **{"duration": 2.0, "density": 3.0, "seed": 3, "source": 1.0, "channels": "stereo", **given}
    )


def heard(space, settings: GenerateSettings) -> np.ndarray:
    return np.concatenate(list(render(prepare(space), settings)))


def compare_db(sound: np.ndarray, reference: np.ndarray) -> tuple[float, float]:
    """Return how much louder a sound is than another, and how loud their difference is against it, dB."""
    power = (reference.astype(np.float64) ** 2).mean()
    louder, apart = (sound.astype(np.float64) ** 2).mean(), ((sound - reference).astype(np.float64) ** 2).mean()
    return 10 * np.log10(louder / power), 10 * np.log10(apart / power + 1e-20)


@pytest.mark.parametrize("model", ["space", "wide", "steep"])
def test_a_slider_hardly_moved_hardly_changes_what_is_heard(request, model: str):
    space = request.getfixturevalue(model)
    untouched = heard(space, settings_of())
    for name in (*SLIDERS, *space.chart.discovered_names, *SPACE_SLIDERS):
        for position in HARDLY:
            moved = {name: position} if name in SPACE_SLIDERS else {"sliders": {name: position}}
            louder_db, apart_db = compare_db(heard(space, settings_of(**moved)), untouched)
            assert abs(louder_db) < SAME_LEVEL_DB, (name, position)
            assert apart_db < SAME_SOUND_DB, (name, position)


def test_nor_in_a_blend(space, wide):
    def mixed(**given) -> np.ndarray:
        models = [prepare(space), prepare(wide)]
        given["seed"] = 4  # of seed 3 one event fits its chord equally well at two transpositions
        return np.concatenate(list(render_blend(models, [0.6, 0.4], settings_of(**given))))

    untouched = mixed()
    for name in SLIDERS:
        louder_db, apart_db = compare_db(mixed(sliders={name: 0.001}), untouched)
        assert abs(louder_db) < SAME_LEVEL_DB, name
        assert apart_db < SAME_SOUND_DB, name
