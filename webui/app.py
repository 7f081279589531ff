"""The Flask app: the API and the page, behind the gate."""

import mimetypes
import time
from collections.abc import Callable

from flask import Flask

from engine.workers.room import EngineRoom
from webui import context, pages
from webui.api import list_blueprints
from webui.bodies import BODY_LIMIT_BYTES
from webui.compression import compress_texts
from webui.context import Desktop
from webui.errors import register_errors
from webui.opened import Opened
from webui.security import Gate

MEDIA_TYPES = {
    ".css": "text/css",
    ".flac": "audio/flac",
    ".html": "text/html",
    ".js": "text/javascript",  # a Windows registry may say text/plain, and then no module loads
    ".json": "application/json",
    ".mp3": "audio/mpeg",
    ".ogg": "audio/ogg",
    ".opus": "audio/ogg",
    ".svg": "image/svg+xml",
    ".wav": "audio/wav",
    ".woff2": "font/woff2",
}


def create_app(
    room: EngineRoom,
    *,
    secret: str,
    port: int,
    desktop: Desktop | None = None,
    clock: Callable[[], float] = time.monotonic,
) -> Flask:
    """Make the app.

    Args:
        room: The workers.
        secret: That lets a browser in, of this launch only; 16 characters at least.
        port: That the server listens on.
        desktop: The native window; None in a browser.
        clock: Seconds that only grow, for the age of the address that lets a browser in.
    """
    assert len(secret) >= 16, "a secret that can be guessed"
    for suffix, media_type in MEDIA_TYPES.items():
        mimetypes.add_type(media_type, suffix)
    app = Flask(__name__, static_folder=str(pages.STATIC), static_url_path="/static")
    app.config.update(MAX_CONTENT_LENGTH=BODY_LIMIT_BYTES, SEND_FILE_MAX_AGE_DEFAULT=0)
    app.url_map.merge_slashes = False  # an address is right or wrong, and never leads to another
    app.extensions |= {context.ROOM: room, context.DESKTOP: desktop, context.OPENED: Opened(), context.FORWARD: None}
    register_errors(app)
    compress_texts(app, pages.STATIC)
    app.register_blueprint(pages.blueprint)
    for blueprint in list_blueprints():
        app.register_blueprint(blueprint)
    gate = Gate(app.wsgi_app, secret=secret, port=port, clock=clock)
    app.extensions[context.GATE] = gate
    app.wsgi_app = gate  # type: ignore[method-assign] # before routing, so that no route can be forgotten
    return app
