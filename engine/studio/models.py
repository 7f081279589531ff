"""The models of the library, for the front doors."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from typing import Any

from engine.errors import ModelError
from engine.library import labelling, trash, versions
from engine.library import models as shelf
from engine.library.checks import checked_labels
from engine.library.entries import MODEL_FILE, ModelEntry, recording_names
from engine.library.store import Catalogue, open_catalogue
from engine.studio.certificates import read_states

__all__ = ["ModelEntry"]

_notices: list[str] = []


def list_models(words: str = "", *, all_versions: bool = False) -> list[ModelEntry]:
    """Return the models of the library, newest first.

    Args:
        words: Each must occur in name, note, tags, licence, date, file names or the doctor's report.
        all_versions: Every version of each model, rather than the current one.
    """
    return shelf.search_models(open_library(), words, all_versions=all_versions)


def list_deleted_models() -> list[ModelEntry]:
    """Return the models in the trash, the last deleted first."""
    return trash.list_deleted_models(open_library())


def find_model(name_or_id: str) -> ModelEntry:
    """Return a usable model.

    Raises:
        ModelError: there is none of that name or id, or it is damaged.
    """
    return shelf.find_model(open_library(), name_or_id)


def find_family(name_or_id: str) -> str:
    """Return the id that all versions of a model share.

    Raises:
        ModelError: there is no such model.
    """
    return shelf.locate_model(open_library(), name_or_id).family_id


def show_model(name_or_id: str) -> dict[str, Any]:
    """Return everything that is known of a model without opening its weights: its card and its family.

    Raises:
        ModelError: there is none of that name or id, or it is damaged.
    """
    entry = find_model(name_or_id)
    try:
        described = dict(json.loads((entry.path / MODEL_FILE).read_bytes()))
    except (OSError, ValueError, TypeError) as error:
        raise ModelError(f"{entry.path / MODEL_FILE} cannot be read ({error}); the model is damaged") from error
    written = {"name": entry.name, "note": entry.note, "tags": list(entry.tags), "licence": entry.licence}
    fed_back = list(recording_names(entry.path, synthetic_only=True))
    kept = {
        "recordings": list(entry.recordings),
        "fed_back": fed_back,
        "folder": str(entry.path),
        "size_bytes": entry.size_bytes,
    }
    described.pop("distances", None)  # of each recording: read where the model is trained on
    sung = describe_sung(entry, described)
    sliders = {name: vars(found) for name, found in read_states(entry.path).items()}
    return {**written, **described, **written, **kept, **sung, "sliders": sliders, "family": describe_family(entry)}


def describe_sung(entry: ModelEntry, described: Mapping[str, Any]) -> dict[str, float]:
    """Return how much of its recordings a model sings with; nothing where it is all of them.

    Raises:
        ModelError: the model is damaged.
    """
    if not described.get("parts"):
        return {}
    from engine.latent.tracks import read_sung_seconds  # takes a while, and few models need it

    sung_seconds = read_sung_seconds(entry.path, dict(described))
    return {"sung_seconds": round(sung_seconds, 3), "sung_share": round(sung_seconds / max(entry.seconds, 1e-9), 4)}


def describe_family(entry: ModelEntry) -> list[dict[str, Any]]:
    """Return the versions of a model, the latest first, with what each came from and learned from."""
    catalogue = open_library()
    names = {other.id: f"{other.name}@{other.version}" for other in shelf.list_models(catalogue, all_versions=True)}
    return [
        {
            "id": version.id,
            "version": version.version,
            "created": version.created,
            "current": version.current,
            "parents": [{**asdict(parent), "name": names.get(parent.id)} for parent in version.parents],
            "real_seconds": version.real_seconds,
            "synthetic_seconds": version.synthetic_seconds,
            "drift_percent": read_drift(version),
        }
        for version in versions.list_versions(catalogue, entry.id)
    ]


def read_drift(entry: ModelEntry) -> float | None:
    """Return how much farther a version is from its recordings than those that learned them first, per cent."""
    growth = entry.training.get("growth")
    drift = growth.get("drift_percent") if isinstance(growth, dict) else None
    return float(drift) if isinstance(drift, int | float) else None


def label_model(
    name_or_id: str,
    *,
    name: str | None = None,
    note: str | None = None,
    tags: Iterable[str] | None = None,
    licence: str | None = None,
) -> ModelEntry:
    """Change what is written on a model; what is None stays as it is.

    Raises:
        ModelError: there is no such model.
        ParameterError, LibraryError: see `engine.library.labelling.label_model`.
    """
    return labelling.label_model(open_library(), name_or_id, name=name, note=note, tags=tags, licence=licence)


def checked_licence(licence: str) -> str:
    """Return a licence as it is kept on a model.

    Raises:
        ParameterError: it is too long, or not printable.
    """
    return str(checked_labels(licence=licence)["licence"])


def tag_model(name_or_id: str, tags: Iterable[str], *, remove: bool = False) -> ModelEntry:
    """Give a model more tags, or take some away.

    Raises:
        ModelError, ParameterError, LibraryError: see `label_model`.
    """
    entry = find_model(name_or_id)
    wanted = list(tags)
    gone = {tag.strip().casefold() for tag in wanted} if remove else set()
    present = [tag for tag in entry.tags if tag.casefold() not in gone]
    return label_model(entry.id, tags=present if remove else [*present, *wanted])


def use_version(name_or_id: str) -> ModelEntry:
    """Let a model's name mean this version from now on.

    Raises:
        ModelError: there is no such version.
    """
    return versions.make_current(open_library(), name_or_id)


def delete_model(name_or_id: str) -> ModelEntry:
    """Move a model to the trash."""
    return trash.delete_model(open_library(), name_or_id)


def restore_model(name_or_id: str) -> ModelEntry:
    """Bring a model back from the trash."""
    return trash.restore_model(open_library(), name_or_id)


def report_to_person(line: str) -> None:
    """Keep a line for `library_notices`."""
    _notices.append(line)


def library_notices() -> list[str]:
    """Return what the person should know of the library's state, each line once."""
    said, _notices[:] = list(_notices), []
    return said


def open_library() -> Catalogue:
    """Open the catalogue; what it has to say is kept for `library_notices`."""
    return open_catalogue(report_to_person)
