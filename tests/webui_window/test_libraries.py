"""What Qt needs of a Linux system, and how it is said that something of it is missing."""

import os
import sys
from pathlib import Path

import pytest

from webui.window import libraries, qt
from webui.window.libraries import NEEDED, explain, find_missing, find_sandbox_obstacle, package_of

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="of Linux only")

PACKAGES = {
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libEGL.so.1": "libegl1",
    "libdbus-1.so.3": "libdbus-1-3",
    "libnss3.so": "libnss3",
    "libsmime3.so": "libnss3",
    "libXcomposite.so.1": "libxcomposite1",
    "libasound.so.2": "libasound2",
}


@pytest.mark.parametrize("library", PACKAGES)
def test_a_library_is_in_the_package_that_debian_names_after_it(library: str):
    assert package_of(library) == PACKAGES[library]


def test_every_library_that_qt_needs_is_installed_by_continuous_integration():
    script = (Path(__file__).parents[2] / ".ci" / "run").read_text("utf-8")
    assert [name for name in map(package_of, NEEDED) if f" {name} " not in script.replace("\n", " ")] == []


def test_all_that_is_missing_is_said_at_once_with_the_command_that_helps():
    missing = find_missing(["libc.so.6", "libxcb-cursor.so.99", "libnssutil3.so.none"])
    assert missing == ["libxcb-cursor.so.99", "libnssutil3.so.none"]
    error = ImportError("libnss3.so: cannot open shared object file: No such file or directory")
    said = explain(error, ["libxcb-cursor.so.0", "libnss3.so"])
    assert "libnss3.so, libxcb-cursor.so.0" in said
    assert said.endswith("sudo apt install libnss3 libxcb-cursor0.")


def test_what_is_no_missing_library_is_said_as_it_is():
    assert "No module named 'PySide6'" in explain(ModuleNotFoundError("No module named 'PySide6'"), [])


def test_qt_that_cannot_be_loaded_is_an_obstacle(monkeypatch: pytest.MonkeyPatch):
    def refuse() -> None:
        raise OSError("libxcb-cursor.so.0: cannot open shared object file: No such file or directory")

    monkeypatch.setattr(qt, "_load_platform", refuse)
    monkeypatch.setattr(qt, "import_module", lambda _: None)
    assert "libxcb-cursor0" in str(qt.find_obstacle())


@pytest.mark.parametrize("display", ["", ":4321", "nowhere.invalid:0", "nonsense"])
def test_a_display_that_is_not_there_is_found_out_beforehand(monkeypatch: pytest.MonkeyPatch, display: str):
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    monkeypatch.delenv("QT_QPA_PLATFORM", raising=False)
    monkeypatch.setenv("DISPLAY", display)
    assert qt.find_display_obstacle() == qt.NO_DISPLAY


def test_a_display_that_is_there_is_found(monkeypatch: pytest.MonkeyPatch, display: str):
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    monkeypatch.setenv("DISPLAY", display)
    assert qt.find_display_obstacle() is None


def test_a_compositor_of_wayland_is_a_display(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    monkeypatch.setenv("WAYLAND_DISPLAY", "wayland-7")
    assert not libraries.has_wayland()
    (tmp_path / "wayland-7").touch()
    assert libraries.has_wayland()


@pytest.fixture
def kernel(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """Settings of a kernel that lets programs without a profile make no sandbox; the program is not root's."""
    settings = tmp_path / "kernel"
    settings.write_text("1\n")
    monkeypatch.setattr(libraries, "NAMESPACES_OFF", ((settings, "1"),))
    monkeypatch.setattr(libraries, "OWN_PROFILE", tmp_path / "profile")
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    monkeypatch.delenv("QTWEBENGINE_DISABLE_SANDBOX", raising=False)
    return settings


def test_a_kernel_that_allows_no_sandbox_is_an_obstacle(kernel: Path):
    assert str(kernel) in str(find_sandbox_obstacle())
    kernel.write_text("0\n")
    assert find_sandbox_obstacle() is None


@pytest.mark.usefixtures("kernel")
def test_a_program_with_a_profile_of_its_own_may(tmp_path: Path):
    (tmp_path / "profile").write_text("unconfined\n\0")
    assert find_sandbox_obstacle() is not None
    (tmp_path / "profile").write_text("sda (unconfined)\n")
    assert find_sandbox_obstacle() is None


@pytest.mark.usefixtures("kernel")
def test_root_has_no_sandbox_and_no_obstacle(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    assert find_sandbox_obstacle() is None
