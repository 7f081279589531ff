"""All settings in words and limits."""

from flask import Blueprint

from engine.studio.guide import Guide, describe_settings
from webui.endpoint import endpoint

blueprint = Blueprint("settings", __name__)


@endpoint(blueprint, "GET", "/api/settings", returns=Guide)
def show() -> Guide:
    """Return what every setting means, its limits and its default."""
    return describe_settings()
