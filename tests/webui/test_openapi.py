import re

import pytest
import schemathesis
from asking import Page, operations
from flask import Flask

from webui.answers import Binary


@pytest.fixture
def described(page: Page) -> dict:
    return page.get("/api/openapi.json").get_json()


def test_is_valid_and_can_be_loaded(described: dict):
    schema = schemathesis.openapi.from_dict(described)
    schema.validate()
    assert all(found.ok() for found in schema.get_all_operations())


def test_describes_every_operation(app: Flask, described: dict):
    found = operations(app)
    assert found
    for operation in found:
        address = re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", operation.rule)
        said = described["paths"][address][operation.method.lower()]
        assert said["summary"].endswith("."), operation.rule
        assert {one["name"] for one in said["parameters"] if one["in"] == "path"} == set(
            re.findall(r"{(\w+)}", address)
        )
        assert ("requestBody" in said) == (operation.body is not None)
    assert sum(map(len, described["paths"].values())) == len(found)


def test_every_route_of_the_api_is_described(app: Flask):
    rules = {rule.rule for rule in app.url_map.iter_rules() if rule.rule.startswith("/api")}
    assert rules == {operation.rule for operation in operations(app)}


def test_says_what_a_query_must_hold(described: dict):
    models = described["paths"]["/api/models"]["get"]["parameters"]
    assert {one["name"]: one["required"] for one in models} == {"words": False, "all_versions": False}
    passports = described["paths"]["/api/passports"]["post"]["parameters"]
    assert {one["name"]: one["required"] for one in passports} == {"name": True}


def test_has_each_name_once(described: dict):
    names = [one["operationId"] for path in described["paths"].values() for one in path.values()]
    assert len(names) == len(set(names))


def test_every_reference_leads_somewhere(described: dict):
    for reference in find_references(described):
        found = described
        for part in reference.removeprefix("#/").split("/"):
            found = found[part.replace("~1", "/").replace("~0", "~")]
        assert found


def find_references(value: object) -> list[str]:
    if isinstance(value, list):
        return [reference for one in value for reference in find_references(one)]
    if not isinstance(value, dict):
        return []
    own = [value["$ref"]] if isinstance(value.get("$ref"), str) else []
    return own + [reference for one in value.values() for reference in find_references(one)]


def test_every_error_has_the_same_form(page: Page, described: dict):
    schema = schemathesis.openapi.from_dict(described)
    schema["/api/models/{model}"]["GET"].validate_response(page.get("/api/models/nobody"))
    for path in described["paths"].values():
        for said in path.values():
            assert said["responses"]["default"] == {"$ref": "#/components/responses/Error"}


@pytest.mark.usefixtures("output")
def test_answers_are_as_described(app: Flask, page: Page, described: dict, model: str, output):
    """What can be asked for without a body, of a library with something in it."""
    ids = {"model": model, "output": output.id, "moment": "0", "recording": "0"}
    schema = schemathesis.openapi.from_dict(described)
    asked = 0
    for operation in operations(app):
        names = re.findall(r"<(?:\w+:)?(\w+)>", operation.rule)
        if operation.method != "GET" or isinstance(operation.returns, Binary) or set(names) - set(ids):
            continue
        path = re.sub(r"<(?:\w+:)?(\w+)>", lambda found: ids[found[1]], operation.rule)
        address = re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", operation.rule)
        response = page.get(path)
        assert response.status_code == 200, path
        schema[address]["GET"].validate_response(response)
        asked += 1
    assert asked > 10
