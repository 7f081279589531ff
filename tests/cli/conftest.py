"""Running `sda` inside the test, and standing in for the use cases it calls."""

import sys
from collections.abc import Callable
from dataclasses import dataclass
from types import ModuleType
from typing import Any

import pytest

from engine.cli.main import run


@dataclass(frozen=True)
class Outcome:
    """What a person, or a script, gets from a command."""

    status: int
    out: str
    err: str


@pytest.fixture
def sda(capsys: pytest.CaptureFixture[str]) -> Callable[..., Outcome]:
    """Run a command line and return what came of it."""

    def call(*arguments: object) -> Outcome:
        status = run([str(argument) for argument in arguments])
        return Outcome(status, *capsys.readouterr())

    return call


@pytest.fixture
def studio(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Put functions and classes in the place of a module of `engine.studio`."""

    def stand_in(name: str, **members: Any) -> None:
        module = ModuleType(f"engine.studio.{name}")
        module.__dict__.update(members)
        monkeypatch.setitem(sys.modules, module.__name__, module)

    return stand_in
