import json
from dataclasses import replace
from pathlib import Path

import pytest
from small_library import make_entry, make_folder

from engine.errors import LibraryError
from engine.library import card
from engine.library.card import CARD_FILE, Card, entry_to_card, load_card, save_card, with_card

WRITTEN = {"note": "two\nlines", "tags": ("warm", "low"), "licence": "CC BY 4.0, Ärzte", "chosen": 2}


def test_what_was_written_on_a_model_is_read_back_from_its_folder():
    folder = make_folder("a1", "sax")
    assert load_card(folder) is None
    save_card(make_entry("a1", "Säx", **WRITTEN))
    assert load_card(folder) == Card("Säx", **WRITTEN)
    assert with_card(make_entry("a1", "sax"), load_card(folder)) == make_entry("a1", "Säx", **WRITTEN)


def test_a_card_follows_its_model_into_the_trash():
    folder = make_folder("a1", "sax")
    entry = make_entry("a1", "sax", deleted="2026-11-23T00:00:00+00:00")
    entry.path.parent.mkdir()
    folder.rename(entry.path)
    save_card(entry)
    assert load_card(entry.path) == entry_to_card(entry)


def test_without_a_card_an_entry_stays_as_it_is():
    assert with_card(make_entry("a1", "sax"), None) == make_entry("a1", "sax")


@pytest.mark.parametrize(
    ("content", "reason"),
    [("", "Expecting value"), ("[" * 200_000, "too deep"), ("[]", "no format"), ('{"name": "sax"}', "no format"),
     ('{"format": true, "name": "sax"}', "no format"), ('{"format": 2, "name": "sax"}', "reads up to 1"),
     ('{"format": 1}', "^name: "), ('{"format": 1, "name": ""}', "printable"),
     ('{"format": 1, "name": "sax", "tags": "warm"}', "^tags: "),
     ('{"format": 1, "name": "sax", "tags": ["a,b"]}', "comma"),
     ('{"format": 1, "name": "sax", "chosen": -1}', "^chosen: ")],
)  # fmt: skip
def test_a_damaged_foreign_or_newer_card_is_refused_in_one_line(content: str, reason: str):
    folder = make_folder("a1", "sax")
    (folder / CARD_FILE).write_text(content)
    with pytest.raises(ValueError, match=reason) as caught:
        load_card(folder)
    assert "\n" not in str(caught.value)


def test_fields_of_a_later_version_are_passed_over():
    folder = make_folder("a1", "sax")
    (folder / CARD_FILE).write_text(json.dumps({"format": 1, "name": "sax", "colour": "red"}))
    assert load_card(folder) == Card("sax")


def test_a_full_disk_leaves_the_card_as_it_was(monkeypatch: pytest.MonkeyPatch):
    folder = make_folder("a1", "sax")
    entry = make_entry("a1", "sax")
    save_card(entry)

    def full(path: Path, _: bytes) -> None:
        raise OSError(28, "No space left on device", str(path))

    monkeypatch.setattr(card, "write_durably", full)
    with pytest.raises(LibraryError, match=r"card\.json cannot be written: No space left"):
        save_card(replace(entry, note="new"))
    assert load_card(folder) == Card("sax")
