"""Collecting: good files among bad ones, taken in and left out; a set named, deleted and brought back."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from page_driver import Driver
from playwright.sync_api import Browser, expect

from engine.studio.sets import list_sets
from webui.server import Server

LONG_MS = 240_000


@pytest.fixture
def bad(tmp_path: Path) -> list[Path]:
    """A file that is no sound inside, an empty one, and one that is no recording by its name."""
    files = {"broken.wav": b"RIFF\x24\x00\x00\x00WAVEjunk" * 40, "empty.wav": b"", "notes.txt": b"bring the bowls\n"}
    for name, data in files.items():
        (tmp_path / name).write_bytes(data)
    return [tmp_path / name for name in files]


@pytest.fixture
def collect(browser: Browser, server: Server) -> Iterator[Driver]:
    """The page, at its beginning."""
    driver = Driver(browser, server)
    yield driver
    driver.close()


def test_good_files_among_bad_ones_are_learned_from(collect: Driver, demo_recordings: Path, bad: list[Path]):
    good = sorted(demo_recordings.rglob("*.wav"))[:2]
    collect.expected = {422}
    with collect.page.expect_file_chooser() as chooser:
        collect.press("Add recordings")
    chooser.value.set_files([good[0], *bad, good[1]])
    rows = collect.role("table", "Recordings").get_by_role("row")
    for name in ("broken.wav", "empty.wav"):
        expect(rows.filter(has_text=name).get_by_role("note").first).not_to_be_empty(timeout=LONG_MS)
    refused = collect.role("list", "Refused files").get_by_role("listitem")
    expect(refused).to_have_count(1)
    expect(refused).to_contain_text("notes.txt")
    expect(refused).to_contain_text("by its name it is no recording")
    collect.press("Dismiss")
    expect(refused).to_have_count(0)
    expect(collect.page.get_by_text("2 recordings, ", exact=False).first).to_be_visible()
    for path in good:
        expect(collect.role("checkbox", path.name)).to_be_checked()
    collect.press("Learn from these")
    expect(collect.role("button", "Start")).to_be_enabled()
    expect(collect.role("button", f"Play {good[1].name}")).to_be_visible()


def test_a_recording_is_left_out_and_taken_in_again(collect: Driver, demo_recordings: Path):
    collect.go("Collect")
    name = sorted(demo_recordings.rglob("*.wav"))[0].name
    box = collect.role("checkbox", name)
    box.uncheck(force=True)
    collect.until(lambda: [len(one.about.left_out) for one in list_sets()] == [1])
    for act, checked in (("Undo", True), ("Redo", False), ("Undo", True)):
        collect.press(act)
        expect(box).to_be_checked(checked=checked)
    collect.until(lambda: [len(one.about.left_out) for one in list_sets()] == [0])


def test_a_set_is_named_deleted_and_brought_back(collect: Driver):
    collect.go("Collect")
    field = collect.role("textbox", "Name of the set")
    before = field.input_value()
    field.fill("bowls")
    collect.page.keyboard.press("Enter")
    collect.until(lambda: [one.about.name for one in list_sets()] == ["bowls"])
    collect.press("Undo")
    collect.until(lambda: [one.about.name for one in list_sets()] == [before])
    collect.press("Redo")
    collect.until(lambda: [one.about.name for one in list_sets()] == ["bowls"])
    expect(field).to_have_value("bowls")
    collect.press("Data sets")
    collect.role("menuitem", "Delete this set").click()
    collect.says("Deleted bowls")
    assert list_sets() == []
    collect.page.get_by_role("status").get_by_role("button", name="Undo").click()
    expect(field).to_have_value("bowls")
    expect(collect.role("table", "Recordings")).to_be_visible()
    collect.until(lambda: [one.about.name for one in list_sets()] == ["bowls"])
