"""From an exception to a status and one JSON error; the only place that knows which error is which status."""

import json

from flask import Flask, Response
from werkzeug.exceptions import HTTPException

from engine.errors import (
    Cancelled,
    DatasetError,
    EngineError,
    ExportError,
    LibraryError,
    ModelError,
    ParameterError,
    ShapeError,
)
from engine.failures import NO_ROOM, Failure, describe_failure

BY_CODE = {
    "busy": 409,
    "history_missing": 404,
    "model.no_run": 404,
    "overtaken": 409,
    "worker_lost": 503,
    "worker_slow": 503,
}
BY_ENDING = {"_unknown": 404, "_deleted": 410}
BY_CLASS: tuple[tuple[type[EngineError], int], ...] = (
    (ParameterError, 422),
    (ShapeError, 422),
    (DatasetError, 422),
    (ModelError, 422),
    (LibraryError, 409),
    (ExportError, 409),
    (Cancelled, 409),
)
HTTP_WORDS = {
    400: ("request", "the request cannot be read"),
    404: ("not_found", "there is nothing at this address"),
    405: ("method", "this address does not take this method"),
    413: ("too_large", "the request is too large"),
    415: ("media_type", "the body has another media type than this address takes"),
    416: ("range", "the file has no such range"),
}


def register_errors(app: Flask) -> None:
    """Answer every exception of an app with a JSON error."""
    app.register_error_handler(HTTPException, answer_http)
    app.register_error_handler(Exception, answer_exception)


def answer_http(error: HTTPException) -> Response | HTTPException:
    """Answer what Flask or Werkzeug refuse; what is no error, such as a redirect, stays as it is."""
    status = error.code or 500
    if status < 400:
        return error
    code, words = HTTP_WORDS.get(status, (f"http_{status}", error.name))
    said = error.description if error.description != type(error).description else None
    response = answer(status, Failure(code, said or words))
    for name, value in error.get_headers():
        if name.lower() not in ("content-type", "content-length"):
            response.headers[name] = value
    return response


def answer_exception(error: Exception) -> Response:
    """Answer what a use case raised; what was not foreseen is written to a file first."""
    return answer(find_status(error), describe_failure(error))


def find_status(error: Exception) -> int:
    """Return the HTTP status of an exception."""
    if isinstance(error, EngineError):
        endings = (status for ending, status in BY_ENDING.items() if error.code.endswith(ending))
        classes = (status for kind, status in BY_CLASS if isinstance(error, kind))
        return BY_CODE.get(error.code) or next(endings, None) or next(classes, 500)
    return 507 if isinstance(error, OSError) and error.errno in NO_ROOM else 500


def answer(status: int, failure: Failure) -> Response:
    """Return a JSON error as a response."""
    error = {"code": failure.code, "message": failure.message, "field": failure.field}
    return Response(json.dumps({"error": error}), status, content_type="application/json")
