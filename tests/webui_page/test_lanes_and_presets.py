"""Lanes, the map, presets and locks reach the output that is made."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from conftest import copy_demo
from play_driver import PlayDriver, playing, read_samples
from playwright.sync_api import Browser, Locator, expect

from engine.settings import GenerateSettings
from engine.studio.presets import list_presets
from webui.server import Server


@pytest.fixture(scope="module")
def home(demo_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return copy_demo(demo_home, tmp_path_factory)


@pytest.fixture
def play(browser: Browser, server: Server) -> Iterator[PlayDriver]:
    with playing(browser, server) as driver:
        yield driver


def at(field: Locator, x: float, y: float) -> tuple[float, float]:
    """Return a point of the window: shares of a field from its upper left corner."""
    box = field.bounding_box()
    assert box
    return box["x"] + x * box["width"], box["y"] + y * box["height"]


def drag(play: PlayDriver, *stops: tuple[float, float]) -> None:
    mouse = play.page.mouse
    mouse.move(*stops[0])
    mouse.down()
    for stop in stops[1:]:
        mouse.move(*stop, steps=5)
    mouse.up()


def asked_now(play: PlayDriver) -> dict[str, Any]:
    """Hear what is set, and return the settings that were asked for."""
    before = len(play.previews)
    play.press("Play")
    play.until(lambda: any(one["what"] == "from" for one in play.previews[before:]))
    expect(play.role("button", "Play")).to_be_visible()
    return [one["settings"] for one in play.previews[before:] if one["what"] == "from"][-1]


def test_a_lane_is_drawn_and_is_in_what_is_heard_and_made(play: PlayDriver):
    plain = play.make()
    play.press("Lane of brightness")
    lane = play.role("application", "Lane of brightness")
    expect(lane).to_be_visible()
    for x, y in ((0.3, 0.15), (0.6, 0.85), (0.9, 0.3)):
        play.page.mouse.dblclick(*at(lane, x, y))
    curve = asked_now(play)["sliders"]["brightness"]
    assert [seconds for seconds, _ in curve] == pytest.approx([0.0, 0.3, 0.6, 0.9], abs=0.02)
    assert [np.sign(value) for _, value in curve] == [0, 1, -1, 1]
    drag(play, at(lane, 0.9, 0.3), at(lane, 0.9, 0.85))
    dragged = asked_now(play)["sliders"]["brightness"]
    assert (dragged[:3], dragged[3][1] < 0) == (curve[:3], True)
    lane.focus()
    play.page.mouse.click(*at(lane, 0.6, 0.85))
    play.page.keyboard.press("Delete")
    assert asked_now(play)["sliders"]["brightness"] == [*dragged[:2], dragged[3]]
    play.undo()
    made = play.make()
    assert [list(point) for point in made.settings["sliders"]["brightness"]] == dragged
    assert not np.array_equal(read_samples(made), read_samples(plain)), "the lane is heard"
    play.press("Close lane of brightness")
    expect(lane).not_to_be_visible()
    play.set("Seed", 2)
    assert asked_now(play)["sliders"]["brightness"] == dragged, "a lane that is closed moves on"


def test_flow_is_auto_until_it_is_set_and_can_be_auto_again(play: PlayDriver):
    field = play.role("spinbutton", "Flow")
    expect(field).to_have_value("auto")
    assert "flow" not in asked_now(play)
    play.set("Flow", 0.3)
    assert asked_now(play)["flow"] == 0.3
    field.fill("auto")
    field.press("Enter")
    assert "flow" not in asked_now(play)
    play.undo()
    expect(field).to_have_value("0.3")
    play.press("Lane of flow")
    expect(play.role("application", "Lane of flow")).to_be_visible()


def test_a_path_is_drawn_edited_and_walked_and_a_place_is_stayed_at(play: PlayDriver):
    chart = play.role("application", "Map")
    drag(play, at(chart, 0.2, 0.2), at(chart, 0.5, 0.75), at(chart, 0.8, 0.2))
    path = asked_now(play)["path"]
    assert len(path) == 3
    assert path[0][0] < path[1][0] < path[2][0]
    drag(play, at(chart, 0.8, 0.2), at(chart, 0.8, 0.6))
    moved = asked_now(play)["path"]
    assert moved[:2] == path[:2]
    assert moved[2][1] < path[2][1]
    play.page.mouse.dblclick(*at(chart, 0.35, 0.475))
    added = asked_now(play)["path"]
    assert [added[0], *added[2:]] == moved
    play.page.mouse.dblclick(*at(chart, 0.2, 0.2))
    shorter = asked_now(play)["path"]
    assert shorter == added[1:]
    made = play.make()
    assert [list(place) for place in made.settings["path"]] == shorter
    chart.focus()
    play.page.keyboard.press("ArrowRight")
    play.page.keyboard.press("Space")
    expect(play.page.get_by_text("stays at a place")).to_be_visible()
    stayed = play.make()
    assert stayed.settings["path"] is None
    assert len(stayed.settings["at"]) == 2
    assert not np.array_equal(read_samples(stayed), read_samples(made))
    play.undo()
    expect(play.page.get_by_text(f"goes along a path of {len(shorter)} places")).to_be_visible()
    play.set("Seed", 2)
    assert asked_now(play)["path"] == shorter
    chart.focus()
    play.page.keyboard.press("ArrowLeft")
    play.press("Stay here")
    elsewhere = asked_now(play)
    assert "path" not in elsewhere
    assert elsewhere["at"] != list(stayed.settings["at"])
    play.press("Leave the place")
    assert not {"at", "path"} & set(asked_now(play))


def test_a_preset_is_kept_brought_back_and_undeleted(play: PlayDriver):
    preset = play.role("combobox", "Preset")
    play.set("warmth value", -4)
    play.set("Density", 5)
    play.choose("Presets", "Save as…")
    play.role("textbox", "Name of the preset").fill("low and dense")
    play.page.keyboard.press("Enter")
    play.says("Preset low and dense is kept")
    (kept,) = list_presets()
    assert (kept.settings["sliders"], kept.settings["density"]) == ({"warmth": -4.0}, 5.0)
    play.press("Reset all")
    play.set("Density", 1)
    expect(preset.get_by_role("option", name="low and dense, changed")).to_have_count(1)
    play.page.reload()
    expect(play.role("slider", "warmth")).to_have_attribute("aria-valuenow", "0")
    preset.select_option("low and dense")
    expect(play.role("slider", "warmth")).to_have_attribute("aria-valuenow", "-4")
    asked = asked_now(play)
    assert (asked["sliders"], asked["density"]) == ({"warmth": -4}, 5)
    play.choose("Presets", "Delete")
    play.until(lambda: list_presets() == [])
    expect(preset).to_be_disabled()
    play.undo()
    play.until(lambda: [one.id for one in list_presets()] == [kept.id])
    expect(preset.get_by_role("option", name="low and dense")).to_have_count(1)


def test_random_throws_all_but_locked_sliders(play: PlayDriver):
    play.set("warmth value", 3)
    play.press("Lock warmth")
    play.press("Lock brightness")
    play.press("Random")
    sliders = asked_now(play)["sliders"]
    assert sliders["warmth"] == 3
    assert "brightness" not in sliders
    assert "tension" not in sliders, "it is off"
    assert len(sliders) > 3
    GenerateSettings(sliders=sliders)  # positions that the program allows
    play.press("Lock brightness")
    play.press("Random")
    again = asked_now(play)["sliders"]
    assert (again["warmth"], again["brightness"] != 0) == (3, True)
    play.press("Reset all")
    assert asked_now(play)["sliders"] == {"warmth": 3}
