import json
from pathlib import Path

import pytest
from tinydb import where

from engine.errors import LibraryError, ParameterError
from engine.library.set_changes import PURGED, change_set, create_set, delete_set, purge_sets, restore_set
from engine.library.sets import CARD_FILE, SETS_TABLE, DataSet, find_set, list_deleted_sets, list_sets
from engine.library.store import Catalogue, open_catalogue
from engine.paths import sets_folder

LATER = "2099-01-01T00:00:00+00:00"


def names(sets) -> list[str]:
    return [one.name for one in sets]


def put(one: DataSet, name: str, content: bytes = b"sound") -> Path:
    path = one.recordings_folder / name
    path.write_bytes(content)
    return path


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder of the person with a recording."""
    folder = tmp_path / "Täkes"
    folder.mkdir()
    (folder / "a.wav").write_bytes(b"sound")
    return folder


def test_a_set_is_found_as_it_was_made_by_name_and_by_id(store: Catalogue, folder: Path):
    own = create_set(store, " Kicks ")
    linked = create_set(store, "Täkes", folder=folder)
    assert list_sets(store) == [linked, own]
    assert find_set(store, "KICKS") == find_set(store, own.id) == own
    assert (own.name, own.owns_files, own.recordings_folder) == ("Kicks", True, sets_folder() / own.id / "files")
    assert own.recordings_folder.is_dir()
    assert (linked.owns_files, linked.recordings_folder) == (False, folder)


def test_a_name_is_unique_in_any_case_and_a_number_is_added_when_it_may_be(store: Catalogue):
    first = create_set(store, "kicks")
    with pytest.raises(LibraryError, match="data set 'kicks' exists") as caught:
        create_set(store, "KICKS")
    assert caught.value.code == "set_exists"
    assert create_set(store, "Kicks", numbered=True).name == "Kicks 2"
    with pytest.raises(LibraryError, match="exists"):
        change_set(store, first.id, name="kicks 2")
    assert change_set(store, first.id, name="KICKS").name == "KICKS"


def test_what_fails_while_a_set_is_made_leaves_nothing(store: Catalogue):
    def fill(files: Path) -> None:
        (files / "a.wav").write_bytes(b"sound")
        raise OSError(28, "no space left")

    create_set(store, "there")
    with pytest.raises(OSError, match="no space"):
        create_set(store, "new", fill=fill)
    with pytest.raises(LibraryError):
        create_set(store, "there", fill=lambda files: (files / "a.wav").write_bytes(b"sound"))
    with pytest.raises(ParameterError):
        create_set(store, " ")
    assert names(list_sets(store)) == ["there"]
    assert len(list(sets_folder().iterdir())) == 1


def test_left_out_names_are_kept_each_once_and_a_rename_leaves_them(store: Catalogue):
    one = create_set(store, "kicks")
    changed = change_set(store, one.id, left_out=["b.wav", "ä.wav", "b.wav", "sub/c.wav", "raw\udcff.wav"])
    assert changed.left_out == ("b.wav", "raw\udcff.wav", "sub/c.wav", "ä.wav")
    assert change_set(store, "kicks", name="drums").left_out == changed.left_out
    assert find_set(store, one.id) == change_set(store, one.id)
    assert change_set(store, one.id, left_out=[]).left_out == ()


def test_an_unknown_set_and_a_deleted_one_are_told_apart(store: Catalogue):
    create_set(store, "kicks")
    with pytest.raises(LibraryError, match=r"no data set 'kick'\. Did you mean 'kicks'") as caught:
        find_set(store, "kick")
    assert caught.value.code == "set_unknown"
    delete_set(store, "kicks")
    for change in (find_set, delete_set, change_set):
        with pytest.raises(LibraryError, match="is in the trash") as caught:
            change(store, "kicks")
        assert caught.value.code == "set_deleted"


def test_restoring_brings_everything_back(store: Catalogue):
    one = create_set(store, "kicks")
    path = put(one, "a.wav")
    change_set(store, one.id, left_out=["a.wav"])
    before = find_set(store, one.id)
    gone = delete_set(store, "kicks")
    assert (list_sets(store), list_deleted_sets(store)) == ([], [gone])
    assert restore_set(store, one.id) == before
    assert path.read_bytes() == b"sound"


def test_a_name_that_was_taken_meanwhile_gets_a_number_and_the_last_deleted_comes_first(
    store: Catalogue, monkeypatch: pytest.MonkeyPatch
):
    for day in ("01", "02"):
        one = create_set(store, "kicks")
        monkeypatch.setattr("engine.library.set_changes.now_iso", lambda day=day: f"2026-11-{day}T00:00:00+00:00")
        delete_set(store, one.id)
    create_set(store, "kicks")
    assert restore_set(store, "kicks").id == one.id
    assert find_set(store, one.id).name == "kicks 2"
    with pytest.raises(LibraryError, match="in the trash") as caught:
        restore_set(store, "nothing")
    assert caught.value.code == "set_unknown"


def test_purging_removes_own_files_and_never_a_folder_of_the_person(store: Catalogue, folder: Path):
    own, linked, kept = create_set(store, "own"), create_set(store, "linked", folder=folder), create_set(store, "kept")
    put(own, "a.wav")
    there = put(kept, "b.wav")
    for one in (own, linked):
        delete_set(store, one.id)
    assert purge_sets(store, "2020-01-01T00:00:00+00:00") == []
    assert {one.id for one in purge_sets(store, LATER)} == {own.id, linked.id}
    assert (folder / "a.wav").read_bytes() == there.read_bytes() == b"sound"
    assert [path.name for path in sets_folder().iterdir()] == [kept.id]
    assert names(list_sets(store)) == ["kept"]
    assert list_deleted_sets(store) == []


def test_what_an_ended_purge_left_is_no_set_and_goes_with_the_next(store: Catalogue):
    one = create_set(store, "kicks")
    delete_set(store, "kicks")
    one.home.rename(sets_folder() / f"{PURGED}x")  # a crash before the record was removed
    assert names(list_deleted_sets(store)) == ["kicks"]
    purge_sets(store, LATER)
    assert list_deleted_sets(store) == []
    assert list(sets_folder().iterdir()) == []


def test_sets_outlive_a_lost_catalogue_with_all_that_was_written_on_them(
    data_home: Path, folder: Path, lines: list[str]
):
    store = open_catalogue(lines.append)
    own, linked = create_set(store, "own"), create_set(store, "linked", folder=folder)
    change_set(store, own.id, name="drums", left_out=["raw\udcff.wav"])
    delete_set(store, linked.id)
    before = list_sets(store), list_deleted_sets(store)
    for file in data_home.glob("library.json*"):
        file.unlink()
    again = open_catalogue(lines.append)
    assert (list_sets(again), list_deleted_sets(again)) == before
    assert change_set(again, own.id, name="hits").name == "hits"
    assert again.snapshot().table(SETS_TABLE).get(where("id") == own.id)["name"] == "hits"
    assert restore_set(again, linked.id).folder == str(folder)


def test_a_damaged_record_is_read_from_its_folder_and_said(store: Catalogue, lines: list[str]):
    one = create_set(store, "kicks")
    with store.transaction() as tables:
        tables.table(SETS_TABLE).update({"left_out": 5}, where("id") == one.id)
    assert list_sets(store) == [one]
    assert "record of data set 'kicks' is damaged" in lines[0]


@pytest.mark.parametrize(
    "card",
    [b"", b"{", b"[]", b'{"format": 9}', b'{"format": 1, "id": "other", "name": "a", "created": ""}', b"[" * 99_999],
)
def test_a_damaged_card_is_said_and_passed_over(store: Catalogue, lines: list[str], card: bytes):
    (sets_folder() / "a1").mkdir(parents=True)
    (sets_folder() / "a1" / CARD_FILE).write_bytes(card)
    assert list_sets(store) == []
    assert "set.json cannot be used" in lines[0]


def test_a_folder_without_a_card_is_still_being_made(store: Catalogue, lines: list[str]):
    (sets_folder() / "a1" / "files").mkdir(parents=True)
    assert list_sets(store) == []
    assert lines == []


def test_the_card_says_what_the_record_does(store: Catalogue):
    one = change_set(store, create_set(store, "kicks").id, left_out=["a.wav"])
    card = json.loads((one.home / CARD_FILE).read_bytes())
    assert card == {
        "format": 1, "id": one.id, "name": "kicks", "created": one.created, "folder": None, "left_out": ["a.wav"],
        "deleted": None,
    }  # fmt: skip
