"""Names, folders and the version that the steps of packaging share; engine/__init__.py alone states the version."""

import os
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
NAME, CONSOLE, TITLE = "small-dataset-audio", "sda", "Small DataSet Audio"
DIST, WORK = ROOT / "dist", ROOT / ".cache" / "pyinstaller"
BUNDLE = DIST / NAME
INNER = "_internal"  # folder of PyInstaller in the bundle
SUMMARY = "Learns a small collection of your own recordings and makes new sound from it"
HOMEPAGE_VARIABLE = "SDA_HOMEPAGE"  # a release workflow knows it; nothing else does


class PackagingFailed(Exception):
    """A step did not come to a good end; the message says what to do."""


def read_version() -> str:
    """Return the version of the program."""
    found = re.search(r'^__version__ = "([^"]+)"', (ROOT / "engine/__init__.py").read_text("utf-8"), re.MULTILINE)
    assert found, "engine/__init__.py states the version"
    return found[1]


def read_homepage() -> str:
    """Return where the program is published; empty where nobody said."""
    return os.environ.get(HOMEPAGE_VARIABLE, "")


def say(line: str) -> None:
    """Tell what happens."""
    print(f"[package] {line}", file=sys.stderr, flush=True)


def run(command: list[str], **options: object) -> str:
    """Run a command and return what it printed.

    Raises:
        PackagingFailed: it ended with another status than 0, or there is no such program.
    """
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False, **options)  # type: ignore[call-overload]
    except FileNotFoundError:
        raise PackagingFailed(f"{command[0]} is not installed, and this step needs it") from None
    if done.returncode != 0:
        raise PackagingFailed(f"{' '.join(command)} ended with {done.returncode}: {done.stderr.strip()[-600:]}")
    return str(done.stdout)
