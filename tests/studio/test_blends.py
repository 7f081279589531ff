import json
import shutil
from dataclasses import asdict
from pathlib import Path

import numpy as np
import pytest
import soundfile

from engine.errors import ModelError, ParameterError
from engine.latent.space import load_space
from engine.settings import GenerateSettings
from engine.studio.batch import batch
from engine.studio.blends import blends_needing, find_takings, resolve, save_blend, with_names
from engine.studio.exchange import export_model
from engine.studio.history import find_output
from engine.studio.identity import identify
from engine.studio.map import describe_map
from engine.studio.models import delete_model, describe_family, find_model, label_model, list_models, restore_model
from engine.studio.presets import apply_preset, save_preset
from engine.studio.reconstruct import reconstruct
from engine.studio.render import generate
from engine.studio.replay import replay_output, replay_passport
from engine.studio.sliders import describe_sliders

SETTINGS = {"duration": 0.5, "density": 4.0, "source": 1.0, "device": "cpu"}
HALF = {"tabla": 0.5}


@pytest.fixture(autouse=True)
def others(library: Path) -> None:
    """Models like "sax" with ids of their own, whose recordings are louder or softer."""
    entry = find_model("sax")
    for number, name in enumerate(("tabla", "drums", "choir", "rain")):
        folder = library / "models" / f"{number:012}"
        shutil.copytree(entry.path, folder)
        described = json.loads((folder / "model.json").read_bytes())
        (folder / "model.json").write_text(json.dumps({**described, "id": folder.name, "name": name}), "utf-8")


def make(path: Path, model: str = "sax", **settings):
    (file,) = generate(model, path, GenerateSettings(**{**SETTINGS, **settings})).files
    return file


def test_the_settings_of_a_blend_name_models_by_id_and_the_passport_all_of_them(tmp_path):
    file = make(tmp_path / "a.wav", blend={"tabla": 0.3, "drums": [[0, 0], [1, 0.5]]})
    tabla, drums = (find_model(name).id for name in ("tabla", "drums"))
    assert list(find_output(file.history).settings["blend"]) == [tabla, drums]
    passport = identify(tmp_path / "a.wav").passport
    assert passport.settings["blend"] == {tabla: 0.3, drums: [[0.0, 0.0], [1.0, 0.5]]}
    assert [(one.model, one.model_name) for one in passport.blended] == [(tabla, "tabla"), (drums, "drums")]
    assert passport.format == 2
    assert file.novelty["model"] in ("sax", "tabla", "drums")
    make(tmp_path / "b.wav")
    assert identify(tmp_path / "b.wav").passport.format == 1


def test_a_recording_played_between_models_names_them_by_id(tmp_path, recordings):
    asked = GenerateSettings(novelty=0.0, blend=HALF, device="cpu")
    reconstruct("sax", [recordings / "0.wav"], tmp_path / "a.flac", settings=asked)
    passport = identify(tmp_path / "a.flac").passport
    tabla = find_model("tabla").id
    assert (passport.kind, passport.settings["blend"], passport.settings["novelty"]) == (
        "reconstructed",
        {tabla: 0.5},
        0,
    )
    assert [one.model for one in passport.blended] == [tabla]


def test_a_blend_is_made_again_after_its_models_were_renamed(tmp_path):
    file = make(tmp_path / "a.wav", blend=HALF)
    label_model("tabla", name="bayan")
    assert replay_output(file.history).same is True
    assert replay_passport(tmp_path / "a.wav", tmp_path / "c.wav").same is True
    assert with_names(find_output(file.history).settings)["blend"] == {"bayan": 0.5}


def test_a_blended_model_that_is_gone_or_changed_is_said(tmp_path):
    file = make(tmp_path / "a.wav", blend=HALF)
    gone = find_model("tabla")
    delete_model("tabla")
    found = identify(tmp_path / "a.wav")
    assert found.model_state == "deleted"
    assert found.notes == (f"model 'tabla' is in the trash. To bring it back: sda models restore {gone.id}",)
    with pytest.raises(ModelError, match=f"blending: model '{gone.id}' is in the trash"):
        replay_output(file.history)
    with pytest.raises(ModelError, match="in the trash"):
        replay_passport(tmp_path / "a.wav")
    restore_model(gone.id)
    weights = gone.path / "weights.safetensors"
    content = bytearray(weights.read_bytes())
    content[-4] ^= 0x40
    weights.write_bytes(content)
    found = identify(tmp_path / "a.wav")
    assert found.model_state == "changed"
    assert found.notes == ("model 'tabla' is in your library, but its weights are not those that made this file",)


def test_at_a_share_of_1_it_is_the_other_model(tmp_path):
    make(tmp_path / "a.wav", blend={"tabla": 1.0})
    make(tmp_path / "b.wav", "tabla")
    make(tmp_path / "c.wav", blend={"tabla": 0.0})
    make(tmp_path / "d.wav")
    sounds = [soundfile.read(tmp_path / f"{name}.wav")[0] for name in "abcd"]
    assert np.array_equal(sounds[0], sounds[1])
    assert np.array_equal(sounds[2], sounds[3])


@pytest.mark.parametrize(
    ("model", "blend", "said"),
    [
        ("sax", {"sax": 0.4}, "model 'sax' is blended with itself"),
        ("sax", {"Tabla": 0.2, "tabla@1": 0.2}, "is model 'tabla', which is blended already"),
        ("sax", {"tuba": 0.2}, "blending: there is no model 'tuba'"),
    ],
)
def test_what_cannot_be_blended_is_one_line(tmp_path, model: str, blend: dict, said: str):
    with pytest.raises((ParameterError, ModelError), match=said) as caught:
        make(tmp_path / "a.wav", model, blend=blend)
    assert "\n" not in caught.value.message
    assert not list(tmp_path.glob("*.wav"))


def test_a_batch_blends_and_reports_lines_that_cannot(tmp_path):
    line = {"model": "sax", **SETTINGS}
    del line["device"]
    jobs = [
        {**line, "file": "a.wav", "blend": {"tabla": 0.4}},
        {**line, "file": "b.wav", "blend": {"sax": 0.4}},
        {**line, "file": "c.wav", "blend": {"tabla": 0.8, "drums": 0.4}},
        {**line, "file": "d.wav", "blend": {"tabla": "0:0,1:1"}},
    ]
    (tmp_path / "jobs.jsonl").write_text("\n".join(map(json.dumps, jobs)), "utf-8")
    report = batch(tmp_path / "jobs.jsonl", tmp_path / "out", device="cpu")
    assert [Path(file.path).name for file in report.files] == ["a.wav", "d.wav"]
    assert "blended with itself" in report.failed[0].reason
    assert "add up to 1.2 at 0 s" in report.failed[1].reason
    make(tmp_path / "alone.wav", blend={"tabla": 0.4})
    assert (tmp_path / "alone.wav").read_bytes() == (tmp_path / "out" / "a.wav").read_bytes()


def test_a_kept_blend_sounds_as_the_same_blend_and_remembers_its_parents(tmp_path):
    entry = save_blend("half", "sax", {"tabla": 0.4})
    sax, tabla = find_model("sax").id, find_model("tabla").id
    assert [asdict(parent) for parent in entry.parents] == [{"id": sax, "weight": 0.6}, {"id": tabla, "weight": 0.4}]
    assert [parent["name"] for parent in describe_family(entry)[0]["parents"]] == ["sax@1", "tabla@1"]
    assert "half" in [one.name for one in list_models("half")]
    file = make(tmp_path / "a.wav", "half")
    make(tmp_path / "b.wav", blend={"tabla": 0.4})
    assert np.array_equal(soundfile.read(tmp_path / "a.wav")[0], soundfile.read(tmp_path / "b.wav")[0])
    passport = identify(tmp_path / "a.wav").passport
    assert (passport.model, [one.model_name for one in passport.blended]) == (entry.id, ["sax", "tabla"])
    assert replay_output(file.history).same is True


def test_a_kept_blend_is_renamed_deleted_and_restored_like_any_model(tmp_path):
    save_blend("half", "sax", HALF)
    label_model("half", name="both", note="between", tags=["soft"])
    make(tmp_path / "a.wav", "both")
    delete_model("both")
    assert identify(tmp_path / "a.wav").model_state == "deleted"
    with pytest.raises(ModelError, match="in the trash"):
        make(tmp_path / "b.wav", "both")
    restore_model("both")
    assert replay_passport(tmp_path / "a.wav", tmp_path / "c.wav").same is True


def test_a_kept_blend_without_one_of_its_models_says_which_and_how_to_get_it_back(tmp_path):
    save_blend("half", "sax", HALF)
    parent = find_model("tabla")
    assert [blend.name for blend in blends_needing(parent)] == ["half"]
    delete_model("tabla")
    with pytest.raises(
        ModelError, match=f"blend 'half' needs model 'tabla@1', which is in the trash.*restore {parent.id}"
    ):
        make(tmp_path / "a.wav", "half")
    shutil.rmtree(parent.path.parents[1] / "trash")
    with pytest.raises(ModelError, match=r"blend 'half' needs model 'tabla@1', which (is not in your|cannot be used)"):
        make(tmp_path / "a.wav", "half")


def test_blends_of_blends_are_taken_apart_up_to_four_models():
    save_blend("half", "sax", HALF)
    save_blend("duo", "drums", {"choir": 0.5})
    main = find_model("half")
    takings = find_takings(main, resolve(main, {"duo": 0.4, "tabla": 0.2}))
    assert {one.entry.name: pytest.approx(one.share) for one in takings} == {
        "sax": 0.2, "tabla": 0.4, "drums": 0.2, "choir": 0.2
    }  # fmt: skip
    with pytest.raises(ParameterError, match=r"5 models take part, and 4 at most can: .*rain.* Leave some out"):
        find_takings(main, resolve(main, {"duo": 0.4, "rain": 0.2}))
    moving = find_takings(main, resolve(main, {"drums": ((0.0, 0.0), (2.0, 1.0))}))
    assert moving[0].share == ((0.0, 0.5), (2.0, 0.0))
    assert save_blend("deep", "half", {"drums": 0.5}).parents[2].weight == 0.5


@pytest.mark.parametrize(
    ("blend", "said"),
    [
        ({}, "a blend has two models or more"),
        ({"tabla": "0:0,5:1"}, "tabla changes over time; a blend that is kept has fixed shares"),
        ({"tabla": 1.4}, "tabla = 1.4: must be a number from 0 to 1"),
    ],
)
def test_what_cannot_be_kept_is_one_line(blend: dict, said: str):
    with pytest.raises(ParameterError, match=said):
        save_blend("half", "sax", blend)
    assert "half" not in [entry.name for entry in list_models()]


def test_what_needs_recordings_refuses_a_blend_and_names_its_models(tmp_path, recordings):
    entry = save_blend("half", "sax", HALF)
    for act in (
        lambda: reconstruct("half", [recordings], tmp_path / "out"),
        lambda: export_model("half", tmp_path / "half.sda"),
        lambda: describe_map("half"),
    ):
        with pytest.raises(ModelError, match=r"model 'half' is a blend and has no recordings.*: sax@1, tabla@1"):
            act()
    with pytest.raises(ModelError, match="is a blend of other models"):
        load_space(entry.path)
    assert not (tmp_path / "half.sda").exists()


def test_a_blend_of_a_newer_program_or_a_damaged_one_is_not_opened(tmp_path):
    entry = save_blend("half", "sax", HALF)
    path = entry.path / "model.json"
    described = json.loads(path.read_bytes())
    path.write_text(json.dumps({**described, "format": 4}), "utf-8")
    with pytest.raises(ModelError, match=r"blend 'half' has format 4, this version reads up to 3; update"):
        make(tmp_path / "a.wav", "half")
    path.write_text("{", "utf-8")
    with pytest.raises(ModelError, match="the blend is damaged"):
        make(tmp_path / "a.wav", "half")


def test_a_lost_catalogue_finds_blends_again(tmp_path, library):
    save_blend("half", "sax", HALF)
    for file in library.glob("library.json*"):
        file.unlink()
    found = find_model("half")
    assert (found.kind, len(found.parents)) == ("blend", 2)
    make(tmp_path / "a.wav", "half")


def test_sliders_of_a_blend_say_what_holds_in_all_its_models():
    save_blend("half", "sax", HALF)
    report = describe_sliders("half")
    assert {slider.state for slider in report.sliders} == {"unmeasured"}
    assert report.discovered == ()


def test_a_preset_keeps_a_blend_by_id(tmp_path):
    kept = save_preset("mixed", {"blend": {"tabla": 0.4}, "density": 4.0})
    assert kept.settings["blend"] == {find_model("tabla").id: 0.4}
    label_model("tabla", name="bayan")
    settings = apply_preset("mixed", "sax", {"duration": 0.3}).settings
    generate("sax", tmp_path / "a.wav", settings)
    with pytest.raises(ParameterError, match="blended with itself"):
        generate("bayan", tmp_path / "b.wav", settings)
