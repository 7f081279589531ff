"""Playing: sliders, lanes, the map, outputs, comparisons, blends, presets, variations; by hand and by keyboard."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from conftest import copy_demo
from page_driver import Driver
from playwright.sync_api import Browser, Route, expect

from engine.studio.history import list_outputs
from engine.studio.models import list_models, tag_model
from engine.studio.presets import list_presets
from webui.server import Server

LONG_MS = 120_000
BUNDLED_HRTF = Path(__file__).parents[2] / "engine" / "spatial" / "kemar_48k.sofa"


@pytest.fixture(scope="module")
def home(demo_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return copy_demo(demo_home, tmp_path_factory)


@pytest.fixture
def play(browser: Browser, server: Server) -> Iterator[Driver]:
    """The place Play, with a short output."""
    driver = Driver(browser, server)
    driver.go("Play")
    expect(driver.role("slider", "brightness")).to_be_visible()
    driver.role("spinbutton", "Duration").fill("3")
    driver.page.keyboard.press("Enter")
    yield driver
    driver.close()


def make(play: Driver) -> None:
    """Make an output, and wait until the history has it."""
    before = len(list_outputs().entries)
    play.press("Make")
    play.until(lambda: len(list_outputs().entries) > before)
    expect(play.role("list", "History").get_by_role("listitem").nth(before)).to_be_attached(timeout=LONG_MS)


def test_a_slider_moves_is_heard_and_taken_back(play: Driver):
    play.press("Play")
    expect(play.role("button", "Pause")).to_be_visible()
    slider = play.role("slider", "brightness")
    slider.focus()
    play.page.keyboard.press("End")
    expect(slider).to_have_attribute("aria-valuenow", "10")
    play.until(lambda: play.asked.count("POST /api/previews") >= 2)
    play.press("Undo")
    expect(slider).to_have_attribute("aria-valuenow", "0")
    play.press("Redo")
    expect(slider).to_have_attribute("aria-valuenow", "10")
    play.press("Reset all")
    expect(slider).to_have_attribute("aria-valuenow", "0")


def test_a_value_that_is_being_typed_stays_under_the_caret_when_sliders_become_others(play: Driver):
    def measure_anew(route: Route) -> None:
        answer = route.fetch()
        found = answer.json()
        found["sliders"][0]["steadiness"] = 0.876
        route.fulfill(response=answer, json=found)

    before = len(list_outputs().entries)
    slider, field = play.role("slider", "brightness"), play.role("spinbutton", "brightness value")
    field.fill("4")
    slider.evaluate("(node) => node.setAttribute('data-old', '')")
    play.page.route("**/api/models/*/sliders", measure_anew)
    tag_model("demo", ["measured"])
    expect(slider).not_to_have_attribute("data-old", "")
    expect(field).to_be_focused()
    expect(field).to_have_value("4")
    play.page.keyboard.type(".5")
    play.page.keyboard.press("Enter")
    expect(slider).to_have_attribute("aria-valuenow", "4.5")
    assert len(list_outputs().entries) == before


def test_an_output_is_made_with_what_sliders_are_to_keep(play: Driver):
    keep = play.role("combobox", "Keep")
    expect(keep).to_have_value("notes")
    keep.select_option("nothing")
    make(play)
    assert list_outputs().entries[0].settings["keep"] == "nothing"
    keep.select_option("notes")
    play.press("Undo")
    expect(keep).to_have_value("nothing")


def test_random_leaves_locked_sliders_alone(play: Driver):
    play.press("Random")
    moved = [play.role("slider", name).get_attribute("aria-valuenow") for name in ("brightness", "warmth", "motion")]
    assert set(moved) != {"0"}
    play.press("Undo")
    assert play.role("slider", "brightness").get_attribute("aria-valuenow") == "0"


def test_outputs_are_made_kept_compared_and_tried_blindly(play: Driver):
    make(play)
    play.role("spinbutton", "Seed").fill("77")
    play.page.keyboard.press("Enter")
    make(play)
    items = play.role("list", "History").get_by_role("listitem")
    items.nth(0).click()
    play.press("Keep as A")
    items.nth(1).click()
    play.press("Keep as B")
    play.press("Switch A/B")
    assert {entry.seed for entry in list_outputs().entries} >= {77}


def test_an_output_goes_and_comes_back(play: Driver):
    make(play)
    before = len(list_outputs().entries)
    items = play.role("list", "History").get_by_role("listitem")
    items.first.click()
    items.first.focus()
    play.page.keyboard.press("Delete")
    play.until(lambda: len(list_outputs().entries) == before - 1)
    play.role("button", "Undo").first.click()
    play.until(lambda: len(list_outputs().entries) == before)


def test_a_preset_is_kept_and_used(play: Driver):
    slider = play.role("slider", "warmth")
    slider.focus()
    play.page.keyboard.press("Home")
    expect(slider).to_have_attribute("aria-valuenow", "-10")
    expect(play.role("combobox", "Preset")).to_be_visible()
    assert list_presets() == []


def test_the_map_is_walked_by_keyboard(play: Driver):
    chart = play.role("application", "Map")
    chart.focus()
    for key in ("ArrowRight", "ArrowUp", "Enter", "Space"):
        play.page.keyboard.press(key)
    play.press("Undo")


def test_variations_are_nine(play: Driver):
    play.press("Variations")
    expect(play.role("button", "Nine others")).to_be_visible()
    play.page.keyboard.press("Escape")


def test_everything_has_a_key(play: Driver):
    play.page.evaluate("document.activeElement.blur()")
    play.page.keyboard.press("?")
    expect(play.role("dialog", "Help")).to_be_visible()
    play.page.keyboard.press("Escape")
    play.page.keyboard.press("4")
    expect(play.role("link", "Library")).to_have_attribute("aria-current", "page")


@pytest.mark.parametrize("theme", ["dark", "light"])
@pytest.mark.parametrize("screen", ["large", "small"])
def test_all_places_are_accessible_in_both_themes(browser: Browser, server: Server, theme: str, screen: str):
    driver = Driver(browser, server, theme=theme, screen=screen)
    for place in ("Play", "Collect", "Train", "Library"):
        driver.go(place)
        driver.page.wait_for_timeout(1_000)
        driver.check_accessibility()
        wide = driver.page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
        assert not wide, f"{place} is wider than the window"
    driver.close()


def test_a_model_of_the_library_is_played(play: Driver):
    play.go("Library")
    play.role("button", "Play it", exact=False).first.click()
    expect(play.role("link", "Play")).to_have_attribute("aria-current", "page")
    assert [entry.name for entry in list_models()] == ["demo"]


def test_ears_of_the_persons_own_are_added_taken_off_the_list_and_had_back(play: Driver):
    play.role("combobox", "Channels").select_option("binaural")
    ears = play.role("combobox", "Ears")
    play.page.get_by_label("SOFA file").set_input_files(BUNDLED_HRTF)
    expect(ears.locator("option:checked")).to_have_text("kemar_48k.sofa", timeout=LONG_MS)
    ears.select_option(label="Take kemar_48k.sofa off this list")
    expect(ears.locator("option")).to_have_text(["of an artificial head", "My own SOFA file…"])
    assert ears.input_value() == ""
    for shown in ("of an artificial head", "kemar_48k.sofa"):
        play.page.evaluate("document.activeElement.blur()")
        play.page.keyboard.press("Control+z")
        expect(ears.get_by_role("option", name="kemar_48k.sofa", exact=True)).to_be_attached()
        expect(ears.locator("option:checked")).to_have_text(shown)
