import os
from pathlib import Path

import pytest

from engine.errors import LibraryError
from engine.library import durable
from engine.library.set_changes import create_set, delete_set, purge_sets
from engine.library.set_reports import (
    ABSENT,
    REPORT_FILE,
    Examination,
    Stamp,
    examination_mark,
    forget_files,
    load_examination,
    read_stamp,
    save_examination,
)
from engine.library.sets import DataSet
from engine.library.store import Catalogue

FOUND = Examination("2026-11-25T12:00:00+00:00", {"ä\udcff.wav": Stamp(5, 7)}, {"files": [{"file": "ä\udcff.wav"}]})


@pytest.fixture
def one(store: Catalogue) -> DataSet:
    """A set that was not examined yet."""
    return create_set(store, "kicks")


def test_an_examination_comes_back_as_it_was_kept(one: DataSet):
    assert load_examination(one.home) is None
    assert examination_mark(one.home) == ABSENT
    save_examination(one, FOUND)
    assert load_examination(one.home) == FOUND
    assert examination_mark(one.home) != ABSENT


def test_a_stamp_tells_another_size_and_another_time(tmp_path: Path):
    path = tmp_path / "a.wav"
    assert read_stamp(path) == ABSENT
    path.write_bytes(b"first")
    first = read_stamp(path)
    os.utime(path, ns=(0, first.changed_ns + 1))
    assert read_stamp(path) == Stamp(5, first.changed_ns + 1)


def test_a_write_that_is_killed_leaves_the_old_report(one: DataSet, monkeypatch: pytest.MonkeyPatch):
    save_examination(one, FOUND)
    newer = Examination("2026-11-26T12:00:00+00:00", {}, {"files": []})
    for step in ("replace_durably", "flush_folder"):
        with monkeypatch.context() as killed:
            killed.setattr(durable, step, _kill)
            with pytest.raises(KeyboardInterrupt):
                save_examination(one, newer)
        assert load_examination(one.home) in (FOUND, newer)
    (one.home / f"{REPORT_FILE}.new").write_bytes(b"{half")
    assert load_examination(one.home) in (FOUND, newer)
    save_examination(one, newer)
    assert load_examination(one.home) == newer


def _kill(*_: object) -> None:
    raise KeyboardInterrupt


@pytest.mark.parametrize(
    "content", [b"", b"[]", b'{"format": 2}', b'{"format": 1, "stamps": 3}', b"[" * 99_999, b"\xff"]
)
def test_a_damaged_report_is_an_error_of_one_line(one: DataSet, content: bytes):
    (one.home / REPORT_FILE).write_bytes(content)
    with pytest.raises(ValueError, match=r"^[^\n]+$"):
        load_examination(one.home)
    forget_files(one.home, ["a.wav"])
    assert (one.home / REPORT_FILE).read_bytes() == content


def test_a_set_that_was_purged_meanwhile_is_not_made_anew(store: Catalogue, one: DataSet):
    delete_set(store, one.id)
    purge_sets(store, "2099-01-01T00:00:00+00:00")
    with pytest.raises(LibraryError, match="removed while it was examined"):
        save_examination(one, FOUND)
    assert not one.home.exists()
