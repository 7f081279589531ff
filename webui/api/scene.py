"""Where the sounds of an output are around the listener."""

from flask import Blueprint

from engine.checking import checked
from engine.settings import GenerateSettings
from engine.studio.scene import Scene, describe_scene
from webui.endpoint import endpoint
from webui.schemas.scene import SceneAsked

blueprint = Blueprint("scene", __name__)


@endpoint(blueprint, "POST", "/api/scene", body=SceneAsked, returns=Scene)
def show_scene(body: SceneAsked) -> Scene:
    """Return where the sounds of a stretch of an output are, seen from above; nothing is rendered."""
    settings = checked(GenerateSettings, {**body.settings, "hrtf": None})
    return describe_scene(settings, body.start, body.seconds)
