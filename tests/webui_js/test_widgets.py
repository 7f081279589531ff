"""Widgets do what they promise by mouse and by keys, found by the names that a person hears."""

from collections.abc import Callable
from typing import Any

import pytest

Open = Callable[..., Any]


@pytest.fixture
def bank(open_page: Open) -> Any:
    """The first section of the specimens: a bank of sliders, a map, an output, a transport."""
    return open_page().locator("#together")


def stand(slider: Any) -> float:
    return float(slider.get_attribute("aria-valuenow"))


def drag(page: Any, start: tuple[float, float], *stops: tuple[float, float]) -> None:
    page.mouse.move(*start)
    page.mouse.down()
    for stop in stops:
        page.mouse.move(*stop, steps=6)
    page.mouse.up()


@pytest.mark.parametrize("theme", ["dark", "light"])
def test_every_specimen_shows_without_an_error(open_page: Open, theme: str) -> None:
    page = open_page(theme)
    page.wait_for_timeout(500)  # pictures arrive from the worker
    assert page.get_by_role("slider").count() > 20
    assert page.evaluate("document.documentElement.dataset.theme") == theme


def test_a_slider_is_typed_stepped_and_reset(bank: Any) -> None:
    slider = bank.get_by_role("slider", name="roughness", exact=True)
    value = bank.get_by_role("spinbutton", name="roughness value", exact=True)
    value.fill("5")
    value.press("Enter")
    assert stand(slider) == 5.0
    slider.press("ArrowRight")
    slider.press("Shift+ArrowRight")
    assert stand(slider) == 5.6
    slider.dblclick(position={"x": 60, "y": 11})
    assert stand(slider) == 0.0


def test_a_slider_takes_a_value_in_its_own_unit_and_shows_where_it_stands(bank: Any) -> None:
    slider = bank.get_by_role("slider", name="warmth", exact=True)
    value = bank.get_by_role("spinbutton", name="warmth value", exact=True)
    value.fill("-30 dB")
    value.press("Tab")
    assert -10.0 < stand(slider) < 0.0
    assert value.input_value() == "−30.0 dB"
    assert slider.get_attribute("aria-valuetext") == "−30.0 dB, certified"


def test_a_slider_is_dragged_finely_with_shift_and_put_back_with_escape(bank: Any) -> None:
    page, slider = bank.page, bank.get_by_role("slider", name="tension", exact=True)
    box = slider.bounding_box()
    before, level = stand(slider), box["y"] + 15
    page.mouse.move(box["x"] + box["width"] * 0.3, level)
    page.mouse.down()
    coarse = stand(slider)
    page.mouse.move(box["x"] + box["width"] * 0.4, level, steps=4)
    moved = stand(slider)
    page.keyboard.down("Shift")
    page.mouse.move(box["x"] + box["width"] * 0.5, level, steps=4)
    page.keyboard.up("Shift")
    assert coarse < moved < stand(slider) < moved + 0.5 * (moved - coarse)
    page.keyboard.press("Escape")
    assert stand(slider) == before
    page.mouse.up()


def test_the_wheel_moves_a_slider_only_while_it_has_the_focus(bank: Any) -> None:
    slider = bank.get_by_role("slider", name="motion", exact=True)
    before = stand(slider)
    slider.hover()
    bank.page.mouse.wheel(0, -100)
    assert stand(slider) == before
    slider.focus()
    bank.page.mouse.wheel(0, -100)
    bank.page.wait_for_function(
        "([node, was]) => Number(node.ariaValueNow) > was", arg=[slider.element_handle(), before]
    )


def test_a_slider_that_follows_its_lane_is_raised_as_a_whole(bank: Any) -> None:
    slider = bank.get_by_role("slider", name="brightness", exact=True)
    assert "follows its lane" in slider.get_attribute("aria-valuetext")
    before = stand(slider)
    slider.press("ArrowRight")
    assert stand(slider) == pytest.approx(before + 0.5, abs=0.02)
    assert "follows its lane" in slider.get_attribute("aria-valuetext")


def test_a_slider_that_is_off_says_why_and_cannot_be_moved(bank: Any) -> None:
    slider = bank.get_by_role("slider", name="texture", exact=True)
    assert slider.is_disabled()
    assert bank.get_by_text("all recordings are equally noisy").is_visible()


def test_a_number_is_typed_stepped_and_dragged(bank: Any) -> None:
    duration = bank.get_by_role("spinbutton", name="Duration", exact=True)
    duration.fill("12,5")
    duration.press("Enter")
    assert duration.input_value() == "12.5"
    duration.press("ArrowUp")
    assert duration.input_value() == "13.5"
    seed = bank.get_by_role("spinbutton", name="Seed", exact=True)
    box = seed.bounding_box()
    drag(bank.page, (box["x"] + 8, box["y"] + 10), (box["x"] + 8, box["y"] - 30))
    assert int(seed.input_value()) == 51


def test_a_number_outside_its_limits_goes_to_the_nearest_one(bank: Any) -> None:
    density = bank.get_by_role("spinbutton", name="Density", exact=True)
    density.fill("99")
    density.press("Tab")
    assert density.input_value() == "20"


def test_a_breakpoint_is_added_moved_and_deleted(bank: Any) -> None:
    lane = bank.get_by_role("application", name="Lane of brightness", exact=True)
    said = bank.locator(".lane__said")
    width = lane.bounding_box()["width"]
    lane.dblclick(position={"x": width * 0.9, "y": 12})
    assert said.inner_text().startswith("9 s") or said.inner_text().startswith("8.99 s")
    lane.press("Alt+ArrowLeft")
    assert said.inner_text().startswith("8.7")
    lane.press("Delete")
    assert said.inner_text().startswith("8.2 s")


def test_a_map_plays_stays_and_draws(open_page: Open) -> None:
    page = open_page()
    page.evaluate(
        """async () => {
            const { MapView } = await import("/static/widgets/map-view.js");
            const moments = [[-0.5, 0], [0, 0], [0.5, 0.1]].map(([x, y], at) => {
                return { file: `${at}.wav`, seconds: at, x, y, values: { b: at } };
            });
            const tell = (name) => (...what) => document.body.setAttribute(`data-${name}`, JSON.stringify(what));
            const map = new MapView({
                map: { moments, landmarks: [0, 2], x: [], y: [] },
                descriptors: [{ name: "b", unit: "", group: "time" }],
                onAudition: (_, index) => tell("audition")(index), onStay: tell("stay"), onPath: tell("path") });
            map.element.id = "own";
            document.querySelector("main").prepend(map.tools, map.element);
            map.element.style.height = "400px";
            await new Promise((done) => setTimeout(done, 200));
        }"""
    )
    told = lambda name: page.locator("body").get_attribute(f"data-{name}")  # noqa: E731
    field = page.locator("#own").get_by_role("application", name="Map", exact=True)
    box = field.bounding_box()
    middle = (box["width"] / 2, box["height"] / 2)
    field.click(position={"x": middle[0], "y": middle[1]})
    assert told("audition") == "[1]"
    field.press("ArrowRight")
    field.press("Enter")
    assert told("audition") == "[2]"
    field.press(" ")
    assert told("stay") == "[[0.5,0.1]]"
    field.click(position={"x": middle[0], "y": middle[1]}, modifiers=["Shift"])
    assert told("stay") == "[[0,0]]"
    left, top = box["x"], box["y"]
    drag(page, (left + 100, top + 60), (left + 300, top + 300), (left + 600, top + 80))
    assert told("path").count("],[") == 2
    field.press("Delete")
    assert told("path") == "[[]]"


def test_a_map_has_another_form_a_list_of_landmarks(bank: Any) -> None:
    bank.get_by_role("radio", name="As a list").check()
    assert bank.get_by_role("list", name="Landmarks").get_by_role("listitem").count() == 8
    assert not bank.get_by_role("application", name="Map", exact=True).is_visible()


def test_a_menu_is_used_by_keys(open_page: Open) -> None:
    page = open_page()
    opener = page.locator("#dialogs-menus-messages").get_by_role("button", name="More about sax")
    opener.press("ArrowDown")
    assert page.evaluate("document.activeElement.textContent").startswith("Rename")
    page.keyboard.press("s")
    assert page.evaluate("document.activeElement.textContent") == "Show in folder"
    page.keyboard.press("Escape")
    assert page.get_by_role("menu").count() == 0
    assert opener.evaluate("node => node === document.activeElement")


def test_a_dialog_has_a_name_and_closes_with_escape(open_page: Open) -> None:
    page = open_page()
    page.locator("#dialogs-menus-messages").get_by_role("button", name="Export…").click()
    dialog = page.get_by_role("dialog", name="Export")
    assert dialog.get_by_role("combobox", name="Format").is_visible()
    page.keyboard.press("Escape")
    assert not dialog.is_visible()


def test_there_is_one_live_region_and_errors_stay_until_closed(open_page: Open) -> None:
    page = open_page()
    section = page.locator("#dialogs-menus-messages")
    section.get_by_role("button", name="Say").click()
    section.get_by_role("button", name="Fail").click()
    assert page.get_by_role("status").count() == 1
    assert page.get_by_role("status").inner_text().startswith("Deleted sax.")
    page.get_by_role("status").get_by_role("button", name="Undo").click()
    assert page.get_by_role("status").inner_text() == "sax is back."
    page.get_by_role("button", name="Close message").click()
    assert page.get_by_role("alert").inner_text() == ""
