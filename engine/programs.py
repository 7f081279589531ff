"""Programs of the system that this one starts."""

import os
import sys


def outer_environment() -> dict[str, str]:
    """Return the environment for programs that are not ours: without the libraries of a bundled program."""
    environment = dict(os.environ)
    original = environment.pop("LD_LIBRARY_PATH_ORIG", None)
    if original is not None:
        environment["LD_LIBRARY_PATH"] = original
    elif hasattr(sys, "frozen"):
        environment.pop("LD_LIBRARY_PATH", None)
    return environment
