"""Whatever is wrong with a request: the right status, one JSON error, and nothing is changed. Driven by the routes."""

import hashlib
import json
import re
from pathlib import Path
from typing import Any

import pytest
from asking import Page, error_of, operations
from flask import Flask

from webui.bodies import JSON_LIMIT_BYTES, Upload
from webui.endpoint import Operation

BODIES: dict[str, dict[str, Any]] = {  # that are right, for addresses whose bodies must hold something
    "/api/presets/<preset>/apply": {"model": "unknown"},
    "/api/history/<output>/locate": {"file": "/nowhere/sax.wav"},
}
FORGIVING = ("DELETE", "/api/opened/<file>")  # what is not known there is gone already


def with_json(app: Flask) -> list[Operation]:
    found = [one for one in operations(app) if isinstance(one.body, type)]
    assert found
    return found


def address(operation: Operation, value: str = "unknown") -> str:
    return re.sub(r"<[^<>]+>", value, re.sub(r"<int:[^<>]+>", "0", operation.rule))


def digest(home: Path) -> str:
    """Return what tells whether anything in the data folder has changed; locks and logs do not count."""
    files = sorted(path for path in home.rglob("*") if path.is_file() and path.suffix not in (".lock", ".txt"))
    text = "".join(f"{path} {hashlib.sha256(path.read_bytes()).hexdigest()}" for path in files)
    return hashlib.sha256(text.encode()).hexdigest()


@pytest.fixture
def kept(page: Page, data_home: Path, model: str):
    """Make sure that nothing changes in a data folder with a model in it."""
    page.get("/api/models")
    before = digest(data_home)
    yield model
    assert digest(data_home) == before


@pytest.mark.usefixtures("kept")
@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"nonsense", b"\xff\xfe", b'{"a": NaN}', b'{"a": Infinity}', b'"\\ud800"', b"[" * 50_000, b"9" * 5_000,
     b'{"a": ' + b"[" * 40 + b"]" * 40 + b"}"],
)  # fmt: skip
def test_what_is_no_json_is_400(app: Flask, page: Page, body: bytes):
    for operation in with_json(app):
        response = page.ask(operation.method, address(operation), data=body, content_type="application/json")
        assert (response.status_code, error_of(response)["code"]) == (400, "request"), operation.rule


@pytest.mark.usefixtures("kept")
@pytest.mark.parametrize("media_type", ["text/plain", "multipart/form-data; boundary=x", "application/xml", ""])
def test_another_media_type_is_415(app: Flask, page: Page, media_type: str):
    for operation in with_json(app):
        response = page.ask(operation.method, address(operation), data=b"{}", content_type=media_type)
        assert (response.status_code, error_of(response)["code"]) == (415, "media_type"), operation.rule


@pytest.mark.usefixtures("kept")
@pytest.mark.parametrize("value", [None, True, 7, "text", [], [{}]])
def test_a_body_that_is_no_object_is_422(app: Flask, page: Page, value: object):
    for operation in with_json(app):
        data = json.dumps(value).encode()
        response = page.ask(operation.method, address(operation), data=data, content_type="application/json")
        assert (response.status_code, error_of(response)["code"]) == (422, "parameter"), operation.rule


@pytest.mark.usefixtures("kept")
def test_an_unknown_name_is_422_and_named(app: Flask, page: Page):
    for operation in with_json(app):
        right = BODIES.get(operation.rule, {})
        response = page.ask(operation.method, address(operation), json={**right, "surprise": 1})
        assert response.status_code == 422, operation.rule
        assert error_of(response)["field"], operation.rule


@pytest.mark.usefixtures("kept")
@pytest.mark.parametrize("value", [True, 7, 1e300, "text", [[1]], {"a": {"b": 1}}])
def test_a_value_of_another_type_is_422_and_named(app: Flask, page: Page, value: object):
    for operation in with_json(app):
        properties = operation.body.model_json_schema().get("properties", {})
        for name, described in properties.items():
            if takes(described, value):
                continue
            response = page.ask(
                operation.method, address(operation), json={**BODIES.get(operation.rule, {}), name: value}
            )
            assert response.status_code == 422, (operation.rule, name)
            assert error_of(response)["field"], (operation.rule, name)


def takes(described: dict[str, Any], value: object) -> bool:
    """Say whether a schema may take a value; settings inside are looked at by other tests."""
    kinds = {bool: {"boolean"}, int: {"integer", "number"}, float: {"number"}, str: {"string"}, list: {"array"}}
    named = [described, *described.get("anyOf", [])]
    wanted = kinds.get(type(value), {"object"})
    return any(one.get("type") in wanted or "$ref" in one or not set(one) - {"title", "default"} for one in named)


@pytest.mark.usefixtures("kept")
def test_a_large_body_is_413(app: Flask, page: Page):
    body = b'{"note": "' + b"x" * JSON_LIMIT_BYTES + b'"}'
    for operation in with_json(app):
        response = page.ask(operation.method, address(operation), data=body, content_type="application/json")
        assert (response.status_code, error_of(response)["code"]) == (413, "too_large"), operation.rule


@pytest.mark.usefixtures("kept")
def test_a_large_file_is_413(app: Flask, page: Page):
    found = [one for one in operations(app) if isinstance(one.body, Upload)]
    assert found
    for operation in found:
        response = page.ask(
            operation.method,
            address(operation),
            query_string={"name": "a.wav"},
            data=b"RIFF",
            environ_overrides={"CONTENT_LENGTH": str(operation.body.limit_bytes + 1)},
        )
        assert (response.status_code, error_of(response)["code"]) == (413, "too_large"), operation.rule


@pytest.mark.usefixtures("kept")
@pytest.mark.parametrize("name", ["", "..", "/", "a\0b", "a\nb.wav", "x" * 300, "folder/"])
def test_a_file_without_a_usable_name_is_422(app: Flask, page: Page, name: str):
    for operation in operations(app):
        if isinstance(operation.body, Upload):
            response = page.send(address(operation), b"RIFF", name, operation.method)
            assert response.status_code in (404, 422), operation.rule
            error_of(response)


@pytest.mark.usefixtures("kept")
@pytest.mark.parametrize("value", ["unknown", "0123456789ac", "..", "%2e%2e%2f", "a b", "%00", "💡", "x" * 3_000, "-1"])
def test_an_unknown_id_is_404(app: Flask, page: Page, value: str):
    for operation in operations(app):
        if "<" not in operation.rule or (operation.method, operation.rule) == FORGIVING:
            continue
        given: dict[str, Any] = {"json": BODIES.get(operation.rule, {})} if isinstance(operation.body, type) else {}
        if isinstance(operation.body, Upload):
            given = {"query_string": {"name": "a.wav"}, "data": b"RIFF"}
        response = page.ask(operation.method, address(operation, value), **given)
        assert response.status_code == 404, (operation.method, operation.rule)
        error_of(response)


@pytest.mark.usefixtures("kept")
@pytest.mark.parametrize("value", ["", "x", "1e999", "nan", "-1", "99999999999999999999", "true;"])
def test_a_query_out_of_range_is_422_and_named(app: Flask, page: Page, kept: str, value: str):
    for operation in operations(app):
        properties = operation.query.model_json_schema()["properties"] if operation.query else {}
        for name, described in properties.items():
            if described.get("type") in ("integer", "number", "boolean"):
                response = page.ask(
                    operation.method, address(operation, kept), query_string={name: value, **file_name(operation)}
                )
                assert response.status_code == 422, (operation.rule, name)
                assert error_of(response)["field"] == name


def file_name(operation: Operation) -> dict[str, str]:
    return {"name": "a.wav"} if isinstance(operation.body, Upload) else {}


@pytest.mark.usefixtures("kept")
def test_an_unknown_query_is_422(page: Page):
    assert page.get("/api/models?surprise=1").status_code == 422


@pytest.mark.usefixtures("kept")
def test_another_method_is_405_and_says_which_there_are(app: Flask, page: Page):
    for operation in operations(app):
        response = page.ask("TRACE", address(operation))
        assert (response.status_code, error_of(response)["code"]) == (405, "method"), operation.rule
        assert operation.method in response.headers["Allow"]


@pytest.mark.parametrize("path", ["/api", "/api/", "/api/models/", "//api/models", "/api//models", "/static/../app.py",
                                  "/static/%2e%2e/app.py", "/static/nothing.js", "/index.html"])  # fmt: skip
def test_another_address_is_404(page: Page, path: str):
    response = page.get(path)
    assert (response.status_code, error_of(response)["code"]) == (404, "not_found")
