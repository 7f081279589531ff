"""The page's texts, condensed and compressed for who takes them so: a fifth of what lies on the disk."""

import gzip
from functools import lru_cache
from pathlib import Path

from flask import Flask, Response, request

from webui.bundling import BUNDLE, bundle_scripts
from webui.condensing import condense_script, condense_sheet

COMPRESSED = ("text/", "image/svg+xml", "application/json")
CONDENSED = {"text/javascript": condense_script, "text/css": condense_sheet}
MADE = ("/", "/specimens", f"/static/{BUNDLE}")
LEVEL = 9
MOST_KEPT = 500


def compress_texts(app: Flask, folder: Path) -> None:
    """Let an app send the texts of its folder of static files compressed.

    Args:
        app: That sends them.
        folder: Of the files; nothing else is compressed: what a person says must not tell by its length what it is.
    """

    @app.after_request
    def compress(response: Response) -> Response:
        if not _is_ours(response, folder) or not request.accept_encodings.quality("gzip"):
            return response
        response.direct_passthrough = False
        file = response.response
        text = response.get_data()
        getattr(file, "close", lambda: None)()
        response.set_data(_compressed(text, response.mimetype or ""))
        response.headers["Content-Encoding"] = "gzip"
        response.vary.add("Accept-Encoding")
        return response


def _is_ours(response: Response, folder: Path) -> bool:
    """Say whether a response is a text of the folder, sent whole."""
    whole = response.status_code == 200 and request.method == "GET"
    if not whole or not (response.mimetype or "").startswith(COMPRESSED):
        return False
    return request.path in MADE or (
        request.path.startswith("/static/") and (folder / request.path.removeprefix("/static/")).is_file()
    )


def prepare_texts(folder: Path) -> None:
    """Condense and compress the scripts before a browser asks for them: a second of work at the first start."""
    _compressed(bundle_scripts(folder).encode(), "text/javascript")


@lru_cache(MOST_KEPT)
def _compressed(text: bytes, mimetype: str) -> bytes:
    condense = CONDENSED.get(mimetype)
    return gzip.compress(condense(text) if condense else text, LEVEL, mtime=0)
