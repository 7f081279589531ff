"""Two outputs side by side."""

from flask import Blueprint

from engine.studio.compare import compare_outputs
from webui.endpoint import endpoint
from webui.schemas.compare import ComparisonAnswer, PairGiven

blueprint = Blueprint("compare", __name__)


@endpoint(blueprint, "POST", "/api/compare", body=PairGiven, returns=ComparisonAnswer)
def compare(body: PairGiven) -> ComparisonAnswer:
    """Measure two outputs, and say in which settings they differ."""
    return ComparisonAnswer.model_validate(compare_outputs(body.a, body.b).to_dict())
