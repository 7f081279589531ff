"""The models of the library, for the front doors."""

import json
from typing import Any

from engine.errors import ModelError
from engine.library import models as shelf
from engine.library import trash
from engine.library.entries import MODEL_FILE, ModelEntry
from engine.library.store import Catalogue, open_catalogue

__all__ = [
    "ModelEntry",
    "delete_model",
    "library_notices",
    "list_deleted_models",
    "list_models",
    "restore_model",
    "show_model",
]

_notices: list[str] = []


def list_models() -> list[ModelEntry]:
    """Return the models of the library, newest first."""
    return shelf.list_models(open_library())


def list_deleted_models() -> list[ModelEntry]:
    """Return the models in the trash, the last deleted first."""
    return trash.list_deleted_models(open_library())


def find_model(name_or_id: str) -> ModelEntry:
    """Return a usable model.

    Raises:
        ModelError: there is none of that name or id, or it is damaged.
    """
    return shelf.find_model(open_library(), name_or_id)


def show_model(name_or_id: str) -> dict[str, Any]:
    """Return everything that is known of a model without opening its weights.

    Raises:
        ModelError: there is none of that name or id, or it is damaged.
    """
    entry = find_model(name_or_id)
    try:
        described = dict(json.loads((entry.path / MODEL_FILE).read_bytes()))
    except (OSError, ValueError, TypeError) as error:
        raise ModelError(f"{entry.path / MODEL_FILE} cannot be read ({error}); the model is damaged") from error
    return {**described, "name": entry.name, "folder": str(entry.path), "size_bytes": entry.size_bytes}


def delete_model(name_or_id: str) -> ModelEntry:
    """Move a model to the trash."""
    return trash.delete_model(open_library(), name_or_id)


def restore_model(name_or_id: str) -> ModelEntry:
    """Bring a model back from the trash."""
    return trash.restore_model(open_library(), name_or_id)


def library_notices() -> list[str]:
    """Return what the person should know of the library's state, each line once."""
    said, _notices[:] = list(_notices), []
    return said


def open_library() -> Catalogue:
    """Open the catalogue; what it has to say is kept for `library_notices`."""
    return open_catalogue(_notices.append)
