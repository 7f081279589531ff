"""Build the program as people install it: python3 scripts/dev.py package [OPTIONS].

    --reuse            begin with the folder that PyInstaller made before
    --one-by-one       let the self-test judge every cut by itself, which takes long
    --glibc VERSION    fail where the bundle needs a newer glibc than this; default: the one of this system
    --no-archives      make the folder only

Everything goes to dist/: the folder, on Linux a .deb and a .tar.xz, the bill of materials, the sizes, the checksums.
On Windows and macOS the folder is made here; `build/README.md` says how it becomes an installer.
"""

import argparse
import importlib.util
import json
import os
import platform
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bundle import archive, cuts, debian, elf, notices, parts, sizes
from bundle.project import BUNDLE, CONSOLE, DIST, NAME, ROOT, WORK, PackagingFailed, read_version, say

LARGEST_UNPACKED_BYTES, LARGEST_PACKED_BYTES = 975_000_000, 290_000_000  # a little more than it takes today
LINUX, WINDOWS = sys.platform == "linux", sys.platform == "win32"
ICONS = ROOT / ".cache" / "icons"


def main() -> int:
    """Build what the command line asks for; return the exit status."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--reuse", action="store_true")
    parser.add_argument("--one-by-one", action="store_true")
    parser.add_argument("--glibc", default=platform.libc_ver()[1] or "0")
    parser.add_argument("--no-archives", action="store_true")
    given = parser.parse_args()
    try:
        draw_icons()
        if not given.reuse:
            freeze()
        prune(singly=given.one_by_one)
        found = parts.all_parts(BUNDLE)
        notices.write_notices(BUNDLE, found)
        outside, floor = check_libraries(given.glibc) if LINUX else ([], "")
        hand_on([] if given.no_archives or not LINUX else pack(outside, floor), found)
    except PackagingFailed as error:
        print(f"package.py: {error}", file=sys.stderr)
        return 1
    return 0


def draw_icons() -> None:
    """Draw the icons, which live in build/icons."""
    say("Icons")
    subprocess.run([sys.executable, str(ROOT / "build/icons/render.py"), str(ICONS)], check=True)


def freeze() -> None:
    """Make the folder with PyInstaller, from nothing."""
    shutil.rmtree(DIST, ignore_errors=True)
    if WINDOWS:
        write_version_resource(ROOT / ".cache" / "version.txt")
    say("PyInstaller; some minutes")
    WORK.parent.mkdir(parents=True, exist_ok=True)
    log = WORK.with_suffix(".log")
    command = [sys.executable, "-m", "PyInstaller", "--noconfirm", "--clean", "--workpath", str(WORK)]
    with log.open("w", encoding="utf-8") as file:
        done = subprocess.run(
            [*command, "--distpath", str(DIST), str(ROOT / "build/program.spec")], check=False, stdout=file, stderr=file
        )
    if done.returncode != 0:
        raise PackagingFailed(f"PyInstaller ended with {done.returncode}; see {log}")


def write_version_resource(target: Path) -> None:
    """Write what Windows shows of a program, as PyInstaller reads it."""
    spec = importlib.util.spec_from_file_location("resource", ROOT / "build/windows/resource.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    target.write_text(module.make_resource(read_version()), "utf-8")


def prune(*, singly: bool) -> None:
    """Cut what the program does not need, with its self-test as judge."""
    if LINUX and not (BUNDLE / CONSOLE).exists():
        (BUNDLE / CONSOLE).symlink_to(NAME)
    report = DIST / "self-test.json"
    with screen() as display, tempfile.TemporaryDirectory(dir=DIST, prefix=".cut-") as aside:

        def judge() -> bool:
            accepted = display and cuts.is_accepted([str(BUNDLE / CONSOLE)], report)
            return accepted and (not LINUX or nothing_left_out(report))

        if not display:
            raise PackagingFailed("there is no screen and no Xvfb, so nobody can say whether the window still opens")
        say("Cuts, judged by the self-test")
        cuts.strip(BUNDLE)
        cuts.apply_cuts(BUNDLE, Path(aside), cuts.CUTS, judge, singly=singly)
        if LINUX:
            cuts.remove_dangling(BUNDLE)
            cuts.apply_cuts(BUNDLE, Path(aside), [cuts.sweep(BUNDLE)], judge, singly=False)
        cuts.remove_dangling(BUNDLE)
        if not judge():
            raise PackagingFailed(f"the self-test failed; see {report}")


def nothing_left_out(report: Path) -> bool:
    """Say whether every check could be made."""
    return all(check["state"] == "passed" for check in json.loads(report.read_text("utf-8"))["checks"])


@contextmanager
def screen() -> Iterator[bool]:
    """Have a screen, one without a monitor where there is no other; say whether there is one."""
    program = shutil.which("Xvfb")
    if not LINUX or os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY") or program is None:
        yield not LINUX or program is not None
        return
    reading, writing = os.pipe()
    server = subprocess.Popen(
        [program, "-displayfd", str(writing), "-screen", "0", "1440x900x24", "-nolisten", "tcp"],
        pass_fds=[writing], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    os.close(writing)
    with os.fdopen(reading) as told:
        os.environ["DISPLAY"] = f":{told.readline().strip()}"
    try:
        yield True
    finally:
        del os.environ["DISPLAY"]
        server.terminate()
        server.wait()


def check_libraries(floor: str) -> tuple[list[str], str]:
    """Return the libraries that the system has to have, and the version of glibc.

    Raises:
        PackagingFailed: one in the bundle needs a newer glibc than the floor.
    """
    elves = [elf.read_elf(path) for path in elf.find_elves(BUNDLE)]
    highest = max(elves, key=lambda one: one.glibc)
    version = ".".join(map(str, highest.glibc))
    say(f"Highest symbol of glibc: {version}, in {highest.path.relative_to(BUNDLE)}; floor {floor}")
    if highest.glibc > elf.parse_version(floor):
        raise PackagingFailed(
            f"{highest.path.name} needs glibc {version}, newer than {floor}: build on an older system"
        )
    return list(elf.find_outside(elves)), version


def pack(outside: list[str], floor: str) -> list[Path]:
    """Write .tar.xz and .deb."""
    stem = f"{NAME}-{read_version()}-{platform.machine()}"
    folder = BUNDLE.rename(DIST / stem)  # the archive's folder is named like it
    say("tar.xz")
    tar = DIST / f"{stem}.tar.xz"
    try:
        archive.pack_folder(folder, tar)
    finally:
        folder.rename(BUNDLE)
    say(".deb")
    package = DIST / f"{NAME}_{read_version()}_{debian.find_architecture()}.deb"
    with tempfile.TemporaryDirectory(dir=DIST, prefix=".deb-") as tree:
        debian.lay_out(Path(tree), BUNDLE, ICONS)
        debian.refuse_wrong_desktop_entry(Path(tree) / f"usr/share/applications/{NAME}.desktop")
        debian.build_package(Path(tree), package, debian.find_dependencies(outside, floor))
    return [tar, package]


def hand_on(files: list[Path], found: list[parts.Part]) -> None:
    """Write bill of materials, sizes and checksums.

    Raises:
        PackagingFailed: the program is larger than it may be.
    """
    bill = DIST / f"{NAME}-{read_version()}.cdx.json"
    bill.write_text(json.dumps(notices.make_bill(found), indent=2) + "\n", "utf-8")
    measured, packed = sizes.measure_parts(BUNDLE), {path.name: path.stat().st_size for path in files}
    table = sizes.write_table(measured, packed)
    (DIST / "SIZES.md").write_text(table, "utf-8")
    archive.write_checksums([*files, bill], DIST)
    print(table)
    if sum(measured.values()) > LARGEST_UNPACKED_BYTES or max(packed.values(), default=0) > LARGEST_PACKED_BYTES:
        raise PackagingFailed(
            f"the program is larger than it may be: {LARGEST_UNPACKED_BYTES / 1e6:,.0f} MB unpacked, "
            f"{LARGEST_PACKED_BYTES / 1e6:.0f} MB packed; SIZES.md tells what has grown"
        )


if __name__ == "__main__":
    sys.exit(main())
