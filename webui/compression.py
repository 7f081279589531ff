"""The page's texts, without their comments and compressed for who takes them so: a fifth of what lies on the disk.

Lines stay where they are, so that an error names the line of the file.
"""

import gzip
import re
from functools import lru_cache
from pathlib import Path

from flask import Flask, Response, request

COMPRESSED = ("text/", "image/svg+xml", "application/json")
COMMENTED = (".js", ".css")
COMMENT = re.compile(  # that has its lines to itself; one before code on the same line stays
    rb"^[ \t]*(/\*(?:(?!\*/).)*\*/[ \t]*|//[^\n]*)$", re.MULTILINE | re.DOTALL
)
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
        path = _file_of(response, folder)
        if path is None or not request.accept_encodings.quality("gzip"):
            return response
        response.direct_passthrough = False
        close = getattr(response.response, "close", None)
        if close:
            close()  # the file itself is not sent
        response.set_data(_compressed(path, path.stat().st_mtime_ns))
        response.headers["Content-Encoding"] = "gzip"
        response.vary.add("Accept-Encoding")
        return response


def _file_of(response: Response, folder: Path) -> Path | None:
    """Return the file that a response sends, where it is a text of the folder and sent whole."""
    whole = response.status_code == 200 and request.method == "GET"
    if not whole or not (response.mimetype or "").startswith(COMPRESSED):
        return None
    if request.path.startswith("/static/"):
        path = folder / request.path.removeprefix("/static/")
    elif request.path in ("/", "/specimens"):
        path = folder / ("index.html" if request.path == "/" else "specimens.html")
    else:
        return None
    return path if path.is_file() else None


@lru_cache(MOST_KEPT)
def _compressed(path: Path, _changed_ns: int) -> bytes:
    text = path.read_bytes()
    return gzip.compress(strip_comments(text) if path.suffix in COMMENTED else text, LEVEL, mtime=0)


def strip_comments(text: bytes) -> bytes:
    """Return a script or a style sheet with empty lines instead of comments that have their lines to themselves."""
    return COMMENT.sub(lambda found: b"\n" * found[0].count(b"\n"), text)
