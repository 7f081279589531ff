"""Whose work is in a bundle: packages of Python that the program requires, and packages of the system."""

import ast
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

from packaging.requirements import Requirement

from bundle.project import INNER, NAME, WORK

SYSTEM_FOLDERS = ("/lib", "/usr/lib")
LICENCE_NAMES = re.compile(r"(licen[cs]e|copying|notice|copyright|authors)", re.IGNORECASE)
COPYRIGHTS = Path("/usr/share/doc")
PYTHON_LICENCE = (
    "Python Software Foundation License Version 2. Copyright (c) 2001 Python Software Foundation; All Rights Reserved. "
    "https://docs.python.org/3/license.html"
)
BOOTLOADER_LICENCE = (
    "GNU General Public License version 2 or later, with an exception that lets it start programs under any licence. "
    "https://pyinstaller.org/en/stable/license.html"
)
QT_LICENCE = (
    "Qt and PySide6 are used under the GNU Lesser General Public License version 3. Their libraries are files of their "
    f"own in {INNER}/PySide6, and can be replaced by others that fit. Qt's sources: https://download.qt.io. "
    "The web engine holds Chromium and the works listed at chrome://credits."
)


@dataclass(frozen=True)
class Part:
    """A work of others in the bundle.

    Attributes:
        name: Of the package.
        version: Of it.
        kind: "pypi", "deb" or "generic".
        licence: Its name, or a line about it.
        texts: Texts that go with it.
    """

    name: str
    version: str
    kind: str
    licence: str
    texts: tuple[str, ...] = ()


def python_parts() -> list[Part]:
    """Return the packages that the program requires on this system, directly or not, in order."""
    found: dict[str, Part] = {}
    waiting = [NAME]
    while waiting:
        for line in metadata.requires(waiting.pop()) or []:
            wanted = Requirement(line)
            name = re.sub(r"[-_.]+", "-", wanted.name).lower()
            if name in found or (wanted.marker and not wanted.marker.evaluate({"extra": ""})):
                continue
            try:
                distribution = metadata.distribution(wanted.name)
            except metadata.PackageNotFoundError:
                continue
            found[name] = Part(name, distribution.version, "pypi", licence_of(distribution), texts_of(distribution))
            waiting.append(wanted.name)
    return [found[name] for name in sorted(found)]


def licence_of(distribution: metadata.Distribution) -> str:
    """Return what a package says of its licence, in a line."""
    about = distribution.metadata
    classifiers = [line.rpartition(" :: ")[2] for line in about.get_all("Classifier") or [] if "License ::" in line]
    said = about.get("License-Expression") or ", ".join(classifiers) or (about.get("License") or "").split("\n")[0]
    return said or "see its text"


def texts_of(distribution: metadata.Distribution) -> tuple[str, ...]:
    """Return the licences that a package brings."""
    texts = [QT_LICENCE] if distribution.metadata["Name"].lower().startswith(("pyside6", "shiboken6")) else []
    for file in distribution.files or []:
        inside = ".dist-info/" in str(file) or file.parent.parent == Path()
        if inside and LICENCE_NAMES.match(file.name) and file.suffix not in (".py", ".pyc", ".so"):
            path = Path(str(file.locate()))
            if path.is_file():
                texts.append(path.read_text("utf-8", errors="replace"))
    return tuple(dict.fromkeys(texts))


def system_parts(bundle: Path) -> list[Part]:
    """Return the packages of Debian or Ubuntu whose libraries are in the bundle, in order; none on other systems."""
    if not shutil.which("dpkg-query"):
        return []
    inner = bundle / INNER
    there = {path.name for path in inner.iterdir() if ".so" in path.name}
    sources = [source for name, source in read_sources().items() if name in there]
    owners = sorted({owner for source in sources for owner in find_owners(source)})
    return [_debian_part(owner) for owner in owners]


def read_sources(work: Path = WORK) -> Mapping[str, str]:
    """Return where PyInstaller took libraries of the system from, by their names in the bundle."""
    contents = ast.literal_eval((work / "program" / "COLLECT-00.toc").read_text("utf-8"))
    entries = next(part for part in contents if isinstance(part, list) and part and isinstance(part[0], tuple))
    return {entry[0]: entry[1] for entry in entries if entry[1].startswith(SYSTEM_FOLDERS)}


def find_owners(path: str) -> Iterator[str]:
    """Yield the package that a file of the system belongs to; nothing where none says so."""
    real = Path(path).resolve()
    for name in dict.fromkeys((str(real), str(real).removeprefix("/usr"), f"/usr{path}", path)):
        done = subprocess.run(["dpkg-query", "--search", name], capture_output=True, text=True, check=False)
        if done.returncode == 0:
            yield done.stdout.partition(": ")[0].split(",")[0].partition(":")[0]
            return


def _debian_part(package: str) -> Part:
    asked = ["dpkg-query", "--show", "--showformat=${Version}\n", package]
    version = subprocess.run(asked, capture_output=True, text=True, check=False).stdout.split("\n")[0]
    copyright_file = COPYRIGHTS / package / "copyright"
    text = copyright_file.read_text("utf-8", errors="replace") if copyright_file.is_file() else ""
    names = dict.fromkeys(re.findall(r"^License: *(\S.*)$", text, re.MULTILINE))
    return Part(package, version, "deb", ", ".join(names) or "see its text", (text,) if text else ())


def all_parts(bundle: Path) -> list[Part]:
    """Return everything in a bundle that others made."""
    python = Part("python", sys.version.split()[0], "generic", "PSF-2.0", (PYTHON_LICENCE,))
    bootloader = metadata.version("pyinstaller")
    start = Part("pyinstaller-bootloader", bootloader, "generic", "GPL-2.0-or-later WITH Bootloader-exception",
                 (BOOTLOADER_LICENCE,))  # fmt: skip
    return [python, start, *python_parts(), *system_parts(bundle)]
