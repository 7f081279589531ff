"""The self-test of an installation: it passes where all is well, and says what is wrong where it is not."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from asking import NearRoom
from small_model import write_whole_model
from small_trades import learn_small
from trained_library import library, recordings, trained_home  # noqa: F401 - fixtures

from engine.cli.main import run
from engine.errors import ParameterError
from engine.library.store import open_catalogue
from engine.studio.models import find_model
from engine.workers import making
from engine.workers.assignment import Assignment
from engine.workers.messages import Message, Request
from engine.workers.room import EngineRoom
from webui.self_test import contents, gate, keeping, sound, window
from webui.self_test.checks import Check, LeftOut, Wrong, expect, make_checks
from webui.self_test.ground import Ground, prepared
from webui.self_test.program import CHECKS, run_self_test
from webui.server import Server

TASKS = {"render": making.render_outputs, "export": making.export_output}


class DirectGround(Ground):
    """Jobs are done here and now."""

    def finish(self, kind: str, values: Mapping[str, Any]) -> Mapping[str, Any]:
        told: list[Message] = []
        answer = TASKS[kind](Assignment(Request(1, kind, values), told.append))
        assert not isinstance(answer, tuple)
        return answer


@pytest.fixture
def ground(data_home: Path) -> Iterator[DirectGround]:
    room: Any = NearRoom()
    server = Server(room)
    yield DirectGround(data_home, room, server)
    server.close()


def small_room() -> EngineRoom:
    return EngineRoom(learn_small, learn_small)


def test_every_check_is_made_and_the_report_says_what_came_of_it():
    def fail(_: object) -> str:
        expect(False, "the sky is down")
        return ""

    def leave_out(_: object) -> str:
        raise LeftOut("no screen")

    told: list[str] = []

    def break_down(_: object) -> str:
        raise ZeroDivisionError

    checks = [Check("one", fail), Check("two", leave_out), Check("three", lambda _: "fine"), Check("four", break_down)]
    found = make_checks(checks, None, lambda finding: told.append(finding.name))
    assert told == ["one", "two", "three", "four"]
    assert [finding.state for finding in found] == ["failed", "left out", "passed", "failed"]
    assert [finding.detail for finding in found[:3]] == ["Wrong: the sky is down", "no screen", "fine"]
    assert "ZeroDivisionError" in found[3].trace


def test_what_the_program_comes_with_is_there(ground: Ground):
    assert "710 directions" in contents.check_hrtf(ground)
    assert "million weights" in contents.check_network(ground)
    assert "scripts" in contents.check_page(ground)
    assert "packages" in contents.check_packages(ground)


def test_what_is_damaged_or_missing_is_named(ground: Ground, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(contents, "KEMAR_SHA256", "0")
    monkeypatch.setattr(contents, "STATIC", tmp_path)
    monkeypatch.setattr(contents, "find_packages", lambda: [("numpy", "2.0"), ("torch", None)])
    with pytest.raises(Wrong, match="SHA-256"):
        contents.check_hrtf(ground)
    with pytest.raises(Wrong, match=r"index\.html"):
        contents.check_page(ground)
    with pytest.raises(Wrong, match="missing: torch"):
        contents.check_packages(ground)


def test_the_server_answers_its_page_only(ground: Ground, monkeypatch: pytest.MonkeyPatch):
    assert ground.server.gate.host in gate.check_api(ground)
    monkeypatch.setattr(ground.server.gate.__class__, "find_refusal", lambda *_: None)
    with pytest.raises(Wrong, match="without the cookie: 200"):
        gate.check_api(ground)


def test_a_model_outlives_a_damaged_catalogue(ground: Ground):
    ground.model = write_whole_model(ground.home).name
    with open_catalogue(print).transaction() as tables:
        tables.table("presets").insert({})
    assert "damaged" in keeping.check_catalogue(ground)
    ground.model = "gone"
    with open_catalogue(print).transaction() as tables:
        tables.table("presets").insert({})
    with pytest.raises(Wrong, match="lost"):
        keeping.check_catalogue(ground)


def test_sound_is_made_written_and_heard_by_two_ears(ground: Ground, library: Path, monkeypatch: pytest.MonkeyPatch):  # noqa: ARG001, F811
    with pytest.raises(Wrong, match="no output"):
        sound.check_formats(ground)
    with pytest.raises(Wrong, match="no model"):
        sound.check_slider(ground)
    ground.model = find_model("sax").id
    assert "%" in sound.check_slider(ground)
    assert "Opus" in sound.check_formats(ground)
    assert "between the ears" in sound.check_binaural(ground)
    monkeypatch.setattr(sound, "SECONDS", 1.0)
    with pytest.raises(Wrong, match="samples instead of"):
        sound.check_binaural(ground)


def test_without_a_screen_the_window_is_left_out(ground: Ground, monkeypatch: pytest.MonkeyPatch):
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)
    with pytest.raises(LeftOut, match="screen"):
        window.check_window(ground)


def test_a_self_test_has_a_library_of_its_own_and_leaves_nothing(data_home: Path):
    with prepared(small_room) as ground:
        assert ground.home != data_home
        assert not ground.home.exists()
        assert not ground.home.name.isascii() or not ground.home.parent.name.isascii()
    assert not ground.home.parent.exists()
    assert not data_home.exists()


def test_the_report_is_a_file(tmp_path: Path):
    report = tmp_path / "report.json"
    found = run_self_test(["page", "api"], report=report, make_room=small_room)
    assert found.passed
    written = json.loads(report.read_text("utf-8"))
    assert [check["name"] for check in written["checks"]] == ["page", "api"]
    assert written["passed"] is True
    assert written["frozen"] is False


def test_a_check_that_there_is_not_is_refused():
    with pytest.raises(ParameterError, match="'paint'; there are packages, hrtf"):
        run_self_test(["paint"], make_room=small_room)
    assert len({check.name for check in CHECKS}) == len(CHECKS)


def test_the_command_ends_with_what_was_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    defaults = {"report": None, "tell": lambda _: None, "make_room": small_room}
    monkeypatch.setattr(run_self_test, "__kwdefaults__", defaults)
    assert run(["self-test", "--only", "page"]) == 0
    assert "Nothing failed." in capsys.readouterr().out
    monkeypatch.setattr(contents, "STATIC", tmp_path)
    assert run(["self-test", "--only", "page", "--json"]) == 1
    assert json.loads(capsys.readouterr().out)["checks"][0]["state"] == "failed"
    assert run(["self-test", "--only", "paint"]) == 1
