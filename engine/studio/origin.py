"""Which model an output comes from, told so exactly that it is known whether it is still the same."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from engine.dataset.corpus import RECORDINGS_FILE
from engine.latent.space import TRACKS_FILE, WEIGHTS_FILE
from engine.library.entries import ModelEntry

BLOCK_BYTES = 1 << 20


@dataclass(frozen=True)
class Origin:
    """A model that makes outputs.

    Attributes:
        model: Its id, that of one version.
        model_name: As it is called now.
        model_version: Within its family.
        model_fingerprint: SHA-256 of its weights.
        dataset_fingerprint: SHA-256 of its recordings' names and lengths, and of what it heard in them.
        licence: Of the recordings, as the person gave it.
        device: Where it computes: cpu, cuda or mps.
    """

    model: str
    model_name: str
    model_version: int
    model_fingerprint: str
    dataset_fingerprint: str
    licence: str
    device: str


def describe_origin(entry: ModelEntry, device: str) -> Origin:
    """Describe a model of the library for what it will make.

    Args:
        entry: The model.
        device: Where it computes.

    Raises:
        OSError: its files cannot be read.
    """
    return Origin(
        model=entry.id,
        model_name=entry.name,
        model_version=entry.version,
        model_fingerprint=fingerprint_model(entry.path),
        dataset_fingerprint=fingerprint_files(entry.path / name for name in (RECORDINGS_FILE, TRACKS_FILE)),
        licence=entry.licence,
        device=device,
    )


def fingerprint_model(folder: Path) -> str:
    """Return the SHA-256 of the weights in a model's folder."""
    return fingerprint_files([folder / WEIGHTS_FILE])


def fingerprint_files(paths: Iterable[Path]) -> str:
    """Return the SHA-256 of files one behind the other."""
    digest = hashlib.sha256()
    for path in paths:
        with path.open("rb") as file:
            while block := file.read(BLOCK_BYTES):
                digest.update(block)
    return digest.hexdigest()
