"""From an empty library to an exported, tagged file, as a person does it who never saw the program."""

from pathlib import Path

import pytest
import soundfile
from page_driver import Driver
from playwright.sync_api import expect

from engine.export.tagging import read_tags
from engine.paths import exports_folder
from engine.studio.models import list_models

LONG_MS = 240_000


def test_from_nothing_to_a_file_that_says_what_made_it(driver: Driver, home: Path):
    page = driver.page
    expect(driver.role("button", "Add recordings")).to_be_visible()
    driver.check_accessibility()
    driver.press("Try the demo set")
    expect(driver.role("table", "Recordings")).to_be_visible()
    expect(driver.role("link", "Collect")).to_have_attribute("aria-current", "page")
    expect(driver.role("checkbox", "bar_glass_a.wav")).to_be_checked(timeout=LONG_MS)
    driver.press("Learn from these")
    driver.role("textbox", "Name").fill("glass")
    driver.role("radio", "1 minute").check(force=True)
    driver.role("spinbutton", "Minutes").fill("0.4")
    page.keyboard.press("Enter")
    driver.press("Start")
    expect(driver.role("progressbar", "Training")).to_be_visible()
    page.reload()
    expect(driver.role("progressbar", "Training")).to_be_visible()
    expect(driver.role("button", "Stop and keep")).to_be_enabled()
    expect(driver.role("button", "Play it")).to_be_enabled(timeout=LONG_MS)
    assert [entry.name for entry in list_models()] == ["glass"]
    driver.press("Play it")
    expect(driver.role("slider", "brightness")).to_be_visible()
    driver.role("spinbutton", "Duration").fill("2")
    page.keyboard.press("Enter")
    driver.press("Make")
    item = driver.role("list", "History").get_by_role("listitem").first
    expect(item).to_be_visible(timeout=LONG_MS)
    item.click()
    driver.press("Export…")
    sheet = driver.role("dialog", "Export")
    sheet.get_by_role("combobox", name="Format").select_option("flac")
    sheet.get_by_role("textbox", name="Title").fill("Glass at dusk")
    sheet.get_by_role("textbox", name="Artist").fill("Me")
    sheet.get_by_role("button", name="Write file").click()
    driver.until(lambda: any(exports_folder().glob("*.flac")))
    (file,) = exports_folder().glob("*.flac")
    tags = read_tags(file)
    assert (tags.title, tags.artist, bool(tags.passport)) == ("Glass at dusk", "Me", True)
    assert soundfile.info(file).duration == pytest.approx(2.0, abs=0.01)
    assert home in exports_folder().parents
