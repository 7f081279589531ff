import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from small_library import make_entry, make_folder, make_model
from tinydb import where

from engine.errors import LibraryError, ModelError, ParameterError
from engine.library import trash
from engine.library.entries import ModelEntry
from engine.library.lineage import free_name
from engine.library.migrations import SCHEMA
from engine.library.models import add_model, find_model, list_models
from engine.library.shelf import MODELS_TABLE
from engine.library.store import Catalogue, open_catalogue
from engine.library.trash import delete_model, list_deleted_models, restore_model
from engine.paths import models_folder, trash_folder


def names(entries: list[ModelEntry]) -> list[str]:
    return [entry.name for entry in entries]


def test_an_empty_library_lists_nothing_and_creates_nothing(store: Catalogue, data_home: Path):
    assert list_models(store) == list_deleted_models(store) == []
    assert not data_home.exists()


def test_added_models_are_listed_as_they_were_newest_first(store: Catalogue, lines: list[str]):
    old = make_model(store, "a1", "sax", day=1)
    new = make_model(store, "b2", "drums", day=2)
    assert old == make_entry("a1", "sax", day=1)
    assert list_models(store) == [new, old]
    assert lines == []


def test_a_model_is_found_by_id_name_and_name_in_another_case(store: Catalogue):
    sax = make_model(store, "a1", "Säx")
    make_model(store, "b2", "a1 ")
    for wanted in ("a1", "Säx", " säx "):
        assert find_model(store, wanted) == sax
    assert sax.path == models_folder() / "a1"


def test_a_taken_name_gets_the_first_free_number(store: Catalogue):
    given = [
        make_model(store, key, name).name for key, name in [("a", "sax"), ("b", "Sax"), ("c", "sax"), ("d", "sax 4")]
    ]
    assert given == ["sax", "Sax 2", "sax 3", "sax 4"]
    assert free_name("sax", given) == "sax 5"


def test_adding_again_under_the_same_id_replaces_and_keeps_the_name(store: Catalogue):
    make_model(store, "a1", "sax")
    again = add_model(store, replace(make_entry("a1", "sax"), files=9))
    assert again.name == "sax"
    assert list_models(store) == [again]


def test_a_later_versions_fields_of_a_record_survive_a_change(store: Catalogue):
    make_model(store, "a1", "sax")
    with store.transaction() as tables:
        tables.table(MODELS_TABLE).update({"colour": "red"}, where("id") == "a1")
    delete_model(store, "sax")
    restore_model(store, "sax")
    assert store.snapshot().table(MODELS_TABLE).all()[0]["colour"] == "red"


def test_an_incomplete_folder_is_not_added(store: Catalogue):
    (make_folder("a1", "sax") / "model.json").unlink()
    with pytest.raises(ModelError, match="not saved to its end"):
        add_model(store, make_entry("a1", "sax"))
    assert list_models(store) == []


def test_an_empty_name_is_not_added(store: Catalogue):
    make_folder("a1", "sax")
    with pytest.raises(ParameterError):
        add_model(store, make_entry("a1", " "))


def test_an_unknown_model_is_an_error_that_suggests_close_names(store: Catalogue):
    with pytest.raises(ModelError, match="sda train FOLDER"):
        find_model(store, "sax")
    make_model(store, "a1", "Saxophone")
    make_model(store, "b2", "drums")
    with pytest.raises(ModelError, match=r"Did you mean 'Saxophone'\?") as caught:
        find_model(store, "saxofone")
    assert caught.value.code == "model_unknown"
    assert "drums" not in caught.value.message


def test_a_deleted_model_is_in_the_trash_and_comes_back_the_same(store: Catalogue):
    sax = make_model(store, "a1", "sax")
    gone = delete_model(store, "sax")
    assert list_models(store) == []
    assert list_deleted_models(store) == [gone]
    assert gone.path == trash_folder() / "a1"
    assert (gone.path / "weights.safetensors").read_bytes() == b"weights of sax"
    assert not sax.path.exists()
    with pytest.raises(ModelError, match="sda models restore") as caught:
        find_model(store, "sax")
    assert caught.value.code == "model_deleted"
    assert restore_model(store, "sax") == sax
    assert list_models(store) == [sax]
    assert (sax.path / "weights.safetensors").read_bytes() == b"weights of sax"


def test_a_restored_model_gives_way_to_one_that_took_its_name(store: Catalogue):
    make_model(store, "a1", "sax")
    delete_model(store, "sax")
    make_model(store, "b2", "sax")
    assert restore_model(store, "a1").name == "sax 2"
    assert find_model(store, "sax").id == "b2"


def test_of_two_deleted_models_with_one_name_the_last_deleted_comes_back(
    store: Catalogue, monkeypatch: pytest.MonkeyPatch
):
    for key, hour in (("b2", 1), ("a1", 2), ("c3", 0)):
        make_model(store, key, "sax")
        monkeypatch.setattr("engine.library.trash.now_iso", lambda hour=hour: f"2026-11-22T{hour:02}:00:00+00:00")
        delete_model(store, "sax")
    assert restore_model(store, "sax").id == "a1"


def test_restoring_and_deleting_what_is_not_there_are_errors(store: Catalogue):
    make_model(store, "a1", "sax")
    with pytest.raises(ModelError, match="in the trash"):
        restore_model(store, "sax")
    with pytest.raises(ModelError, match="no model 'drums'"):
        delete_model(store, "drums")


def test_a_folder_that_cannot_be_moved_leaves_everything_as_it_was(store: Catalogue, monkeypatch: pytest.MonkeyPatch):
    sax = make_model(store, "a1", "sax")

    def in_use(source: Path, _: Path) -> None:
        raise PermissionError(13, "in use", str(source))

    with monkeypatch.context() as windows:
        windows.setattr(trash, "replace_durably", in_use)
        with pytest.raises(LibraryError, match="Close what uses the model"):
            delete_model(store, "sax")
    assert list_models(store) == [sax]


def test_a_folder_in_the_way_in_the_trash_is_not_overwritten(store: Catalogue):
    make_model(store, "a1", "sax")
    (trash_folder() / "a1").mkdir(parents=True)
    with pytest.raises(LibraryError, match="is in the way"):
        delete_model(store, "sax")
    assert names(list_models(store)) == ["sax"]


def test_a_complete_folder_without_a_record_is_adopted(store: Catalogue, lines: list[str]):
    make_model(store, "b2", "sax")
    make_folder("a1", "sax")
    adopted = find_model(store, "a1")
    assert (adopted.name, adopted.files) == ("sax 2", 5)
    assert len(store.snapshot().table(MODELS_TABLE)) == 2
    assert find_model(store, "sax 2") == adopted
    assert lines == []


def test_training_that_records_its_model_after_it_was_adopted_makes_no_second_one(store: Catalogue):
    make_folder("a1", "sax")
    list_models(store)
    added = add_model(store, make_entry("a1", "sax"))
    assert list_models(store) == [added]


def test_a_lost_catalogue_is_made_anew_from_the_folders(data_home: Path, lines: list[str]):
    store = open_catalogue(lines.append)
    for key, name in (("a1", "sax"), ("b2", "drums"), ("c3", "gone")):
        make_model(store, key, name)
    delete_model(store, "gone")
    for file in data_home.glob("library.json*"):
        file.unlink()
    again = open_catalogue(lines.append)
    assert sorted(names(list_models(again))) == ["drums", "sax"]
    assert names(list_deleted_models(again)) == ["gone"]


def test_an_unfinished_or_hidden_folder_is_nobodys_model(store: Catalogue, lines: list[str]):
    (make_folder("a1", "sax") / "model.json").unlink()
    make_folder(".b2", "drums")
    assert list_models(store) == []
    assert lines == []


def test_a_foreign_or_damaged_folder_is_reported_and_the_others_are_listed(store: Catalogue, lines: list[str]):
    make_model(store, "a1", "sax")
    (make_folder("b2", "drums") / "model.json").write_text('{"format": 1, "id"')
    assert names(list_models(store)) == ["sax"]
    assert len(lines) == 1
    assert str(models_folder() / "b2") in lines[0]


def test_a_copied_folder_is_reported_and_not_listed_twice(store: Catalogue, lines: list[str]):
    make_model(store, "a1", "sax")
    shutil.copytree(models_folder() / "a1", models_folder() / "a1 copy")
    assert names(list_models(store)) == ["sax"]
    assert "copy of model 'sax'" in lines[0]


def test_a_model_without_its_folder_is_listed_as_damaged_refused_and_can_be_removed(store: Catalogue):
    shutil.rmtree(make_model(store, "a1", "sax").path)
    [damaged] = list_models(store)
    assert damaged.problem == f"{models_folder() / 'a1'} is missing"
    with pytest.raises(ModelError, match="is missing") as caught:
        find_model(store, "sax")
    assert caught.value.code == "model_damaged"
    delete_model(store, "sax")
    assert list_models(store) == list_deleted_models(store) == []


def test_a_model_with_an_incomplete_folder_is_damaged_and_can_be_deleted(store: Catalogue):
    (make_model(store, "a1", "sax").path / "model.json").unlink()
    assert [entry.problem for entry in list_models(store)] == [f"{models_folder() / 'a1'} has no model.json"]
    delete_model(store, "sax")
    assert names(list_deleted_models(store)) == ["sax"]


def test_a_crash_between_moving_a_folder_and_recording_it_is_no_contradiction(store: Catalogue):
    sax = make_model(store, "a1", "sax")
    trash_folder().mkdir()
    shutil.move(sax.path, trash_folder() / "a1")
    assert names(list_deleted_models(store)) == ["sax"]
    restore_model(store, "sax")
    delete_model(store, "sax")
    shutil.move(trash_folder() / "a1", sax.path)
    assert list_models(store) == [sax]


def test_a_record_that_cannot_be_read_is_reported_and_mended_from_its_folder(store: Catalogue, lines: list[str]):
    make_model(store, "a1", "sax")
    make_model(store, "b2", "drums")
    with store.transaction() as tables:
        tables.table(MODELS_TABLE).update({"seconds": "many"}, where("id") == "a1")
    assert sorted(names(list_models(store))) == ["drums", "sax"]
    assert "record of model 'sax' is damaged" in lines[0]
    assert len(store.snapshot().table(MODELS_TABLE)) == 2
    lines.clear()
    assert sorted(names(list_models(store))) == ["drums", "sax"]
    assert lines == []


def test_a_library_of_a_newer_version_is_listed_and_not_changed(
    store: Catalogue, lines: list[str], monkeypatch: pytest.MonkeyPatch
):
    with monkeypatch.context() as later:
        later.setattr("engine.library.migrations.SCHEMA", SCHEMA + 1)
        make_model(store, "a1", "sax")
    make_folder("b2", "drums")
    assert sorted(names(list_models(store))) == ["drums", "sax"]
    assert "newer version" in lines[0]
    with pytest.raises(LibraryError, match="newer version"):
        delete_model(store, "sax")
    assert (models_folder() / "a1").is_dir()


def test_a_thousand_models_are_read_at_once_and_each_folder_only_looked_at(
    store: Catalogue, monkeypatch: pytest.MonkeyPatch
):
    for number in range(1000):
        make_folder(f"m{number:04}", f"model {number}")
    assert len(list_models(store)) == 1000
    reads: list[Path] = []
    monkeypatch.setattr(Path, "read_bytes", lambda path, read=Path.read_bytes: reads.append(path) or read(path))
    assert sorted(names(list_models(store))) == sorted(f"model {number}" for number in range(1000))
    assert len(reads) <= 1
