"""The size of a bundle by package, in MB."""

from collections.abc import Iterator, Mapping
from pathlib import Path

from bundle.project import INNER

MEGABYTE = 1_000_000
LEAST_MEGABYTES = 1.0  # smaller parts are counted together
PARTS: Mapping[str, str] = {
    "torch": "PyTorch",
    "torchaudio": "torchaudio",
    "PySide6": "Qt with its web engine",
    "shiboken6": "Qt with its web engine",
    "scipy": "SciPy",
    "scipy.libs": "SciPy",
    "numpy": "NumPy",
    "numpy.libs": "NumPy",
    "netCDF4": "netCDF",
    "netcdf4.libs": "netCDF",
    "cftime": "netCDF",
    "sklearn": "scikit-learn",
    "scikit_learn.libs": "scikit-learn",
    "engine": "network and HRTF of the program",
    "webui": "page of the program",
}
OWN, LIBRARIES, REST = "program and Python modules", "libraries of the system", "everything else"


def measure_parts(bundle: Path) -> dict[str, int]:
    """Return bytes of each part of a bundle, the largest first; the parts' sum is that of all files."""
    sizes: dict[str, int] = {}
    for path, size in _files(bundle):
        part = name_part(path)
        sizes[part] = sizes.get(part, 0) + size
    small = {part for part, size in sizes.items() if size < LEAST_MEGABYTES * MEGABYTE}
    rest = sum(sizes.pop(part) for part in small)
    if rest:
        sizes[REST] = sizes.get(REST, 0) + rest
    return dict(sorted(sizes.items(), key=lambda item: -item[1]))


def name_part(path: Path) -> str:
    """Return the part that a file belongs to, by its path in the bundle."""
    parts = path.parts
    if parts[0] != INNER:
        return OWN
    top = parts[1]
    if top in PARTS:
        return PARTS[top]
    if len(parts) == 2 and ".so" in top:
        return LIBRARIES
    return OWN if top in ("base_library.zip", "python3.11", "lib-dynload") else top.partition("-")[0]


def write_table(sizes: Mapping[str, int], packed: Mapping[str, int]) -> str:
    """Return sizes as a table in Markdown.

    Args:
        sizes: Of parts, in bytes.
        packed: Of files to hand on, in bytes.
    """
    rows = [f"| {part} | {size / MEGABYTE:.1f} |" for part, size in sizes.items()]
    total = f"| **all, unpacked** | **{sum(sizes.values()) / MEGABYTE:.1f}** |"
    files = [f"| {name} | {size / MEGABYTE:.1f} |" for name, size in packed.items()]
    return "\n".join(["| part | MB |", "| --- | --- |", *rows, total, *files]) + "\n"


def _files(bundle: Path) -> Iterator[tuple[Path, int]]:
    for path in bundle.rglob("*"):
        if path.is_file() and not path.is_symlink():
            yield path.relative_to(bundle), path.stat().st_size
