"""The person's own browser, opened by the program."""

import os
import shutil
import subprocess
import sys
import webbrowser

from engine.programs import outer_environment


def open_in_browser(address: str) -> bool:
    """Open an address in the person's browser; say whether there is one. A browser in the terminal counts as none."""
    if sys.platform in ("win32", "darwin"):
        return webbrowser.open(address)
    if not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")):
        return False
    opener = shutil.which("xdg-open")
    if opener is None:
        return webbrowser.open(address)
    quiet = subprocess.DEVNULL
    subprocess.Popen([opener, address], env=outer_environment(), stdin=quiet, stdout=quiet, stderr=quiet)
    return True
