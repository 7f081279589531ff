"""Facts that a bug report needs: versions, where things are computed and kept, and what is missing."""

import os
import platform
import re
import shutil
import sys
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from importlib import metadata
from itertools import starmap
from pathlib import Path
from typing import Any

import psutil

from engine import __version__, paths
from engine.device import count_cores
from engine.errors import EngineError
from engine.library.entries import folder_size_bytes

DISTRIBUTION = "small-dataset-audio"


@dataclass(frozen=True)
class FolderReport:
    """A folder in which something is kept.

    Attributes:
        name: What is kept there.
        path: Where it is.
        size_bytes: Of what it holds; None where there is no such folder yet.
        writable: Whether something can be put there, or the folder made.
    """

    name: str
    path: str
    size_bytes: int | None
    writable: bool


@dataclass(frozen=True)
class HrtfReport:
    """The HRTF that comes with the program.

    Attributes:
        title: What it is.
        directions: That it holds; 0 where it cannot be read.
        problem: Why it cannot be used; None where it can.
    """

    title: str
    directions: int
    problem: str | None


@dataclass(frozen=True)
class DoctorReport:
    """The state of this installation.

    Attributes:
        version: Of the program.
        python: Version of Python.
        system: Name, version and processor.
        packages: Versions of what the program stands on; None for what is missing.
        cores: Physical cores that may be used.
        memory_bytes: Of this computer.
        device: Where sound is computed, and why; None where nobody said.
        folders: Where things are kept.
        free_bytes: On the disk of the data folder.
        hrtf: That comes with the program.
        workers: What the workers said of themselves; None where there are none.
        problems: What is wrong, and what to do, each in one line.
    """

    version: str
    python: str
    system: str
    packages: Mapping[str, str | None]
    cores: int
    memory_bytes: int
    device: Mapping[str, Any] | None
    folders: tuple[FolderReport, ...]
    free_bytes: int | None
    hrtf: HrtfReport
    workers: Mapping[str, Any] | None
    problems: tuple[str, ...]

    def to_dict(self) -> dict[str, Any]:
        """Return plain values for JSON."""
        return asdict(self)


def examine_installation(
    *, device: Mapping[str, Any] | None = None, workers: Mapping[str, Any] | None = None
) -> DoctorReport:
    """Look at this installation, without torch.

    Args:
        device: What only a process with torch knows: `torch_device` and `reason`.
        workers: What is known of the workers.
    """
    packages = dict(find_packages())
    folders = tuple(starmap(_look_into, _folders()))
    hrtf = check_hrtf()
    missing = [f"{name} is not installed; install the program again" for name, found in packages.items() if not found]
    closed = [f"{one.path} cannot be written; allow access to it" for one in folders if not one.writable]
    return DoctorReport(
        version=__version__,
        python=f"{platform.python_implementation()} {platform.python_version()}{' frozen' * hasattr(sys, 'frozen')}",
        system=f"{platform.system()} {platform.release()} {platform.machine()}",
        packages=packages,
        cores=count_cores(),
        memory_bytes=psutil.virtual_memory().total,
        device=device,
        folders=folders,
        free_bytes=_free_bytes(paths.data_folder()),
        hrtf=hrtf,
        workers=workers,
        problems=(*missing, *closed, *filter(None, [hrtf.problem])),
    )


def find_packages() -> Iterator[tuple[str, str | None]]:
    """Yield the packages that the program says it stands on, and their versions; None for one that is missing."""
    try:
        wanted = metadata.requires(DISTRIBUTION) or []
    except metadata.PackageNotFoundError:
        wanted = []
    for line in wanted:
        name = re.split(r"[^A-Za-z0-9._-]", line, maxsplit=1)[0]
        system = re.search(r"""sys_platform == ["'](\w+)["']""", line)
        if "extra ==" not in line and (system is None or system[1] == sys.platform):
            yield name, _version(name)


def check_hrtf() -> HrtfReport:
    """Read the HRTF that comes with the program."""
    from engine.spatial.hrtf import KEMAR_TITLE, load_kemar  # brings scipy along

    try:
        found = load_kemar()
    except EngineError as error:
        return HrtfReport(KEMAR_TITLE, 0, error.message)
    return HrtfReport(found.title, len(found.places), None)


def _version(name: str) -> str | None:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return None


def _folders() -> Iterator[tuple[str, Path]]:
    yield "data", paths.data_folder()
    for name in ("models", "trash", "runs", "history", "sets", "outputs", "hrtfs", "exports"):
        yield name, getattr(paths, f"{name}_folder")()


def _look_into(name: str, path: Path) -> FolderReport:
    there = path.is_dir()
    nearest = next((one for one in (path, *path.parents) if one.exists()), path)
    writable = nearest.is_dir() and os.access(nearest, os.W_OK | os.X_OK)
    return FolderReport(name, str(path), folder_size_bytes(path) if there else None, writable)


def _free_bytes(path: Path) -> int | None:
    nearest = next((one for one in (path, *path.parents) if one.is_dir()), None)
    return shutil.disk_usage(nearest).free if nearest else None
