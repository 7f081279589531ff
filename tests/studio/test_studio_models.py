import pytest

from engine.errors import ModelError
from engine.paths import catalogue_file, models_folder, trash_folder
from engine.sliders import SLIDERS
from engine.studio import models

pytestmark = pytest.mark.usefixtures("library")


def names(entries) -> list[str]:
    return [entry.name for entry in entries]


def test_a_deleted_model_is_in_the_trash_and_comes_back_whole():
    (before,) = models.list_models()
    models.delete_model("sax")
    assert models.list_models() == []
    assert names(models.list_deleted_models()) == ["sax"]
    assert (trash_folder() / before.folder / "model.json").is_file()
    with pytest.raises(ModelError, match="in the trash"):
        models.find_model("sax")
    models.restore_model("sax")
    assert models.list_deleted_models() == []
    (after,) = models.list_models()
    assert after == before


def test_everything_is_shown_that_is_known_of_a_model():
    shown = models.show_model("sax")
    assert shown["name"] == "sax"
    assert shown["files"] == 5
    assert shown["settings"]["steps"] == 6
    assert shown["training"]["steps"] == 6
    assert shown["report"] == []
    assert {name: state["state"] for name, state in shown["sliders"].items()} == dict.fromkeys(SLIDERS, "unmeasured")
    assert len(shown["recordings"]) == 5
    assert shown["folder"] == str(models.find_model("sax").path)
    assert shown["size_bytes"] > 10_000


@pytest.mark.parametrize("content", [b"", b"[1]", b"\xff"])
def test_a_model_whose_description_was_damaged_is_reported(content: bytes):
    (models.find_model("sax").path / "model.json").write_bytes(content)
    with pytest.raises(ModelError, match="damaged"):
        models.show_model("sax")


def test_a_lost_catalogue_is_made_again_from_the_folders():
    (before,) = models.list_models()
    for path in models_folder().parent.glob("library.json*"):
        path.unlink()
    (after,) = models.list_models()
    assert (after.id, after.name, after.files, after.training) == (before.id, "sax", 5, before.training)


def test_what_the_library_has_to_say_is_said_once():
    catalogue_file().write_text("no catalogue", "utf-8")
    assert names(models.list_models()) == ["sax"]
    said = models.library_notices()
    assert said
    assert all("\n" not in line for line in said)
    assert models.library_notices() == []
