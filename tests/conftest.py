"""What every test stands on: no network (see pyproject.toml), an own data folder, no state left behind."""

import json
from collections.abc import Iterator
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings
from required_programs import describe_left_out, require_chromium
from tinydb.storages import Storage

from engine.library.segments import History, open_history
from engine.library.storage import Tables
from engine.library.store import Catalogue, open_catalogue

settings.register_profile("repeatable", derandomize=True, database=None, deadline=None)
settings.load_profile("repeatable")


def pytest_unconfigure(config: pytest.Config) -> None:
    """Say at the very end what was left out, why, and how to get it."""
    terminalreporter = config.pluginmanager.get_plugin("terminalreporter")
    skipped = (report.longrepr for report in terminalreporter.stats.get("skipped", [])) if terminalreporter else ()
    lines = describe_left_out(found[2] if isinstance(found, tuple) else str(found) for found in skipped)
    if lines:
        terminalreporter.section("left out")
        for line in lines:
            terminalreporter.line(line)


@pytest.fixture(autouse=True)
def data_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Move the person's data folder to a folder of the test, which does not exist yet."""
    home = tmp_path / "sda-home"
    monkeypatch.setenv("SDA_HOME", str(home))
    monkeypatch.setenv("SDA_MAKERS", "0")  # tests of makers ask for them; all others keep to their processes
    return home


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """Chromium, for all tests: Playwright runs once in a thread."""
    path = require_chromium()
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        arguments = ["--no-sandbox", "--autoplay-policy=no-user-gesture-required", "--mute-audio"]
        launched = playwright.chromium.launch(executable_path=path, args=arguments)
        yield launched
        launched.close()


class TextStorage(Storage):
    """The storage seam on memory; text rather than objects, so that nothing is shared with the caller."""

    def __init__(self) -> None:
        self.text: str | None = None

    def read(self) -> Tables | None:
        return None if self.text is None else json.loads(self.text)

    def write(self, data: Tables) -> None:
        self.text = json.dumps(data, allow_nan=False)


@pytest.fixture
def lines() -> list[str]:
    """What the `store` and `history` fixtures told the person."""
    return []


@pytest.fixture(params=["memory", "file"])
def store(request: pytest.FixtureRequest, lines: list[str]) -> Catalogue:
    """An empty catalogue, once on memory and once on a file in `data_home`."""
    if request.param == "memory":
        return Catalogue(TextStorage(), nullcontext, lines.append)
    return open_catalogue(lines.append)


@pytest.fixture(params=["memory", "file"])
def history(request: pytest.FixtureRequest, lines: list[str]) -> History:
    """An empty history, once on memory and once in files in `data_home`."""
    if request.param == "file":
        return open_history(lines.append)
    texts: dict[int, TextStorage] = {}

    def open_segment(segment: int) -> Catalogue:
        return Catalogue(texts.setdefault(segment, TextStorage()), nullcontext, lines.append)

    return History(open_segment, lambda: sorted(key for key, kept in texts.items() if kept.text), nullcontext)
