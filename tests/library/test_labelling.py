import shutil
from pathlib import Path

import pytest
from small_library import list_recordings, make_folder, make_model
from tinydb import where

from engine.errors import LibraryError, ModelError, ParameterError
from engine.library import labelling
from engine.library.card import CARD_FILE, load_card
from engine.library.labelling import label_model
from engine.library.models import find_model, list_models, search_models
from engine.library.shelf import MODELS_TABLE
from engine.library.store import Catalogue, open_catalogue
from engine.library.trash import delete_model, list_deleted_models, restore_model
from engine.paths import models_folder


def test_what_is_written_on_a_model_is_listed_and_in_its_folder(store: Catalogue):
    make_model(store, "a1", "sax")
    written = label_model(store, "sax", name=" Tenor ", note="of  May", tags=["warm", "low"], licence="CC0")
    assert (written.name, written.note, written.tags, written.licence) == ("Tenor", "of  May", ("warm", "low"), "CC0")
    assert list_models(store) == [written]
    assert load_card(written.path).name == "Tenor"
    with pytest.raises(ModelError, match="no model 'sax'"):
        find_model(store, "sax")


def test_what_is_not_given_stays_and_what_is_empty_is_removed(store: Catalogue):
    make_model(store, "a1", "sax")
    label_model(store, "sax", note="first", tags=["warm"])
    assert label_model(store, "sax", licence="CC0").note == "first"
    emptied = label_model(store, "sax", note="", tags=())
    assert (emptied.name, emptied.note, emptied.tags, emptied.licence) == ("sax", "", (), "CC0")


def test_a_name_of_another_model_is_refused_and_that_of_a_deleted_one_is_free(store: Catalogue):
    make_model(store, "a1", "sax")
    make_model(store, "b2", "drums")
    with pytest.raises(LibraryError, match="model b2 has it already") as caught:
        label_model(store, "sax", name="Drums")
    assert caught.value.code == "model_name_taken"
    assert label_model(store, "sax", name="SAX").name == "SAX"
    delete_model(store, "drums")
    assert label_model(store, "sax", name="drums").name == "drums"
    assert restore_model(store, "b2").name == "drums 2"


@pytest.mark.parametrize("labels", [{"name": ""}, {"note": "a\x00"}, {"tags": ["a,b"]}, {"licence": "x" * 5000}])
def test_an_unusable_label_changes_nothing(store: Catalogue, labels: dict[str, object]):
    sax = make_model(store, "a1", "sax")
    with pytest.raises(ParameterError):
        label_model(store, "sax", **{"name": "tenor", **labels})
    assert list_models(store) == [sax]


def test_all_versions_of_a_model_are_renamed_and_only_one_is_described(store: Catalogue):
    make_model(store, "a1", "sax")
    make_model(store, "a2", "sax", version=2, family="a1")
    make_model(store, "a3", "sax", version=3, family="a1")
    delete_model(store, "a3")
    label_model(store, "sax", name="tenor", note="the good one")
    notes = {entry.id: (entry.name, entry.note) for entry in list_models(store, all_versions=True)}
    assert notes == {"a1": ("tenor", ""), "a2": ("tenor", "the good one")}
    assert [load_card(models_folder() / key).name for key in ("a1", "a2")] == ["tenor", "tenor"]
    assert [entry.name for entry in list_deleted_models(store)] == ["tenor"]


def test_a_damaged_version_is_renamed_with_the_others(store: Catalogue):
    shutil.rmtree(make_model(store, "a1", "sax").path)
    make_model(store, "a2", "sax", version=2, family="a1")
    label_model(store, "sax", name="tenor")
    assert {entry.id: entry.name for entry in list_models(store, all_versions=True)} == {"a1": "tenor", "a2": "tenor"}
    assert not (models_folder() / "a1").exists()


def test_what_is_written_survives_a_lost_catalogue_and_the_trash(data_home: Path, lines: list[str]):
    store = open_catalogue(lines.append)
    for key, name in (("a1", "sax"), ("b2", "sax"), ("c3", "drums")):
        make_model(store, key, name)
    label_model(store, "sax", note="mine", tags=["warm"], licence="CC0")
    label_model(store, "drums", note="gone")
    delete_model(store, "drums")
    before = list_models(store)
    for file in data_home.glob("library.json*"):
        file.unlink()
    again = open_catalogue(lines.append)
    written = {entry.id: (entry.name, entry.note, entry.tags, entry.licence) for entry in list_models(again)}
    assert written == {entry.id: (entry.name, entry.note, entry.tags, entry.licence) for entry in before}
    assert written["b2"][0] == "sax 2"
    assert [entry.note for entry in list_deleted_models(again)] == ["gone"]
    assert lines == []


@pytest.mark.parametrize("content", ["{", '{"format": 2, "words": "of a later version"}'])
def test_a_card_that_cannot_be_read_is_reported_and_stays_until_something_is_written(
    store: Catalogue, lines: list[str], content: str
):
    path = make_folder("a1", "sax") / CARD_FILE
    path.write_text(content)
    assert [entry.name for entry in list_models(store)] == ["sax"]
    assert len(lines) == 1
    assert str(path) in lines[0]
    assert path.read_text() == content
    label_model(store, "sax", note="new")
    assert load_card(path.parent).note == "new"


def test_a_folder_that_says_it_all_gets_no_card(store: Catalogue):
    sax = make_model(store, "a1", "sax")
    named = make_model(store, "b2", "sax")
    noted = make_model(store, "c3", "drums", note="loud")
    assert [(entry.path / CARD_FILE).exists() for entry in (sax, named, noted)] == [False, True, True]


def test_a_card_that_cannot_be_written_changes_nothing(store: Catalogue, monkeypatch: pytest.MonkeyPatch):
    sax = make_model(store, "a1", "sax")

    def full(_: object) -> None:
        raise LibraryError("No space left")

    monkeypatch.setattr(labelling, "save_card", full)
    with pytest.raises(LibraryError, match="No space left"):
        label_model(store, "sax", note="new")
    assert list_models(store) == [sax]


def test_a_model_that_another_program_deleted_meanwhile_is_not_written_on(
    store: Catalogue, monkeypatch: pytest.MonkeyPatch
):
    sax = make_model(store, "a1", "sax")
    delete_model(store, "sax")
    monkeypatch.setattr(labelling, "find_model", lambda *_: sax)
    with pytest.raises(ModelError, match="is in the trash"):
        label_model(store, "sax", note="new")
    with store.transaction() as tables:
        tables.table(MODELS_TABLE).remove(where("id") == "a1")
    with pytest.raises(ModelError, match="no model 'sax'"):
        label_model(store, "sax", note="new")


def test_models_are_found_by_what_is_written_on_them_and_what_is_in_them(store: Catalogue):
    list_recordings(make_folder("a1", "Säx", report=["3 files are 60 % of your audio"]), "Höhe 1.wav", "low.wav")
    label_model(store, "a1", note="recorded in May", tags=["warm"], licence="CC BY 4.0")
    make_model(store, "b2", "drums", day=7)
    for words in ("sax", "HOHE", "may warm", "by 4.0", "60 % audio", "low.wav recorded", "sax höhe 1"):
        assert [entry.name for entry in search_models(store, words)] == ["Säx"], words
    assert [entry.name for entry in search_models(store, "2026-11-07")] == ["drums"]
    assert len(search_models(store, "")) == 2
    assert search_models(store, "warm drums") == []


def test_a_search_looks_at_current_versions_or_at_all(store: Catalogue):
    make_model(store, "a1", "sax", note="with clicks")
    make_model(store, "a2", "sax", version=2, family="a1")
    assert search_models(store, "clicks") == []
    assert [entry.id for entry in search_models(store, "clicks", all_versions=True)] == ["a1"]
