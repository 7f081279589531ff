"""Data sets: recordings under a name, in a folder of the person's or kept here, and which of them are left out.

A set is a record of the catalogue. The same is written as CARD_FILE into the set's folder, first, so that recordings
kept there are found again when the catalogue is lost; as long as there is a record, it counts.
"""

import json
import os
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated, Any

from pydantic import Field, TypeAdapter, ValidationError
from tinydb import TinyDB

from engine.errors import LibraryError
from engine.library.entries import Identifier, first_violation
from engine.library.store import Catalogue
from engine.paths import sets_folder

SETS_TABLE = "sets"
CARD_FILE = "set.json"
FORMAT = 1
FILES, REMOVED = "files", "removed"  # folders of a set: its own recordings, and those that were taken out of it


@dataclass(frozen=True)
class DataSet:
    """Recordings under a name."""

    id: Identifier
    name: Annotated[str, Field(min_length=1)]  # unique; case makes no difference
    created: str  # ISO 8601, UTC
    folder: str | None = None  # of the person; None: the recordings are kept in the set's own folder
    left_out: tuple[str, ...] = ()  # names relative to the recordings' folder, with forward slashes
    deleted: str | None = None  # ISO 8601, UTC, when it went to the trash

    @property
    def home(self) -> Path:
        """The set's own folder, for what the program keeps of it."""
        return sets_folder() / self.id

    @property
    def recordings_folder(self) -> Path:
        """The folder that holds the recordings."""
        return Path(self.folder) if self.folder else self.home / FILES

    @property
    def owns_files(self) -> bool:
        """Whether the recordings are kept in the set's own folder, rather than in one of the person's."""
        return self.folder is None


_SET = TypeAdapter(DataSet)


def list_sets(catalogue: Catalogue) -> list[DataSet]:
    """Return sets that are not deleted, the latest first.

    Raises:
        LibraryError: the catalogue cannot be read.
    """
    return present_sets(catalogue.snapshot(), catalogue)


def list_deleted_sets(catalogue: Catalogue) -> list[DataSet]:
    """Return the sets in the trash, the last deleted first.

    Raises:
        LibraryError: the catalogue cannot be read.
    """
    return deleted_sets(catalogue.snapshot(), catalogue)


def find_set(catalogue: Catalogue, name_or_id: str) -> DataSet:
    """Return a set that is not deleted.

    Args:
        catalogue: Of the person.
        name_or_id: Case makes no difference in a name.

    Raises:
        LibraryError: there is none (`set_unknown`), it is in the trash (`set_deleted`), or the catalogue cannot be
            read.
    """
    return pick_set(catalogue.snapshot(), catalogue, name_or_id)


def pick_set(tables: TinyDB, catalogue: Catalogue, name_or_id: str) -> DataSet:
    """Return the set that `find_set` does, from tables that were read already.

    Raises:
        LibraryError: as `find_set`.
    """
    present = present_sets(tables, catalogue)
    found = matching_set(present, name_or_id)
    if found is None:
        raise _absent_set(name_or_id, present, deleted_sets(tables, catalogue))
    return found


def matching_set(sets: Iterable[DataSet], name_or_id: str) -> DataSet | None:
    """Return the set with this id, or the first with this name in any case."""
    candidates = list(sets)
    wanted = name_or_id.strip()
    named = (one for one in candidates if one.name.casefold() == wanted.casefold())
    return next((one for one in candidates if one.id == wanted), None) or next(named, None)


def _absent_set(name_or_id: str, present: Iterable[DataSet], deleted: Iterable[DataSet]) -> LibraryError:
    """Return the error for a set that is not among the present ones, with the way on that fits."""
    gone = matching_set(deleted, name_or_id)
    if gone:
        return LibraryError(f"set {gone.name!r} is in the trash. Restore it first.", code="set_deleted")
    names = {one.name.casefold(): one.name for one in present}
    close = [repr(names[name]) for name in get_close_matches(name_or_id.casefold(), names, cutoff=0.5)]
    hint = f"Did you mean {' or '.join(close)}?" if close else "Choose one of the list, or make a new one."
    return LibraryError(f"there is no data set {name_or_id!r}. {hint}", code="set_unknown")


def present_sets(tables: TinyDB, catalogue: Catalogue) -> list[DataSet]:
    """Return the sets that are not deleted, the latest first."""
    return [one for one in reversed(read_sets(tables, catalogue)) if not one.deleted]


def deleted_sets(tables: TinyDB, catalogue: Catalogue) -> list[DataSet]:
    """Return the sets in the trash, the last deleted first."""
    deleted = [one for one in reversed(read_sets(tables, catalogue)) if one.deleted]
    return sorted(deleted, key=lambda one: one.deleted or "", reverse=True)


def read_sets(tables: TinyDB, catalogue: Catalogue) -> list[DataSet]:
    """Return all sets in the order they were made: those with a record, and those of which only a card is left.

    A record or a card that cannot be read is reported and passed over.
    """
    found: dict[str, DataSet] = {}
    for record in tables.table(SETS_TABLE).all():
        try:
            one = record_to_set(record)
        except ValueError as error:
            name = record.get("name", record.doc_id)
            catalogue.report(
                f"the record of data set {name!r} is damaged ({error}). It is read from its folder instead."
            )
        else:
            found[one.id] = one
    for folder in set_folders():
        card = None if folder.name in found else read_card(folder, catalogue)
        if card:
            found[card.id] = card
    return sorted(found.values(), key=lambda one: one.created)


def set_folders() -> list[Path]:
    """Return the folders of sets that have a card, by name; hidden ones are none."""
    parent = sets_folder()
    if not parent.is_dir():
        return []
    with os.scandir(parent) as entries:
        names = sorted(entry.name for entry in entries if not entry.name.startswith(".") and entry.is_dir())
    return [parent / name for name in names if (parent / name / CARD_FILE).is_file()]


def read_card(folder: Path, catalogue: Catalogue) -> DataSet | None:
    """Return the set that a folder's card describes; None and a report where it describes none."""
    try:
        written = json.loads((folder / CARD_FILE).read_bytes())
        if not isinstance(written, dict) or written.get("format") != FORMAT:
            raise ValueError(f"its format is not {FORMAT}")
        found = record_to_set(written)
        if found.id != folder.name:
            raise ValueError(f"it is the card of {found.id}")
    except (OSError, ValueError, RecursionError) as error:
        catalogue.report(f"{folder / CARD_FILE} cannot be used ({error}); the data set is left out.")
        return None
    return found


def record_to_set(record: Mapping[str, Any]) -> DataSet:
    """Read a record of the catalogue; fields this version does not know are passed over.

    Raises:
        ValueError: a field is missing or has the wrong type; the message is one line.
    """
    try:
        return _SET.validate_python(record)
    except ValidationError as error:
        raise first_violation(error) from None


def set_to_card(one: DataSet) -> bytes:
    """Return what a set's folder says of it."""
    text = json.dumps({"format": FORMAT, **asdict(one)}, ensure_ascii=False, indent=1, allow_nan=False)
    return text.encode(errors="surrogatepass")  # file names need not be text everywhere
