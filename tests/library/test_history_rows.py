"""Entries are kept in memory, and never shown as they were before a change, whoever made it."""

import os
import time
from pathlib import Path

import pytest
from small_library import make_output

from engine.library.history import find_output, list_entries
from engine.library.history_changes import add_entry, delete_entry, label_entry, star_entry
from engine.library.history_rows import rows_newest_first
from engine.library.segments import History, open_history
from engine.library.store import Catalogue

LONG_AGO_SECONDS = 3_600


@pytest.fixture
def reads(monkeypatch: pytest.MonkeyPatch) -> list[Catalogue]:
    """Which segments were read from the disk."""
    found: list[Catalogue] = []
    snapshot = Catalogue.snapshot

    def counted(segment: Catalogue):
        found.append(segment)
        return snapshot(segment)

    monkeypatch.setattr(Catalogue, "snapshot", counted)
    return found


def settle(file: Path, ago: float = LONG_AGO_SECONDS) -> None:
    """Let a file look as if it was written some time ago."""
    when = time.time() - ago
    os.utime(file, (when, when))


def segment_file(history: History) -> Path:
    file = history.file_of(0)
    assert file is not None
    return file


def test_what_was_read_once_is_not_read_again(reads: list[Catalogue]):
    for name in "abc":
        add_entry(open_history(print), make_output(), note=name)
    settle(segment_file(open_history(print)))
    reads.clear()
    for words, count in (("", 3), ("b", 1), ("nowhere", 0)):
        assert len(list_entries(open_history(print), words).entries) >= count
    assert len(reads) == 1


def test_a_file_that_was_just_written_is_read_again(reads: list[Catalogue]):
    """Its time of change may not tell the next change from this one."""
    add_entry(open_history(print), make_output())
    list_entries(open_history(print))
    reads.clear()
    list_entries(open_history(print))
    assert len(reads) == 1


def test_changes_of_another_program_are_seen_at_once():
    mine, others = open_history(print), open_history(print)
    for note in ("one", "two"):
        add_entry(mine, make_output(), note=note)
    settle(segment_file(mine))
    assert [entry.number for entry in list_entries(mine).entries] == [2, 1]
    star_entry(others, "1")
    assert [entry.number for entry in list_entries(mine, starred=True).entries] == [1]
    settle(segment_file(mine))
    delete_entry(others, "2")
    assert [entry.number for entry in list_entries(mine).entries] == [1]


def test_a_file_with_the_same_time_and_size_is_another_file():
    history = open_history(print)
    add_entry(history, make_output(), note="one")
    file = segment_file(history)
    settle(file)
    before = file.stat()
    assert len(list_entries(history, "one").entries) == 1
    label_entry(history, "1", note="two")
    os.utime(file, ns=(before.st_atime_ns, before.st_mtime_ns))
    after = file.stat()
    assert (after.st_mtime_ns, after.st_size) == (before.st_mtime_ns, before.st_size)
    assert len(list_entries(history, "two").entries) == 1
    assert list_entries(history, "one").entries == ()


def test_a_file_that_is_gone_is_not_remembered():
    history = open_history(print)
    add_entry(history, make_output())
    settle(segment_file(history))
    assert len(list_entries(history).entries) == 1
    for file in segment_file(history).parent.iterdir():
        file.unlink()
    assert list_entries(history).entries == ()


def test_rows_are_told_newest_first_with_all_that_finds_them(history: History):
    output = make_output()
    for tag in ("Wärm", "dark"):
        add_entry(history, output, tags=[tag])
    delete_entry(history, "2")
    rows = [row for row, _ in rows_newest_first(history)]
    assert [(row.number, row.deleted, row.starred, row.model) for row in rows] == [
        (2, True, False, output.model),
        (1, False, False, output.model),
    ]
    assert "warm" in rows[1].text
    assert [row.number for row, _ in rows_newest_first(history, before=2)] == [1]
    found = find_output(history, output.fingerprint)
    assert found is not None
    assert (found.number, found.tags) == (1, ("Wärm",))
