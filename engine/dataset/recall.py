"""Measurements of recordings, kept in a file, so that only new and changed ones are read again."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pydantic import TypeAdapter, ValidationError
from safetensors import SafetensorError, safe_open
from safetensors.numpy import save

from engine import __version__
from engine.dataset.folder import UsableFile
from engine.dataset.health import Examined
from engine.dataset.portrait import OPENING_BANDS, OPENING_CELLS, Portrait
from engine.library.durable import write_durably
from engine.settings import ChannelsIn
from engine.units import MEL_BANDS

ROWS, PROGRAM = "rows", "program"
SHAPES = {"mel_db": (MEL_BANDS,), "opening_db": (OPENING_CELLS * OPENING_BANDS,)}  # of one recording


@dataclass(frozen=True)
class Row:
    """The numbers of one recording; its spectra are rows of the arrays."""

    name: str
    state: str  # of the file when it was read, as the caller tells states apart
    seconds: float
    sample_rate: int
    source_channels: int
    channels: int
    missing_seconds: float | None
    peak_db: float
    clipped_share: float
    dc_offset: float
    loudness_lufs: float
    silence_share: float
    band_limit_hz: float | None
    mono_loss_db: float
    fingerprint: str
    noise_db: float
    channels_in: ChannelsIn
    may_be_ambisonic: bool
    notes: tuple[str, ...]


OF_FILE = (
    "seconds", "sample_rate", "source_channels", "channels", "missing_seconds", "channels_in", "may_be_ambisonic",
    "notes",
)  # fmt: skip
OF_LEVEL = ("peak_db", "clipped_share", "dc_offset", "noise_db")
OF_SOUND = ("loudness_lufs", "silence_share", "band_limit_hz", "mono_loss_db", "fingerprint")

_ROWS = TypeAdapter(list[Row])


def save_looks(path: Path, looks: Mapping[str, Examined]) -> None:
    """Keep the measurements of recordings.

    Args:
        path: The file; it is replaced as a whole.
        looks: By the state that each file had, as the caller tells states apart.

    Raises:
        OSError: the disk refuses; the file is as it was.
    """
    rows = [_to_row(state, one) for state, one in looks.items()]
    spectra = {name: _stack([getattr(one.portrait, name) for one in looks.values()], name) for name in SHAPES}
    about = {PROGRAM: __version__, ROWS: json.dumps(_ROWS.dump_python(rows))}
    write_durably(path, save(spectra, about))


def load_looks(path: Path, folder: Path) -> dict[str, Examined]:
    """Return what `save_looks` kept, by state; nothing where it is missing, damaged, or of another version.

    Args:
        path: The file.
        folder: In which the recordings are.
    """
    try:
        with safe_open(path, framework="np") as kept:
            about = kept.metadata() or {}
            if about.get(PROGRAM) != __version__:
                return {}
            spectra = {name: np.asarray(kept.get_tensor(name), np.float64) for name in SHAPES}
        rows = _ROWS.validate_python(json.loads(about.get(ROWS, "")))
    except (SafetensorError, OSError, ValidationError, ValueError, RecursionError):
        return {}  # it saves time and nothing else: the recordings are read again
    if any(spectra[name].shape != (len(rows), *shape) for name, shape in SHAPES.items()):
        return {}
    return {row.state: _from_row(row, folder, {n: s[at] for n, s in spectra.items()}) for at, row in enumerate(rows)}


def _stack(arrays: list[NDArray[np.float64]], name: str) -> NDArray[np.float64]:
    return np.stack(arrays).astype(np.float64) if arrays else np.zeros((0, *SHAPES[name]))


def _to_row(state: str, one: Examined) -> Row:
    usable, portrait = one.usable, one.portrait
    return Row(
        name=usable.name,
        state=state,
        **_fields(usable, *OF_FILE),
        **_fields(one, *OF_LEVEL),
        **_fields(portrait, *OF_SOUND),
    )


def _from_row(row: Row, folder: Path, spectra: Mapping[str, Any]) -> Examined:
    usable = UsableFile(path=folder / row.name, **_fields(row, "name", *OF_FILE))
    return Examined(usable, Portrait(**_fields(row, *OF_SOUND), **spectra), **_fields(row, *OF_LEVEL))


def _fields(source: object, *names: str) -> dict[str, Any]:
    return {name: getattr(source, name) for name in names}
