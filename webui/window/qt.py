"""The window on Linux: Qt with its web engine. Qt is imported here only, inside functions: it may not be there."""

import os
import signal
from collections.abc import Callable
from importlib import import_module
from itertools import islice
from pathlib import Path
from typing import Any

from webui.window.libraries import explain, find_missing, find_sandbox_obstacle, has_display, has_wayland
from webui.window.ways import Way

RENDERER = "qtwebengine"
HEADLESS = ("offscreen", "minimal", "vnc", "eglfs", "linuxfb")  # platforms of Qt without a server of windows
FRAME_HEIGHT = 40  # of a title, about, in pixels of the page
MOST_RELOADS = 3  # of a page whose process crashes
NO_DISPLAY = "There is no screen to show a window on."


def find_obstacle() -> str | None:
    """Say why there can be no window; None where there can. Imports Qt."""
    try:
        for part in ("QtWebEngineCore", "QtWebEngineWidgets", "QtWebChannel", "QtNetwork"):
            import_module(f"PySide6.{part}")
        _load_platform()
    except (ImportError, OSError) as error:
        return explain(error, find_missing())
    return find_sandbox_obstacle()


def find_display_obstacle() -> str | None:
    """Say that there is no screen; None where there is one."""
    headless = os.environ.get("QT_QPA_PLATFORM", "").partition(":")[0] in HEADLESS
    return None if headless or has_display() else NO_DISPLAY


def _load_platform() -> None:
    """Load the part of Qt that talks to the screen.

    Raises:
        OSError: a library that it needs is missing; Qt itself would end the program.
    """
    import ctypes

    from PySide6 import QtCore

    folder = Path(QtCore.QLibraryInfo.path(QtCore.QLibraryInfo.LibraryPath.PluginsPath)) / "platforms"
    ctypes.CDLL(str(next(folder.glob("libqwayland*.so" if has_wayland() else "libqxcb.so"))))


def prepare(way: Way) -> None:
    """Make the application of Qt, before pywebview does.

    Args:
        way: Whether the graphics card is used.
    """
    os.environ["QT_API"] = "pyside6"
    if has_wayland():
        os.environ.setdefault("QT_QPA_PLATFORM", "wayland;xcb")
    if os.geteuid() == 0:
        os.environ["QTWEBENGINE_DISABLE_SANDBOX"] = "1"  # Chromium's sandbox refuses to work for root
    if way == "plain":
        flags = os.environ.get("QTWEBENGINE_CHROMIUM_FLAGS", "")
        os.environ["QTWEBENGINE_CHROMIUM_FLAGS"] = f"{flags} --disable-gpu".strip()
    import_module("PySide6.QtWebEngineCore")  # refuses to be imported once there is an application
    from PySide6 import QtWidgets

    application = QtWidgets.QApplication(["sda"])  # the person's arguments are none of Qt's or Chromium's
    application.setApplicationName("small-dataset-audio")
    application.setApplicationDisplayName("Small DataSet Audio")
    application.setDesktopFileName("small-dataset-audio")


def is_light() -> bool:
    """Say whether the page will take the system for light, as the web engine does where the system says nothing.

    There has to be an application.
    """
    from PySide6 import QtCore, QtGui

    return QtGui.QGuiApplication.styleHints().colorScheme() != QtCore.Qt.ColorScheme.Dark


class QtErrands:
    """Lets other threads do something in the thread of the window; made in that thread."""

    def __init__(self) -> None:
        from PySide6 import QtCore

        class Errands(QtCore.QObject):
            asked = QtCore.Signal(object)

            @QtCore.Slot(object)
            def run(self, errand: Callable[[], None]) -> None:
                errand()

        self._errands = Errands()
        self._errands.asked.connect(self._errands.run)

    def __call__(self, errand: Callable[[], None]) -> None:
        """Let the window's thread do something, as soon as it can."""
        self._errands.asked.emit(errand)


def adapt(native: Any, origin: str, background: str, on_end: Callable[[], None]) -> None:
    """Set up what pywebview leaves open, before the window shows; in its thread.

    Args:
        native: The main window as pywebview made it.
        origin: From which alone pages may come.
        background: Colour until the page is there.
        on_end: Called on SIGINT and SIGTERM.
    """
    from PySide6 import QtGui

    page = native.webview.page()
    page.setBackgroundColor(QtGui.QColor(background))
    page.featurePermissionRequested.disconnect(page.onFeaturePermissionRequested)  # it grants microphone and camera
    page.nav_handler = None  # no page opens another window
    page.navigationRequested.connect(lambda request: keep_here(request, origin))
    reloads = iter(range(MOST_RELOADS))
    page.renderProcessTerminated.connect(lambda *_: [native.load_url(f"{origin}/") for _ in islice(reloads, 1)])
    fit(native, QtGui.QGuiApplication.primaryScreen().availableGeometry())
    native.webview.setFocus()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda *_: on_end())


def fit(native: Any, room: Any) -> None:
    """Let a window be no larger than its screen, frame included, and in the middle of it."""
    width, height = min(native.width(), room.width()), min(native.height(), room.height() - FRAME_HEIGHT)
    native.resize(width, height)
    native.move(room.x() + (room.width() - width) // 2, room.y() + (room.height() - height - FRAME_HEIGHT) // 2)


def keep_here(request: Any, origin: str) -> None:
    """Refuse to leave the program's own page: a file that was dropped beside its place, a link."""
    if not request.url().toString().startswith(f"{origin}/"):
        request.reject()


def raise_window(native: Any) -> None:
    """Bring the window to the front; in its thread."""
    from PySide6 import QtCore

    native.setWindowState(native.windowState() & ~QtCore.Qt.WindowState.WindowMinimized)
    native.show()
    native.raise_()
    native.activateWindow()
