from pathlib import Path

import pytest
from small_library import make_output

from engine.errors import LibraryError
from engine.library import migrations, segments
from engine.library.history import find_entry, list_entries
from engine.library.history_changes import add_entry, delete_entry, purge_entries, star_entry
from engine.library.segments import ENTRIES_TABLE, History, find_segments, open_history


@pytest.fixture(autouse=True)
def small_segments(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(segments, "SEGMENT_SIZE", 4)


def fill(history: History, count: int) -> None:
    for _ in range(count):
        add_entry(history, make_output())


def numbers(page) -> list[int]:
    return [entry.number for entry in page.entries]


def test_a_full_segment_is_followed_by_the_next_and_the_list_goes_through_all(history: History):
    fill(history, 10)
    assert history.find_segments() == [0, 1, 2]
    assert [len(history.open_segment(n).snapshot().table(ENTRIES_TABLE)) for n in range(3)] == [3, 4, 3]
    assert numbers(list_entries(history)) == list(range(10, 0, -1))
    assert [find_entry(history, str(number)).number for number in (1, 3, 4, 7, 8, 10)] == [1, 3, 4, 7, 8, 10]


def test_pages_cross_segments(history: History):
    fill(history, 10)
    seen, after = [], None
    while True:
        page = list_entries(history, count=3, after=after)
        seen += numbers(page)
        after = page.next
        if after is None:
            break
    assert seen == list(range(10, 0, -1))


def test_an_addition_rewrites_only_the_newest_segment(data_home: Path, lines: list[str]):
    history = open_history(lines.append)
    fill(history, 9)
    older = [data_home / "history" / f"{number:06}.json" for number in (0, 1)]
    stamps = [path.stat().st_mtime_ns for path in older]
    fill(history, 2)
    assert [path.stat().st_mtime_ns for path in older] == stamps
    star_entry(history, "5")
    assert [path.stat().st_mtime_ns == stamp for path, stamp in zip(older, stamps, strict=True)] == [True, False]


def test_a_page_reads_only_the_segments_it_needs(history: History):
    fill(history, 12)
    opened: list[int] = []

    def watched(segment: int):
        opened.append(segment)
        return history.open_segment(segment)

    watching = History(watched, history.find_segments, history.locked)
    assert numbers(list_entries(watching, count=2)) == [12, 11]
    assert opened == [3, 2]
    opened.clear()
    assert numbers(list_entries(watching, count=2, after="5")) == [4, 3]
    assert opened == [1, 0]


@pytest.mark.parametrize("damage", [b"", b"{", b"[]", None])
def test_a_damaged_segment_is_taken_from_its_backup_and_the_others_are_untouched(
    data_home: Path, lines: list[str], damage: bytes | None
):
    fill(open_history(lines.append), 9)
    path = data_home / "history" / "000001.json"
    path.unlink() if damage is None else path.write_bytes(damage)
    history = open_history(lines.append)
    assert numbers(list_entries(history)) == [9, 8, 6, 5, 4, 3, 2, 1]
    assert len(lines) == 1
    assert "000001.json" in lines[0]
    assert "Its backup is used; the last change may be missing" in lines[0]
    assert len(list(path.parent.glob("*.corrupt-*"))) == (damage is not None)
    fill(history, 1)
    assert numbers(list_entries(history, count=2)) == [10, 9]


def test_a_newest_segment_that_is_lost_is_begun_anew_and_ids_stay_unique(data_home: Path, lines: list[str]):
    fill(open_history(lines.append), 5)
    old = find_entry(open_history(lines.append), "5").id
    for suffix in ("", ".bak"):
        (data_home / "history" / f"000001.json{suffix}").write_bytes(b"{")
    history = open_history(lines.append)
    fill(history, 2)
    assert numbers(list_entries(history)) == [5, 4, 3, 2, 1]
    assert find_entry(history, "5").id != old
    with pytest.raises(LibraryError, match="no output"):
        find_entry(history, old)
    assert "a new one is begun" in lines[0]


def test_a_purge_rewrites_only_segments_that_hold_what_is_due(data_home: Path, lines: list[str]):
    history = open_history(lines.append)
    fill(history, 9)
    for number in ("2", "9"):
        delete_entry(history, number)
    path = data_home / "history" / "000001.json"
    stamp = path.stat().st_mtime_ns
    assert [entry.number for entry in purge_entries(history, "2099")] == [9, 2]
    assert path.stat().st_mtime_ns == stamp
    assert numbers(list_entries(history)) == [8, 7, 6, 5, 4, 3, 1]
    assert add_entry(history, make_output()).number == 9


def test_other_files_in_the_folder_are_no_segments(tmp_path: Path):
    for name in ("000000.json", "000002.json.bak", "000003.json.new", "000004.json.corrupt-1", "notes.json", "1.json"):
        (tmp_path / name).touch()
    assert find_segments(tmp_path) == [0, 2]
    assert find_segments(tmp_path / "missing") == []


def test_a_history_of_a_newer_version_is_read_and_not_changed(history: History, monkeypatch: pytest.MonkeyPatch):
    with monkeypatch.context() as later:
        later.setattr(migrations, "SCHEMA", migrations.SCHEMA + 1)
        fill(history, 3)
    assert numbers(list_entries(history)) == [3, 2, 1]
    for change in (lambda: fill(history, 1), lambda: star_entry(history, "1")):
        with pytest.raises(LibraryError, match="newer version") as caught:
            change()
        assert caught.value.code == "library_newer"
