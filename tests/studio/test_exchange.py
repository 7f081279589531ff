import json
from pathlib import Path
from zipfile import ZipFile

import pytest

from engine.errors import LibraryError, ModelError
from engine.settings import GenerateSettings
from engine.studio.arrivals import import_model
from engine.studio.exchange import export_model
from engine.studio.models import (
    describe_family,
    find_model,
    label_model,
    list_models,
    show_model,
    tag_model,
    use_version,
)
from engine.studio.render import generate

pytestmark = pytest.mark.usefixtures("library")
SETTINGS = GenerateSettings(duration=0.3, source=0.5, device="cpu")


def test_a_model_sounds_the_same_on_another_computer(tmp_path, monkeypatch):
    label_model("sax", note="dry", licence="mine", tags=["solo"])
    generate("sax", tmp_path / "a.wav", SETTINGS)
    told: list[float] = []
    exported = export_model("sax", tmp_path / "sax", on_progress=told.append)
    assert exported.path == tmp_path / "sax.sda"
    assert told[-1] == 1.0
    monkeypatch.setenv("SDA_HOME", str(tmp_path / "elsewhere"))
    imported = import_model(tmp_path / "sax.sda")
    assert (imported.entry.name, imported.entry.note, imported.entry.licence) == ("sax", "dry", "mine")
    generate("sax", tmp_path / "b.wav", SETTINGS)
    assert (tmp_path / "a.wav").read_bytes() == (tmp_path / "b.wav").read_bytes()


def test_into_a_folder_a_model_is_exported_under_its_name(tmp_path):
    (tmp_path / "handed on").mkdir()
    assert export_model("sax", tmp_path / "handed on").path == tmp_path / "handed on" / "sax.sda"
    assert (tmp_path / "handed on" / "sax.sda").is_file()


def test_an_exported_model_does_not_tell_where_the_recordings_are(tmp_path, recordings):
    assert show_model("sax")["source"] == str(recordings)
    export_model("sax", tmp_path / "sax.sda")
    with ZipFile(tmp_path / "sax.sda") as zipped:
        texts = [zipped.read(name) for name in zipped.namelist() if name.endswith(".json")]
    assert not [text for text in texts if str(recordings).encode() in text]


def test_a_second_import_is_a_copy_with_an_id_of_its_own(tmp_path):
    export_model("sax", tmp_path / "sax.sda")
    imported = import_model(tmp_path / "sax.sda")
    assert (imported.copy_of, imported.entry.name) == ("sax", "sax 2")
    assert len(list_models()) == 2
    with pytest.raises(LibraryError, match="exists"):
        export_model("sax", tmp_path / "sax.sda")


def rewrite(archive: Path, target: Path, name: str, change) -> None:
    """Copy an archive with one file changed, its manifest made to agree."""
    import hashlib

    with ZipFile(archive) as zipped:
        files = {entry: zipped.read(entry) for entry in zipped.namelist()}
    files[name] = change(files[name])
    manifest = json.loads(files["manifest.json"])
    for part in manifest["files"]:
        content = files[part["name"]]
        part.update(size=len(content), sha256=hashlib.sha256(content).hexdigest())
    files["manifest.json"] = json.dumps(manifest).encode()
    with ZipFile(target, "w") as zipped:
        for entry, content in files.items():
            zipped.writestr(entry, content)


def not_finite(content: bytes) -> bytes:
    return content[:-400] + b"\xff\xff\xff\x7f" * 100


def other_shape(content: bytes) -> bytes:
    described = json.loads(content)
    described["shape"]["width"] += 1
    return json.dumps(described).encode()


@pytest.mark.parametrize(
    ("name", "change", "said"),
    [
        ("weights.safetensors", not_finite, "not finite"),
        ("weights.safetensors", lambda content: content[:-100], "cannot be read"),
        ("model.json", other_shape, "shape"),
        ("corpus.f32", lambda content: content[:-4], "bytes"),
    ],
)
def test_what_is_no_sound_model_is_refused_and_nothing_of_it_is_kept(tmp_path, data_home, name, change, said: str):
    export_model("sax", tmp_path / "sax.sda")
    rewrite(tmp_path / "sax.sda", tmp_path / "bad.sda", name, change)
    with pytest.raises(ModelError, match=said) as caught:
        import_model(tmp_path / "bad.sda")
    assert caught.value.message.startswith("bad.sda is not imported: ")
    assert str(data_home) not in caught.value.message
    assert [entry.name for entry in list_models()] == ["sax"]
    assert not (data_home / "import").exists()


def test_tags_are_added_and_taken_away_and_models_found_by_them():
    assert tag_model("sax", ["dry", "solo"]).tags == ("dry", "solo")
    assert tag_model("sax", ["DRY"], remove=True).tags == ("solo",)
    assert [entry.name for entry in list_models("solo")] == ["sax"]
    assert list_models("dry") == []


def test_the_family_is_told_with_what_each_version_learned_from():
    entry = find_model("sax")
    (only,) = describe_family(entry)
    assert (only["version"], only["current"], only["parents"], only["synthetic_seconds"]) == (1, True, [], 0.0)
    assert only["real_seconds"] == pytest.approx(entry.seconds)
    assert use_version("sax@1").id == entry.id
    assert show_model("sax")["family"] == [only]
