import sys
from pathlib import Path

import pytest

from engine.errors import LibraryError
from engine.programs import outer_environment
from engine.studio import reveal


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "a b.wav"
    path.write_bytes(b"")
    return path


@pytest.mark.parametrize(
    ("system", "wanted"),
    [("win32", ["explorer", "/select,"]), ("darwin", ["open", "-R"])],
)
def test_the_file_is_chosen_where_the_system_can(
    monkeypatch: pytest.MonkeyPatch, file: Path, system: str, wanted: list[str]
):
    monkeypatch.setattr(sys, "platform", system)
    assert reveal.find_command(file) == [*wanted, str(file)]
    assert reveal.find_command(file.parent) == [wanted[0], str(file.parent)]


def test_on_linux_its_folder_is_opened(monkeypatch: pytest.MonkeyPatch, file: Path):
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setattr("shutil.which", lambda name: f"/usr/bin/{name}")
    assert reveal.find_command(file) == ["/usr/bin/xdg-open", str(file.parent)]
    assert reveal.find_command(file.parent) == ["/usr/bin/xdg-open", str(file.parent)]


def test_without_a_file_manager_that_is_said(monkeypatch: pytest.MonkeyPatch, file: Path):
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setattr("shutil.which", lambda _: None)
    with pytest.raises(LibraryError, match="no file manager") as refused:
        reveal.show_in_folder(file)
    assert refused.value.code == "no_file_manager"


def test_what_is_not_there_is_not_shown(tmp_path: Path):
    with pytest.raises(LibraryError, match="not there"):
        reveal.show_in_folder(tmp_path / "nowhere")


def test_a_program_outside_gets_its_own_libraries_back(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("LD_LIBRARY_PATH", "/bundle")
    monkeypatch.setenv("LD_LIBRARY_PATH_ORIG", "/system")
    environment = outer_environment()
    assert environment["LD_LIBRARY_PATH"] == "/system"
    assert "LD_LIBRARY_PATH_ORIG" not in environment


def test_of_a_bundle_without_such_libraries_none_are_left(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("LD_LIBRARY_PATH", "/bundle")
    monkeypatch.delenv("LD_LIBRARY_PATH_ORIG", raising=False)
    assert outer_environment()["LD_LIBRARY_PATH"] == "/bundle"
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    assert "LD_LIBRARY_PATH" not in outer_environment()
