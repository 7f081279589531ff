"""The description of the API."""

import json

from flask import Blueprint, Response, current_app

from webui.answers import Binary
from webui.context import gate
from webui.endpoint import endpoint
from webui.openapi import describe_api

blueprint = Blueprint("openapi", __name__)


@endpoint(blueprint, "GET", "/api/openapi.json", returns=Binary("application/json"))
def describe() -> Response:
    """Describe the API in OpenAPI 3.1."""
    return Response(json.dumps(describe_api(current_app, gate())), content_type="application/json")
