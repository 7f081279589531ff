"""A screen without a monitor, and the real window on it."""

import os
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from driven import PATIENCE_SECONDS, ROOT, Driven
from required_programs import do_without, require_program

from webui.window import qt

SCREEN = "1440x900x24"


@pytest.fixture(scope="session")
def display() -> Iterator[str]:
    """Name of an X display of 1440 by 900 that only this run of the tests uses."""
    program = require_program("Xvfb", "xvfb")
    reading, writing = os.pipe()
    command = [program, "-displayfd", str(writing), "-screen", "0", SCREEN, "-nolisten", "tcp"]
    server = subprocess.Popen(command, pass_fds=[writing], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    os.close(writing)
    with os.fdopen(reading) as told:
        number = told.readline().strip()
    assert number, "Xvfb ended at once"
    yield f":{number}"
    server.terminate()
    server.wait(PATIENCE_SECONDS)


@pytest.fixture(scope="session")
def screen(display: str) -> dict[str, str]:
    """The environment of a program that has a screen, and what Qt needs."""
    apart = ("WAYLAND_DISPLAY", "QT_QPA_PLATFORM", "SDA_HOME")
    environment = {name: value for name, value in os.environ.items() if name not in apart}
    obstacle = qt.find_obstacle()
    if obstacle:
        do_without(obstacle)
    return {**environment, "PYTHONPATH": str(ROOT), "DISPLAY": display}


@pytest.fixture
def window(screen: dict[str, str], data_home: Path, tmp_path: Path) -> Iterator[Callable[..., Driven]]:
    """Open a window that does what a test wishes; several may be open at once."""
    started: list[Driven] = []

    def start(**wishes: object) -> Driven:
        started.append(open_driven(screen, data_home, tmp_path / str(len(started)), **wishes))
        return started[-1]

    yield start
    for one in started:
        one.close()


@pytest.fixture(scope="module")
def lasting(screen: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Driven]:
    """One window for all tests of a file that leave it as it was."""
    folder = tmp_path_factory.mktemp("lasting")
    opened = open_driven(screen, folder / "sda-home", folder / "page")
    opened.read_until("arrived")
    yield opened
    opened.close()


def open_driven(screen: dict[str, str], home: Path, folder: Path, **wishes: object) -> Driven:
    log = folder.with_name(f"{folder.name}.log")
    return Driven({**screen, "SDA_HOME": str(home)}, log, folder=str(folder), **wishes)
