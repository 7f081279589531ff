# ruff: noqa: ARG002, ARG005 - the room answers to the same signatures as the one with processes
"""A browser that was let in, for tests, and a room whose player works in this process."""

from collections.abc import Callable, Mapping
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from engine.errors import EngineError
from engine.workers import looking, making
from engine.workers.assignment import Assignment
from engine.workers.changes import Changes
from engine.workers.jobs import JobBoard
from engine.workers.messages import Head, Message, Request, Samples
from engine.workers.worker import Answer
from webui.endpoint import OPERATION, Operation

PORT = 52_100
HOST = f"127.0.0.1:{PORT}"
ORIGIN = f"http://{HOST}"
SECRET = "known-to-this-launch-only"
OURS = {"Origin": ORIGIN, "X-SDA": "1", "Sec-Fetch-Site": "same-origin"}

TASKS: Mapping[str, Callable[[Assignment], Answer]] = {
    "recording": looking.play_recording,
    "peaks": looking.draw_peaks,
    "picture": looking.draw_picture,
    "passport": looking.read_passport_of,
    "hrtf": looking.read_hrtf,
    "device": looking.tell_device,
    "fingerprint": looking.read_fingerprint,
    "mend": making.mend_recordings,
}


class NearStream:
    """Sound that was made before it is heard."""

    def __init__(self, head: Mapping[str, Any], blocks: list[bytes]) -> None:
        self.head = head
        self._blocks = blocks

    def __iter__(self):
        return iter(self._blocks)

    def close(self) -> None:
        self._blocks = []


class NearRoom:
    """The tasks of the player, done here and now; no job ever begins."""

    def __init__(self) -> None:
        self.changes = Changes()
        self.jobs = JobBoard(self)
        self.asked: list[str] = []

    def ask(self, task: str, values: Mapping[str, Any], *, timeout_seconds: float = 60.0) -> dict[str, Any]:
        return self.ask_bytes(task, values, timeout_seconds=timeout_seconds)[0]

    def ask_bytes(
        self, task: str, values: Mapping[str, Any], *, timeout_seconds: float = 60.0
    ) -> tuple[dict[str, Any], bytes]:
        answer = self._work(task, values, lambda _: None)
        return answer if isinstance(answer, tuple) else (dict(answer), b"")

    def let_go(self, model: str) -> None:
        self.asked.append(f"let-go {model}")

    def ask_apart(
        self, task: str, values: Mapping[str, Any], name: str, *, timeout_seconds: float = 60.0
    ) -> dict[str, Any]:
        return self.ask(task, values)

    def stream(self, task: str, values: Mapping[str, Any], *, page: str = "", number: int = 0) -> NearStream:
        told: list[Message] = []
        self._work(task, values, told.append)
        (head,) = (one.values for one in told if isinstance(one, Head))
        return NearStream(head, [one.payload for one in told if isinstance(one, Samples)])

    def find_stream(self, page: str, number: int) -> None:
        return None

    def hear_training(self, side: str) -> tuple[dict[str, Any], bytes]:
        raise EngineError("no training is under way", code="unheard_unknown")

    def start(self, job: Any, reply: Any) -> Callable[[bool], None]:
        return lambda keep: None

    def changed(self, *nouns: str) -> None:
        self.changes.touch(*nouns)

    def notices(self) -> list[str]:
        return []

    def describe(self) -> dict[str, Any]:
        return {"player": {"state": "ready", "pid": 1, "start_seconds": 0.0}, "trainer": None}

    def close(self) -> None:
        for job in self.jobs.list():
            if job.sound:
                job.sound.close()

    def _work(self, task: str, values: Mapping[str, Any], send: Callable[[Message], None]) -> Answer:
        self.asked.append(task)
        if task not in TASKS:
            raise EngineError(f"nobody here does {task}", code="busy")
        assignment = Assignment(Request(1, task, values), send)
        assignment.allow(1 << 40)
        return TASKS[task](assignment)


class Page:
    """The page in a browser that was let in: every request carries what the gate wants."""

    def __init__(self, app: Flask) -> None:
        self.client: FlaskClient = app.test_client()
        self.client.set_cookie(f"sda_{PORT}", SECRET, domain="127.0.0.1")

    def ask(self, method: str, path: str, **given: Any) -> TestResponse:
        headers = {**OURS, **given.pop("headers", {})}
        return self.client.open(path, method=method, base_url=ORIGIN, headers=headers, **given)

    def get(self, path: str, **given: Any) -> TestResponse:
        return self.ask("GET", path, **given)

    def post(self, path: str, values: Any = None, **given: Any) -> TestResponse:
        return self.ask("POST", path, json={} if values is None else values, **given)

    def patch(self, path: str, values: Any) -> TestResponse:
        return self.ask("PATCH", path, json=values)

    def delete(self, path: str) -> TestResponse:
        return self.ask("DELETE", path)

    def send(self, path: str, data: bytes, name: str, method: str = "POST") -> TestResponse:
        return self.ask(method, path, query_string={"name": name}, data=data, content_type="application/octet-stream")


def error_of(response: TestResponse) -> dict[str, Any]:
    """Return the error of a response, which must be one of ours."""
    assert response.content_type == "application/json", response.get_data(as_text=True)[:200]
    found = response.get_json()
    assert set(found) == {"error"}
    assert set(found["error"]) == {"code", "message", "field"}
    assert found["error"]["message"]
    assert "Traceback" not in response.get_data(as_text=True)
    return found["error"]


def operations(app: Flask) -> list[Operation]:
    """Return all operations of the API."""
    found = [getattr(app.view_functions[rule.endpoint], OPERATION, None) for rule in app.url_map.iter_rules()]
    return [one for one in found if isinstance(one, Operation)]
