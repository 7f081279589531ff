"""What made a file."""

from typing import Any

from webui.answers import Answer


class PassportAnswer(Answer):
    """What a sound file says of itself, and what is known of it here."""

    passport: dict[str, Any] | None
    model: str | None
    model_name: str
    settings: dict[str, Any]
    seed: int | None
    history: str | None
    unchanged: bool | None
    notes: tuple[str, ...]
