"""Programs of the system that this one starts, and how this one ends."""

import atexit
import os
import sys
from collections.abc import Callable
from contextlib import suppress
from typing import NoReturn

_last_acts: list[Callable[[], None]] = []


def outer_environment() -> dict[str, str]:
    """Return the environment for programs that are not ours: without the libraries of a bundled program."""
    environment = dict(os.environ)
    original = environment.pop("LD_LIBRARY_PATH_ORIG", None)
    if original is not None:
        environment["LD_LIBRARY_PATH"] = original
    elif hasattr(sys, "frozen"):
        environment.pop("LD_LIBRARY_PATH", None)
    return environment


def do_at_the_end(act: Callable[[], None]) -> None:
    """Call a function when this program ends, by itself or by `end_at_once`."""
    atexit.register(act)
    _last_acts.append(act)


def end_at_once(status: int) -> NoReturn:
    """End this program without Python's own end, which may wait for threads; what is left to do is done."""
    for act in _last_acts:
        with suppress(OSError):
            act()
    os._exit(status)
