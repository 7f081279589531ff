"""One decorator for every route of the API: it reads what the route takes, writes what it returns, and says both.

    @endpoint(blueprint, "PATCH", "/api/models/<model>", body=ModelLabels, returns=ModelCard)
    def label(model: str, body: ModelLabels) -> ModelCard:
        \"\"\"Change what is written on a model.\"\"\"

`webui.openapi` describes the API from the operations that are kept on the view functions, so nothing is said twice.
"""

import functools
import inspect
import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ParamSpec, TypeVar

from flask import Blueprint, Response
from pydantic import BaseModel, TypeAdapter
from pydantic_core import PydanticSerializationError

from webui.answers import Binary, Empty
from webui.bodies import Upload, read_json, read_query, receive_file

__all__ = ["Binary", "Empty", "Operation", "Upload", "endpoint", "respond"]

P = ParamSpec("P")
R = TypeVar("R")

OPERATION = "sda_operation"  # attribute of a view function


@dataclass(frozen=True)
class Operation:
    """One method of one address.

    Attributes:
        method: GET, POST, PUT, PATCH or DELETE.
        rule: The address, as Flask writes it.
        summary: First line of the route's docstring.
        description: All of the docstring.
        body: What the request brings; None where it brings nothing.
        query: What its query may hold.
        returns: What is answered.
        status: Of a good answer.
    """

    method: str
    rule: str
    summary: str
    description: str
    body: type[BaseModel] | Upload | None
    query: type[BaseModel] | None
    returns: type[Any] | Binary
    status: int


def endpoint(
    blueprint: Blueprint,
    method: str,
    rule: str,
    *,
    body: type[BaseModel] | Upload | None = None,
    query: type[BaseModel] | None = None,
    returns: type[Any] | Binary = Empty,
    status: int = 200,
) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Make a function a route of the API; the function itself stays as it is.

    Args:
        blueprint: Of its noun.
        method: Of HTTP.
        rule: The address; what stands in <> are arguments of the function.
        body: A model: the function gets it as `body`. An Upload: it gets `upload`, see `webui.bodies.Uploaded`.
        query: A model: the function gets it as `query`.
        returns: The model or dataclass that it returns, or Binary where it returns a response.
        status: Of a good answer.
    """

    def register(function: Callable[P, R]) -> Callable[P, R]:
        said = inspect.getdoc(function) or ""
        operation = Operation(method, rule, said.partition("\n")[0], said, body, query, returns, status)

        @functools.wraps(function)
        def view(**parts: Any) -> Response:
            return _run(function, operation, parts)

        setattr(view, OPERATION, operation)
        blueprint.add_url_rule(rule, function.__name__, view, methods=[method], provide_automatic_options=False)
        return function

    return register


def _run(function: Callable[..., Any], operation: Operation, parts: dict[str, Any]) -> Response:
    """Read what a route takes, call it, and write what it returns."""
    uploads = isinstance(operation.body, Upload)
    if operation.query:
        parts["query"] = read_query(operation.query, apart="name" if uploads else None)
    if isinstance(operation.body, Upload):
        with receive_file(operation.body) as upload:
            return respond(function(**parts, upload=upload), operation.status)
    if operation.body:
        parts["body"] = read_json(operation.body)
    return respond(function(**parts), operation.status)


def respond(answer: Any, status: int) -> Response:
    """Return an answer of a route as a response."""
    if isinstance(answer, Response):
        return answer
    return Response(answer_to_json(answer), status, content_type="application/json")


def answer_to_json(answer: Any) -> bytes | str:
    """Return a model, or a dataclass, as JSON; what is no number becomes null."""
    kind: Any = type(answer)
    adapter = _adapter(kind)
    try:
        return adapter.dump_json(answer)
    except PydanticSerializationError:  # names of files need not be text everywhere; JSON escapes what is none
        return json.dumps(adapter.dump_python(answer, mode="json"), ensure_ascii=True)


@functools.cache
def _adapter(kind: Any) -> TypeAdapter[Any]:
    return TypeAdapter(kind)
