"""In which way the window opens, as earlier starts went."""

import json
from pathlib import Path

import pytest

from webui.window import ways
from webui.window.ways import KEPT_SECONDS, WAYS, choose_way, next_way, record_file, record_way


def test_the_first_start_takes_the_first_way():
    assert choose_way() == WAYS[0] == "graphics"


def test_what_did_not_arrive_is_not_tried_again():
    seen = []
    for _ in range(4):
        seen.append(choose_way())
        record_way(seen[-1], arrived=False)
    assert seen == ["graphics", "plain", "browser", "browser"]


def test_what_arrived_is_taken_again():
    record_way("plain", arrived=False)
    record_way("plain", arrived=True)
    assert choose_way() == "plain"


def test_after_the_last_way_there_is_none():
    assert next_way("browser") == "browser"


def test_another_version_of_the_program_begins_anew(monkeypatch: pytest.MonkeyPatch):
    record_way("browser", arrived=True)
    monkeypatch.setattr(ways, "__version__", "99.0")
    assert choose_way() == "graphics"


def test_after_a_month_the_first_way_gets_another_chance():
    record_way("plain", arrived=True)
    kept = json.loads(record_file().read_text())
    record_file().write_text(json.dumps({**kept, "since": kept["since"] - KEPT_SECONDS}))
    assert choose_way() == "graphics"


def test_a_way_is_counted_from_its_first_choice():
    record_way("plain", arrived=True)
    since = json.loads(record_file().read_text())["since"]
    record_way("plain", arrived=False)
    assert json.loads(record_file().read_text())["since"] == since


@pytest.mark.parametrize("text", ["", "[]", '{"way": "cinema", "arrived": true, "version": "0", "since": 0}', "\xff"])
def test_a_damaged_record_counts_as_none(data_home: Path, text: str):
    data_home.mkdir()
    record_file().write_bytes(text.encode("latin-1"))
    assert choose_way() == "graphics"


def test_a_disk_that_refuses_costs_only_the_memory_of_it(data_home: Path):
    data_home.write_text("a file where the folder should be")
    record_way("plain", arrived=True)
    assert choose_way() == "graphics"
