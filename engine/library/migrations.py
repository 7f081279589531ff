"""From one schema of the library's files to the next, a step at a time.

A step takes the tables of one file, as any older program left them, and returns them as the next schema has them;
it passes over tables and records that the file lacks or that make no sense. Steps that were once published stay as
they are. The store keeps the file as it was before it lets steps change it.
"""

from collections.abc import Callable, Mapping
from typing import Any

from engine.errors import LibraryError
from engine.library.entries import recording_names
from engine.library.storage import Tables
from engine.paths import models_folder, trash_folder

SCHEMA = 2
SCHEMA_TABLE = "schema"
OLDEST = 1


def find_schema(tables: Tables) -> int | None:
    """Return the schema number of tables; None when it makes no sense. Tables that hold nothing have the newest."""
    if not tables:
        return SCHEMA
    number = tables.get(SCHEMA_TABLE, {}).get("1", {}).get("number", OLDEST)
    return number if type(number) is int and number >= OLDEST else None


def is_older(tables: Tables) -> bool:
    """Say whether tables have to be brought to the schema of this program."""
    number = find_schema(tables)
    return number is not None and number < SCHEMA


def refuse_newer(tables: Tables) -> None:
    """Raise LibraryError when a newer version of the program wrote these tables: they can be read, not changed."""
    number = find_schema(tables)
    if number is None or number > SCHEMA:
        raise LibraryError(
            f"the library was written by a newer version of the program (schema {number}, this one knows {SCHEMA}): "
            "it can be read but not changed. Update Small DataSet Audio.",
            code="library_newer",
        )


def migrate(tables: Tables) -> Tables:
    """Return older tables as the schema of this program has them."""
    oldest = find_schema(tables)
    if oldest is None:
        raise ValueError("tables of an unknown schema stay as they are")
    for number in range(oldest, SCHEMA):
        tables = STEPS[number](tables)
    return with_schema(tables)


def with_schema(tables: Tables) -> Tables:
    """Return tables with the schema number of this program."""
    return {**tables, SCHEMA_TABLE: {"1": {"number": SCHEMA}}}


def add_recordings(tables: Tables) -> Tables:
    """1 to 2: models know the names of their recordings, from their folders, so that they are found by them."""
    models = tables.get("models", {})
    return {**tables, "models": {key: _with_recordings(record) for key, record in models.items()}} if models else tables


def _with_recordings(record: Mapping[str, Any]) -> dict[str, Any]:
    parent = trash_folder() if record.get("deleted") else models_folder()
    return {"recordings": list(recording_names(parent / str(record.get("folder")))), **record}


STEPS: dict[int, Callable[[Tables], Tables]] = {1: add_recordings}
