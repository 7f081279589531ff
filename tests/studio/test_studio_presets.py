import json
import shutil

import pytest

from engine.errors import LibraryError, ModelError, ParameterError
from engine.settings import GenerateSettings
from engine.studio import presets
from engine.studio.models import find_family, find_model
from engine.studio.render import generate

pytestmark = pytest.mark.usefixtures("library")


@pytest.fixture
def other(library):
    """A second model, "tabla", which is a copy of "sax" with an id of its own."""
    entry = find_model("sax")
    folder = library / "models" / "0123456789ab"
    shutil.copytree(entry.path, folder)
    described = json.loads((folder / "model.json").read_bytes())
    (folder / "model.json").write_text(json.dumps({**described, "id": folder.name, "name": "tabla"}), "utf-8")
    return "tabla"


def test_a_preset_gives_what_was_not_asked_for_otherwise():
    presets.save_preset("dense", {"density": 8.0, "novelty": 0.9})
    applied = presets.apply_preset("DENSE", "sax", {"novelty": 0.1, "seed": 3})
    assert applied.settings == GenerateSettings(density=8.0, novelty=0.1, seed=3)
    assert applied.notes == ()


def test_a_slider_of_space_takes_the_place_of_that_of_the_preset():
    presets.save_preset("wide", {"width": 8.0, "distance": 2.0})
    applied = presets.apply_preset("wide", "sax", {"sliders": [("width", "0:-3,2:4")]}).settings
    assert (applied.width, applied.distance) == (((0.0, -3.0), (2.0, 4.0)), 2.0)


def test_a_preset_of_an_output_has_all_that_shapes_its_sound_and_not_its_seed(tmp_path):
    settings = GenerateSettings(duration=0.3, source=1.0, seed=7, density=5.0, device="cpu")
    (file,) = generate("sax", tmp_path / "a.wav", settings).files
    kept = presets.save_preset("like a", {"novelty": 0.2}, output=file.history)
    assert {"duration": 0.3, "source": 1.0, "density": 5.0, "novelty": 0.2}.items() <= kept.settings.items()
    assert not {"seed", "device", "export"} & set(kept.settings)
    applied = presets.apply_preset("like a", "sax", {"seed": 7, "novelty": 0.5, "device": "cpu"})
    generate("sax", tmp_path / "b.wav", applied.settings)
    assert (tmp_path / "a.wav").read_bytes() == (tmp_path / "b.wav").read_bytes()


def test_of_two_presets_of_one_name_a_model_takes_its_own(other):
    presets.save_preset("x", {"density": 1.0})
    presets.save_preset("x", {"density": 2.0}, model="sax")
    assert presets.apply_preset("x", "sax", {}).settings.density == 2.0
    assert presets.apply_preset("x", other, {}).settings.density == 1.0
    assert len(presets.list_presets("x")) == 2
    assert [preset.model for preset in presets.list_presets(model=other)] == [None]
    assert presets.find_preset("x", "sax").model == find_family("sax")


def test_a_preset_of_another_model_is_used_and_that_is_said(other):
    presets.save_preset("x", {"density": 2.0}, model="sax")
    applied = presets.apply_preset("x", other, {})
    assert applied.settings.density == 2.0
    assert applied.notes == ("preset 'x' was made for another model; its settings mean the same here",)


def test_a_slider_that_is_off_in_a_model_is_said_with_its_reason():
    presets.save_preset("x", {"sliders": {"tension": 4, "brightness": 2, "motion": [[0.0, 1.0], [4.0, -3.0]]}})
    sliders = {"tension": {"state": "off", "reason": "one pitch only"}, "brightness": {"state": "certified"}}
    certificate = find_model("sax").path / "certificate.json"
    certificate.write_text(json.dumps({"sliders": sliders}), "utf-8")
    notes = presets.apply_preset("x", "sax", {}).notes
    assert "preset 'x' sets tension, which is off in model 'sax': one pitch only" in notes
    assert not [note for note in notes if "brightness" in note]
    for damaged in ("{", "[]", '{"sliders": 3}', '{"sliders": {"tension": 3}}'):
        certificate.write_text(damaged, "utf-8")
        assert not [note for note in presets.apply_preset("x", "sax", {}).notes if "off" in note]


def test_settings_of_a_newer_program_are_left_out_and_that_is_said():
    presets.save_preset("x", {"density": 2.0, "shimmer": 3})
    applied = presets.apply_preset("x", "sax", {})
    assert applied.settings.density == 2.0
    assert applied.notes == ("preset 'x' sets shimmer, which this version of the program does not know",)


def test_what_cannot_be_kept_or_found_is_one_line():
    with pytest.raises(ParameterError, match="density = 99"):
        presets.save_preset("x", {"density": 99})
    with pytest.raises(LibraryError, match="nothing to keep"):
        presets.save_preset("x", {"seed": 3})
    with pytest.raises(LibraryError, match="no output"):
        presets.save_preset("x", {}, output="12")
    with pytest.raises(ModelError, match="no model"):
        presets.save_preset("x", {"density": 1.0}, model="none")
    with pytest.raises(LibraryError, match="no preset 'x'"):
        presets.apply_preset("x", "sax", {})


def test_a_deleted_preset_comes_back():
    presets.save_preset("x", {"density": 2.0})
    presets.delete_preset("x")
    assert presets.list_presets() == []
    assert [preset.name for preset in presets.list_presets(deleted=True)] == ["x"]
    presets.restore_preset("x")
    assert presets.change_preset("x", name="y", tags=["t"]).tags == ("t",)
    assert [preset.name for preset in presets.list_presets("t")] == ["y"]
