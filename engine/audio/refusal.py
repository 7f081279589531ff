"""Why one recording cannot be used."""

from pathlib import Path

from engine.errors import DatasetError


class RecordingError(DatasetError):
    """One recording cannot be used; `reason` says why without naming the file."""

    def __init__(self, path: Path, reason: str, *, code: str) -> None:
        """Keep the reason apart from the message that names the file."""
        super().__init__(f"{path.name}: {reason}", code=code)
        self.reason = reason
