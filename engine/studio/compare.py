"""Two outputs side by side: equally loud, what differs in their settings, and what is heard to differ, measured."""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.audio.files import stream
from engine.audio.source import RecordingError
from engine.errors import LibraryError
from engine.export.measure import measure_loudness
from engine.library.outputs import HistoryEntry
from engine.properties.describing import describe
from engine.settings import ExportSettings
from engine.sliders import SLIDERS
from engine.studio.history import find_output
from engine.units import SAMPLE_RATE, db_to_amplitude

DESCRIBED_SECONDS = 60  # from the beginning of a sound, measured by its descriptors
PLAIN = ExportSettings(remove_dc=False, ceiling=0.0)  # nothing but the gain is done to the pair


@dataclass(frozen=True)
class Side:
    """One of two outputs.

    Attributes:
        output: From the history.
        loudness_lufs: Of its file.
        gain_db: That makes it as loud as the other: 0 for the softer one, below 0 for the louder one.
        descriptors: Measured, by name; see `engine.sliders`.
        path: Of the file at equal loudness, if one was written.
    """

    output: HistoryEntry
    loudness_lufs: float
    gain_db: float
    descriptors: Mapping[str, float]
    path: str | None = None

    def to_dict(self) -> dict[str, Any]:
        """Return plain values for JSON."""
        shown = {"id": self.output.id, "file": self.output.file, "model_name": self.output.model_name}
        return {**shown, "loudness_lufs": self.loudness_lufs, "gain_db": self.gain_db, "path": self.path}


@dataclass(frozen=True)
class Comparison:
    """Two outputs side by side.

    Attributes:
        a: The first.
        b: The second.
        settings: Those in which they differ, by name, of A and of B; None where one does not have it.
    """

    a: Side
    b: Side
    settings: Mapping[str, tuple[Any, Any]]

    def to_dict(self) -> dict[str, Any]:
        """Return plain values for JSON."""
        measured = {
            name: {"a": of_a, "b": of_b, "difference": of_b - of_a, "unit": SLIDERS[name].unit}
            for name, of_a, of_b in self.measured()
        }
        settings = {name: {"a": a, "b": b} for name, (a, b) in self.settings.items()}
        return {"a": self.a.to_dict(), "b": self.b.to_dict(), "settings": settings, "descriptors": measured}

    def measured(self) -> Iterator[tuple[str, float, float]]:
        """Yield each descriptor's name, and its value in A and in B."""
        for name, of_a in self.a.descriptors.items():
            yield name, of_a, self.b.descriptors[name]


def compare_outputs(first: str, second: str, *, out: Path | None = None, force: bool = False) -> Comparison:
    """Put two outputs of the history side by side; the louder one is turned down (ITU-R BS.1770), never one up.

    Args:
        first: Id or running number of A.
        second: Of B.
        out: Folder for both at equal loudness, as WAV; None: they are not written.
        force: Replace existing files.

    Raises:
        LibraryError: there is no such output, or its file is missing or cannot be read.
        ExportError: a file cannot be written.
    """
    outputs = find_output(first), find_output(second)
    loudness = [_loudness_lufs(output) for output in outputs]
    sides = [
        Side(output, loud, min(loudness) - loud, describe(_beginning(Path(output.file))))
        for output, loud in zip(outputs, loudness, strict=True)
    ]
    if out is not None:
        sides = _write_pair(sides, out, force)
    return Comparison(sides[0], sides[1], _differences(*(output.settings for output in outputs)))


def _loudness_lufs(output: HistoryEntry) -> float:
    """Return the loudness of an output's file."""
    if output.missing:
        raise LibraryError(
            f"{output.file} is missing. To make it again: sda history replay {output.number}; if you moved it: "
            f"sda history locate {output.number} FILE",
            code="history_missing",
        )
    try:
        return measure_loudness(Path(output.file))
    except RecordingError as error:
        raise LibraryError(f"{output.file} cannot be read: {error.reason}", code="history_missing") from error


def _beginning(path: Path) -> NDArray[np.float32]:
    """Return the first DESCRIBED_SECONDS of a sound, mono."""
    blocks, left = [], DESCRIBED_SECONDS * SAMPLE_RATE
    for block in stream(path):
        blocks.append(block[:left].mean(axis=1))
        left -= len(blocks[-1])
        if not left:
            break
    return np.concatenate(blocks)


def _write_pair(sides: list[Side], out: Path, force: bool) -> list[Side]:
    """Write both sounds at equal loudness into a folder."""
    from engine.export.master import write_sound  # what writes sound takes time to import, and most only compare
    from engine.export.target import check_target

    named = [
        (side, out / f"{letter} {Path(side.output.file).stem}.wav") for letter, side in zip("AB", sides, strict=True)
    ]
    for _, path in named:
        check_target(path, PLAIN, force=force)
    for side, path in named:
        gain = np.float32(db_to_amplitude(side.gain_db))
        write_sound((gain * block for block in stream(Path(side.output.file))), path, PLAIN, force=force)
    return [Side(side.output, side.loudness_lufs, side.gain_db, side.descriptors, str(path)) for side, path in named]


def _differences(a: Mapping[str, Any], b: Mapping[str, Any]) -> dict[str, tuple[Any, Any]]:
    """Return what differs, settings inside others under both names: "sliders brightness"."""
    found: dict[str, tuple[Any, Any]] = {}
    for name in [*a, *(name for name in b if name not in a)]:
        of_a, of_b = a.get(name), b.get(name)
        inside = [value for value in (of_a, of_b) if isinstance(value, Mapping)]
        if inside and all(value is None or isinstance(value, Mapping) for value in (of_a, of_b)):
            inner = _differences(of_a or {}, of_b or {})
            found |= {f"{name} {key}": values for key, values in inner.items()}
        elif not _same(of_a, of_b):
            found[name] = (of_a, of_b)
    return found


def _same(a: Any, b: Any) -> bool:
    if isinstance(a, float) and isinstance(b, float):
        return math.isclose(a, b)
    return bool(a == b)
