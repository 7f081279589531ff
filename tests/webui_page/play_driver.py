"""Drives the place Play: settings, outputs, undo; and tells what the page asked for."""

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import numpy as np
import soundfile
from listening import LISTEN
from numpy.typing import NDArray
from page_driver import Driver
from playwright.sync_api import Browser, Locator, expect

from engine.studio.history import HistoryEntry, list_outputs
from webui.server import Server

LONG_MS = 120_000


class PlayDriver(Driver):
    """The place Play, with short outputs.

    Attributes:
        previews: What was asked of `/api/previews`, the oldest first.
    """

    def __init__(self, browser: Browser, server: Server, *, seconds: float = 1.0) -> None:
        super().__init__(browser, server, script=LISTEN)
        self.previews: list[dict[str, Any]] = []
        self.page.on("request", self._note)
        self.go("Play")
        expect(self.role("slider", "brightness")).to_be_visible()
        self.set("Duration", seconds)

    def set(self, name: str, value: float) -> None:
        """Write a number of the transport, or the value of a slider."""
        field = self.role("spinbutton", name)
        field.fill(str(value))
        field.press("Enter")

    def undo(self) -> None:
        """Take the last step back, by its key."""
        self.page.evaluate("document.activeElement.blur()")
        self.page.keyboard.press("Control+z")

    def make(self) -> HistoryEntry:
        """Make an output, and return it; it is heard to its end, a loop is held."""
        known = {entry.id for entry in list_outputs().entries}
        self.press("Make")
        self.until(lambda: len(list_outputs().entries) > len(known))
        (made,) = [entry for entry in list_outputs().entries if entry.id not in known]
        expect(self.output(made)).to_be_visible(timeout=LONG_MS)
        self.says(f"Output {made.number} is made")
        if made.settings["loop"]:
            self.press("Pause")
        expect(self.role("button", "Play")).to_be_visible()
        return made

    def output(self, entry: HistoryEntry) -> Locator:
        """Return an output's line in the history."""
        return self.role("list", "History").get_by_role("listitem", name=f"Output {entry.number},", exact=False)

    def choose(self, menu: str, item: str) -> None:
        """Open a menu, and choose from it; a key may stand behind the name."""
        self.press(menu)
        self.page.get_by_role("menuitem", name=re.compile(f"^{re.escape(item)}")).click()

    def _note(self, request: Any) -> None:
        if urlsplit(request.url).path == "/api/previews" and request.method == "POST":
            self.previews.append(json.loads(request.post_data))


@contextmanager
def playing(browser: Browser, server: Server, *, seconds: float = 1.0) -> Iterator[PlayDriver]:
    """Open the place Play, and leave it again."""
    driver = PlayDriver(browser, server, seconds=seconds)
    yield driver
    driver.close()


def read_samples(entry: HistoryEntry) -> NDArray[np.float32]:
    """Return the first channel of an output's file."""
    samples, _ = soundfile.read(Path(entry.file), dtype="float32", always_2d=True)
    return samples[:, 0]
