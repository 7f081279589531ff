"""Blends: kept as models of the library."""

from flask import Blueprint

from engine.studio.blends import save_blend
from webui.context import touch
from webui.endpoint import endpoint
from webui.schemas.blends import BlendGiven
from webui.schemas.models import ModelCard, model_to_card

blueprint = Blueprint("blends", __name__)


@endpoint(blueprint, "POST", "/api/blends", body=BlendGiven, returns=ModelCard, status=201)
def save(body: BlendGiven) -> ModelCard:
    """Keep a blend of models as a model."""
    entry = save_blend(body.name, body.model, body.blend)
    touch("models")
    return model_to_card(entry)
