"""Limits of what a person may write on a model, a preset or an output, and of settings that can be kept."""

import json
from collections.abc import Iterable, Mapping
from typing import Any

from engine.errors import ParameterError

NAME_LENGTH = 80  # characters, the longest name
NOTE_LENGTH = 4_000  # characters, the longest note
TAG_LENGTH = 40  # characters, the longest tag
TAG_COUNT = 30  # most tags on one thing
LEVELS = 12  # deepest nesting of plain values


def checked_name(name: str) -> str:
    """Return a name without blanks around it.

    Raises:
        ParameterError: it is empty, longer than NAME_LENGTH, or holds control characters.
    """
    found = name.strip()
    if not found or len(found) > NAME_LENGTH or not found.isprintable():
        raise ParameterError(f"name = {name!r}: must be 1 to {NAME_LENGTH} printable characters, for example 'sax'.")
    return found


def checked_note(note: str, name: str = "note") -> str:
    """Return a note, of any number of lines, without blanks around it; it may be empty.

    Args:
        note: What the person wrote.
        name: Of the setting, for the message.

    Raises:
        ParameterError: it is longer than NOTE_LENGTH, or holds control characters other than line ends and tabs.
    """
    found = note.replace("\r\n", "\n").strip()
    if len(found) > NOTE_LENGTH or not found.translate({10: " ", 9: " "}).isprintable():
        shown = found if len(found) <= TAG_LENGTH else f"{found[:TAG_LENGTH]}…"
        raise ParameterError(
            f"{name} = {shown!r} ({len(found)} characters): must be up to {NOTE_LENGTH} printable characters in any "
            "number of lines."
        )
    return found


def checked_tags(tags: Iterable[str]) -> tuple[str, ...]:
    """Return tags without blanks around them, each once; case makes no difference between two.

    Raises:
        ParameterError: one is empty, longer than TAG_LENGTH or holds a comma or control characters, or there are more
            than TAG_COUNT.
    """
    found: dict[str, str] = {}
    for tag in tags:
        kept = tag.strip()
        if not kept or len(kept) > TAG_LENGTH or not kept.isprintable() or "," in kept:
            raise ParameterError(f"tag = {tag!r}: must be 1 to {TAG_LENGTH} printable characters without a comma.")
        found.setdefault(kept.casefold(), kept)
    if len(found) > TAG_COUNT:
        raise ParameterError(f"tags = {len(found)} of them: there may be up to {TAG_COUNT}. Leave some out.")
    return tuple(found.values())


def checked_labels(
    *, name: str | None = None, note: str | None = None, tags: Iterable[str] | None = None, licence: str | None = None
) -> dict[str, Any]:
    """Return those of a name, a note, tags and a licence that are not None, each as its check returns it.

    Raises:
        ParameterError: one of them is not allowed.
    """
    found: dict[str, Any] = {}
    if name is not None:
        found["name"] = checked_name(name)
    if note is not None:
        found["note"] = checked_note(note)
    if tags is not None:
        found["tags"] = checked_tags(tags)
    if licence is not None:
        found["licence"] = checked_note(licence, "licence")
    return found


def checked_settings(settings: Mapping[str, Any]) -> dict[str, Any]:
    """Return a copy of settings in plain JSON values, each under its name.

    Sliders are kept by name: a list, or numbers as names, would mean another slider once a model has others.

    Raises:
        ParameterError: a value has no place in JSON, or `sliders` are not numbers or curves under names.
    """
    for name, value in settings.items():
        if not is_shallow(value):
            raise ParameterError(f"{name} is nested too deep to be kept: {LEVELS} levels can be.")
        try:
            json.dumps(value, allow_nan=False, ensure_ascii=False).encode()
        except (TypeError, ValueError) as error:
            raise ParameterError(f"{name} = {value!r}: cannot be kept ({error}); numbers and words can.") from None
    sliders = settings.get("sliders", {})
    if not isinstance(sliders, Mapping) or not all(map(_is_slider, sliders.items())):
        raise ParameterError(
            f"sliders = {sliders!r}: must be a number, or breakpoints, for each name, for example {{'brightness': 5}}."
        )
    kept: dict[str, Any] = json.loads(json.dumps(settings))
    return kept


def is_shallow(value: object, levels: int = LEVELS) -> bool:
    """Say whether plain values are nested in no more than some levels: deeper ones cannot be copied or written."""
    inside = value.values() if isinstance(value, Mapping) else value if isinstance(value, list | tuple) else ()
    return levels >= 0 and all(is_shallow(item, levels - 1) for item in inside)


def _is_slider(item: tuple[object, object]) -> bool:
    name, value = item
    return isinstance(name, str) and bool(name.strip()) and not name.strip().isdecimal() and _is_position(value)


def _is_position(value: object) -> bool:
    """Say whether a value is a number, or a curve of at least one (seconds, number)."""
    if isinstance(value, list | tuple):
        return bool(value) and all(
            isinstance(point, list | tuple) and len(point) == 2 and {type(part) for part in point} <= {int, float}
            for point in value
        )
    return type(value) in (int, float)
