"""Libraries that Qt needs of a Linux system, and those that are missing: found out before Qt ends the program."""

import ctypes
import os
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

NEEDED = (
    "libxkbcommon-x11.so.0", "libxcb-cursor.so.0", "libxcb-icccm.so.4", "libxcb-image.so.0", "libxcb-keysyms.so.1",
    "libxcb-randr.so.0", "libxcb-render-util.so.0", "libxcb-xinerama.so.0", "libxcb-shape.so.0", "libEGL.so.1",
    "libGL.so.1", "libnss3.so", "libdbus-1.so.3", "libasound.so.2", "libXcomposite.so.1", "libXdamage.so.1",
    "libXtst.so.6", "libxkbfile.so.1",
)  # fmt: skip
ELSEWHERE = {"libnssutil3.so": "libnss3", "libsmime3.so": "libnss3"}  # whose package has another name
NAMESPACES_OFF = (
    (Path("/proc/sys/kernel/apparmor_restrict_unprivileged_userns"), "1"),
    (Path("/proc/sys/kernel/unprivileged_userns_clone"), "0"),
    (Path("/proc/sys/user/max_user_namespaces"), "0"),
)
OWN_PROFILE = Path("/proc/self/attr/current")  # of AppArmor; a packaged program has one that allows namespaces


def find_missing(libraries: Iterable[str] = NEEDED) -> list[str]:
    """Return the libraries that cannot be loaded."""
    return [name for name in libraries if not can_load(name)]


def can_load(library: str) -> bool:
    """Say whether a library can be loaded."""
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


def explain(error: Exception, missing: list[str]) -> str:
    """Return why Qt cannot be used, and the command that helps.

    Args:
        error: Of the loader.
        missing: From NEEDED.
    """
    named = re.match(r"(lib\S+?\.so[.\d]*): cannot open shared object", str(error))
    libraries = list(dict.fromkeys([*(named.groups() if named else ()), *missing]))
    if not libraries:
        return f"Qt cannot be used here: {error}."
    packages = " ".join(dict.fromkeys(map(package_of, libraries)))
    return (
        f"Qt, which makes the window, needs what is not installed: {', '.join(libraries)}. "
        f"On Debian and Ubuntu: sudo apt install {packages}."
    )


def package_of(library: str) -> str:
    """Return the Debian package of a library, by the rule that its policy has for their names."""
    name, _, version = library.partition(".so")
    hyphen = "-" if name[-1].isdigit() and version else ""
    return ELSEWHERE.get(library, f"{name}{hyphen}{version.lstrip('.')}".lower())


def has_display() -> bool:
    """Say whether there is a screen to show a window on: of Wayland, or of X."""
    return has_wayland() or bool(os.environ.get("DISPLAY") and answers_x())


def has_wayland() -> bool:
    """Say whether a Wayland compositor is there."""
    name = os.environ.get("WAYLAND_DISPLAY")
    return bool(name) and (Path(os.environ.get("XDG_RUNTIME_DIR", "/")) / str(name)).exists()


def answers_x() -> bool:
    """Say whether the X server lets this program in; Qt would end the program where it does not."""
    try:
        xcb = ctypes.CDLL("libxcb.so.1")
    except OSError:
        return False
    xcb.xcb_connect.restype = ctypes.c_void_p
    connection = ctypes.c_void_p(xcb.xcb_connect(None, None))
    failed = xcb.xcb_connection_has_error(connection) != 0
    xcb.xcb_disconnect(connection)
    return not failed


def find_sandbox_obstacle() -> str | None:
    """Say why Qt's web engine cannot wall off its processes; None where it can, or does not (for root)."""
    if os.geteuid() == 0 or os.environ.get("QTWEBENGINE_DISABLE_SANDBOX") == "1":
        return None
    closed = list(_closed_doors())
    if not closed:
        return None
    return (
        f"The web engine cannot wall off its processes: {closed[0]} forbids it. "
        "Install the packaged program, or let an administrator allow user namespaces."
    )


def _closed_doors() -> Iterator[Path]:
    """Yield the settings of the kernel that forbid user namespaces to this program."""
    for path, value in NAMESPACES_OFF:
        if _read(path) == value and not (path == NAMESPACES_OFF[0][0] and _has_own_profile()):
            yield path


def _has_own_profile() -> bool:
    return _read(OWN_PROFILE) not in ("", "unconfined")


def _read(path: Path) -> str:
    try:
        return path.read_text("utf-8").strip("\0\n ")
    except (OSError, ValueError):
        return ""
