"""The person's own HRTFs: SOFA files kept under ids of ours, each once."""

import shutil
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Annotated

from pydantic import Field, TypeAdapter, ValidationError
from tinydb import TinyDB, where

from engine.errors import ParameterError
from engine.library.durable import disk_refusal
from engine.library.entries import Count, Identifier, new_id, now_iso
from engine.library.store import Catalogue
from engine.paths import hrtfs_folder

HRTFS_TABLE = "hrtfs"
SUFFIX = ".sofa"


@dataclass(frozen=True)
class KeptHrtf:
    """An HRTF of the person's own.

    Attributes:
        id: Made here.
        name: Of the file that it came from.
        positions: Directions that it holds.
        fingerprint: SHA-256 of the file.
        created: When it was added, ISO 8601, UTC.
        hidden: Whether the person took it off the list; it stays for outputs that were made with it.
    """

    id: Identifier
    name: Annotated[str, Field(min_length=1)]
    positions: Count
    fingerprint: str
    created: str
    hidden: bool = False

    @property
    def path(self) -> Path:
        """The file."""
        return hrtfs_folder() / f"{self.id}{SUFFIX}"


_KEPT = TypeAdapter(KeptHrtf)


def list_hrtfs(catalogue: Catalogue) -> list[KeptHrtf]:
    """Return the HRTFs on the list whose files are there, the last added first.

    Raises:
        LibraryError: the catalogue cannot be read.
    """
    return [one for one in reversed(_read(catalogue.snapshot(), catalogue)) if one.path.is_file() and not one.hidden]


def find_hrtf(catalogue: Catalogue, wanted: str) -> KeptHrtf:
    """Return an HRTF by its id, also one that is off the list.

    Raises:
        ParameterError: there is none (`hrtf_unknown`).
        LibraryError: the catalogue cannot be read.
    """
    return _pick(_read(catalogue.snapshot(), catalogue), wanted)


def hide_hrtf(catalogue: Catalogue, wanted: str, *, hidden: bool = True) -> KeptHrtf:
    """Take an HRTF off the list, or put it back on it, and return it.

    Raises:
        ParameterError: there is none (`hrtf_unknown`).
        LibraryError: the catalogue cannot be written.
    """
    with catalogue.transaction() as tables:
        found = replace(_pick(_read(tables, catalogue), wanted), hidden=hidden)
        tables.table(HRTFS_TABLE).update(asdict(found), where("id") == found.id)
    return found


def _pick(kept: list[KeptHrtf], wanted: str) -> KeptHrtf:
    found = next((one for one in kept if one.id == wanted and one.path.is_file()), None)
    if found is None:
        raise ParameterError(
            f"hrtf = {wanted[:40]!r}: there is none of this id; add the SOFA file, or choose none for the HRTF that "
            "comes with the program",
            code="hrtf_unknown",
            field="hrtf",
        )
    return found


def add_hrtf(catalogue: Catalogue, file: Path, name: str, positions: int, fingerprint: str) -> KeptHrtf:
    """Keep a SOFA file; one that is kept already is put on the list and returned.

    Args:
        catalogue: Of the person.
        file: That is copied.
        name: As the person knows it.
        positions: Directions that were found in it.
        fingerprint: SHA-256 of the file.

    Raises:
        LibraryError: the disk refuses.
    """
    with catalogue.transaction() as tables:
        known = [one for one in _read(tables, catalogue) if one.fingerprint == fingerprint and one.path.is_file()]
        if known:
            back = replace(known[0], hidden=False)
            tables.table(HRTFS_TABLE).update(asdict(back), where("id") == back.id)
            return back
        added = KeptHrtf(new_id(), name, positions, fingerprint, now_iso())
        try:
            added.path.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(file, added.path)
        except OSError as error:
            raise disk_refusal(added.path, "written", error) from error
        tables.table(HRTFS_TABLE).insert(asdict(added))
    return added


def _read(tables: TinyDB, catalogue: Catalogue) -> list[KeptHrtf]:
    """Return all records in the order they were added; one that cannot be read is reported and passed over."""
    found = []
    for record in tables.table(HRTFS_TABLE).all():
        try:
            found.append(_KEPT.validate_python(dict(record)))
        except ValidationError:
            catalogue.report(f"the record of HRTF {record.get('name', record.doc_id)!r} is damaged and is left out.")
    return found
