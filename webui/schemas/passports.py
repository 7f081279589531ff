"""Passports of files."""

from typing import Any

from webui.answers import Answer


class PassportAnswer(Answer):
    """A sound file's account of itself, and what is known of it here."""

    passport: dict[str, Any] | None
    model: str | None
    model_name: str
    settings: dict[str, Any]
    seed: int | None
    history: str | None
    unchanged: bool | None
    notes: tuple[str, ...]
