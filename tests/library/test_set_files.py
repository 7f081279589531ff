import os
import threading
from pathlib import Path

import pytest

from engine.errors import LibraryError
from engine.library import set_files
from engine.library.history import list_entries
from engine.library.purge import list_trash, purge_trash
from engine.library.segments import History
from engine.library.set_changes import create_set, delete_set, restore_set
from engine.library.set_files import (
    INCOMING,
    add_file,
    list_due_files,
    list_removed,
    purge_files,
    remove_file,
    replace_file,
    restore_file,
)
from engine.library.set_reports import Examination, load_examination, read_stamp, save_examination
from engine.library.sets import DataSet, find_set
from engine.library.store import Catalogue

LATER = "2099-01-01T00:00:00+00:00"


@pytest.fixture
def one(store: Catalogue) -> DataSet:
    """A set that keeps its files."""
    return create_set(store, "kicks")


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """Something that is uploaded."""
    path = tmp_path / "upload"
    path.write_bytes(b"first")
    return path


def kept(one: DataSet) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in one.recordings_folder.iterdir()}


def test_files_keep_their_names_and_another_of_the_same_name_gets_a_number(one: DataSet, source: Path):
    assert add_file(one, source, "../Küche/Tür.wav") == set_files.Added("Tür.wav", known=False)
    source.write_bytes(b"second")
    assert add_file(one, source, "TÜR.wav").name == "TÜR (2).wav"
    assert kept(one) == {"Tür.wav": b"first", "TÜR (2).wav": b"second"}
    assert source.read_bytes() == b"second"


def test_the_same_bytes_are_known_whatever_they_are_called(one: DataSet, source: Path):
    add_file(one, source, "a.wav")
    assert add_file(one, source, "b.wav") == set_files.Added("a.wav", known=True)
    source.write_bytes(b"other")  # as long
    assert not add_file(one, source, "b.wav").known
    assert list((one.home / INCOMING).iterdir()) == []


def test_a_copy_that_fails_leaves_the_set_as_it_was(one: DataSet, source: Path, monkeypatch: pytest.MonkeyPatch):
    add_file(one, source, "a.wav")
    source.write_bytes(b"new")

    def full(_: int) -> None:
        raise OSError(28, "no space left on device")

    with monkeypatch.context() as broken:
        broken.setattr(set_files.os, "fsync", full)
        with pytest.raises(LibraryError, match=r"b\.wav cannot be written: no space left"):
            add_file(one, source, "b.wav")
    assert kept(one) == {"a.wav": b"first"}
    assert list((one.home / INCOMING).iterdir()) == []


def test_what_a_crash_left_half_copied_is_no_recording_and_goes_later(one: DataSet, source: Path):
    for name, age in (("old", 0), ("new", None)):
        path = one.home / INCOMING / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(b"half")
        if age is not None:
            os.utime(path, (age, age))
    add_file(one, source, "a.wav")
    assert kept(one) == {"a.wav": b"first"}
    assert [path.name for path in (one.home / INCOMING).iterdir()] == ["new"]


def test_files_that_come_at_once_all_arrive_under_names_of_their_own(one: DataSet, tmp_path: Path):
    def upload(number: int) -> None:
        path = tmp_path / f"upload{number}"
        path.write_bytes(f"sound {number // 2}".encode())
        add_file(one, path, "a.wav")

    uploads = [threading.Thread(target=upload, args=(number,)) for number in range(12)]
    for thread in uploads:
        thread.start()
    for thread in uploads:
        thread.join()
    assert sorted(kept(one).values()) == [f"sound {number}".encode() for number in range(6)]
    assert len(kept(one)) == 6


def test_a_full_set_takes_no_more(one: DataSet, source: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(set_files, "MOST_FILES", 1)
    add_file(one, source, "a.wav")
    source.write_bytes(b"second")
    with pytest.raises(LibraryError, match="is full: it holds 1 recordings") as caught:
        add_file(one, source, "b.wav")
    assert caught.value.code == "set_full"


def test_taking_out_and_putting_back_changes_nothing(one: DataSet, source: Path):
    add_file(one, source, "a.wav")
    stamp = read_stamp(one.recordings_folder / "a.wav")
    removed = remove_file(one, "a.wav")
    assert (kept(one), removed.name, removed.size_bytes, removed.set) == ({}, "a.wav", 5, one.id)
    assert list_removed(one) == [removed]
    assert restore_file(one, removed.id) == "a.wav"
    assert kept(one) == {"a.wav": b"first"}
    assert read_stamp(one.recordings_folder / "a.wav") == stamp
    assert list_removed(one) == []
    with pytest.raises(LibraryError, match="no removed recording") as caught:
        restore_file(one, removed.id)
    assert caught.value.code == "recording_unknown"


def test_what_comes_back_to_a_taken_name_gets_a_number(one: DataSet, source: Path):
    add_file(one, source, "a.wav")
    first = remove_file(one, "a.wav")
    source.write_bytes(b"second")
    add_file(one, source, "A.wav")
    assert restore_file(one, first.id) == "a (2).wav"
    assert kept(one) == {"A.wav": b"second", "a (2).wav": b"first"}


def test_a_file_takes_the_place_of_another_or_nothing_is_changed(
    one: DataSet, source: Path, monkeypatch: pytest.MonkeyPatch
):
    add_file(one, source, "a.flac")
    source.write_bytes(b"second")

    def full(*_: Path) -> bytes:
        raise OSError(28, "no space left on device")

    with monkeypatch.context() as broken:
        broken.setattr(set_files, "_copy", full)
        with pytest.raises(LibraryError, match="no space left"):
            replace_file(one, "a.flac", source, "a.wav")
    assert (kept(one), list_removed(one)) == ({"a.flac": b"first"}, [])
    assert replace_file(one, "a.flac", source, "a.wav") == "a.wav"
    assert kept(one) == {"a.wav": b"second"}
    assert [gone.path.read_bytes() for gone in list_removed(one)] == [b"first"]


@pytest.mark.parametrize("name", ["gone.wav", "../set.json", "{outside}", "", "."])
def test_what_is_not_in_the_set_cannot_be_taken_out(one: DataSet, name: str, source: Path):
    name = name.format(outside=source)
    with pytest.raises(LibraryError, match="has no recording") as caught:
        remove_file(one, name)
    assert caught.value.code == "recording_unknown"
    assert (one.home / "set.json").is_file()
    assert source.is_file()


def test_a_folder_of_the_person_is_left_alone(store: Catalogue, tmp_path: Path, source: Path):
    linked = create_set(store, "linked", folder=tmp_path)
    for change in (lambda: add_file(linked, source, "a.wav"), lambda: remove_file(linked, "upload")):
        with pytest.raises(LibraryError, match="where the program changes nothing") as caught:
            change()
        assert caught.value.code == "set_of_folder"
    assert source.is_file()


def test_restoring_a_set_brings_back_what_was_taken_out_of_it_too(store: Catalogue, one: DataSet, source: Path):
    add_file(one, source, "a.wav")
    removed = remove_file(one, "a.wav")
    delete_set(store, one.id)
    restore_set(store, one.id)
    assert restore_file(find_set(store, one.id), removed.id) == "a.wav"


def test_emptying_the_trash_removes_what_was_taken_out_and_the_report_misses_none_of_it(
    store: Catalogue, history: History, one: DataSet, source: Path
):
    for name in ("a.wav", "b.wav"):
        source.write_bytes(name.encode())
        add_file(one, source, name)
    stamps = {name: read_stamp(one.recordings_folder / name) for name in ("a.wav", "b.wav")}
    save_examination(one, Examination("now", stamps, {}))
    remove_file(one, "a.wav")
    remove_file(one, "b.wav")
    add_file(one, source, "b.wav")
    assert list_due_files("2020-01-01T00:00:00+00:00") == []
    shown = list_trash(store, history, 0)
    assert sorted(gone.name for gone in shown.recordings) == ["a.wav", "b.wav"]
    assert shown.size_bytes == 10
    purged = purge_trash(store, history, 0)
    assert set(purged.recordings) == set(shown.recordings)
    assert set(load_examination(one.home).stamps) == {"b.wav"}
    assert kept(one) == {"b.wav": b"b.wav"}
    assert (purge_files(LATER), list_removed(one)) == ([], [])
    assert list_entries(history).entries == ()


def test_a_deleted_set_goes_with_its_files_and_is_counted_once(
    store: Catalogue, history: History, one: DataSet, source: Path
):
    add_file(one, source, "a.wav")
    remove_file(one, "a.wav")
    delete_set(store, one.id)
    shown = list_trash(store, history, 0)
    assert ([gone.name for gone in shown.sets], shown.recordings) == (["kicks"], ())
    assert shown.size_bytes > 5
    assert shown.to_dict()["sets"] == [{"id": one.id, "name": "kicks"}]
    assert purge_trash(store, history, 0) == shown
    assert not one.home.exists()
