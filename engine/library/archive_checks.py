"""Checks of a foreign archive before any of it is unpacked.

Only known names are let in, so that none leads anywhere, and the sizes that the archive claims have to be sensible;
`unpacking` counts again while it reads.
"""

import json
import re
import stat
from collections.abc import Collection
from dataclasses import dataclass
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from pydantic import TypeAdapter, ValidationError

from engine.library.entries import first_violation
from engine.library.packing import FORMAT, MANIFEST_FILE, Manifest, Part

MANIFEST_BYTES = 1 << 20  # longest manifest
ENCRYPTED = 0x1  # flag of an entry
_MANIFEST = TypeAdapter(Manifest)


class Refused(Exception):
    """A fault of an archive, and what to do about it, in the words of the message."""

    def __init__(self, reason: str, advice: str = "Ask for the file again where it comes from", code: str = "") -> None:
        """Keep the words, and a code where it is not the usual one."""
        super().__init__(reason)
        self.advice = advice
        self.code = code or "archive_refused"


@dataclass(frozen=True)
class Limits:
    """Limits of an archive: more is a mistake, or meant to do harm."""

    files: int = 64
    file_bytes: int = 16 << 30  # 12 hours of stereo recordings
    json_bytes: int = 4 << 20  # of one file that is read as a whole
    total_bytes: int = 24 << 30
    ratio: float = 200.0  # of the size of a file to the room that it takes in the archive

    def check_size(self, name: str, size: int, packed_size: int) -> None:
        """Refuse a file that is larger than allowed, or that becomes larger by unpacking than is likely.

        Raises:
            Refused: it is.
        """
        most = min(self.file_bytes, self.json_bytes) if name.endswith(".json") else self.file_bytes
        if size > most:
            raise Refused(f"its {name!r} has {size} bytes or more, and may have {most}")
        if size > self.ratio * packed_size:
            raise Refused(f"its {name!r} is packed more than {self.ratio:g} times smaller than it is")


LIMITS = Limits()


def check_archive(archive: ZipFile, known: Collection[str], limits: Limits) -> tuple[Part, ...]:
    """Return the files that an archive lists, after checking entries, manifest and sizes.

    Raises:
        Refused: something in it is not allowed.
    """
    infos = archive.infolist()
    if len(infos) > limits.files:
        raise Refused(f"it holds {len(infos)} files, and may hold {limits.files}")
    names = [info.orig_filename for info in infos]
    for info in infos:
        _check_name(info.orig_filename, {*known, MANIFEST_FILE})
        _check_kind(info)
    twice = {name for name in names if names.count(name) > 1}
    if twice:
        raise Refused(f"it holds {min(twice)!r} more than once")
    if MANIFEST_FILE not in names:
        raise Refused(f"it has no {MANIFEST_FILE}")
    parts = _read_manifest(archive).files
    if sorted([*(part.name for part in parts), MANIFEST_FILE]) != sorted(names):
        raise Refused(f"its {MANIFEST_FILE} lists other files than it holds")
    _check_sizes(archive, parts, limits)
    return parts


def _check_name(name: str, known: Collection[str]) -> None:
    """Refuse a name that is not a known one, saying what is wrong with it."""
    shown = repr(name[:100])
    if name.startswith(("/", "\\")) or re.match(r"[A-Za-z]:", name):
        raise Refused(f"its entry {shown} is an absolute path")
    if ".." in re.split(r"[/\\]", name):
        raise Refused(f"its entry {shown} leads out of its folder")
    if name not in known:
        raise Refused(f"its entry {shown} is no part of a model")


def _check_kind(info: ZipInfo) -> None:
    """Refuse links, devices, encrypted entries and unusual compression."""
    kind = stat.S_IFMT(info.external_attr >> 16)
    if kind == stat.S_IFLNK:
        raise Refused(f"its entry {info.filename!r} is a link")
    if kind not in (0, stat.S_IFREG):
        raise Refused(f"its entry {info.filename!r} is not a plain file")
    if info.flag_bits & ENCRYPTED:
        raise Refused(f"its entry {info.filename!r} is encrypted")
    if info.compress_type not in (ZIP_STORED, ZIP_DEFLATED):
        raise Refused(f"its entry {info.filename!r} is compressed in a way that is not known here")


def _read_manifest(archive: ZipFile) -> Manifest:
    """Read what an archive says of itself; a format newer than this program is refused."""
    with archive.open(MANIFEST_FILE) as packed:
        content = packed.read(MANIFEST_BYTES)
        if packed.read(1):
            raise Refused(f"its {MANIFEST_FILE} is longer than {MANIFEST_BYTES} bytes")
    found = json.loads(content)
    if not isinstance(found, dict) or type(found.get("format")) is not int:
        raise Refused(f"its {MANIFEST_FILE} has no format number")
    if found["format"] > FORMAT:
        raise Refused(
            f"a newer version of the program wrote it (format {found['format']}, this one reads up to {FORMAT})",
            "Update Small DataSet Audio",
            "archive_newer",
        )
    try:
        return _MANIFEST.validate_python(found)
    except ValidationError as error:
        raise Refused(f"its {MANIFEST_FILE} is damaged ({first_violation(error)})") from None


def _check_sizes(archive: ZipFile, parts: tuple[Part, ...], limits: Limits) -> None:
    """Refuse sizes that do not agree, or are larger than allowed."""
    for part in parts:
        info = archive.getinfo(part.name)
        if info.file_size != part.size:
            raise Refused(f"its {part.name!r} has {info.file_size} bytes, and {part.size} in its {MANIFEST_FILE}")
        limits.check_size(part.name, part.size, info.compress_size)
    total = sum(part.size for part in parts)
    if total > limits.total_bytes:
        raise Refused(f"its files have {total} bytes together, and may have {limits.total_bytes}")
