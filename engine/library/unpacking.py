"""A foreign archive unpacked with distrust: bytes are counted as they come, and have to be what the manifest lists."""

import io
import os
import shutil
import struct
import zlib
from collections.abc import Callable, Collection, Iterator
from hashlib import sha256
from pathlib import Path
from zipfile import BadZipFile, ZipFile

from engine.errors import LibraryError
from engine.library.archive_checks import Limits, Refused, check_archive
from engine.library.durable import disk_refusal, flush_folder
from engine.library.packing import BLOCK_BYTES, Part

CONTENTS_BYTES = 1 << 20  # longest list of contents of a zip, which is read as a whole
DAMAGES = (BadZipFile, zlib.error, struct.error, EOFError, RuntimeError, OverflowError, ValueError)


def unpack_archive(
    source: Path,
    folder: Path,
    known: Collection[str],
    limits: Limits,
    on_progress: Callable[[float], None] | None = None,
) -> None:
    """Write the files of an archive into an empty folder; they are on the disk when this returns.

    Args:
        source: The archive.
        folder: Exists. The caller removes it when this fails.
        known: Names that files may have.
        limits: Most that is accepted.
        on_progress: Told the share that is done, 0 to 1, again and again; may raise to stop.

    Raises:
        LibraryError: it is not an archive of this program, is damaged, or holds what it must not (`archive_refused`);
            a newer version of the program wrote it (`archive_newer`); or the disk refuses.
    """
    try:
        file = _BoundedFile(source)
    except OSError as error:
        raise archive_refusal(source, Refused(f"it cannot be read ({error.strerror or error})")) from error
    try:
        with file, ZipFile(file) as archive:
            parts = check_archive(archive, known, limits)
            total, done = sum(part.size for part in parts), 0
            refuse_full_disk(source, folder, total)
            for part in parts:
                for size in _extract(archive, part, folder / part.name, limits):
                    done += size
                    if on_progress:
                        on_progress(done / total)
        flush_folder(folder)
    except Refused as reason:
        raise archive_refusal(source, reason) from None
    except DAMAGES as error:
        damage = Refused(f"it is no archive of a model, is cut off, or is damaged ({error})")
        raise archive_refusal(source, damage) from error
    except OSError as error:
        raise disk_refusal(folder, "written", error) from error


def archive_refusal(source: Path, reason: Refused) -> LibraryError:
    """Return the error for an archive that is not imported."""
    return LibraryError(f"{source} is not imported: {reason}. {reason.advice}. Nothing was changed.", code=reason.code)


def refuse_full_disk(source: Path, folder: Path, size: int) -> None:
    """Raise LibraryError where a folder's disk has less room than this many bytes."""
    free = shutil.disk_usage(folder).free
    if size > free:
        raise LibraryError(
            f"{source} needs {size / 1e6:.0f} MB, and the disk of {folder} has {free / 1e6:.0f} MB left. Free space, "
            "or choose another folder with SDA_HOME."
        )


class _BoundedFile(io.BufferedReader):
    """A file that does only what is sensible of what a damaged or hostile zip asks for."""

    def __init__(self, path: Path) -> None:
        super().__init__(io.FileIO(path))

    def read(self, size: int | None = -1) -> bytes:
        """Read up to `size` bytes, and never more than CONTENTS_BYTES at once."""
        wanted = CONTENTS_BYTES if size is None or size < 0 else size
        if wanted > CONTENTS_BYTES:
            raise Refused(f"its list of contents is longer than {CONTENTS_BYTES} bytes")
        return super().read(wanted)

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Go to a place in the file; one before its beginning is damage, and no failure of the disk."""
        try:
            return super().seek(offset, whence)
        except OSError as error:
            raise ValueError(error.strerror or str(error)) from error


def _extract(archive: ZipFile, part: Part, path: Path, limits: Limits) -> Iterator[int]:
    """Unpack one file block by block, yielding the size of each.

    Raises:
        Refused: it becomes larger than allowed, or is not what the manifest lists.
    """
    digest, size = sha256(), 0
    packed_size = archive.getinfo(part.name).compress_size
    with archive.open(part.name) as packed, path.open("xb") as out:
        while block := packed.read(BLOCK_BYTES):
            size += len(block)
            limits.check_size(part.name, size, packed_size)
            digest.update(block)
            out.write(block)
            yield len(block)
        out.flush()
        os.fsync(out.fileno())
    if size != part.size or digest.hexdigest() != part.sha256:
        raise Refused(f"its {part.name!r} is not what it was when it was exported: the file is damaged")
