"""The person's words on a model, kept in its own folder too, so that they are not lost with the catalogue.

Each change is written here first and then in the catalogue. As long as a model has a record, the record counts;
the card counts where a record is made anew, and travels with an exported model.
"""

import json
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, TypeAdapter, ValidationError

from engine.errors import ParameterError
from engine.library.checks import checked_name, checked_note, checked_tags
from engine.library.durable import disk_refusal, write_durably
from engine.library.entries import Count, ModelEntry, first_violation

CARD_FILE = "card.json"
FORMAT = 1


@dataclass(frozen=True)
class Card:
    """The fields of an entry that a person decides."""

    name: Annotated[str, AfterValidator(checked_name)]
    note: Annotated[str, AfterValidator(checked_note)] = ""
    tags: Annotated[tuple[str, ...], AfterValidator(checked_tags)] = ()
    licence: Annotated[str, AfterValidator(checked_note)] = ""
    chosen: Count = 0


_CARD = TypeAdapter(Card)


def entry_to_card(entry: ModelEntry) -> Card:
    """Return what the person wrote on a model."""
    return Card(entry.name, entry.note, entry.tags, entry.licence, entry.chosen)


def with_card(entry: ModelEntry, card: Card | None) -> ModelEntry:
    """Return an entry with what the person wrote on it."""
    return replace(entry, **asdict(card)) if card else entry


def load_card(folder: Path) -> Card | None:
    """Read the card of a model's folder; None when there is none.

    Raises:
        ValueError: it is damaged, or a newer version of the program wrote it; the message is one line.
        OSError: it cannot be read.
    """
    try:
        found = json.loads((folder / CARD_FILE).read_bytes())
    except FileNotFoundError:
        return None
    except RecursionError:
        raise ValueError("nested too deep") from None
    if not isinstance(found, dict) or type(found.get("format")) is not int:
        raise ValueError("it has no format number")
    if found["format"] > FORMAT:
        raise ValueError(f"it has format {found['format']}, this version reads up to {FORMAT}")
    try:
        return _CARD.validate_python(found)
    except ValidationError as error:
        raise first_violation(error) from None
    except ParameterError as error:
        raise ValueError(error.message) from None


def save_card(entry: ModelEntry) -> None:
    """Write the card of a model into its folder.

    Raises:
        LibraryError: the disk refuses; the card is as it was.
    """
    path = entry.path / CARD_FILE
    written = {"format": FORMAT, **asdict(entry_to_card(entry))}
    try:
        write_durably(path, json.dumps(written, ensure_ascii=False, indent=1, allow_nan=False).encode())
    except OSError as error:
        raise disk_refusal(path, "written", error) from error
