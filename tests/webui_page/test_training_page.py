"""Trainings as a person drives them: a name that stays, stopped, kept and played."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from conftest import copy_demo
from page_driver import Driver
from playwright.sync_api import Browser, Route, expect

from engine.studio.models import list_models
from engine.studio.sets import create_set
from engine.workers.room import EngineRoom
from webui.server import Server

LONG_MS = 240_000


@pytest.fixture(scope="module")
def home(demo_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return copy_demo(demo_home, tmp_path_factory)


@pytest.fixture(scope="module")
def sets(server: Server, demo_recordings: Path) -> tuple[str, str]:
    """Two sets of the same recordings, "bowls" and "gongs"; the latter is the one that was made last."""
    room: EngineRoom = server.app.extensions["sda.room"]
    made = tuple(create_set(name, demo_recordings).id for name in ("bowls", "gongs"))
    room.changed("sets")
    return made[0], made[1]


@pytest.fixture
def train(browser: Browser, server: Server, sets: tuple[str, str]) -> Iterator[Driver]:
    """The form of a training, of the set "bowls"."""
    driver = Driver(browser, server)
    go_to(driver, "train", "set", sets[0])
    expect(driver.role("textbox", "Name")).to_have_value("bowls")
    yield driver
    driver.close()


def go_to(driver: Driver, *parts: str) -> None:
    driver.page.evaluate("parts => { location.hash = ['#', ...parts].join('/') }", list(parts))


def hold(driver: Driver, pattern: str) -> list[Route]:
    """Hold back what is asked for, until `let_go`."""
    held: list[Route] = []

    def keep(route: Route) -> None:  # Playwright marks a handler, which it cannot do to a method of a list
        held.append(route)

    driver.page.route(pattern, keep)
    return held


def let_go(driver: Driver, pattern: str, held: list[Route]) -> None:
    for route in held:
        route.continue_()
    driver.page.unroute(pattern)


def begin(driver: Driver, name: str, minutes: str = "10") -> None:
    """Begin a training, and wait until it learns."""
    driver.role("textbox", "Name").fill(name)
    driver.role("spinbutton", "Minutes").fill(minutes)
    driver.press("Start")
    expect(driver.role("heading", f"Learning {name}")).to_be_visible(timeout=LONG_MS)
    driver.until(lambda: any(job["curve"] for job in driver.ask("/api/jobs")["jobs"] if job["state"] == "running"), 240)


def test_a_name_that_is_typed_while_the_form_is_filled_stays(train: Driver, sets: tuple[str, str]):
    name = train.role("textbox", "Name")
    held = hold(train, "**/api/sets/*")
    go_to(train, "train", "set", sets[1])
    train.until(lambda: bool(held))
    expect(train.role("button", "Start")).to_be_disabled()
    name.fill("glass")
    let_go(train, "**/api/sets/*", held)
    expect(train.role("button", "Start")).to_be_enabled()
    expect(train.role("combobox", "Set")).to_have_value(sets[1])
    expect(name).to_have_value("glass")


def test_a_name_that_is_typed_before_its_proposal_comes_stays(train: Driver, sets: tuple[str, str]):
    held = hold(train, "**/api/models")
    train.role("combobox", "Set").select_option(sets[1])
    train.until(lambda: bool(held))
    train.role("textbox", "Name").fill("glass")
    let_go(train, "**/api/models", held)
    train.ask("/api/models")
    expect(train.role("textbox", "Name")).to_have_value("glass")


def test_what_was_typed_is_there_after_a_look_elsewhere(train: Driver, sets: tuple[str, str]):
    train.role("textbox", "Name").fill("glass")
    train.role("spinbutton", "Minutes").fill("7")
    train.role("combobox", "Set").select_option(sets[1])
    train.press("More")
    train.role("textbox", "Licence note").fill("mine")
    train.go("Library")
    train.go("Train")
    expect(train.role("button", "Start")).to_be_enabled()
    expect(train.role("combobox", "Set")).to_have_value(sets[1])
    expect(train.role("textbox", "Name")).to_have_value("glass")
    expect(train.role("spinbutton", "Minutes")).to_have_value("7")
    expect(train.role("textbox", "Licence note")).to_have_value("mine")
    go_to(train, "train", "set", sets[0])
    expect(train.role("textbox", "Name")).to_have_value("bowls")
    expect(train.role("textbox", "Licence note")).to_have_value("")
    expect(train.role("spinbutton", "Minutes")).to_have_value("7")


def test_a_training_is_stopped_kept_and_played(train: Driver):
    begin(train, "glass")
    for place in ("Collect", "Train"):
        train.go(place)
    expect(train.role("progressbar", "Training")).to_be_visible()
    train.press("Stop and keep")
    expect(train.role("heading", "glass is ready")).to_be_visible(timeout=LONG_MS)
    assert "glass" in [entry.name for entry in list_models()]
    train.press("Play it")
    expect(train.role("slider", "brightness")).to_be_visible()
    train.press("Play")
    expect(train.role("button", "Pause")).to_be_visible()
