"""Programs of the system that some tests need: second readers of sound, a browser, a screen without a monitor."""

import os
import re
import shutil
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

import pytest

INSTALL = "on Debian and Ubuntu: sudo apt install "
ADVICE = re.compile(rf"(?P<what>.*?); {INSTALL}(?P<packages>[\w. -]+)$")
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "chrome")


def require_program(name: str, package: str) -> str:
    """Return a program's path; without it the test is skipped, and fails where CI=true, whose .ci/run installs it."""
    found = shutil.which(name)
    if found is None:
        do_without(f"{name} is not installed; {INSTALL}{package}")
    return str(found)


def require_chromium() -> str:
    """Return the path of a Chromium, which SDA_CHROMIUM may name; see `require_program`."""
    named = os.environ.get("SDA_CHROMIUM")
    if named and os.access(named, os.X_OK):
        return named
    return next(filter(None, map(shutil.which, BROWSERS)), None) or require_program(BROWSERS[0], "chromium")


def find_node() -> str:
    """Return the path of the node that Playwright brings: the tests' packages include it, and it knows modules."""
    import playwright

    return str(Path(playwright.__file__).parent / "driver" / ("node.exe" if os.name == "nt" else "node"))


def do_without(reason: str) -> None:
    """Skip the test that runs; in continuous integration, fail it."""
    if os.environ.get("CI") == "true":
        pytest.fail(reason)
    pytest.skip(reason)


def describe_left_out(reasons: Iterable[str]) -> list[str]:
    """Return in lines what a run of the tests left out, why, and how to get it; nothing where it left out nothing.

    Args:
        reasons: Of the tests that were skipped, one each.
    """
    counted = Counter(reason.removeprefix("Skipped: ") for reason in reasons)
    if not counted:
        return []
    advised = {reason: found for reason in counted if (found := ADVICE.fullmatch(reason))}
    lines = [f"{total} left out: {advised[reason]['what'] if reason in advised else reason}"
             for reason, total in counted.most_common()]  # fmt: skip
    packages = sorted({package for found in advised.values() for package in found["packages"].split()})
    return [*lines, f"To run these too, {INSTALL}{' '.join(packages)}"] if packages else lines
