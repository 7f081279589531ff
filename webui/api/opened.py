"""Files that a person gave to the program: as arguments, or by opening them in a file manager."""

from pathlib import Path

from flask import Blueprint, Response, send_file
from werkzeug.exceptions import NotFound

from webui.answers import OCTETS, Binary
from webui.context import come_forward, opened, touch
from webui.endpoint import Empty, endpoint
from webui.schemas.opened import Forwarded, ForwardedAnswer, OpenedList, OpenedShown

blueprint = Blueprint("opened", __name__)


@endpoint(blueprint, "GET", "/api/opened", returns=OpenedList)
def list_files() -> OpenedList:
    """List the files that wait for the page."""
    files = opened().list()
    return OpenedList(opened=tuple(OpenedShown(id=one.id, name=one.path.name, kind=one.kind) for one in files))


@endpoint(blueprint, "GET", "/api/opened/<file>", returns=Binary(OCTETS))
def read(file: str) -> Response:
    """Return the bytes of a file that waits."""
    return send_file(opened().get(file).path, mimetype=OCTETS, conditional=True, max_age=0)


@endpoint(blueprint, "DELETE", "/api/opened/<file>", returns=Empty)
def take(file: str) -> Empty:
    """Take note that the page has a file; the file itself stays."""
    opened().remove(file)
    touch("opened")
    return Empty()


@endpoint(blueprint, "POST", "/api/system/forward", body=Forwarded, returns=ForwardedAnswer)
def forward(body: Forwarded) -> ForwardedAnswer:
    """Bring the program to the front, with files: asked by a second start of it, not by the page."""
    forward_now = come_forward()
    if forward_now is None:
        raise NotFound("this program was started for a browser of its own, and cannot come forward")
    refused = opened().add(map(Path, body.files))
    touch("opened")
    forward_now()
    return ForwardedAnswer(refused=tuple(refused))
