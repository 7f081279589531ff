from pathlib import Path

import pytest
from small_library import make_entry, make_folder, make_model

from engine.errors import ModelError
from engine.library.entries import Parent
from engine.library.models import add_model, find_model, list_models
from engine.library.store import Catalogue, open_catalogue
from engine.library.trash import delete_model, restore_model
from engine.library.versions import list_versions, make_current, next_version


@pytest.fixture
def family(store: Catalogue) -> Catalogue:
    """A library with three versions of "sax" and with "drums"."""
    make_model(store, "a1", "sax", day=1)
    make_model(store, "b1", "drums", day=2)
    for version, key in ((2, "a2"), (3, "a3")):
        make_model(store, key, "sax", day=2 + version, version=version, family="a1", parents=(Parent("a1"),))
    return store


def ids(entries) -> list[str]:
    return [entry.id for entry in entries]


def test_a_name_means_the_version_added_last_and_the_others_are_named_by_number_or_id(family: Catalogue):
    assert find_model(family, "sax").id == "a3"
    assert find_model(family, "SAX@2").id == "a2"
    assert find_model(family, "a1").id == "a1"
    with pytest.raises(ModelError, match="no model 'sax@4'"):
        find_model(family, "sax@4")


def test_a_list_shows_one_version_of_each_model_or_all(family: Catalogue):
    assert ids(list_models(family)) == ["a3", "b1"]
    every = list_models(family, all_versions=True)
    assert ids(every) == ["a3", "a2", "b1", "a1"]
    assert [entry.current for entry in every] == [True, False, True, False]


def test_the_versions_of_a_model_are_listed_latest_first(family: Catalogue):
    assert ids(list_versions(family, "sax")) == ids(list_versions(family, "a1")) == ["a3", "a2", "a1"]
    assert list_versions(family, "sax")[1].parents == (Parent("a1"),)


def test_going_back_and_forward_changes_what_the_name_means(family: Catalogue):
    chosen = make_current(family, "sax@1")
    assert chosen == find_model(family, "sax") == find_model(family, "a1")
    assert ids(list_models(family)) == ["b1", "a1"]
    assert make_current(family, "sax@1") == chosen
    assert make_current(family, "a2").id == find_model(family, "sax").id == "a2"
    assert make_current(family, "a1").id == find_model(family, "sax").id == "a1"


def test_a_version_added_after_going_back_is_current(family: Catalogue):
    make_current(family, "a1")
    assert next_version(family, "sax") == 4
    make_model(family, "a4", "sax", day=9, version=4, family="a1")
    assert find_model(family, "sax").id == "a4"


def test_two_programs_that_add_the_same_version_get_two(family: Catalogue):
    for key in ("a4", "a5"):
        make_folder(key, "sax")
    added = [add_model(family, make_entry(key, "sax", version=4, family="a1")) for key in ("a4", "a5")]
    assert [entry.version for entry in added] == [4, 5]
    assert find_model(family, "sax").id == "a5"


def test_deleting_a_version_makes_the_one_before_current_and_restoring_undoes_it(family: Catalogue):
    before = list_models(family, all_versions=True)
    delete_model(family, "sax")
    assert find_model(family, "sax").id == "a2"
    assert next_version(family, "sax") == 4
    restored = restore_model(family, "a3")
    assert restored == find_model(family, "sax")
    assert list_models(family, all_versions=True) == before


def test_a_chosen_version_is_still_chosen_when_the_catalogue_is_lost(data_home: Path, lines: list[str]):
    store = open_catalogue(lines.append)
    make_folder("a1", "sax")
    make_folder("a2", "sax", version=2, family="a1", parents=[{"id": "a1", "weight": 0.25}], synthetic_seconds=2.5)
    assert find_model(store, "sax").id == "a2"
    make_current(store, "sax@1")
    for file in data_home.glob("library.json*"):
        file.unlink()
    again = open_catalogue(lines.append)
    assert find_model(again, "sax").id == "a1"
    assert ids(list_versions(again, "sax")) == ["a2", "a1"]
    second = find_model(again, "a2")
    assert (second.parents, second.synthetic_seconds) == ((Parent("a1", 0.25),), 2.5)
    assert lines == []


def test_the_versions_of_a_model_whose_current_one_is_damaged_can_be_listed_and_gone_back_to(family: Catalogue):
    (find_model(family, "sax").path / "model.json").unlink()
    with pytest.raises(ModelError, match="damaged"):
        find_model(family, "sax")
    assert ids(list_versions(family, "sax")) == ["a3", "a2", "a1"]
    make_current(family, "sax@2")
    assert find_model(family, "sax").id == "a2"
