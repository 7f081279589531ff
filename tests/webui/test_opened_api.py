"""Files that a person gave to the program, a second start, and what only a native window can do."""

from collections.abc import Sequence
from pathlib import Path

import pytest
from asking import PORT, SECRET, NearRoom, Page, error_of
from flask import Flask

from webui import context
from webui.app import create_app
from webui.opened import MOST_FILES, Opened


@pytest.fixture
def opened(app: Flask) -> Opened:
    return app.extensions[context.OPENED]


@pytest.fixture
def sounds(tmp_path: Path) -> list[Path]:
    paths = [tmp_path / name for name in ("säx.wav", "b.SDA", "head.sofa")]
    for path in paths:
        path.write_bytes(path.name.encode())
    return paths


def test_files_wait_until_the_page_has_taken_them(page: Page, opened: Opened, sounds: list[Path]):
    assert opened.add(sounds) == []
    listed = page.get("/api/opened").get_json()["opened"]
    assert [(one["name"], one["kind"]) for one in listed] == [
        ("säx.wav", "sound"),
        ("b.SDA", "model"),
        ("head.sofa", "hrtf"),
    ]
    answer = page.get(f"/api/opened/{listed[0]['id']}")
    assert answer.data == "säx.wav".encode()
    assert answer.content_type == "application/octet-stream"
    answer.close()
    assert page.delete(f"/api/opened/{listed[0]['id']}").status_code == 200
    assert [one["name"] for one in page.get("/api/opened").get_json()["opened"]] == ["b.SDA", "head.sofa"]
    assert error_of(page.get(f"/api/opened/{listed[0]['id']}"))["code"] == "opened_unknown"
    assert sounds[0].exists()


def test_a_file_that_went_away_is_unknown(page: Page, opened: Opened, sounds: list[Path]):
    opened.add(sounds)
    (first, *_) = opened.list()
    sounds[0].unlink()
    refused = page.get(f"/api/opened/{first.id}")
    assert (refused.status_code, error_of(refused)["code"]) == (404, "opened_unknown")


def test_what_cannot_be_opened_is_refused_by_name(opened: Opened, tmp_path: Path):
    (tmp_path / "notes.txt").write_text("x")
    (tmp_path / "folder.wav").mkdir()
    lines = opened.add([tmp_path / "notes.txt", tmp_path / "folder.wav", tmp_path / "gone.wav", Path("a\0.wav")])
    assert [line.partition(": ")[2] for line in lines] == [
        "is no sound, model (.sda) or HRTF (.sofa); add folders in the page",
        "there is no such file",
        "there is no such file",
        "there is no such file",
    ]
    assert opened.list() == []


def test_there_is_a_limit(opened: Opened, sounds: list[Path]):
    lines = opened.add(sounds[:1] * (MOST_FILES + 1))
    assert len(opened.list()) == MOST_FILES
    assert len(lines) == 1


def test_a_second_start_brings_files_and_lets_the_first_come_forward(app: Flask, page: Page, sounds: list[Path]):
    came: list[str] = []
    app.extensions[context.FORWARD] = lambda: came.append("forward")
    before = page.get("/api/state").get_json()
    files = [str(sounds[0]), str(sounds[0].with_name("gone.wav"))]
    answer = page.post("/api/system/forward", {"files": files}).get_json()
    assert answer["refused"] == [f"{files[1]}: there is no such file"]
    assert came == ["forward"]
    assert [one["name"] for one in page.get("/api/opened").get_json()["opened"]] == ["säx.wav"]
    after = page.get(f"/api/state?since={before['version']}").get_json()
    assert after["revisions"]["opened"] > before["revisions"]["opened"]


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("forward", {"files": []}),
        ("choose-folder", {}),
        ("choose-files", {}),
        ("choose-target", {"name": "a.wav"}),
        ("close", {"keep": False}),
    ],
)
def test_a_program_for_a_browser_has_no_window(page: Page, path: str, body: dict[str, object]):
    refused = page.post(f"/api/system/{path}", body)
    assert (refused.status_code, error_of(refused)["code"]) == (404, "not_found")


class StillWindow:
    """A window that does nothing but take note."""

    def __init__(self, chosen: Path) -> None:
        self.chosen = chosen
        self.closing = False
        self.asked: list[object] = []

    def arrived(self) -> None:
        self.asked.append("arrived")

    def choose_folder(self, title: str) -> Path | None:
        self.asked.append(title)
        return self.chosen.parent

    def choose_files(self, title: str) -> Sequence[Path]:
        self.asked.append(title)
        return [self.chosen]

    def choose_target(self, title: str, name: str) -> Path | None:
        self.asked.append((title, name))
        return None

    def tell_closing(self) -> bool:
        self.asked.append("lives")
        return self.closing

    def answer_closing(self, keep: bool | None) -> None:
        self.asked.append(keep)


class TestWithAWindow:
    @pytest.fixture
    def still(self, sounds: list[Path]) -> StillWindow:
        return StillWindow(sounds[0])

    @pytest.fixture
    def page(self, still: StillWindow) -> Page:
        return Page(create_app(NearRoom(), secret=SECRET, port=PORT, desktop=still))

    def test_the_page_is_told_to_ask_and_answers(self, page: Page, still: StillWindow):
        assert page.get("/api/state").get_json()["closing"] is False
        still.closing = True
        assert page.get("/api/state").get_json()["closing"] is True
        for keep in (True, False, None):
            assert page.post("/api/system/close", {"keep": keep}).status_code == 200
        assert page.post("/api/system/close", {"keep": "yes"}).status_code == 422
        assert still.asked == ["lives", "lives", True, False, None]

    def test_every_look_at_the_state_is_a_sign_of_life(self, page: Page, still: StillWindow):
        version = page.get("/api/state").get_json()["version"]
        assert page.get(f"/api/state?since={version}").get_json()["closing"] is None
        assert still.asked == ["lives", "lives"]

    def test_dialogs_are_asked_for(self, page: Page, still: StillWindow, sounds: list[Path]):
        assert page.post("/api/system/choose-folder", {"title": "a"}).get_json() == {"folder": str(sounds[0].parent)}
        assert page.post("/api/system/choose-files", {"title": "b"}).get_json() == {"refused": []}
        assert [one["name"] for one in page.get("/api/opened").get_json()["opened"]] == ["säx.wav"]
        target = {"title": "c", "name": "../../sketch.wav"}
        assert page.post("/api/system/choose-target", target).get_json() == {"file": None}
        assert still.asked == ["a", "b", ("c", "sketch.wav")]
