import subprocess
from pathlib import Path

import pytest
from asking import PORT, SECRET, NearRoom, Page, error_of
from small_library import make_folder

from engine import __version__
from engine.errors import EngineError
from engine.library.outputs import HistoryEntry
from engine.settings import GenerateSettings
from webui.app import create_app


class Window:
    """A native window that a test can look into."""

    def __init__(self, folder: Path | None = None) -> None:
        self.arrivals = 0
        self.titles: list[str] = []
        self.folder = folder

    def arrived(self) -> None:
        self.arrivals += 1

    def choose_folder(self, title: str) -> Path | None:
        self.titles.append(title)
        return self.folder


def page_in(window: Window, room: NearRoom) -> Page:
    return Page(create_app(room, secret=SECRET, port=PORT, desktop=window))


def test_says_what_a_page_needs_at_its_start(page: Page, data_home: Path):
    found = page.get("/api/system").get_json()
    assert found["version"] == __version__
    assert found["desktop"] is False
    assert found["first_run"] is True
    assert found["data_folder"] == str(data_home)
    assert found["device"]["torch_device"] in ("cpu", "cuda", "mps")


def test_the_first_run_is_over_with_the_first_model_even_a_deleted_one(page: Page):
    make_folder("a1", "sax")
    assert page.get("/api/system").get_json()["first_run"] is False
    page.delete("/api/models/a1")
    assert page.get("/api/system").get_json()["first_run"] is False


def test_a_player_that_does_not_answer_is_no_reason_to_wait(
    page: Page, room: NearRoom, monkeypatch: pytest.MonkeyPatch
):
    def refuse(*_: object, timeout_seconds: float) -> dict:
        assert timeout_seconds <= 1.0
        raise EngineError("slow", code="worker_slow")

    monkeypatch.setattr(room, "ask", refuse)
    assert page.get("/api/system").get_json()["device"] is None
    assert page.get("/api/system/doctor").get_json()["device"] is None


def test_a_player_that_is_starting_is_not_asked(page: Page, room: NearRoom, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(room, "describe", lambda: {"player": {"state": "starting"}, "trainer": None})
    assert page.get("/api/system").get_json()["device"] is None
    assert room.asked == []


def test_the_doctor_knows_versions_folders_and_the_hrtf(page: Page, data_home: Path):
    found = page.get("/api/system/doctor").get_json()
    assert found["packages"]["flask"].startswith("3.")
    assert found["packages"]["torch"]
    assert found["folders"][0] == {"name": "data", "path": str(data_home), "size_bytes": None, "writable": True}
    assert (found["hrtf"]["problem"], found["hrtf"]["directions"]) == (None, 710)
    assert found["workers"]["player"]["state"] == "ready"
    assert found["problems"] == []


def test_the_window_learns_that_the_page_is_there(room: NearRoom):
    window = Window()
    assert page_in(window, room).post("/api/system/arrived").get_json() == {}
    assert window.arrivals == 1


def test_in_a_browser_nobody_waits_for_the_page(page: Page):
    assert page.post("/api/system/arrived").status_code == 200


def test_a_folder_is_chosen_in_the_window_only(page: Page, room: NearRoom, tmp_path: Path):
    window = Window(tmp_path)
    assert page_in(window, room).post("/api/system/choose-folder", {"title": "Where to"}).get_json() == {
        "folder": str(tmp_path)
    }
    assert window.titles == ["Where to"]
    assert page_in(Window(), room).post("/api/system/choose-folder").get_json() == {"folder": None}
    assert page.post("/api/system/choose-folder").status_code == 404


class TestReveal:
    @pytest.fixture
    def shown(self, monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
        """Commands that would have been started."""
        started: list[list[str]] = []
        monkeypatch.setattr("engine.studio.reveal.find_command", lambda path: ["show", str(path)])
        monkeypatch.setattr(subprocess, "Popen", lambda command, **_: started.append(command))
        return started

    def test_shows_an_output_a_model_and_a_folder(
        self, page: Page, data_home: Path, output: HistoryEntry, model: str, shown: list[list[str]]
    ):
        for wanted in ({"history": output.id}, {"model": model}, {"folder": "data"}):
            assert page.post("/api/system/reveal", wanted).status_code == 200
        assert [command[1] for command in shown] == [output.file, str(data_home / "models" / model), str(data_home)]

    @pytest.mark.parametrize("wanted", [{}, {"history": "1", "model": "a"}, {"folder": "/etc"}])
    def test_takes_one_thing(self, page: Page, wanted: dict, shown: list[list[str]]):
        assert page.post("/api/system/reveal", wanted).status_code == 422
        assert shown == []

    @pytest.mark.parametrize("wanted", [{"history": "1"}, {"model": "a"}, {"folder": "export"}])
    def test_what_is_not_there_is_404(self, page: Page, wanted: dict, shown: list[list[str]]):
        assert page.post("/api/system/reveal", wanted).status_code == 404
        assert shown == []

    def test_without_a_file_manager_the_place_is_said(
        self, page: Page, output: HistoryEntry, monkeypatch: pytest.MonkeyPatch
    ):
        monkeypatch.setattr("engine.studio.reveal.find_command", lambda _: None)
        error = error_of(page.post("/api/system/reveal", {"history": output.id}))
        assert error["code"] == "no_file_manager"
        assert output.file in error["message"]


def test_settings_are_those_that_are_declared(page: Page):
    found = page.get("/api/settings").get_json()
    assert set(found["generate"]) == set(GenerateSettings.model_fields)
    density = found["generate"]["density"]
    assert (density["kind"], density["minimum"], density["maximum"], density["default"]) == ("curve", 0.1, 20.0, 2.0)
    assert found["space_sliders"] == ["width", "distance"]
    assert (found["edge"], found["limit"]) == (1.0, 10.0)
    assert {one["name"] for one in found["formats"]} == {"wav", "flac", "ogg", "opus", "mp3"}
