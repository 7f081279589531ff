"""Programs and libraries of Linux in a folder, read with readelf: needs, versions of glibc, and how parts lie."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from bundle.project import run

MAGIC = b"\x7fELF"
Version = tuple[int, ...]


@dataclass(frozen=True)
class Elf:
    """A program or library.

    Attributes:
        path: Its file.
        needs: Names of libraries that the loader looks for.
        glibc: The highest version of a symbol of glibc that it asks for; empty for none.
    """

    path: Path
    needs: tuple[str, ...]
    glibc: Version


def find_elves(folder: Path) -> list[Path]:
    """Return all programs and libraries in a folder, each once."""
    files = (path for path in sorted(folder.rglob("*")) if path.is_file() and not path.is_symlink())
    return [path for path in files if _starts_with_magic(path)]


def read_elf(path: Path) -> Elf:
    """Read one of them."""
    return parse_elf(path, run(["readelf", "-dVW", str(path)], env={"LC_ALL": "C", "PATH": "/usr/bin:/bin"}))


def parse_elf(path: Path, told: str) -> Elf:
    """Read what `readelf -dVW` says."""
    needs = tuple(re.findall(r"\(NEEDED\)\s+Shared library: \[([^\]]+)\]", told))
    asked = told.partition("Version needs section")[2]
    versions = [parse_version(found) for found in re.findall(r"Name: GLIBC_([\d.]+)", asked)]
    return Elf(path, needs, max(versions, default=()))


def is_aligned(path: Path) -> bool:
    """Return whether the loader takes all parts of a library; patched ones of wheels may lose that by `strip`."""
    return are_aligned(run(["readelf", "-lW", str(path)], env={"LC_ALL": "C", "PATH": "/usr/bin:/bin"}))


def are_aligned(told: str) -> bool:
    """Return whether every part lies as far into its page in the file as in memory, by what `readelf -lW` says."""
    parts = re.findall(r"^ +LOAD +(0x\w+) (0x\w+) .* (0x\w+)$", told, re.MULTILINE)
    return all((int(offset, 16) - int(address, 16)) % int(page, 16) == 0 for offset, address, page in parts)


def parse_version(text: str) -> Version:
    """Return "2.34" as (2, 34)."""
    return tuple(int(part) for part in text.split("."))


def find_unneeded(elves: list[Elf], candidates: set[Path]) -> list[Path]:
    """Return the candidates that nothing else needs, directly or by way of others.

    Args:
        elves: All programs and libraries of a bundle.
        candidates: Libraries that are there only because something needs them.
    """
    by_name: dict[str, list[Elf]] = {}
    for elf in elves:
        by_name.setdefault(elf.path.name, []).append(elf)
    waiting = [elf for elf in elves if elf.path not in candidates]
    reached = {elf.path for elf in waiting}
    while waiting:
        for name in waiting.pop().needs:
            fresh = [elf for elf in by_name.get(name, []) if elf.path not in reached]
            reached.update(elf.path for elf in fresh)
            waiting.extend(fresh)
    return sorted(candidates - reached)


def find_outside(elves: list[Elf]) -> Iterator[str]:
    """Yield the names of libraries that the system has to have, in order."""
    inside = {elf.path.name for elf in elves}
    yield from sorted({name for elf in elves for name in elf.needs} - inside)


def _starts_with_magic(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(len(MAGIC)) == MAGIC
