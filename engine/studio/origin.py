"""Which model an output comes from, told so exactly that it is known whether it is still the same."""

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from engine.dataset.corpus import RECORDINGS_FILE
from engine.latent.description import TRACKS_FILE, WEIGHTS_FILE
from engine.library.entries import BLEND, Identifier, ModelEntry, Version

BLOCK_BYTES = 1 << 20


@dataclass(frozen=True)
class Ancestor:
    """A model that takes part in an output.

    Attributes:
        model: Its id, that of one version.
        model_name: As it is called now.
        model_version: Within its family.
        model_fingerprint: SHA-256 of its weights.
        dataset_fingerprint: SHA-256 of its recordings' names and lengths, and of what it heard in them.
        licence: Of its recordings, as the person gave it.
    """

    model: Identifier
    model_name: str
    model_version: Version
    model_fingerprint: str
    dataset_fingerprint: str
    licence: str


@dataclass(frozen=True)
class Origin(Ancestor):
    """A model that makes outputs.

    Attributes:
        device: Where it computes: cpu, cuda or mps.
        blended: The other models that take part.
    """

    device: str
    blended: tuple[Ancestor, ...] = ()


def describe_origin(entry: ModelEntry, device: str, blended: Sequence[ModelEntry] = ()) -> Origin:
    """Describe a model of the library for what it will make.

    Args:
        entry: The model.
        device: Where it computes.
        blended: The other models that take part.

    Raises:
        OSError: its files cannot be read.
    """
    others = tuple(Ancestor(**_describe(other)) for other in blended)
    return Origin(**_describe(entry), device=device, blended=others)


def _describe(entry: ModelEntry) -> dict[str, Any]:
    heard = [] if entry.kind == BLEND else [entry.path / name for name in (RECORDINGS_FILE, TRACKS_FILE)]
    return {
        "model": entry.id,
        "model_name": entry.name,
        "model_version": entry.version,
        "model_fingerprint": fingerprint_model(entry),
        "dataset_fingerprint": fingerprint_files(heard),
        "licence": entry.licence,
    }


def fingerprint_model(entry: ModelEntry) -> str:
    """Return the SHA-256 of a model's weights; of a blend, of its parents and their shares."""
    if entry.kind == BLEND:
        parents = [[parent.id, parent.weight] for parent in entry.parents]
        return hashlib.sha256(json.dumps(parents).encode()).hexdigest()
    return fingerprint_files([entry.path / WEIGHTS_FILE])


def fingerprint_files(paths: Iterable[Path]) -> str:
    """Return the SHA-256 of files one behind the other."""
    digest = hashlib.sha256()
    for path in paths:
        with path.open("rb") as file:
            while block := file.read(BLOCK_BYTES):
                digest.update(block)
    return digest.hexdigest()
