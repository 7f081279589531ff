"""One file for a whole model: a zip of plain files, with a manifest that says what has to be in it.

Written in one pass, never holding a file in memory: sound and weights are stored as they are, since they hardly become
smaller, and JSON is compressed. The manifest comes last, when sizes and hashes are known.
"""

import io
import json
import os
import stat
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from hashlib import sha256
from pathlib import Path
from typing import Annotated
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from pydantic import Field

from engine import __version__
from engine.library.durable import replace_durably

MANIFEST_FILE = "manifest.json"
FORMAT = 1
BLOCK_BYTES = 1 << 20  # read and written at once
UNDATED = (1980, 1, 1, 0, 0, 0)  # the earliest date of a zip: the same model makes the same bytes


@dataclass(frozen=True)
class Part:
    """A file in an archive."""

    name: str
    size: Annotated[int, Field(strict=True, ge=0)]  # bytes
    sha256: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]


@dataclass(frozen=True)
class Manifest:
    """The head of an archive."""

    format: int
    program: str  # version that wrote it
    files: tuple[Part, ...]


def pack_archive(
    target: Path, files: Mapping[str, Path | bytes], on_progress: Callable[[float], None] | None = None
) -> None:
    """Write files into an archive, which replaces `target` once it is complete and on the disk.

    The temporary file has a fixed name beside `target`, so a crash leaves at most one, which the next export to
    the same place takes over: writers of the same archive must exclude each other.

    Args:
        target: The archive.
        files: Name in the archive, and path or content, of each file.
        on_progress: Told the share that is done, 0 to 1, again and again; may raise to stop.

    Raises:
        OSError: a file cannot be read, or the archive not be written; `target` is as it was.
    """
    temporary = target.with_name(target.name + ".new")
    total, done = sum(map(_size, files.values())), 0

    def tell(size: int) -> None:
        nonlocal done
        done += size
        if on_progress:
            on_progress(done / total)

    try:
        with temporary.open("wb") as file:
            with ZipFile(file, "w") as archive:
                parts = tuple(_add(archive, name, path, tell) for name, path in files.items())
                manifest = asdict(Manifest(FORMAT, __version__, parts))
                archive.writestr(_info(MANIFEST_FILE), json.dumps(manifest, ensure_ascii=False, indent=1))
            file.flush()
            os.fsync(file.fileno())
        replace_durably(temporary, target)
    finally:
        temporary.unlink(missing_ok=True)


def _size(source: Path | bytes) -> int:
    return len(source) if isinstance(source, bytes) else source.stat().st_size


def _add(archive: ZipFile, name: str, source: Path | bytes, tell: Callable[[int], None]) -> Part:
    """Copy a file, or what is to be one, into an archive block by block."""
    info, digest, size = _info(name), sha256(), 0
    info.file_size = _size(source)  # decides whether its header has room for a size above 2 GB
    opened = io.BytesIO(source) if isinstance(source, bytes) else source.open("rb")
    with opened as file, archive.open(info, "w") as packed:
        while block := file.read(BLOCK_BYTES):
            packed.write(block)
            digest.update(block)
            size += len(block)
            tell(len(block))
    return Part(name, size, digest.hexdigest())


def _info(name: str) -> ZipInfo:
    info = ZipInfo(name, UNDATED)
    info.compress_type = ZIP_DEFLATED if name.endswith(".json") else ZIP_STORED
    info.external_attr = (stat.S_IFREG | 0o644) << 16
    return info
