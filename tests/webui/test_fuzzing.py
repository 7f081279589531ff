"""Whatever the API's own description allows, and what it does not: no request makes the program fail.

A few hundred requests as a rule; `SDA_FUZZ_REQUESTS=20000 pytest tests/webui/test_fuzzing.py` asks more, others each
time; hypothesis prints their seed.
"""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from asking import HOST, OURS, PORT, SECRET, Page
from flask import Flask
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from made_outputs import make_history
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import content_type_conformance, response_schema_conformance
from small_library import SETTINGS, make_folder

FEW = 300
REQUESTS = int(os.environ.get("SDA_FUZZ_REQUESTS", FEW))
CHECKS = [not_a_server_error, response_schema_conformance, content_type_conformance]
OFTEN = 25  # requests after which what was deleted is brought back
Known = dict[str, list[Any]]


@pytest.fixture
def known(page: Page, data_home: Path, model: str, monkeypatch: pytest.MonkeyPatch) -> Known:
    """Ids of what there is, by the names that addresses and bodies have for them; no file manager is started."""
    monkeypatch.setattr("engine.studio.reveal.find_command", lambda _: None)
    make_folder("b1", "tabla")
    made = [make_history(data_home, model, f"{number}.wav", 220.0 * number) for number in (1, 2)]
    outputs = [entry.id for entry in made]
    preset = page.post("/api/presets", {"name": "dark", "settings": SETTINGS}).get_json()["id"]
    blend = page.post("/api/blends", {"name": "half", "model": model, "blend": {"b1": 0.5}}).get_json()["id"]
    own = page.post("/api/sets", {"name": "reeds"}).get_json()["id"]
    page.send(f"/api/sets/{own}/files", Path(made[0].file).read_bytes(), "low.wav", "PUT")
    (kept,) = page.get(f"/api/sets/{own}").get_json()["recordings"]
    job = page.post("/api/jobs/replay", {"output": outputs[0]}).get_json()["id"]
    return {
        "model": [model, "b1", blend],
        "output": outputs,
        "a": outputs,
        "b": outputs,
        "history": outputs,
        "outputs": [outputs],
        "preset": [preset],
        "set": [own],
        "one": [own],
        "kept": [kept["id"]],
        "job": [job],
        "moment": [0, 3],
        "recording": [0, 1],
    }


@pytest.mark.parametrize("mode", list(GenerationMode))
def test_no_request_makes_the_program_fail(app: Flask, page: Page, known: Known, mode: GenerationMode):
    schema = schemathesis.openapi.from_dict(page.get("/api/openapi.json").get_json())
    schema.app = let_in(app)
    statuses: list[int] = []

    def ask(case: schemathesis.Case, choose: Callable[[st.SearchStrategy[Any]], Any]) -> None:
        if len(statuses) % OFTEN == 0:
            bring_back(page, known)
        if choose(st.booleans()):
            name_what_there_is(case, known, choose)
        response = case.call()
        statuses.append(response.status_code)
        case.validate_response(response, checks=CHECKS)

    fuzzed(schema, mode, ask)
    assert not {401, 403} & set(statuses), "stopped at the gate"
    assert statuses.count(200) > len(statuses) // 20


def let_in(app: Flask) -> Callable[..., Any]:
    """Return an app whose requests all carry what the gate wants, whatever cookies schemathesis makes up."""
    carried = {f"HTTP_{name.upper().replace('-', '_')}": value for name, value in OURS.items()}

    def admit(environ: dict[str, Any], start_response: Any) -> list[bytes]:
        blocks = app({**environ, **carried, "HTTP_HOST": HOST, "HTTP_COOKIE": f"sda_{PORT}={SECRET}"}, start_response)
        try:
            return [b"".join(blocks)]
        finally:
            blocks.close()

    return admit


def name_what_there_is(case: schemathesis.Case, known: Known, choose: Callable[..., Any]) -> None:
    """Let a request name what there is, in its address and in its body."""
    there = {**known, "recording": known["kept"]} if case.path.startswith("/api/sets") else known
    for given_names in (case.path_parameters, case.body):
        for name in set(given_names if isinstance(given_names, dict) else ()) & set(there):
            given_names[name] = choose(st.sampled_from(there[name]))


def fuzzed(schema: Any, mode: GenerationMode, ask: Callable[..., None]) -> None:
    """Ask half of REQUESTS, each of one operation or another."""

    @settings(
        max_examples=max(1, REQUESTS // 2),
        derandomize=REQUESTS <= FEW,
        phases=[Phase.generate],  # what fails is shown as it was: asking again finds another library
        suppress_health_check=list(HealthCheck),
    )
    @given(case=schema.as_strategy(generation_mode=mode), data=st.data())
    def run(case: schemathesis.Case, data: st.DataObject) -> None:
        ask(case, data.draw)

    run()


def bring_back(page: Page, known: Known) -> None:
    for noun, name in (("models", "model"), ("history", "output"), ("presets", "preset"), ("sets", "set")):
        for key in known[name]:
            page.post(f"/api/{noun}/{key}/restore")
