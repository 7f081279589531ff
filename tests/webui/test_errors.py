"""Every exception has one status and one JSON error; what was not foreseen leaves its traceback in a file alone."""

import errno
from collections.abc import Callable
from pathlib import Path

import pytest
from asking import PORT, SECRET, NearRoom, Page, error_of
from flask import Blueprint, Flask, abort
from werkzeug.exceptions import BadRequest

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
from webui.app import create_app
from webui.errors import find_status


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (ParameterError("x"), 422),
        (ShapeError("x"), 422),
        (DatasetError("x"), 422),
        (ModelError("x"), 422),
        (LibraryError("x"), 409),
        (ExportError("x"), 409),
        (Cancelled("x"), 409),
        (ParameterError("x", code="busy"), 409),
        (ParameterError("x", code="job_unknown"), 404),
        (ModelError("x", code="model_deleted"), 410),
        (LibraryError("x", code="preset_exists"), 409),
        (EngineError("x", code="worker_lost"), 503),
        (EngineError("x"), 500),
        (OSError(errno.ENOSPC, "full"), 507),
        (OSError(errno.EACCES, "no"), 500),
        (MemoryError(), 500),
        (KeyError("x"), 500),
    ],
)
def test_each_error_has_its_status(error: Exception, status: int):
    assert find_status(error) == status


def page_that(room: NearRoom, action: Callable[[], object]) -> Page:
    app: Flask = create_app(room, secret=SECRET, port=PORT)
    blueprint = Blueprint("failing", __name__)
    blueprint.add_url_rule("/api/failing", "fail", action)
    app.register_blueprint(blueprint)
    return Page(app)


def test_a_fault_is_told_without_its_traceback_which_is_in_a_file(room: NearRoom, data_home: Path):
    response = page_that(room, lambda: {}["gone"]).get("/api/failing")
    (log,) = (data_home / "logs").iterdir()
    assert (response.status_code, error_of(response)["code"]) == (500, "internal")
    assert str(log) in error_of(response)["message"]
    assert "Traceback" in log.read_text()


def test_the_field_is_told(room: NearRoom):
    def refuse() -> None:
        raise ParameterError("density = 0: too low", field="settings.density")

    error = error_of(page_that(room, refuse).get("/api/failing"))
    assert (error["code"], error["field"]) == ("parameter", "settings.density")


@pytest.mark.parametrize("status", [400, 401, 403, 404, 405, 408, 413, 415, 416, 418, 429, 500, 501, 503])
def test_what_flask_refuses_is_json(room: NearRoom, status: int):
    response = page_that(room, lambda: abort(status)).get("/api/failing")
    assert response.status_code == status
    error_of(response)


def test_its_own_words_are_kept(room: NearRoom):
    def refuse() -> None:
        raise BadRequest("closed on Sundays")

    assert error_of(page_that(room, refuse).get("/api/failing"))["message"] == "closed on Sundays"
