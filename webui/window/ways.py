"""In which way the window opens: one that did not work is not tried again at the next start."""

import json
import sys
import time
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Literal

from pydantic import TypeAdapter, ValidationError

from engine import __version__
from engine.library.durable import write_durably
from engine.paths import data_folder

Way = Literal["graphics", "plain", "browser"]
WAYS: tuple[Way, ...] = ("graphics", "browser") if sys.platform == "darwin" else ("graphics", "plain", "browser")
KEPT_SECONDS = 30 * 24 * 3600.0  # then the first way gets another chance: drivers change


@dataclass(frozen=True)
class WayRecord:
    """Facts about the last start.

    Attributes:
        way: With the graphics card, without it (plain), or in a browser.
        arrived: Whether the page was there, or the window was closed before it could be.
        version: Of the program.
        since: When this way was chosen first, in seconds since 1970.
    """

    way: Way
    arrived: bool
    version: str
    since: float


_RECORD = TypeAdapter(WayRecord)


def record_file() -> Path:
    """Return the file that keeps the record."""
    return data_folder() / "window.json"


def choose_way() -> Way:
    """Return the way in which the window opens this time."""
    record = _read()
    if record is None:
        return WAYS[0]
    return record.way if record.arrived else next_way(record.way)


def next_way(way: Way) -> Way:
    """Return the way after one that did not work; there is none after the browser."""
    return WAYS[min(WAYS.index(way) + 1, len(WAYS) - 1)]


def record_way(way: Way, *, arrived: bool) -> None:
    """Keep how a start goes; a crash leaves what was kept at its begin, that nothing arrived.

    A disk that refuses costs only the memory of it.
    """
    before = _read()
    since = before.since if before and before.way == way else time.time()
    record = WayRecord(way, arrived, __version__, since)
    with suppress(OSError):
        record_file().parent.mkdir(parents=True, exist_ok=True)
        write_durably(record_file(), json.dumps(asdict(record)).encode())


def _read() -> WayRecord | None:
    """Return the record; None where there is none that counts."""
    try:
        record = _RECORD.validate_json(record_file().read_bytes())
    except (OSError, ValidationError):
        return None
    counts = record.way in WAYS and record.version == __version__ and time.time() - record.since < KEPT_SECONDS
    return record if counts else None
