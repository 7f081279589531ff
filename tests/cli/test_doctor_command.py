"""sda doctor: what a bug report needs, with a worker that was really started."""

import json
from pathlib import Path

import pytest
from small_trades import learn_small

from engine import __version__
from engine.workers import room


def learn_nothing() -> None:
    """What a worker's packages do that are broken; its process finds this by the name of this file."""
    raise ImportError("a package is broken")


@pytest.fixture
def no_window(monkeypatch: pytest.MonkeyPatch) -> None:
    """A system where no window can be made."""
    monkeypatch.setattr("webui.desktop.find_obstacle", lambda: "Qt needs libxcb-cursor.so.0.")


@pytest.fixture
def small_worker(monkeypatch: pytest.MonkeyPatch) -> None:
    """A worker that starts, and does not know where it computes."""
    real = room.EngineRoom
    monkeypatch.setattr(room, "EngineRoom", lambda: real(learn_small, learn_small))


def test_it_asks_a_worker_where_it_computes_and_how_long_it_took_to_start(sda, data_home: Path):
    outcome = sda("doctor", "--json")
    assert outcome.status == 0
    told = json.loads(outcome.out)
    assert told["version"] == __version__
    assert told["device"]["torch_device"] in ("cpu", "cuda", "mps")
    assert told["workers"]["player"]["start_seconds"] > 0
    assert told["packages"]["torch"]
    assert {one["name"]: one["path"] for one in told["folders"]}["data"] == str(data_home)
    assert not data_home.exists()


@pytest.mark.usefixtures("small_worker", "no_window")
def test_a_person_reads_it_line_by_line_and_what_is_wrong_last(sda):
    outcome = sda("doctor")
    assert outcome.status == 0
    lines = outcome.out.splitlines()
    assert lines[0].split() == ["program", __version__]
    assert any(line.startswith("worker    ready after") for line in lines)
    assert lines[-2:] == ["- Qt needs libxcb-cursor.so.0.", "1 problem."]


@pytest.mark.usefixtures("no_window")
def test_a_worker_that_does_not_start_is_a_problem(sda, monkeypatch: pytest.MonkeyPatch):
    real = room.EngineRoom
    monkeypatch.setattr(room, "EngineRoom", lambda: real(learn_nothing, learn_small))
    told = json.loads(sda("doctor", "--json").out)
    assert told["device"] is None
    assert "does not start; install the program again" in told["problems"][-2]
