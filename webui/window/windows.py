"""The window on Windows: WebView2. It is looked for first: without it, pywebview takes Internet Explorer's engine."""

import sys
from contextlib import suppress

DOTNET = 394_802  # release number of .NET 4.6.2
WEBVIEW2 = "{F3017226-FE2A-4295-8BDF-00C3A9A7E4C5}"
RENDERER = "edgechromium"


def find_obstacle() -> str | None:
    """Say why there can be no window; None where there can."""
    if _read(r"SOFTWARE\Microsoft\NET Framework Setup\NDP\v4\Full", "Release") < DOTNET:
        return "The window needs .NET Framework 4.6.2 or newer. Install it from microsoft.com."
    clients = (rf"SOFTWARE\{part}Microsoft\EdgeUpdate\Clients\{WEBVIEW2}" for part in ("WOW6432Node\\", ""))
    if not any(_read(client, "pv") for client in clients):
        return "The window needs Microsoft Edge WebView2. Install its runtime from microsoft.com."
    return None


def is_light() -> bool:
    """Say whether the system shows programs in light colours."""
    return bool(_read(r"SOFTWARE\Microsoft\Windows\CurrentVersion\Themes\Personalize", "AppsUseLightTheme"))


def _read(path: str, name: str) -> int:
    """Return a whole number of the registry, the person's first; of a version the sum of its parts; 0 for none."""
    if sys.platform == "win32":
        import winreg

        for root in (winreg.HKEY_CURRENT_USER, winreg.HKEY_LOCAL_MACHINE):
            with suppress(OSError), winreg.OpenKey(root, path) as key:
                value = winreg.QueryValueEx(key, name)[0]
                return value if isinstance(value, int) else sum(int(part) for part in value.split("."))
    return 0
