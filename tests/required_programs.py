"""Programs of the system that some tests need: a browser, a screen without a monitor."""

import os
import shutil

import pytest

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "chrome")


def require_program(name: str, package: str) -> str:
    """Return a program's path; without it the test is skipped, and fails where CI=true, whose .ci/run installs it."""
    found = shutil.which(name)
    if found is None:
        do_without(f"{name} is not installed; on Debian and Ubuntu: sudo apt install {package}")
    return str(found)


def require_chromium() -> str:
    """Return the path of a Chromium, which SDA_CHROMIUM may name; see `require_program`."""
    named = os.environ.get("SDA_CHROMIUM")
    if named and os.access(named, os.X_OK):
        return named
    return next(filter(None, map(shutil.which, BROWSERS)), None) or require_program(BROWSERS[0], "chromium")


def do_without(reason: str) -> None:
    """Skip the test that runs; in continuous integration, fail it."""
    if os.environ.get("CI") == "true":
        pytest.fail(reason)
    pytest.skip(reason)
