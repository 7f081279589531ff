"""Preferences of the person."""

from pathlib import Path

from flask import Blueprint

from engine.studio import preferences
from webui.context import touch
from webui.endpoint import endpoint
from webui.schemas.preferences import PreferencesAnswer, PreferencesChange

blueprint = Blueprint("preferences", __name__)


@endpoint(blueprint, "GET", "/api/preferences", returns=PreferencesAnswer)
def show() -> PreferencesAnswer:
    """Return what the person prefers."""
    return _answer(preferences.read_preferences())


@endpoint(blueprint, "PATCH", "/api/preferences", body=PreferencesChange, returns=PreferencesAnswer)
def change(body: PreferencesChange) -> PreferencesAnswer:
    """Change what the person prefers."""
    folder = Path(body.export_folder) if body.export_folder else None
    forgotten = "export_folder" in body.model_fields_set and folder is None
    changed = preferences.change_preferences(body.page, folder, forget_folder=forgotten)
    touch("preferences")
    return _answer(changed)


def _answer(found: preferences.Preferences) -> PreferencesAnswer:
    folder = str(preferences.read_export_folder())
    return PreferencesAnswer(export_folder=folder, chosen=found.export_folder is not None, page=dict(found.page))
