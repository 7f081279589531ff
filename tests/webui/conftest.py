from collections.abc import Iterator
from pathlib import Path

import pytest
from asking import PORT, SECRET, NearRoom, Page
from flask import Flask
from made_outputs import make_history
from small_model import small_certificate, write_small_model

from engine.library.outputs import HistoryEntry
from webui.app import create_app


class Clock:
    """Stands still until a test moves it."""

    def __init__(self) -> None:
        self.seconds = 1_000.0

    def __call__(self) -> float:
        return self.seconds


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def room() -> Iterator[NearRoom]:
    """The player's tasks in this process."""
    room = NearRoom()
    yield room
    room.close()


@pytest.fixture
def app(room: NearRoom, clock: Clock) -> Flask:
    """The real app, with no window."""
    return create_app(room, secret=SECRET, port=PORT, clock=clock)


@pytest.fixture
def page(app: Flask) -> Page:
    """The page, let in."""
    return Page(app)


@pytest.fixture
def model(data_home: Path) -> str:
    """Id of a model with recordings, a map and a certificate."""
    return write_small_model(data_home, small_certificate()).name


@pytest.fixture
def output(data_home: Path, model: str) -> HistoryEntry:
    """A stereo second of that model in the history."""
    return make_history(data_home, model)
