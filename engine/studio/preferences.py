"""Preferences for the front doors."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from engine.library import preferences as kept
from engine.library.preferences import Preferences, is_folder
from engine.paths import exports_folder
from engine.studio.models import open_library

__all__ = ["Preferences"]


def read_preferences() -> Preferences:
    """Return what the person prefers.

    Raises:
        LibraryError: the catalogue cannot be read.
    """
    return kept.read_preferences(open_library())


def change_preferences(
    page: Mapping[str, Any] | None = None, export_folder: Path | None = None, *, forget_folder: bool = False
) -> Preferences:
    """Change what the person prefers; see `engine.library.preferences.change_preferences`."""
    return kept.change_preferences(open_library(), page or {}, export_folder, forget_folder=forget_folder)


def read_export_folder() -> Path:
    """Return where exported files go: the folder that was chosen, as long as it is there."""
    chosen = read_preferences().export_folder
    return Path(chosen) if chosen and is_folder(Path(chosen)) else exports_folder()
