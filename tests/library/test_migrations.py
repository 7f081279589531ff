import json
from pathlib import Path

import pytest
from small_library import list_recordings, make_folder

from engine.errors import LibraryError
from engine.library import migrations
from engine.library.migrations import SCHEMA, SCHEMA_TABLE, STEPS, find_schema, is_older, migrate
from engine.library.models import find_model, list_models, search_models
from engine.library.storage import Tables, read_tables
from engine.library.store import Catalogue, open_catalogue
from engine.paths import models_folder, trash_folder

SAX = {
    "id": "a1", "name": "säx", "created": "2026-11-22T20:00:00+00:00", "folder": "a1", "files": 2, "seconds": 9.5,
    "channels": 1, "training": {"steps": 9}, "size_bytes": 100, "deleted": None,
}  # fmt: skip
OLD = {"schema": {"1": {"number": 1}}, "models": {"1": SAX}}  # as schema 1 stored it


def write_old_library(home: Path, tables: Tables) -> Path:
    """Write a library as the program did when it had schema 1."""
    list_recordings(make_folder("a1", "säx"), "low note.wav", "Höhe.wav")
    path = home / "library.json"
    path.write_text(json.dumps(tables, ensure_ascii=False, indent=1), "utf-8")
    return path


def test_there_is_a_step_from_every_schema_to_the_next():
    assert sorted(STEPS) == list(range(1, SCHEMA))


@pytest.mark.parametrize(
    ("tables", "number"),
    [({}, SCHEMA), (OLD, 1), ({"models": {"1": SAX}}, 1), ({"schema": {}}, 1), ({"schema": {"1": {"number": 7}}}, 7),
     ({"schema": {"1": {"number": "2"}}}, None), ({"schema": {"1": {"number": True}}}, None),
     ({"schema": {"1": {"number": 0}}}, None)],
)  # fmt: skip
def test_the_schema_of_tables_is_found(tables: Tables, number: int | None):
    assert find_schema(tables) == number
    assert is_older(tables) == (number is not None and number < SCHEMA)


def test_models_of_schema_1_learn_the_names_of_their_recordings_and_keep_all_else(data_home: Path):
    write_old_library(data_home, OLD)
    migrated = migrate(OLD)
    assert migrated["models"] == {"1": {**SAX, "recordings": ["low note.wav", "Höhe.wav"]}}
    assert find_schema(migrated) == SCHEMA
    assert "recordings" not in SAX


def test_models_in_the_trash_and_without_folder_are_migrated_too():
    list_recordings(make_folder("a1", "sax"), "low.wav")
    trash_folder().mkdir()
    (models_folder() / "a1").rename(trash_folder() / "a1")
    gone = {**SAX, "deleted": "2026-11-23T00:00:00+00:00"}
    lost = {**SAX, "id": "b2", "folder": "b2"}
    records = migrate({**OLD, "models": {"1": gone, "2": lost, "3": {"odd": 1}}})["models"]
    assert [records[key]["recordings"] for key in ("1", "2", "3")] == [["low.wav"], [], []]


def test_tables_without_models_only_get_the_number():
    assert migrate({"numbers": {"1": {}}}) == {"numbers": {"1": {}}, SCHEMA_TABLE: {"1": {"number": SCHEMA}}}


def test_steps_are_taken_one_after_the_other(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(migrations, "SCHEMA", 4)
    monkeypatch.setattr(
        migrations,
        "STEPS",
        {number: lambda tables, number=number: {**tables, f"t{number}": {}} for number in (1, 2, 3)},
    )
    assert list(migrate({"schema": {"1": {"number": 2}}})) == ["schema", "t2", "t3"]


@pytest.mark.parametrize("change", [False, True])
def test_an_old_library_is_backed_up_and_migrated_once(data_home: Path, lines: list[str], change: bool):
    path = write_old_library(data_home, OLD)
    before = path.read_bytes()
    catalogue = open_catalogue(lines.append)
    if change:
        with catalogue.transaction() as tables:
            tables.table("other").insert({"a": 1})
    assert [entry.name for entry in search_models(catalogue, "hohe")] == ["säx"]
    assert (data_home / "library.json.schema-1").read_bytes() == before
    tables = read_tables(path) or {}
    assert find_schema(tables) == SCHEMA
    assert tables["models"]["1"]["recordings"] == ["low note.wav", "Höhe.wav"]
    assert ("other" in tables) == change
    stamp = path.stat().st_mtime_ns
    assert len(list_models(open_catalogue(lines.append))) == 1
    assert path.stat().st_mtime_ns == stamp
    assert lines == []


def test_a_library_without_number_is_of_the_first_schema(data_home: Path, lines: list[str]):
    path = write_old_library(data_home, {"models": {"1": SAX}})
    assert find_model(open_catalogue(lines.append), "säx").recordings == ("low note.wav", "Höhe.wav")
    assert find_schema(read_tables(path) or {}) == SCHEMA


def test_a_library_on_memory_is_migrated_too(store: Catalogue):
    list_recordings(make_folder("a1", "säx"), "low.wav")
    store._storage.write(OLD)
    assert find_model(store, "säx").recordings == ("low.wav",)
    assert find_schema(store._storage.read() or {}) == SCHEMA


def test_without_a_backup_nothing_is_migrated_but_everything_is_shown(
    data_home: Path, lines: list[str], monkeypatch: pytest.MonkeyPatch
):
    path = write_old_library(data_home, OLD)
    before = path.read_bytes()

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("engine.library.storage.keep_durably", full)
    catalogue = open_catalogue(lines.append)
    assert find_model(catalogue, "säx").recordings == ("low note.wav", "Höhe.wav")
    assert "schema-1 cannot be written: No space left" in lines[0]
    with pytest.raises(LibraryError, match="No space left"), catalogue.transaction():
        pass
    assert path.read_bytes() == before


def test_a_damaged_library_whose_backup_is_old_is_restored_and_migrated(data_home: Path, lines: list[str]):
    path = write_old_library(data_home, OLD)
    path.rename(data_home / "library.json.bak")
    path.write_bytes(b"{")
    assert find_model(open_catalogue(lines.append), "säx").recordings == ("low note.wav", "Höhe.wav")
    assert len(lines) == 1
    assert "Its backup is used" in lines[0]


@pytest.mark.parametrize("number", [SCHEMA + 1, "two", None])
def test_a_schema_that_is_not_known_is_read_and_never_changed(data_home: Path, lines: list[str], number: object):
    path = write_old_library(data_home, {**OLD, "schema": {"1": {"number": number}}})
    before = path.read_bytes()
    catalogue = open_catalogue(lines.append)
    assert [entry.name for entry in list_models(catalogue)] == ["säx"]
    with pytest.raises(LibraryError, match="newer version") as caught, catalogue.transaction():
        pass
    assert caught.value.code == "library_newer"
    assert path.read_bytes() == before
