"""OpenAPI 3.1 of the API, gathered from the operations that `webui.endpoint` keeps."""

import re
from collections.abc import Iterator
from typing import Any

from flask import Flask
from pydantic import TypeAdapter
from pydantic.json_schema import JsonSchemaMode
from werkzeug.routing import IntegerConverter, Rule

from engine import __version__
from webui.answers import Binary
from webui.bodies import LONGEST_NAME, Upload
from webui.endpoint import OPERATION, Operation
from webui.security import Gate

Json = dict[str, Any]
Key = tuple[str, JsonSchemaMode]

ERROR: Json = {
    "type": "object",
    "required": ["error"],
    "properties": {
        "error": {
            "type": "object",
            "required": ["code", "message", "field"],
            "properties": {
                "code": {"type": "string", "description": "Stable, for scripts and the page."},
                "message": {"type": "string", "description": "One line for the person."},
                "field": {"type": ["string", "null"], "description": "What is wrong in the request, dotted."},
            },
        }
    },
}
FILE_NAME: Json = {
    "name": "name",
    "in": "query",
    "required": True,
    "description": "The file's name, as the person knows it.",
    "schema": {"type": "string", "minLength": 1, "maxLength": LONGEST_NAME},
}


def describe_api(app: Flask, gate: Gate) -> Json:
    """Return the description of an app's API.

    Args:
        app: With all its routes.
        gate: Before it.
    """
    found = list(_operations(app))
    schemas, definitions = _schemas([operation for _, operation in found])
    paths: dict[str, Json] = {}
    for rule, operation in found:
        address = re.sub(r"<(?:[^:<>]+:)?([^<>]+)>", r"{\1}", operation.rule)
        paths.setdefault(address, {})[operation.method.lower()] = _describe(rule, operation, schemas)
    return {
        "openapi": "3.1.0",
        "info": {"title": "Small DataSet Audio", "version": __version__},
        "servers": [{"url": gate.origin}],
        "paths": paths,
        "components": {
            "schemas": {**definitions, "Error": ERROR},
            "responses": {"Error": _content("application/json", {"$ref": "#/components/schemas/Error"}, "An error.")},
            "securitySchemes": {"cookie": {"type": "apiKey", "in": "cookie", "name": gate.cookie}},
        },
        "security": [{"cookie": []}],
    }


def _operations(app: Flask) -> Iterator[tuple[Rule, Operation]]:
    """Yield the rules of an app that are operations of the API."""
    for rule in app.url_map.iter_rules():
        operation = getattr(app.view_functions[rule.endpoint], OPERATION, None)
        if isinstance(operation, Operation):
            yield rule, operation


def _schemas(operations: list[Operation]) -> tuple[dict[Key, Json], Json]:
    """Return the schema of each model by its name and use, and the definitions that they refer to."""
    wanted: dict[Key, type[Any]] = {}
    for operation in operations:
        if isinstance(operation.body, type):
            wanted[(_key(operation.body), "validation")] = operation.body
        if isinstance(operation.returns, type):
            wanted[(_key(operation.returns), "serialization")] = operation.returns
    inputs = [(name, mode, TypeAdapter(model)) for (name, mode), model in wanted.items()]
    schemas, document = TypeAdapter.json_schemas(inputs, ref_template="#/components/schemas/{model}")
    return schemas, document.get("$defs", {})


def _key(model: type[Any]) -> str:
    return f"{model.__module__}.{model.__qualname__}"


def _describe(rule: Rule, operation: Operation, schemas: dict[Key, Json]) -> Json:
    """Return what is said of one operation."""
    described: Json = {
        "operationId": rule.endpoint.replace(".", "_"),
        "summary": operation.summary,
        "description": operation.description,
        "tags": [rule.endpoint.partition(".")[0]],
        "parameters": [*_path_parameters(rule), *_query_parameters(operation)],
        "responses": {str(operation.status): _answer(operation, schemas), "default": _reference("Error")},
    }
    if isinstance(operation.body, Upload):
        described["requestBody"] = {"required": True, "content": {"application/octet-stream": {"schema": {}}}}
    elif operation.body:
        schema = schemas[(_key(operation.body), "validation")]
        described["requestBody"] = {"required": True, "content": {"application/json": {"schema": schema}}}
    return described


def _path_parameters(rule: Rule) -> Iterator[Json]:
    for name in sorted(rule.arguments):
        whole = isinstance(rule._converters[name], IntegerConverter)
        schema = {"type": "integer", "minimum": 0} if whole else {"type": "string", "minLength": 1}
        yield {"name": name, "in": "path", "required": True, "schema": schema}


def _query_parameters(operation: Operation) -> Iterator[Json]:
    if isinstance(operation.body, Upload):
        yield FILE_NAME
    if operation.query:
        schema = operation.query.model_json_schema()
        for name, described in schema["properties"].items():
            yield {"name": name, "in": "query", "required": name in schema.get("required", []), "schema": described}


def _answer(operation: Operation, schemas: dict[Key, Json]) -> Json:
    returns = operation.returns
    if not isinstance(returns, Binary):
        return _content("application/json", schemas[(_key(returns), "serialization")], "Done.")
    described = _content(returns.media_type, {}, "The bytes.")
    described["headers"] = {name: {"schema": {"type": "string"}} for name in returns.headers}
    return described


def _content(media_type: str, schema: Json, words: str) -> Json:
    return {"description": words, "content": {media_type: {"schema": schema}}}


def _reference(name: str) -> Json:
    return {"$ref": f"#/components/responses/{name}"}
