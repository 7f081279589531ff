from dataclasses import asdict
from pathlib import Path

import pytest
from small_library import SETTINGS, make_output

from engine.errors import LibraryError, ParameterError
from engine.library.history import find_entry, find_output, list_entries
from engine.library.history_changes import (
    add_entry,
    delete_entry,
    label_entry,
    relink_entry,
    restore_entry,
    star_entry,
)
from engine.library.segments import ENTRIES_TABLE, History, open_history


def numbers(page) -> list[int]:
    return [entry.number for entry in page.entries]


@pytest.fixture
def sound(tmp_path: Path) -> Path:
    """A file that is there."""
    path = tmp_path / "sax-01.wav"
    path.write_bytes(b"sound")
    return path


def test_an_empty_history_lists_nothing_and_creates_nothing(history: History, data_home: Path):
    page = list_entries(history)
    assert (page.entries, page.next) == ((), None)
    assert find_output(history, "0" * 64) is None
    assert not data_home.exists()


def test_an_output_is_listed_with_everything_that_made_it(history: History, sound: Path, lines: list[str]):
    output = make_output(sound)
    entry = add_entry(history, output, note="good", tags=["low"])
    assert {key: asdict(entry)[key] for key in asdict(output)} == asdict(output)
    assert (entry.number, entry.star, entry.note, entry.tags, entry.deleted) == (1, False, "good", ("low",), None)
    assert list_entries(history).entries == (entry,)
    assert find_entry(history, entry.id) == find_entry(history, "1") == entry
    assert not entry.missing
    assert lines == []


def test_the_newest_comes_first_and_pages_follow_each_other(history: History):
    for _ in range(7):
        add_entry(history, make_output())
    first = list_entries(history, count=3)
    assert numbers(first) == [7, 6, 5]
    add_entry(history, make_output())
    second = list_entries(history, count=3, after=first.next)
    third = list_entries(history, count=3, after=second.next)
    assert (numbers(second), numbers(third), third.next) == ([4, 3, 2], [1], None)
    exact = list_entries(history, count=8)
    assert (len(exact.entries), exact.next) == (8, None)


@pytest.mark.parametrize("count", [0, -1])
def test_a_page_has_at_least_one_entry(history: History, count: int):
    with pytest.raises(ParameterError, match="from 1"):
        list_entries(history, count=count)


def test_ids_differ_and_begin_with_a_running_number(history: History):
    ids = [add_entry(history, make_output()).id for _ in range(5)]
    assert [key.split("-")[0] for key in ids] == ["1", "2", "3", "4", "5"]
    assert len({key.split("-")[1] for key in ids}) == 5


@pytest.mark.parametrize("wanted", ["2", "0", "-1", "", "1-", "1-ffffff", "one", "1 ", "../1", "9" * 30])
def test_an_unknown_output_is_an_error(history: History, wanted: str):
    add_entry(history, make_output())
    if wanted == "1 ":
        assert find_entry(history, wanted).number == 1
        return
    with pytest.raises(LibraryError, match="sda history list") as caught:
        find_entry(history, wanted)
    assert caught.value.code == "history_unknown"


def test_outputs_are_found_by_words_stars_and_models(history: History):
    add_entry(history, make_output("/sounds/Höhle-01.wav", model_name="Säx"), note="for the end")
    add_entry(history, make_output("/sounds/drum.wav", model="b2", model_name="drums", kind="blend"), tags=["loud"])
    star_entry(history, "2")
    for words, found in (("hohle", [1]), ("SAX end", [1]), ("drum blend loud", [2]), ("sounds", []), ("", [2, 1])):
        assert numbers(list_entries(history, words)) == found, words
    assert numbers(list_entries(history, starred=True)) == [2]
    assert numbers(list_entries(history, models=["a1", "c3"])) == [1]
    assert numbers(list_entries(history, "hohle", starred=True)) == []
    assert numbers(list_entries(history, find_entry(history, "1").created[:10])) == [2, 1]


def test_stars_notes_and_tags_are_given_and_taken(history: History, sound: Path):
    add_entry(history, make_output(sound), note="first")
    assert star_entry(history, "1").star
    assert label_entry(history, "1", tags=["low"]).note == "first"
    assert label_entry(history, "1", note="").tags == ("low",)
    assert not star_entry(history, "1", False).star
    entry = find_entry(history, "1")
    assert (entry.star, entry.note, entry.tags, entry.settings) == (False, "", ("low",), SETTINGS)
    with pytest.raises(ParameterError, match=r"^tag"):
        label_entry(history, "1", tags=["a,b"])


def test_a_deleted_output_is_in_the_trash_keeps_its_file_and_comes_back_the_same(history: History, sound: Path):
    entry = add_entry(history, make_output(sound))
    gone = delete_entry(history, "1")
    assert gone.deleted
    assert sound.is_file()
    assert list_entries(history).entries == ()
    assert list_entries(history, deleted=True).entries == (gone,)
    assert find_output(history, entry.fingerprint) is None
    for change in (find_entry, delete_entry, star_entry):
        with pytest.raises(LibraryError, match="sda history restore 1") as caught:
            change(history, "1")
        assert caught.value.code == "history_deleted"
    assert restore_entry(history, "1") == entry
    assert list_entries(history).entries == (entry,)


def test_a_file_that_is_gone_is_noticed_and_found_again(history: History, sound: Path, tmp_path: Path):
    add_entry(history, make_output(sound, fingerprint="abc"))
    moved = sound.rename(tmp_path / "moved.wav")
    assert list_entries(history).entries[0].missing
    assert find_entry(history, "1").missing
    with pytest.raises(LibraryError, match=r"it holds another sound than sax-01\.wav did") as caught:
        relink_entry(history, "1", moved, "def")
    assert caught.value.code == "history_other_file"
    found = relink_entry(history, "1", moved, "abc")
    assert (found.file, found.missing) == (str(moved), False)
    assert list_entries(history).entries == (found,)


def test_a_folder_that_may_not_be_entered_is_no_file(history: History, monkeypatch: pytest.MonkeyPatch):
    add_entry(history, make_output())

    def forbidden(path: Path) -> bool:
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(Path, "is_file", forbidden)
    assert list_entries(history).entries[0].missing


def test_relative_paths_are_meant_from_the_working_folder(
    history: History, sound: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.chdir(sound.parent)
    assert add_entry(history, make_output("sax-01.wav")).file == str(sound)
    assert relink_entry(history, "1", Path("sax-01.wav"), "0" * 64).file == str(sound)


def test_what_made_a_file_is_found_by_its_fingerprint_the_newest_first(history: History):
    for fingerprint in ("abc", "def", "abc"):
        add_entry(history, make_output(fingerprint=fingerprint))
    assert find_output(history, "abc").number == 3
    assert find_output(history, "def").number == 2
    assert find_output(history, "ghi") is None


@pytest.mark.parametrize(
    "fields",
    [{"kind": "a b"}, {"model": "../a"}, {"version": 0}, {"seed": -1}, {"seconds": float("nan")},
     {"settings": {"density": float("inf")}}, {"novelty": {"score": float("nan")}}, {"settings": {"sliders": [1]}}],
)  # fmt: skip
def test_an_output_that_cannot_be_kept_is_refused_and_nothing_is_written(history: History, fields: dict[str, object]):
    add_entry(history, make_output())
    with pytest.raises(ParameterError):
        add_entry(history, make_output(**fields))
    assert numbers(list_entries(history)) == [1]
    assert add_entry(history, make_output()).number == 2


def test_a_record_that_cannot_be_read_is_reported_and_the_others_are_listed(history: History, lines: list[str]):
    for _ in range(3):
        add_entry(history, make_output())
    with history.holding(2).transaction() as tables:
        tables.table(ENTRIES_TABLE).update({"seconds": "long", "tags": None}, doc_ids=[2])
    assert numbers(list_entries(history)) == [3, 1]
    assert len(lines) == 1
    assert "entry 2 of the history is damaged (seconds" in lines[0]
    assert add_entry(history, make_output()).number == 4


def test_fields_of_a_later_version_survive_a_change(history: History):
    add_entry(history, make_output())
    with history.holding(1).transaction() as tables:
        tables.table(ENTRIES_TABLE).update({"colour": "red"}, doc_ids=[1])
    star_entry(history, "1")
    assert history.holding(1).snapshot().table(ENTRIES_TABLE).get(doc_id=1)["colour"] == "red"


def test_another_program_sees_what_was_added(lines: list[str]):
    first, second = open_history(lines.append), open_history(lines.append)
    for history in (first, second, first):
        add_entry(history, make_output())
    assert numbers(list_entries(second)) == [3, 2, 1]
