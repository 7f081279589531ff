"""What the sliders of a model do, as its certificate says, read without opening the model."""

import json
from dataclasses import dataclass
from pathlib import Path

from engine.library.archive_checks import LIMITS

CERTIFICATE_FILE = "certificate.json"
OFF, USABLE = "off", ("certified", "weak")


@dataclass(frozen=True)
class SliderState:
    """What one slider does in one model.

    Attributes:
        state: certified, weak, off, unmeasured or discovered.
        reason: Why it is not certified; empty when it is, or where nothing is said.
    """

    state: str
    reason: str


def read_states(folder: Path) -> dict[str, SliderState]:
    """Return the sliders of a model by name; none where it has no certificate, or a damaged one.

    Args:
        folder: Of the model.
    """
    path = folder / CERTIFICATE_FILE
    try:
        if path.stat().st_size > LIMITS.json_bytes:
            return {}
        sliders = json.loads(path.read_bytes())["sliders"]
        return {
            str(name): SliderState(str(found.get("state", "")), str(found.get("reason") or ""))
            for name, found in sliders.items()
        }
    except (OSError, ValueError, LookupError, TypeError, AttributeError, RecursionError):
        return {}
