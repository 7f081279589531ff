"""The history of outputs: entries, pages of them, and what is written on them."""

from typing import Any

from pydantic import Field

from engine.settings import as_kept
from engine.studio.history import HistoryEntry, Page
from webui.answers import Answer
from webui.bodies import Schema
from webui.schemas.models import Words

LONGEST_PATH = 4_096


class HistoryQuery(Schema):
    """Which part of the history is listed."""

    words: Words = ""
    model: str | None = Field(None, max_length=200, description="Only what the versions of this model made.")
    starred: bool = False
    deleted: bool = Field(False, description="The trash, rather than what is not in it.")
    after: str | None = Field(None, max_length=40, description="`next` of the page before.")
    count: int = Field(50, ge=1, le=500)


class Entry(Answer):
    """An output in the history."""

    id: str
    number: int
    file: str
    file_name: str
    fingerprint: str
    kind: str
    model: str
    model_name: str
    version: int
    settings: dict[str, Any]
    seed: int
    seconds: float
    novelty: dict[str, Any]
    created: str
    star: bool
    note: str
    tags: tuple[str, ...]
    deleted: str | None
    missing: bool


class HistoryPage(Answer):
    """A part of the history, newest first."""

    history: tuple[Entry, ...]
    next: str | None = Field(description="Where the next page begins; null at the end.")


class HistoryLabels(Schema):
    """Words written on an output; those that are left out stay."""

    star: bool | None = None
    note: str | None = None
    tags: list[str] | None = None


class Location(Schema):
    """Where the file of an output is now."""

    file: str = Field(min_length=1, max_length=LONGEST_PATH)


class SoundQuery(Schema):
    """From where on a sound is heard."""

    start: float = Field(0.0, ge=0.0, le=36_000.0, description="In seconds.")


def entry_to_answer(entry: HistoryEntry) -> Entry:
    """Return an output as the page has it."""
    known = {**vars(entry), "settings": as_kept(entry.settings)}
    return Entry.model_construct(**known, number=entry.number, file_name=_file_name(entry.file))


def page_to_answer(page: Page) -> HistoryPage:
    """Return a part of the history as the page has it."""
    return HistoryPage(history=tuple(map(entry_to_answer, page.entries)), next=page.next)


def _file_name(file: str) -> str:
    """Return the last part of a path that any system may have written."""
    return file.replace("\\", "/").rpartition("/")[2]
