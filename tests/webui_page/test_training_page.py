"""Trainings as a person drives them: a name that stays, stopped and kept, lost and gone on with, outputs fed back."""

import os
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from conftest import copy_demo
from page_driver import Driver
from playwright.sync_api import Browser, expect

from engine.paths import models_folder
from engine.studio.models import list_models
from engine.studio.sets import create_set
from engine.workers.room import EngineRoom
from webui.server import Server

LONG_MS = 240_000


@pytest.fixture(scope="module")
def home(demo_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return copy_demo(demo_home, tmp_path_factory)


@pytest.fixture(scope="module")
def sets(server: Server, few_recordings: Path) -> tuple[str, str]:
    """Two sets of the same recordings, "bowls" and "gongs"; the latter is the one that was made last."""
    room: EngineRoom = server.app.extensions["sda.room"]
    made = tuple(create_set(name, few_recordings).id for name in ("bowls", "gongs"))
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


def begin(driver: Driver, name: str) -> None:
    """Begin a training, and wait until it learns."""
    driver.role("textbox", "Name").fill(name)
    driver.role("spinbutton", "Minutes").fill("10")
    driver.press("Start")
    wait_until_it_learns(driver, name)


def wait_until_it_learns(driver: Driver, name: str) -> None:
    expect(driver.role("heading", f"Learning {name}")).to_be_visible(timeout=LONG_MS)
    driver.until(lambda: any(job["curve"] for job in running_jobs(driver)), LONG_MS / 1000)


def running_jobs(driver: Driver) -> list[dict[str, Any]]:
    return [job for job in driver.ask("/api/jobs")["jobs"] if job["state"] == "running"]


def test_a_name_that_is_typed_while_the_form_is_filled_stays(train: Driver, sets: tuple[str, str]):
    name = train.role("textbox", "Name")
    held = train.hold("**/api/sets/*")
    go_to(train, "train", "set", sets[1])
    train.until(lambda: bool(held))
    expect(train.role("button", "Start")).to_be_disabled()
    name.fill("glass")
    train.let_go("**/api/sets/*", held)
    expect(train.role("button", "Start")).to_be_enabled()
    expect(train.role("combobox", "Set")).to_have_value(sets[1])
    expect(name).to_have_value("glass")


def test_a_name_that_is_typed_before_its_proposal_comes_stays(train: Driver, sets: tuple[str, str]):
    held = train.hold("**/api/models")
    train.role("combobox", "Set").select_option(sets[1])
    train.until(lambda: bool(held))
    train.role("textbox", "Name").fill("glass")
    train.let_go("**/api/models", held)
    train.ask("/api/models")
    expect(train.role("textbox", "Name")).to_have_value("glass")


def test_a_proposal_that_comes_under_the_caret_is_replaced_by_what_is_typed(train: Driver, sets: tuple[str, str]):
    name = train.role("textbox", "Name")
    held = train.hold("**/api/models")
    train.role("combobox", "Set").select_option(sets[1])
    train.until(lambda: bool(held))
    name.focus()
    train.let_go("**/api/models", held)
    expect(name).to_have_value("gongs")
    train.page.keyboard.insert_text("glass")
    expect(name).to_have_value("glass")


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


def test_a_training_is_lost_gone_on_with_stopped_kept_and_played(train: Driver, server: Server):
    room: EngineRoom = server.app.extensions["sda.room"]
    begin(train, "glass")
    os.kill(room.describe()["trainer"]["pid"], signal.SIGKILL)
    expect(train.role("heading", "The training of glass was cut off")).to_be_visible(timeout=LONG_MS)
    train.press("Go on")
    wait_until_it_learns(train, "glass")
    for place in ("Collect", "Train"):
        train.go(place)
    expect(train.role("progressbar", "Training")).to_be_visible()
    train.press("Stop and keep")
    expect(train.role("heading", "glass is ready")).to_be_visible(timeout=LONG_MS)
    assert [entry.name for entry in list_models()].count("glass") == 1
    train.press("Play it")
    expect(train.role("slider", "brightness")).to_be_visible()
    train.press("Play")
    expect(train.role("button", "Pause")).to_be_visible()


def test_an_output_is_fed_back(train: Driver):
    train.go("Play")
    train.role("spinbutton", "Duration").fill("2")
    train.page.keyboard.press("Enter")
    train.press("Make")
    items = train.role("list", "History").get_by_role("listitem")
    expect(items.first).to_be_visible(timeout=LONG_MS)
    items.first.get_by_role("button", name="More about").click()
    train.role("menuitem", "Learn from it").click()
    expect(train.page.get_by_role("heading", name="Feed outputs back into")).to_be_visible()
    train.role("spinbutton", "Minutes").fill("0.1")
    train.press("Start")
    expect(train.role("button", "Play it")).to_be_enabled(timeout=LONG_MS)
    grown = max(list_models(all_versions=True), key=lambda entry: entry.created)
    assert (grown.version, grown.synthetic_seconds > 0) == (2, True)
    assert (models_folder() / grown.id).is_dir()
