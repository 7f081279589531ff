"""Toolkits that make the window: Qt on Linux, WebView2 on Windows, WKWebView on macOS."""

import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

from engine.paths import data_folder
from webui.window import qt, windows
from webui.window.ways import Way


@dataclass(frozen=True)
class Toolkit:
    """How pywebview is to work on this system.

    Attributes:
        gui: That it is asked for.
        renderer: That it has to have taken; another one is refused.
        private: Whether the web engine forgets everything at the end.
        storage: Where it keeps what it does not forget; None: where it wants.
    """

    gui: Literal["qt", "cocoa", "edgechromium"]
    renderer: str
    private: bool
    storage: str | None = None


def choose_toolkit() -> Toolkit:
    """Return what makes the window here."""
    if sys.platform == "win32":
        return Toolkit("edgechromium", windows.RENDERER, private=False, storage=str(data_folder() / "webview"))
    if sys.platform == "darwin":
        return Toolkit("cocoa", "wkwebview", private=False)  # its wiping is asynchronous and can take our cookie
    return Toolkit("qt", qt.RENDERER, private=True)


def find_obstacle() -> str | None:
    """Say why no window can be made here, in one line with what helps; None where one can."""
    if sys.platform == "darwin":
        return None
    return windows.find_obstacle() if sys.platform == "win32" else qt.find_obstacle()


def find_display_obstacle() -> str | None:
    """Say that there is no screen; None where there is one."""
    return None if sys.platform in ("win32", "darwin") else qt.find_display_obstacle()


def prepare(way: Way) -> None:
    """Do what has to be done before pywebview is imported."""
    if sys.platform == "win32" and way == "plain":
        os.environ["WEBVIEW2_ADDITIONAL_BROWSER_ARGUMENTS"] = "--disable-gpu"
    elif sys.platform not in ("win32", "darwin"):
        qt.prepare(way)


def is_light() -> bool:
    """Say whether the system shows programs in light colours; after `prepare`."""
    if sys.platform == "win32":
        return windows.is_light()
    if sys.platform == "darwin":
        command = ["/usr/bin/defaults", "read", "-g", "AppleInterfaceStyle"]  # there only while it is dark
        return subprocess.run(command, capture_output=True, check=False).returncode != 0
    return qt.is_light()


def adapt(
    window: Any, origin: str, background: str, on_end: Callable[[], None]
) -> Callable[[Callable[[], None]], None]:
    """Set up what pywebview leaves open, before the window shows; in the thread of the window.

    Args:
        window: Of pywebview.
        origin: From which alone pages may come.
        background: Colour until the page is there.
        on_end: Called when the system wants the program to end.

    Returns:
        A function that lets the window's thread do something; where the system allows it from every thread, here.
    """
    if sys.platform in ("win32", "darwin"):
        return lambda errand: errand()
    qt.adapt(window.native, origin, background, on_end)
    return qt.QtErrands()


def raise_window(window: Any) -> None:
    """Bring the window to the front; in the thread of the window."""
    if sys.platform in ("win32", "darwin"):
        window.show()
        window.on_top = True
        window.on_top = False
    else:
        qt.raise_window(window.native)
