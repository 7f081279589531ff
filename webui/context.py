"""Surroundings of a route: the room with the workers, and the window where there is one."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Protocol, cast

from flask import current_app

from engine.workers.room import EngineRoom
from webui.opened import Opened
from webui.security import Gate

ROOM, DESKTOP, GATE, OPENED, FORWARD = "sda.room", "sda.desktop", "sda.gate", "sda.opened", "sda.forward"


class Desktop(Protocol):
    """The native window."""

    def arrived(self) -> None:
        """Take note that the page is there."""

    def choose_folder(self, title: str) -> Path | None:
        """Let the person choose a folder; None where they did not."""

    def choose_files(self, title: str) -> Sequence[Path]:
        """Let the person choose files that the program can open; none where they did not."""

    def choose_target(self, title: str, name: str) -> Path | None:
        """Let the person choose where a file is written, named like `name` at first; None where they did not."""

    def tell_closing(self) -> bool:
        """Say whether the page is to ask what becomes of the training before the window closes.

        The window takes this as a sign that the page lives.
        """

    def answer_closing(self, keep: bool | None) -> None:
        """Take the answer.

        Args:
            keep: True: stop the training, keep what was learned, then close. False: close at once; the training can
                be gone on with. None: do not close.
        """


def room() -> EngineRoom:
    """Return the room of the app that answers this request."""
    return cast(EngineRoom, current_app.extensions[ROOM])


def desktop() -> Desktop | None:
    """Return the window; None in a browser."""
    return cast("Desktop | None", current_app.extensions[DESKTOP])


def gate() -> Gate:
    """Return the gate before the app."""
    return cast(Gate, current_app.extensions[GATE])


def opened() -> Opened:
    """Return the files that a person gave to the program."""
    return cast(Opened, current_app.extensions[OPENED])


def come_forward() -> Callable[[], None] | None:
    """Return what brings the program to the front; None where it has no window and no browser of its own."""
    return cast("Callable[[], None] | None", current_app.extensions[FORWARD])


def touch(*nouns: str) -> None:
    """Say that something of these nouns has changed."""
    room().changes.touch(*nouns)
