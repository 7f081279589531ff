"""From Welcome to a model by the keyboard alone, with the focus never lost."""

from keyboard_driver import Keys
from page_driver import Driver
from playwright.sync_api import expect

from engine.studio.models import list_models

LONG_MS = 240_000


def test_from_welcome_to_a_model_that_plays(driver: Driver):
    keys, role = Keys(driver), driver.role
    keys.tab_to(role("button", "Try the demo set"))
    keys.press("Enter")
    expect(role("table", "Recordings")).to_be_visible()
    keys.open_and_close(role("button", "Data sets"), driver.page.get_by_role("menu"))
    keys.press("l")
    keys.type(role("textbox", "Name"), "glass")
    keys.type(role("spinbutton", "Minutes"), "10")
    expect(role("button", "Start")).to_be_enabled()
    keys.tab_to(role("button", "Start"))
    keys.press("Enter")
    progress = role("progressbar", "Training")
    expect(progress).to_be_focused()
    driver.until(lambda: any(job["curve"] for job in driver.ask("/api/jobs")["jobs"]), LONG_MS / 1000)
    assert keys.has_focus(progress)
    keys.tab_to(role("button", "Stop and keep"))
    keys.press("Enter")
    expect(progress).to_be_focused()
    expect(role("heading", "glass is ready")).to_be_visible(timeout=LONG_MS)
    assert [entry.name for entry in list_models()] == ["glass"]
    keys.press("Enter")
    expect(role("link", "Play")).to_have_attribute("aria-current", "page")
    expect(role("slider", "brightness")).to_be_visible()
    keys.press("2")
    keys.tab_to(role("button", "Another training"))
    keys.press("Enter")
    expect(role("textbox", "Name")).to_be_focused()
    expect(role("textbox", "Name")).to_have_value("Demo")
