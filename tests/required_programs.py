"""Programs of the system that some tests need: a browser, a screen without a monitor."""

import os
import shutil

import pytest


def require_program(name: str, package: str) -> str:
    """Return a program's path; without it the test is skipped, and fails where CI=true, whose .ci/run installs it."""
    found = shutil.which(name)
    if found is None:
        do_without(f"{name} is not installed; on Debian and Ubuntu: sudo apt install {package}")
    return str(found)


def do_without(reason: str) -> None:
    """Skip the test that runs; in continuous integration, fail it."""
    if os.environ.get("CI") == "true":
        pytest.fail(reason)
    pytest.skip(reason)
