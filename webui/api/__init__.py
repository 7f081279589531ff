"""The API, one blueprint a noun."""

from flask import Blueprint

from webui.api import (
    blends,
    compare,
    history,
    hrtfs,
    jobs,
    models,
    openapi,
    opened,
    passports,
    preferences,
    presets,
    previews,
    scene,
    sets,
    settings,
    state,
    system,
    trash,
)

NOUNS = (
    openapi,
    state,
    system,
    opened,
    settings,
    preferences,
    sets,
    jobs,
    models,
    previews,
    scene,
    history,
    compare,
    presets,
    blends,
    trash,
    passports,
    hrtfs,
)


def list_blueprints() -> list[Blueprint]:
    """Return the blueprints of all nouns, in the order in which the API is described."""
    return [noun.blueprint for noun in NOUNS]
