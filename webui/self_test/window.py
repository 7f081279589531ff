"""The window opens and its page arrives; a second start brings the first one forward; it ends when it is told to."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from engine.paths import HOME_VARIABLE
from webui.self_test.checks import LeftOut, expect
from webui.self_test.ground import Ground, wait_for
from webui.window import toolkit

ARRIVING_SECONDS = 240.0  # on a busy computer, with every way tried
ENDING_SECONDS = 60.0
UNFROZEN = "from engine.cli.main import main; main()"


def check_window(ground: Ground) -> str:
    """Open the window in a process of its own, with a library of its own."""
    obstacle = toolkit.find_display_obstacle()
    if obstacle:
        raise LeftOut(obstacle)
    home = ground.home.with_name("window")
    begun = time.monotonic()
    with _started(home) as process:
        wait_for(lambda: process.poll() is not None or arrived(home), "the page did not arrive", ARRIVING_SECONDS)
        expect(process.poll() is None, f"the program ended with status {process.poll()}: {_said(home)}")
        seconds, way = time.monotonic() - begun, read_record(home)["way"]
        expect(way != "browser", "no window could be shown, and a browser was opened")
        second = subprocess.run(
            command_for(), env=_environment(home), capture_output=True, timeout=ARRIVING_SECONDS, check=False
        )
        expect(second.returncode == 0, f"a second start ended with status {second.returncode}")
        expect(process.poll() is None, "a second start ended the first")
        process.terminate()
        status = process.wait(ENDING_SECONDS)
        expect(status == 0 or os.name == "nt", f"told to end, the window ended with status {status}: {_said(home)}")
    return f"the page was there after {seconds:.1f} s (way: {way}); a second start brought it forward"


def command_for() -> list[str]:
    """Return the command that opens the window of this very program."""
    return [sys.executable, *(() if hasattr(sys, "frozen") else ("-c", UNFROZEN)), "app"]


def arrived(home: Path) -> bool:
    """Say whether a page has arrived."""
    return bool(read_record(home).get("arrived"))


def read_record(home: Path) -> dict[str, Any]:
    """Return what a program notes about its window; nothing where it has not yet."""
    with suppress(OSError, ValueError):
        return dict(json.loads((home / "data" / "window.json").read_text("utf-8")))
    return {}


@contextmanager
def _started(home: Path) -> Iterator["subprocess.Popen[bytes]"]:
    home.mkdir()
    with _log(home).open("wb") as log:
        process = subprocess.Popen(
            command_for(), env=_environment(home), stdin=subprocess.DEVNULL, stdout=log, stderr=log
        )
    try:
        yield process
    finally:
        if process.poll() is None:
            process.kill()
            process.wait()


def _environment(home: Path) -> dict[str, str]:
    return {**os.environ, HOME_VARIABLE: str(home / "data")}


def _log(home: Path) -> Path:
    return home / "said.txt"


def _said(home: Path) -> str:
    return " ".join(_log(home).read_text("utf-8", errors="replace").split())[-500:]
