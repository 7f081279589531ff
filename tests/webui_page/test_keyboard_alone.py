"""Playing by the keyboard alone, from a slider to a written file, with the focus never lost."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from conftest import copy_demo
from keyboard_driver import Keys
from page_driver import Driver
from playwright.sync_api import Browser, expect

from engine.paths import exports_folder
from engine.studio.history import list_outputs
from webui.server import Server

LONG_MS = 240_000


@pytest.fixture(scope="module")
def home(demo_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return copy_demo(demo_home, tmp_path_factory)


@pytest.fixture
def keys(browser: Browser, server: Server) -> Iterator[Keys]:
    driver = Driver(browser, server)
    yield Keys(driver)
    driver.close()


def test_from_a_slider_to_a_written_file(keys: Keys):
    keys.press("3")
    shape(keys)
    make_two_and_compare(keys)
    write(keys)
    look_around(keys)


def test_a_place_that_is_asked_for_twice_while_it_loads_is_made_once(keys: Keys):
    pattern, driver = "**/places/play/play.js", keys.driver
    held = driver.hold(pattern)
    driver.page.goto(driver.page.url.partition("#")[0] + "?scripts=apart#/library")
    expect(driver.role("heading", "Library")).to_be_attached()
    keys.press("3", "4", "3")
    driver.until(lambda: bool(held))
    driver.let_go(pattern, held)
    slider = driver.role("slider", "brightness")
    expect(slider).to_be_visible(timeout=LONG_MS)
    keys.press("s")
    assert keys.has_focus(slider)


def shape(keys: Keys) -> None:
    """A slider, its lane, and a place on the map."""
    role = keys.driver.role
    expect(role("slider", "brightness")).to_be_visible(timeout=LONG_MS)
    keys.type(role("spinbutton", "Duration"), "2")
    keys.press("Enter", "Escape", "s", "ArrowRight", "ArrowRight")
    expect(role("slider", "brightness")).to_have_attribute("aria-valuenow", "1")
    keys.tab_to(role("button", "Lane of brightness"))
    keys.press("Enter")
    keys.tab_to(role("application", "Lane of brightness"))
    keys.press("Enter", "ArrowUp", "ArrowUp")
    expect(role("slider", "brightness")).to_have_attribute("aria-valuetext", re.compile("follows its lane"))
    keys.press("g")
    assert keys.has_focus(role("application", "Map"))
    keys.press("ArrowRight", "ArrowUp", "Enter")
    keys.driver.until(lambda: any("/moments/" in path for path in keys.driver.asked))
    keys.press("Space", "Control+z")


def make_two_and_compare(keys: Keys) -> None:
    role = keys.driver.role
    rows = role("list", "History").get_by_role("listitem")
    for count in (1, 2):
        keys.press("d", "m")
        keys.driver.until(lambda: len(list_outputs().entries) == count, LONG_MS / 1000)  # noqa: B023 - it waits here
        expect(rows).to_have_count(count)
    keys.tab_to(rows.first)
    keys.press("a", "ArrowDown", "b")
    expect(role("button", "Switch A/B")).to_be_enabled()
    keys.press("Enter")
    expect(role("button", "Pause")).to_be_visible()
    keys.press("x")
    keys.open_and_close(rows.nth(1).get_by_role("button", name="More about"), keys.page.get_by_role("menu"))


def write(keys: Keys) -> None:
    """A file, with its title."""
    opener, sheet = keys.driver.role("button", "Export…"), keys.driver.role("dialog", "Export")
    keys.tab_to(opener)
    keys.press("Enter")
    expect(sheet).to_be_visible()
    keys.type(sheet.get_by_role("textbox", name="Title"), "Glass at dusk")
    keys.tab_to(sheet.get_by_role("button", name="Write file"))
    keys.press("Enter")
    keys.driver.until(lambda: any(exports_folder().glob("*.*")), LONG_MS / 1000)
    keys.press("Escape")
    expect(sheet).to_be_hidden()
    assert keys.has_focus(opener)


def look_around(keys: Keys) -> None:
    role = keys.driver.role
    keys.press("4")
    expect(role("link", "Library")).to_have_attribute("aria-current", "page")
    keys.open_and_close(role("button", "Help"), role("dialog", "Help"))
    keys.press("1")
    expect(role("link", "Collect")).to_have_attribute("aria-current", "page")
