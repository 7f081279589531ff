"""Identity of a sound file: its passport checked against sound and library."""

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal

from engine.audio.source import RecordingError
from engine.errors import ExportError, ModelError
from engine.export.formats import FORMATS
from engine.export.measure import read_fingerprint
from engine.library.history import find_output
from engine.studio.history import open_outputs
from engine.studio.models import find_model
from engine.studio.origin import Ancestor, fingerprint_model
from engine.studio.passport import Passport, read_passport

ModelState = Literal["same", "changed", "deleted", "unknown", "damaged"]


@dataclass(frozen=True)
class Identity:
    """A file's passport, and what was found out about it.

    Attributes:
        file: That was looked at.
        passport: As it was read.
        intact: Whether the samples in the file are those that the passport was written for.
        model_state: What became of the model that made it; of several, of the first that is not the same.
        history: Id of the history entry with the same samples; None where there is none.
        notes: What the person should know.
    """

    file: str
    passport: Passport
    intact: bool
    model_state: ModelState
    history: str | None
    notes: tuple[str, ...]

    def to_dict(self) -> dict[str, Any]:
        """Return plain values for JSON."""
        found = {key: value for key, value in vars(self).items() if key not in ("passport", "notes")}
        return {**asdict(self.passport), **found, "notes": list(self.notes)}


def identify(file: Path) -> Identity:
    """Read the passport of a sound file, and check it.

    Raises:
        ExportError: it has none, it is damaged, or the file cannot be read.
    """
    passport = read_passport(file)
    try:
        intact = read_fingerprint(file) == passport.fingerprint
    except RecordingError as error:
        raise ExportError(f"{file.name} has a passport, but its sound cannot be read: {error.reason}") from error
    models: list[Passport | Ancestor] = [passport, *passport.blended]
    states = [(model, find_state(model)) for model in models]
    entry = find_output(open_outputs(), passport.fingerprint)
    notes = [] if intact else [_describe_change(passport)]
    notes += [_describe_state(model, state) for model, state in states if state != "same"]
    first: ModelState = next((state for _, state in states if state != "same"), "same")
    return Identity(str(file), passport, intact, first, entry.id if entry else None, tuple(notes))


def _describe_change(passport: Passport) -> str:
    """Say that a sound is not the one that its passport names."""
    kind = FORMATS.get(str(passport.export.get("format")))
    if kind and kind.lossy:
        return (
            "the sound is not the one of the passport: it was changed, or another decoder reads it a little differently"
        )
    return "the sound was changed after the passport was written: it is not what the passport says"


def find_state(named: Passport | Ancestor) -> ModelState:
    """Say what became of a model that a passport names."""
    try:
        entry = find_model(named.model)
        return "same" if fingerprint_model(entry) == named.model_fingerprint else "changed"
    except ModelError as error:
        states: dict[str, ModelState] = {"model_deleted": "deleted", "model_unknown": "unknown"}
        return states.get(error.code, "damaged")
    except OSError:
        return "damaged"


def _describe_state(named: Passport | Ancestor, state: ModelState) -> str:
    name = repr(named.model_name)
    return {
        "changed": f"model {name} is in your library, but its weights are not those that made this file",
        "deleted": f"model {name} is in the trash. To bring it back: sda models restore {named.model}",
        "unknown": f"model {name} is not in your library, so this file cannot be made again here",
        "damaged": f"model {name} is in your library, but damaged",
    }[state]
