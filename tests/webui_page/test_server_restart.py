"""The program goes away under the page, and begins anew with another secret: nothing that was set is lost."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from conftest import copy_demo
from page_driver import Driver
from playwright.sync_api import Browser, expect

from engine.studio.history import list_outputs
from engine.studio.sets import create_set
from engine.workers.room import EngineRoom
from webui.server import Server

LONG_MS = 240_000


class Program:
    """Workers and server, which end and begin anew on the same port."""

    def __init__(self) -> None:
        self.begin(0)

    def begin(self, port: int) -> None:
        self.room = EngineRoom()
        self.server = Server(self.room, port=port)

    def end(self) -> None:
        self.server.close()
        self.room.close()


@pytest.fixture(scope="module")
def home(demo_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return copy_demo(demo_home, tmp_path_factory)


@pytest.fixture
def program(home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Program]:
    monkeypatch.setenv("SDA_HOME", str(home))
    made = Program()
    yield made
    made.end()


def test_the_page_outlives_the_program(browser: Browser, program: Program, few_recordings: Path):
    data_set = create_set("bowls", few_recordings).id
    driver = Driver(browser, program.server)
    set_things(driver)
    begin_a_training(driver, data_set)
    driver.expected = {401}
    port = program.server.port
    program.end()
    alert = driver.page.get_by_role("alert").filter(has_text="The program does not answer")
    expect(alert).to_be_visible()
    program.begin(port)
    other = driver.context.new_page()
    other.goto(program.server.start_address())
    driver.says("The program answers again")
    expect(alert).to_be_hidden()
    other.close()
    driver.expected = set()
    begin_another(driver)
    check_things(driver)
    driver.close()


def set_things(driver: Driver) -> None:
    driver.go("Play")
    slider = driver.role("slider", "brightness")
    slider.focus()
    driver.page.keyboard.press("End")
    driver.role("spinbutton", "Duration").fill("2")
    driver.page.keyboard.press("Enter")


def begin_a_training(driver: Driver, data_set: str) -> None:
    driver.page.evaluate("id => { location.hash = `#/train/set/${id}` }", data_set)
    expect(driver.role("textbox", "Name")).to_have_value("bowls")
    driver.role("spinbutton", "Minutes").fill("10")
    driver.press("Start")
    expect(driver.role("progressbar", "Training")).to_be_visible()


def begin_another(driver: Driver) -> None:
    """The training that went with the program is not shown as if it ran; the next can begin."""
    expect(driver.role("progressbar", "Training")).to_be_hidden()
    expect(driver.role("textbox", "Name")).to_have_value("bowls")
    expect(driver.role("spinbutton", "Minutes")).to_have_value("10")
    expect(driver.role("button", "Start")).to_be_enabled()


def check_things(driver: Driver) -> None:
    """Settings made before are there, can be rendered, and be taken back."""
    driver.go("Play")
    expect(driver.role("slider", "brightness")).to_have_attribute("aria-valuenow", "10")
    driver.press("Make")
    driver.until(lambda: [entry.seconds for entry in list_outputs().entries] == [2.0], LONG_MS / 1000)
    expect(driver.role("list", "History").get_by_role("listitem")).to_have_count(1)
    driver.press("Undo")
    driver.press("Undo")
    expect(driver.role("slider", "brightness")).to_have_attribute("aria-valuenow", "0")
