"""Cuts: parts that a bundle does not need, tried out with the self-test as judge."""

import shutil
import subprocess
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from bundle.elf import find_elves, find_unneeded, is_aligned, read_elf
from bundle.project import INNER, PackagingFailed, run, say

QT = f"{INNER}/PySide6"
BINDINGS = (
    "Core",
    "DBus",
    "Gui",
    "Network",
    "PrintSupport",
    "WebChannel",
    "WebEngineCore",
    "WebEngineWidgets",
    "Widgets",
)
PLUGINS = (
    "platforms/libqxcb*", "platforms/libqwayland*", "platforms/libqoffscreen*", "platforms/libqminimal.so",
    "platformthemes/libqxdgdesktopportal*", "platforminputcontexts/libcompose*", "platforminputcontexts/libibus*",
    "xcbglintegrations/*", "wayland-*/*", "iconengines/*", "imageformats/libqsvg*", "imageformats/libqico*",
    "imageformats/libqjpeg*",
)  # fmt: skip
HOST = (  # shared with drivers and services of the system, so the system's own have to be taken
    "libstdc++.so*", "libgcc_s.so*", "libX11.so*", "libX11-xcb.so*", "libXau.so*", "libXdmcp.so*", "libXext.so*",
    "libxcb-glx.so*", "libxcb-randr.so*", "libxcb-render.so*", "libxcb-shape.so*", "libxcb-shm.so*", "libxcb-sync.so*",
    "libxcb-xfixes.so*", "libxcb-xkb.so*", "libfontconfig.so*", "libfreetype.so*", "libexpat.so*", "libglib-2.0.so*",
    "libgio-2.0.so*", "libgobject-2.0.so*", "libgmodule-2.0.so*", "libgthread-2.0.so*", "libdbus-1.so*",
    "libasound.so*", "libgbm.so*", "libdrm.so*", "libudev.so*", "libsystemd.so*", "libnss3.so*", "libnssutil3.so*",
    "libsmime3.so*", "libnspr4.so*", "libplc4.so*", "libplds4.so*", "libsoftokn3.so*", "libfreebl*.so*",
    "libnssckbi.so*", "libnssdbm3.so*", "libz.so.1*", "libmvec.so*",
)  # fmt: skip

SOURCES = ("include", "share", "csrc", "test")


@dataclass(frozen=True)
class Cut:
    """Something to be left out.

    Attributes:
        name: For the person.
        patterns: Of files and folders in the bundle.
        keep: Of those that stay.
    """

    name: str
    patterns: tuple[str, ...]
    keep: tuple[str, ...] = ()


CUTS = (
    Cut("headers and sources of PyTorch", tuple(f"{INNER}/torch/{part}" for part in SOURCES)),
    Cut("tools of PyTorch", (f"{INNER}/torch/utils/benchmark",
        f"{INNER}/torch/utils/model_dump", f"{INNER}/torch/lib/libshm", f"{INNER}/torch/lib/libshm_windows",
        f"{INNER}/torch/lib/*_test.so")),
    Cut("QML", (f"{QT}/Qt/qml",)),
    Cut("translations of Qt", (f"{QT}/Qt/translations/*.qm",)),
    Cut("locales of the web engine", (f"{QT}/Qt/translations/qtwebengine_locales/*.pak",), ("*/en-US.pak",)),
    Cut("developer tools of the web engine", (f"{QT}/Qt/resources/*devtools*", f"{QT}/Qt/resources/*.debug.*")),
    Cut("bindings of Qt that nothing imports", (f"{QT}/Qt*.so",), tuple(f"*/Qt{name}.abi3.so" for name in BINDINGS)),
    Cut("plugins of Qt", (f"{QT}/Qt/plugins/*/*",), tuple(f"*/plugins/{name}" for name in PLUGINS)),
    Cut("tests of packages", tuple(f"{INNER}/{name}/**/tests" for name in ("numpy", "scipy", "sklearn", "sympy"))),
    Cut("data sets of scikit-learn", (f"{INNER}/sklearn/datasets/data", f"{INNER}/sklearn/datasets/images",
        f"{INNER}/sklearn/datasets/descr")),
    Cut("CUDA beside a PyTorch without it", (f"{INNER}/libcudart.so*",)),
    Cut("where packages were installed from", (f"{INNER}/*.dist-info/direct_url.json", f"{INNER}/*.dist-info/RECORD",
        f"{INNER}/*.dist-info/INSTALLER", f"{INNER}/*.dist-info/REQUESTED")),
    Cut("libraries that the system shares with its drivers", tuple(f"{INNER}/{name}" for name in HOST)),
)  # fmt: skip
ABSENT = {"libtorch_cuda.so", "libc10_cuda.so", "libcudart.so.12", "libcudart.so.13"}  # no CUDA: nothing loads users


def find_cut(bundle: Path, cut: Cut) -> list[Path]:
    """Return what a cut takes away, folders as such."""
    found = {path for pattern in cut.patterns for path in bundle.glob(pattern)}
    return sorted(path for path in found if not any(path.match(pattern) for pattern in cut.keep))


def apply_cuts(bundle: Path, aside: Path, cuts: Iterable[Cut], judge: Callable[[], bool], *, singly: bool) -> list[Cut]:
    """Make cuts, and take back those without which the program does not work.

    Args:
        bundle: The folder of the program.
        aside: A folder on the same disk, for what is taken away.
        cuts: To try.
        judge: Says whether the program works.
        singly: Ask after each cut; otherwise after all, and after each only where that was too much.

    Returns:
        The cuts that hold.

    Raises:
        PackagingFailed: the program does not work without any of them either.
    """
    wanted = list(cuts)
    if not singly:
        taken = [pair for cut in wanted for pair in take(bundle, aside, cut)]
        if judge():
            return wanted
        put_back(taken)
        if not judge():
            raise PackagingFailed("the self-test fails without any cut; its report says why")
        say("With all cuts the self-test fails: one after the other")
    held = []
    for cut in wanted:
        taken = take(bundle, aside, cut)
        if not taken or judge():
            held.append(cut)
        else:
            say(f"Needed after all: {cut.name}")
            put_back(taken)
    return held


def take(bundle: Path, aside: Path, cut: Cut) -> list[tuple[Path, Path]]:
    """Move what a cut takes away; return where from and where to."""
    taken = []
    for path in find_cut(bundle, cut):
        target = aside / path.relative_to(bundle)
        target.parent.mkdir(parents=True, exist_ok=True)
        path.rename(target)
        taken.append((path, target))
    return taken


def put_back(taken: list[tuple[Path, Path]]) -> None:
    """Undo `take`."""
    for path, target in taken:
        target.rename(path)


def sweep(bundle: Path) -> Cut:
    """Return the cut of libraries that nothing needs any more, or that could not be loaded, and of links to them."""
    inner = bundle / INNER
    candidates = {*inner.glob("lib*.so*"), *inner.glob("PySide6/Qt/lib/*.so*")} & set(find_elves(inner))
    candidates -= set(inner.glob("lib*scipy_openblas*")) | set(inner.glob("libpython3*"))
    elves = [read_elf(path) for path in find_elves(bundle)]
    has_cuda = any(inner.glob("torch/lib/libtorch_cuda*"))
    lame = {elf.path for elf in elves if ABSENT & set(elf.needs) and not has_cuda}
    unneeded = [*lame, *find_unneeded([elf for elf in elves if elf.path not in lame], candidates - lame)]
    broken = [path for path in inner.iterdir() if path.is_symlink() and path.resolve() in {*unneeded}]
    names = [path.relative_to(bundle).as_posix() for path in (*unneeded, *broken)]
    return Cut("libraries that nothing needs any more", tuple(names))


def remove_dangling(bundle: Path) -> None:
    """Remove links to what was cut, and folders that hold nothing any more."""
    for path in sorted(bundle.rglob("*"), reverse=True):
        if path.is_symlink():
            if not path.exists():
                path.unlink()
        elif path.is_dir() and not any(path.iterdir()):
            path.rmdir()


def strip(bundle: Path) -> None:
    """Take symbols for debuggers out of all libraries but those that could not be loaded then."""
    if shutil.which("strip"):
        for path in find_elves(bundle / INNER):
            slim = path.with_name(f"{path.name}.slim")
            run(["strip", "--strip-unneeded", "-o", str(slim), str(path)])
            if is_aligned(slim):
                shutil.copymode(path, slim)
                slim.replace(path)
            else:
                slim.unlink()


def is_accepted(command: list[str], report: Path) -> bool:
    """Let the program test itself; say whether it works."""
    with report.with_suffix(".log").open("w", encoding="utf-8") as log:
        asked = [*command, "--self-test", "--report", str(report)]
        return subprocess.run(asked, check=False, stdout=log, stderr=log).returncode == 0
