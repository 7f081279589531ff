"""Sliders of a model as its certificate has them, read without opening the model."""

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from engine.library.archive_checks import LIMITS

CERTIFICATE_FILE = "certificate.json"
MOST_REMEMBERED = 4_096  # models whose certificates are not read anew for each list
OFF, USABLE = "off", ("certified", "weak")


@dataclass(frozen=True)
class SliderState:
    """The effect of one slider in one model.

    Attributes:
        state: certified, weak, off, unmeasured or discovered.
        reason: Why it is not certified; empty when it is, or where nothing is said.
    """

    state: str
    reason: str


def read_states(folder: Path | str) -> dict[str, SliderState]:
    """Return the sliders of a model by name; none where it has no certificate, or a damaged one.

    Args:
        folder: Of the model.
    """
    file = os.path.join(folder, CERTIFICATE_FILE)  # noqa: PTH118 - paths as objects take longer than all the rest
    try:
        found = os.stat(file)  # noqa: PTH116
    except OSError:
        return {}
    return dict(_read(file, found.st_mtime_ns, found.st_size))


@lru_cache(maxsize=MOST_REMEMBERED)
def _read(file: str, _changed: int, size: int) -> Mapping[str, SliderState]:
    """Return the sliders in a certificate; it is read anew when it was changed."""
    try:
        if size > LIMITS.json_bytes:
            return {}
        sliders = json.loads(Path(file).read_bytes())["sliders"]
        return {
            str(name): SliderState(str(found.get("state", "")), str(found.get("reason") or ""))
            for name, found in sliders.items()
        }
    except (OSError, ValueError, LookupError, TypeError, AttributeError, RecursionError):
        return {}
