from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from tinydb import where

from engine.errors import LibraryError
from engine.library.migrations import SCHEMA, SCHEMA_TABLE
from engine.library.store import Catalogue, open_catalogue


def test_a_transaction_is_seen_by_the_next_snapshot(store: Catalogue):
    with store.transaction() as tables:
        tables.table("models").insert({"name": "sax"})
    assert store.snapshot().table("models").all() == [{"name": "sax"}]
    assert store.snapshot().table(SCHEMA_TABLE).all() == [{"number": SCHEMA}]


def test_a_transaction_that_fails_changes_nothing(store: Catalogue):
    with store.transaction() as tables:
        tables.table("models").insert({"name": "sax", "tags": {"warm": True}})
    with pytest.raises(ZeroDivisionError):
        change_and_fail(store)
    assert store.snapshot().table("models").all() == [{"name": "sax", "tags": {"warm": True}}]


def change_and_fail(store: Catalogue) -> None:
    with store.transaction() as tables:
        tables.table("models").update({"name": "other"}, where("name") == "sax")
        tables.table("models").insert({"name": "drums", "rate": 1 / 0})


def test_changes_to_a_snapshot_go_nowhere(store: Catalogue):
    store.snapshot().table("models").insert({"name": "sax"})
    assert store.snapshot().table("models").all() == []


def test_a_transaction_inside_a_transaction_is_a_mistake(store: Catalogue):
    with store.transaction(), pytest.raises(RuntimeError, match="inside a transaction"), store.transaction():
        pass


def test_a_transaction_without_changes_writes_nothing(data_home: Path, lines: list[str]):
    with open_catalogue(lines.append).transaction() as tables:
        assert tables.table("models").all() == []
    assert not (data_home / "library.json").exists()


def test_two_programs_see_each_others_records(lines: list[str]):
    first, second = open_catalogue(lines.append), open_catalogue(lines.append)
    for catalogue, name in ((first, "a"), (second, "b"), (first, "c")):
        with catalogue.transaction() as tables:
            tables.table("models").insert({"name": name})
    assert [record["name"] for record in second.snapshot().table("models")] == ["a", "b", "c"]


def test_many_writers_at_once_lose_no_record(lines: list[str]):
    shared = open_catalogue(lines.append)

    def write(number: int) -> None:
        catalogue = shared if number % 2 else open_catalogue(lines.append)
        with catalogue.transaction() as tables:
            tables.table("numbers").insert({"number": number})

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(write, range(40)))
    assert sorted(record["number"] for record in shared.snapshot().table("numbers")) == list(range(40))


def test_a_library_of_a_newer_version_is_read_but_not_changed(store: Catalogue, monkeypatch: pytest.MonkeyPatch):
    with monkeypatch.context() as later:
        later.setattr("engine.library.migrations.SCHEMA", SCHEMA + 1)
        with store.transaction() as tables:
            tables.table("models").insert({"name": "sax"})
    assert store.snapshot().table("models").all() == [{"name": "sax"}]
    with pytest.raises(LibraryError, match="newer version") as caught, store.transaction() as tables:
        tables.table("models").truncate()
    assert caught.value.code == "library_newer"
    assert store.snapshot().table("models").all() == [{"name": "sax"}]


def test_a_line_is_told_once(store: Catalogue, lines: list[str]):
    for line in ("damaged", "damaged", "other"):
        store.report(line)
    assert lines == ["damaged", "other"]
