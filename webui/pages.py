"""The page, its parts, and the address that lets a browser in: all that is no API."""

from http import HTTPStatus
from pathlib import Path

from flask import Blueprint, Response, request, send_from_directory

from engine.failures import Failure
from webui.bundling import BUNDLE, MAIN, bundle_scripts
from webui.context import gate
from webui.errors import answer
from webui.security import AUTHENTICATED
from webui.sheets import INTERFACE, join_sheets

STATIC = Path(__file__).parent / "static"
USED = Failure("gate_token", "this address was used, or is too old; start the program again, or its window")

blueprint = Blueprint("pages", __name__)


@blueprint.get("/")
def show_page() -> Response:
    """Return the page. With `?scripts=apart` it asks for every script on its own, as a debugger would have them."""
    text = (STATIC / "index.html").read_text("utf-8")
    apart = request.args.get("scripts") == "apart"
    return Response(text if apart else text.replace(f"/static/{MAIN}", f"/static/{BUNDLE}"), mimetype="text/html")


@blueprint.get(f"/static/{BUNDLE}")
def show_scripts() -> Response:
    """Return all scripts of the interface."""
    return _send_again_only_if_changed(Response(bundle_scripts(STATIC), mimetype="text/javascript"))


@blueprint.get(f"/static/{INTERFACE}")
def show_sheets() -> Response:
    """Return all style sheets of the interface."""
    return _send_again_only_if_changed(Response(join_sheets(STATIC / INTERFACE), mimetype="text/css"))


def _send_again_only_if_changed(response: Response) -> Response:
    response.cache_control.no_cache = True
    response.add_etag()
    response.make_conditional(request)
    return response


@blueprint.get("/specimens")
def show_specimens() -> Response:
    """Return the page that shows every widget in every state."""
    return send_from_directory(STATIC, "specimens.html", max_age=0)


@blueprint.get("/start/<token>")
def start(token: str) -> Response:
    """Let a browser in: give it the cookie, and lead it to the page."""
    if not (request.environ[AUTHENTICATED] or gate().admits(token)):
        return answer(HTTPStatus.FORBIDDEN, USED)
    response = Response(status=HTTPStatus.SEE_OTHER, headers={"Location": "/"})
    response.set_cookie(gate().cookie, gate().secret, httponly=True, samesite="Strict", path="/")
    return response
