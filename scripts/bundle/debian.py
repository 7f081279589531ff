"""The package for Debian, Ubuntu and their relatives: the bundle, its place in menus, and its file type."""

import platform
import shutil
import subprocess
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from string import Template

from bundle.parts import find_owners
from bundle.project import CONSOLE, NAME, ROOT, SUMMARY, PackagingFailed, read_homepage, read_version, run

SOURCES = ROOT / "build" / "linux"
PLACE = Path("usr/lib") / NAME
SCRIPTS = ("postinst", "prerm", "postrm")
SIZES = (16, 24, 32, 48, 64, 128, 256, 512)
LIBRARY_FOLDERS = ("/usr/lib/x86_64-linux-gnu", "/lib/x86_64-linux-gnu", "/usr/lib/aarch64-linux-gnu", "/lib")
WORDS = {"x86_64": "amd64", "aarch64": "arm64"}


def find_dependencies(outside: Iterable[str], glibc: str) -> list[str]:
    """Return the packages that hold libraries, in order; that of glibc with its version.

    Args:
        outside: Names of libraries, such as libEGL.so.1.
        glibc: The lowest version of glibc.

    Raises:
        PackagingFailed: no package on this system has one of them.
    """
    packages = set()
    for name in outside:
        paths = [Path(folder) / name for folder in LIBRARY_FOLDERS if (Path(folder) / name).exists()]
        owners = {owner for path in paths for owner in find_owners(str(path))}
        if not owners:
            raise PackagingFailed(f"{name} is needed, and no package installed here has it")
        packages |= owners
    return [f"libc6 (>= {glibc})", *sorted(packages - {"libc6"})]


def lay_out(tree: Path, bundle: Path, icons: Path) -> None:
    """Lay everything where it will be on a computer, but for control files.

    Args:
        tree: An empty folder: the root of the package.
        bundle: The program; its files are linked, not copied.
        icons: With icon-SIZE.png and icon.svg.
    """
    shutil.copytree(bundle, tree / PLACE, symlinks=True, copy_function=_link)
    (tree / "usr/bin").mkdir(parents=True)
    for name in (NAME, CONSOLE):
        (tree / "usr/bin" / name).symlink_to(f"../lib/{NAME}/{name}")
    _fill(SOURCES / "app.desktop", tree / f"usr/share/applications/{NAME}.desktop")
    _fill(SOURCES / "metainfo.xml", tree / f"usr/share/metainfo/{NAME}.metainfo.xml")
    _fill(SOURCES / "mime.xml", tree / f"usr/share/mime/packages/{NAME}.xml")
    _fill(SOURCES / "apparmor", tree / f"usr/share/{NAME}/apparmor")
    documents = tree / f"usr/share/doc/{NAME}"
    documents.mkdir(parents=True)
    shutil.copy2(ROOT / "LICENSE", documents / "copyright")
    shutil.copy2(ROOT / "CHANGELOG.md", documents / "changelog")
    pictures = tree / "usr/share/icons/hicolor"
    for size in SIZES:
        _copy(icons / f"icon-{size}.png", pictures / f"{size}x{size}/apps/{NAME}.png")
    _copy(icons / "icon.svg", pictures / f"scalable/apps/{NAME}.svg")


def build_package(tree: Path, target: Path, depends: Sequence[str]) -> None:
    """Write the package.

    Args:
        tree: From `lay_out`; its control files are added.
        target: The .deb.
        depends: From `find_dependencies`.
    """
    control = tree / "DEBIAN"
    control.mkdir()
    files = [path for path in tree.rglob("*") if path.is_file() and not path.is_symlink()]
    (control / "control").write_text(make_control(depends, sum(path.stat().st_size for path in files)), "utf-8")
    for name in SCRIPTS:
        _fill(SOURCES / name, control / name)
        (control / name).chmod(0o755)
    for folder in [tree, *(path for path in tree.rglob("*") if path.is_dir() and not path.is_symlink())]:
        folder.chmod(0o755)
    run(["dpkg-deb", "--root-owner-group", "-Zxz", "-z6", "--threads-max=2", "--build", str(tree), str(target)])


def make_control(depends: Sequence[str], size_bytes: int) -> str:
    """Return the control file."""
    homepage = f"Homepage: {read_homepage()}\n" if read_homepage() else ""
    return (
        f"Package: {NAME}\nVersion: {read_version()}\nArchitecture: {find_architecture()}\nSection: sound\n"
        f"Priority: optional\nMaintainer: Small DataSet Audio <noreply@localhost>\n"
        f"Installed-Size: {size_bytes // 1024 + 1}\n"
        f"Depends: {', '.join(depends)}\nRecommends: xdg-utils\n{homepage}Description: {SUMMARY}\n"
        " It works on this computer, offline, and has no sound in it but yours.\n"
    )


def find_architecture() -> str:
    """Return what Debian calls this computer's processor."""
    return WORDS.get(platform.machine(), platform.machine())


def _fill(source: Path, target: Path) -> None:
    """Write a file from a source with $version, $date and so on in it."""
    words = {
        "version": read_version(),
        "date": datetime.now(UTC).date().isoformat(),
        "place": f"/{PLACE}",
        "name": NAME,
    }
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(Template(source.read_text("utf-8")).safe_substitute(words), "utf-8")
    target.chmod(0o644)


def _copy(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(source, target)
    target.chmod(0o644)


def _link(source: str, target: str) -> None:
    Path(target).hardlink_to(source)


def refuse_wrong_desktop_entry(path: Path) -> None:
    """Let the system's own program check a desktop entry, where there is one.

    Raises:
        PackagingFailed: it finds something.
    """
    if shutil.which("desktop-file-validate"):
        done = subprocess.run(["desktop-file-validate", str(path)], capture_output=True, text=True, check=False)
        if done.returncode != 0:
            raise PackagingFailed(f"the desktop entry is wrong: {done.stdout.strip()}")
