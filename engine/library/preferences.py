"""Preferences, kept from one start to the next: one record of the catalogue."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError
from tinydb import TinyDB

from engine.errors import ParameterError
from engine.library.checks import is_shallow
from engine.library.store import Catalogue

PREFERENCES_TABLE = "preferences"
LARGEST_PAGE = 16_384  # bytes of JSON, what the page keeps for itself


@dataclass(frozen=True)
class Preferences:
    """All preferences of the person.

    Attributes:
        export_folder: Where exported files go; None: where `engine.paths` says.
        page: What the page keeps for itself: theme, zoom, columns …
    """

    export_folder: str | None = None
    page: Mapping[str, Any] = field(default_factory=dict)


_PREFERENCES = TypeAdapter(Preferences)


def read_preferences(catalogue: Catalogue) -> Preferences:
    """Return what the person prefers; a damaged record is reported, and counts as none.

    Raises:
        LibraryError: the catalogue cannot be read.
    """
    return _read(catalogue.snapshot(), catalogue)


def change_preferences(
    catalogue: Catalogue, page: Mapping[str, Any], export_folder: Path | None = None, *, forget_folder: bool = False
) -> Preferences:
    """Change what the person prefers; what is not named stays as it is.

    Args:
        catalogue: Of the person.
        page: Values by name; None takes one away.
        export_folder: A folder that is there.
        forget_folder: Whether exported files go where they would without a choice.

    Raises:
        ParameterError: the page keeps more than LARGEST_PAGE, or what has no place in JSON; or there is no such folder.
        LibraryError: the catalogue cannot be written.
    """
    if export_folder is not None and not is_folder(export_folder):
        raise ParameterError(
            f"export_folder = {str(export_folder)[:80]!r}: there is no such folder; choose one that is there",
            field="export_folder",
        )
    with catalogue.transaction() as tables:
        before = _read(tables, catalogue)
        merged = {name: value for name, value in {**before.page, **page}.items() if value is not None}
        kept = None if forget_folder else before.export_folder
        changed = Preferences(str(export_folder) if export_folder else kept, checked_page(merged))
        tables.drop_table(PREFERENCES_TABLE)
        tables.table(PREFERENCES_TABLE).insert(asdict(changed))
    return changed


def is_folder(path: Path) -> bool:
    """Say whether a path names a folder that is there, whole and not from somewhere."""
    try:
        return path.is_absolute() and path.is_dir()
    except (OSError, ValueError):  # a name that no folder can have
        return False


def checked_page(page: Mapping[str, Any]) -> dict[str, Any]:
    """Return a copy of what the page keeps for itself.

    Raises:
        ParameterError: it is more than LARGEST_PAGE, nested too deep, or has no place in JSON.
    """
    try:
        if not is_shallow(page):
            raise ValueError("it is nested too deep")
        text = json.dumps(page, allow_nan=False, ensure_ascii=False)
        size = len(text.encode())
    except (TypeError, ValueError) as error:
        raise ParameterError(f"page: cannot be kept ({error})", field="page") from None
    if size > LARGEST_PAGE:
        raise ParameterError(f"page has {size} bytes: up to {LARGEST_PAGE} are kept; leave some out", field="page")
    kept: dict[str, Any] = json.loads(text)
    return kept


def _read(tables: TinyDB, catalogue: Catalogue) -> Preferences:
    records = tables.table(PREFERENCES_TABLE).all()
    try:
        return _PREFERENCES.validate_python(dict(records[-1])) if records else Preferences()
    except ValidationError:
        catalogue.report("the record of your preferences is damaged and is left out; they are as at the first start.")
        return Preferences()
