"""Files to hand on: the compressed folder, and the checksums of everything."""

import hashlib
import shutil
from collections.abc import Iterable
from pathlib import Path

from bundle.project import run

CHECKSUMS = "SHA256SUMS"
BLOCK_BYTES = 1 << 20
DATE = "2000-01-01"  # of all files: the same contents make the same archive


def pack_folder(folder: Path, target: Path) -> None:
    """Write a folder as tar.xz; owners and dates are left out."""
    tar = ["tar", "--create", "--directory", str(folder.parent), "--sort=name", f"--mtime={DATE}", "--owner=0"]
    compress = f"{shutil.which('xz') or 'xz'} --x86 --lzma2=preset=6 --threads=2"
    run(
        [*tar, "--group=0", "--numeric-owner", f"--use-compress-program={compress}", "--file", str(target), folder.name]
    )


def write_checksums(files: Iterable[Path], folder: Path) -> Path:
    """Write SHA-256 sums of files into a folder, as `sha256sum --check` reads them."""
    target = folder / CHECKSUMS
    lines = [f"{checksum(path)}  {path.name}\n" for path in sorted(files)]
    target.write_text("".join(lines), "utf-8")
    return target


def checksum(path: Path) -> str:
    """Return the SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
