"""The person's own HRTFs, for the front doors."""

import hashlib
from pathlib import Path

from engine.library import hrtfs as kept
from engine.library.hrtfs import KeptHrtf
from engine.studio.models import open_library

__all__ = ["KeptHrtf"]


def list_hrtfs() -> list[KeptHrtf]:
    """Return the HRTFs on the list, the last added first."""
    return kept.list_hrtfs(open_library())


def find_hrtf(wanted: str) -> Path:
    """Return the file of an HRTF by its id.

    Raises:
        ParameterError: there is none.
    """
    return kept.find_hrtf(open_library(), wanted).path


def keep_hrtf(file: Path, name: str, positions: int) -> KeptHrtf:
    """Keep a SOFA file that can be used; one that is kept already is returned.

    Args:
        file: That is copied.
        name: As the person knows it.
        positions: Directions that were found in it.

    Raises:
        LibraryError: the disk refuses.
    """
    with file.open("rb") as content:
        fingerprint = hashlib.file_digest(content, "sha256").hexdigest()
    return kept.add_hrtf(open_library(), file, name, positions, fingerprint)


def hide_hrtf(wanted: str, *, hidden: bool = True) -> KeptHrtf:
    """Take an HRTF off the list, or put it back; its file stays for outputs that were made with it.

    Raises:
        ParameterError: there is none of this id.
        LibraryError: the disk refuses.
    """
    return kept.hide_hrtf(open_library(), wanted, hidden=hidden)
