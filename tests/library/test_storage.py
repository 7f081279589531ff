import json
import os
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from engine.errors import LibraryError
from engine.library.locking import WriterLock
from engine.library.storage import AtomicJSONStorage, read_tables

FIRST = {"models": {"1": {"name": "säx"}}}
SECOND = {"models": {"1": {"name": "säx"}, "2": {"name": "drums"}}}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "library.json"


def test_what_is_written_is_read_back_by_another_storage(path: Path, lines: list[str]):
    storage = AtomicJSONStorage(path, lines.append)
    assert storage.read() is None
    storage.write(FIRST)
    assert AtomicJSONStorage(path, lines.append).read() == FIRST
    assert lines == []


def test_reading_creates_nothing(tmp_path: Path, lines: list[str]):
    assert AtomicJSONStorage(tmp_path / "new" / "library.json", lines.append).read() is None
    assert list(tmp_path.iterdir()) == []


def test_the_backup_is_the_state_before_the_last_write(path: Path, lines: list[str]):
    storage = AtomicJSONStorage(path, lines.append)
    storage.write(FIRST)
    storage.write(SECOND)
    assert read_tables(storage.backup) == FIRST


@pytest.mark.parametrize("value", [float("nan"), float("inf"), {1, 2}, object()])
def test_a_value_without_place_in_json_is_refused_and_nothing_changes(path: Path, lines: list[str], value: object):
    storage = AtomicJSONStorage(path, lines.append)
    storage.write(FIRST)
    before = sorted(path.parent.iterdir())
    with pytest.raises(LibraryError, match="Nothing was changed"):
        storage.write({"models": {"1": {"loss": value}}})
    assert storage.read() == FIRST
    assert sorted(path.parent.iterdir()) == before


def test_a_catalogue_cut_off_at_any_byte_opens_from_its_backup(path: Path, lines: list[str]):
    storage = AtomicJSONStorage(path, lines.append)
    storage.write(FIRST)
    storage.write(SECOND)
    whole = path.read_bytes()
    for length in range(len(whole)):
        path.write_bytes(whole[:length])
        lines.clear()
        assert storage.read() == FIRST, length
        [aside] = path.parent.glob("library.json.corrupt-*")
        assert aside.read_bytes() == whole[:length]
        assert len(lines) == 1
        assert aside.name in lines[0]
        assert read_tables(path) == FIRST
        aside.unlink()


@pytest.mark.parametrize(
    "content",
    [b"[]", b"null", b'{"models": []}', b'{"models": {"1": 2}}', b'{"models": {"one": {}}}', b"\xff\xfe{}", b"\0" * 90,
     b'{"a": {"1": {"b": NaN}}}', b"[" * 200_000],
)  # fmt: skip
def test_content_that_is_not_tables_of_records_is_damage(path: Path, lines: list[str], content: bytes):
    storage = AtomicJSONStorage(path, lines.append)
    storage.write(FIRST)
    storage.write(SECOND)
    path.write_bytes(content)
    assert storage.read() == FIRST
    assert len(lines) == 1


def test_a_missing_catalogue_is_taken_from_its_backup(path: Path, lines: list[str]):
    storage = AtomicJSONStorage(path, lines.append)
    storage.write(FIRST)
    storage.write(SECOND)
    path.unlink()
    assert storage.read() == FIRST
    assert "is missing" in lines[0]


def test_with_both_damaged_both_are_kept_and_a_new_one_is_begun(path: Path, lines: list[str]):
    storage = AtomicJSONStorage(path, lines.append)
    path.write_bytes(b"{")
    storage.backup.write_bytes(b"}")
    assert storage.read() is None
    assert sorted(kept.read_bytes() for kept in path.parent.glob("*.corrupt-*")) == [b"{", b"}"]
    assert "a new one is begun" in lines[0]
    storage.write(FIRST)
    assert storage.read() == FIRST
    assert len(lines) == 1


def test_after_a_repair_the_backup_is_still_good(path: Path, lines: list[str]):
    storage = AtomicJSONStorage(path, lines.append)
    storage.write(FIRST)
    storage.write(SECOND)
    path.write_bytes(b"")
    storage.read()
    with path.open("r+b") as file:
        file.truncate(3)
    assert storage.read() == FIRST


def test_remains_of_a_killed_write_do_not_matter(path: Path, lines: list[str]):
    storage = AtomicJSONStorage(path, lines.append)
    storage.write(FIRST)
    for name in ("library.json.new", "library.json.bak.new"):
        (path.parent / name).write_bytes(b'{"half": ')
    storage.write(SECOND)
    assert storage.read() == SECOND
    assert {file.name for file in path.parent.iterdir()} == {"library.json", "library.json.bak"}


def test_who_does_not_get_the_lock_in_time_is_told(path: Path, lines: list[str], monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("engine.library.locking.LOCK_TIMEOUT_SECONDS", 0.05)
    first, second = AtomicJSONStorage(path, lines.append), AtomicJSONStorage(path, lines.append)
    with ThreadPoolExecutor(1) as elsewhere:
        with first.locked():
            refusal = elsewhere.submit(enter, second).exception()
        assert isinstance(refusal, LibraryError)
        assert refusal.code == "library_busy"
        assert elsewhere.submit(enter, second).exception() is None


def enter(storage: AtomicJSONStorage) -> None:
    with storage.locked():
        pass


@pytest.mark.skipif(sys.platform == "win32" or os.geteuid() == 0, reason="the administrator may read everything")
def test_a_forbidden_catalogue_is_an_error_and_not_damage(path: Path, lines: list[str]):
    storage = AtomicJSONStorage(path, lines.append)
    storage.write(FIRST)
    path.chmod(0)
    with pytest.raises(LibraryError, match="cannot be read"):
        storage.read()
    path.chmod(0o600)
    assert json.loads(path.read_bytes()) == FIRST


def test_a_folder_in_the_way_is_an_error_and_not_damage(path: Path, lines: list[str]):
    path.mkdir()
    with pytest.raises(LibraryError, match="cannot be read"):
        AtomicJSONStorage(path, lines.append).read()
    assert path.is_dir()


def test_a_file_has_one_record_a_line(path: Path, lines: list[str]):
    AtomicJSONStorage(path, lines.append).write({**SECOND, "schema": {"1": {"number": 2}}})
    text = path.read_text("utf-8")
    assert text.split("\n")[2:5] == ['"1": {"name": "säx"},', '"2": {"name": "drums"}', "},"]
    assert json.loads(text) == {**SECOND, "schema": {"1": {"number": 2}}}
    AtomicJSONStorage(path, lines.append).write({"models": {}})
    assert read_tables(path) == {"models": {}}


def test_a_copy_is_kept_as_it_was(path: Path, lines: list[str]):
    storage = AtomicJSONStorage(path, lines.append)
    storage.write(FIRST)
    kept = storage.keep("schema-1")
    storage.write(SECOND)
    assert kept.name == "library.json.schema-1"
    assert read_tables(kept) == FIRST


def test_storages_that_share_a_lock_exclude_each_other_and_may_be_nested(tmp_path: Path, lines: list[str]):
    lock = WriterLock(tmp_path / "both.lock", tmp_path)
    first, second = (AtomicJSONStorage(tmp_path / name, lines.append, lock) for name in ("a.json", "b.json"))
    with first.locked(), second.locked():
        first.write(FIRST)
        second.write(SECOND)
    assert {file.name for file in tmp_path.iterdir()} == {"a.json", "b.json", "both.lock"}


def test_a_file_name_that_is_no_text_is_kept(path: Path, lines: list[str]):
    odd = {"entries": {"1": {"file": "/sounds/s\udce4x.wav"}}}
    AtomicJSONStorage(path, lines.append).write(odd)
    assert AtomicJSONStorage(path, lines.append).read() == odd
    assert lines == []


def test_a_full_disk_leaves_file_and_backup_readable(path: Path, lines: list[str], monkeypatch: pytest.MonkeyPatch):
    storage = AtomicJSONStorage(path, lines.append)
    storage.write(FIRST)

    def full(target: Path, _: bytes) -> None:
        raise OSError(28, "No space left on device", str(target))

    with monkeypatch.context() as now:
        now.setattr("engine.library.storage.write_durably", full)
        with pytest.raises(LibraryError, match="cannot be written: No space left"):
            storage.write(SECOND)
    assert read_tables(path) == read_tables(storage.backup) == FIRST
    storage.write(SECOND)
    assert (read_tables(path), read_tables(storage.backup)) == (SECOND, FIRST)
    path.write_bytes(b"{")
    assert storage.read() == FIRST
