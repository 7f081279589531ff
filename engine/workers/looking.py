"""Looking at files that may be anybody's: only here, in the player, are they opened."""

from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.audio.files import stream
from engine.audio.source import probe
from engine.errors import ExportError, ParameterError
from engine.settings import as_kept
from engine.units import SAMPLE_RATE
from engine.workers.assignment import Assignment
from engine.workers.worker import Answer

Floats = NDArray[np.float32]

BLOCK_SECONDS = 0.5


def play_recording(assignment: Assignment) -> Answer:
    """Let a file be heard at SAMPLE_RATE: `path`, and from which second, `at`."""
    path = Path(assignment.values["path"])
    first = round(float(assignment.values.get("at", 0.0)) * SAMPLE_RATE)
    info = probe(path)
    expected = round(info.samples * SAMPLE_RATE / info.sample_rate)
    assignment.begin_sound(channels=min(info.channels, 2), first=first, samples=max(0, expected - first))
    for block in skip(stream(path, block_seconds=BLOCK_SECONDS), first):
        assignment.send_sound(block)
    return {}


def skip(blocks: Iterator[Floats], count: int) -> Iterator[Floats]:
    """Yield a sound from one of its samples on."""
    for block in blocks:
        kept = block[count:]
        count = max(0, count - len(block))
        if len(kept):
            yield kept


def draw_peaks(assignment: Assignment) -> Answer:
    """Return the waveform of a file: `path`, `points`."""
    from engine.studio.pictures import measure_peaks

    path = Path(assignment.values["path"])
    peaks = measure_peaks(_heard(assignment, path), _length(path), int(assignment.values["points"]))
    return {"points": len(peaks), "seconds": _length(path) / SAMPLE_RATE}, peaks.astype("<i2").tobytes()


def draw_picture(assignment: Assignment) -> Answer:
    """Return the spectrogram of a file: `path`, `columns`, `rows`."""
    from engine.studio.pictures import draw_log_picture

    path, values = Path(assignment.values["path"]), assignment.values
    picture = draw_log_picture(_heard(assignment, path), _length(path), int(values["columns"]), int(values["rows"]))
    rows, columns = picture.shape
    return {"columns": columns, "rows": rows, "seconds": _length(path) / SAMPLE_RATE}, picture.tobytes()


def read_passport_of(assignment: Assignment) -> Answer:
    """Return what made a file: `path`, and its `name` as the person knows it; nothing of one without a passport."""
    from engine.studio.identity import identify

    path, name = Path(assignment.values["path"]), str(assignment.values["name"])
    unknown: dict[str, Any] = {
        "passport": None,
        "model": None,
        "model_name": "",
        "settings": {},
        "seed": None,
        "history": None,
    }
    try:
        found = identify(path)
    except ExportError as error:
        said = error.message.replace(path.name, name)
        if error.code != "passport_missing":
            raise ExportError(said, code=error.code) from error
        return {**unknown, "history": None, "unchanged": None, "notes": [said]}
    passport = found.passport
    return {
        "passport": asdict(passport),
        "model": passport.model if found.model_state in ("same", "changed") else None,
        "model_name": passport.model_name,
        "settings": as_kept(passport.settings),
        "seed": passport.seed,
        "history": found.history,
        "unchanged": found.intact,
        "notes": list(found.notes),
    }


def read_fingerprint(assignment: Assignment) -> Answer:
    """Return what tells whether a sound is the same as another one: `path`."""
    from engine.export.measure import measure

    return {"fingerprint": measure(Path(assignment.values["path"])).fingerprint}


def read_hrtf(assignment: Assignment) -> Answer:
    """Say whether a SOFA file can be used: `path`, and its `name` as the person knows it."""
    from engine.spatial.hrtf import load_hrtf

    path = Path(assignment.values["path"])
    try:
        found = load_hrtf(path)
    except ParameterError as error:
        said = error.message.replace(path.name, str(assignment.values["name"]))
        raise ParameterError(said, code=error.code) from error
    return {"title": found.title, "positions": len(found.places)}


def tell_device(_: Assignment) -> Answer:
    """Say where the player computes, and why there."""
    from engine.device import choose_device

    return asdict(choose_device("auto"))


def _heard(assignment: Assignment, path: Path) -> Iterator[Floats]:
    """Yield a file's blocks, as long as somebody waits for what becomes of them."""
    for block in stream(path):
        assignment.refuse_if_stopped()
        yield block


def _length(path: Path) -> int:
    """Return how many samples a file has at SAMPLE_RATE, as far as its header says."""
    info: Any = probe(path)
    return round(info.samples * SAMPLE_RATE / info.sample_rate)
